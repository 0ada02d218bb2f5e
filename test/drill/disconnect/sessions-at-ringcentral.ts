import type { Emulator } from '../../../src/emulator/emulator.js';

/** The sessions of a user that RingCentral began, those that it ended when it was asked to, and those that live. */
export type SessionsAtRingCentral = {
  begun: number;
  ended: number;
  living: number;
  /** When the last one was ended; 0 if none was. */
  lastEndedAt: number;
};

const HOUR_MS = 3_600_000;

/** What RingCentral has answered, however little of it arrived. */
export function sessionsAt(
  { requests, now }: Pick<Emulator, 'requests' | 'now'>,
  ownerId: string,
): SessionsAtRingCentral {
  const of = (path: string) =>
    requests.filter((one) => one.extensionId === ownerId && one.sessionId !== undefined && one.path.startsWith(path));
  const begun = new Map(of('/restapi/oauth/token').map(({ sessionId = '', arrivedAt }) => [sessionId, arrivedAt]));
  const revocations = of('/restapi/oauth/revoke');
  const ended = new Set(revocations.map(({ sessionId = '' }) => sessionId));
  const lastEndedAt = Math.max(0, ...revocations.map(({ arrivedAt }) => arrivedAt));
  const hourAgo = now().getTime() - HOUR_MS;
  const living = [...begun].filter(([id, at]) => !ended.has(id) && at > hourAgo);
  return { begun: begun.size, ended: ended.size, living: living.length, lastEndedAt };
}
