import type { Emulator } from '../../../src/emulator/emulator.js';

/** What became of a user's sessions at RingCentral, whatever of it arrived at the portal. */
export type SessionsAtRingCentral = {
  /** Those that RingCentral ended when it was asked to. */
  ended: number;
  /** Those that ended because a sixth one began. It accepts the revocation of their tokens too (RFC 7009). */
  displaced: number;
  living: number;
  /** When the last one was ended; 0 if none was. */
  lastEndedAt: number;
};

/** The log of requests says when; it does not have the sessions of a request whose sender died before the answer. */
export function sessionsAt(
  { requests, sessionsOf }: Pick<Emulator, 'requests' | 'sessionsOf'>,
  ownerId: string,
): SessionsAtRingCentral {
  const { revoked: ended, displaced, living } = sessionsOf(ownerId);
  const revocations = requests.filter(
    (one) => one.extensionId === ownerId && one.path.startsWith('/restapi/oauth/revoke'),
  );
  return { ended, displaced, living, lastEndedAt: Math.max(0, ...revocations.map(({ arrivedAt }) => arrivedAt)) };
}
