import type { Environment } from '../ringcentral/environments.js';

/** RingCentral ends the oldest session of a user with an app when a sixth one begins. */
const RINGCENTRAL_SESSIONS = 5;
/** Leaves one for sessions that we cannot see, such as those of another program of the ISV. */
export const MOST_SESSIONS = RINGCENTRAL_SESSIONS - 1;

/** The name of the lock in which the sessions of a user are counted, begun and given to jobs. */
export const ownerKey = (environment: Environment, ownerId: string): string => `${environment} ${ownerId}`;

/** A session of one user with our app that may exist at RingCentral. */
export type KnownRingCentralSession = {
  id: string;
  /** The session began at this time or earlier; null until RingCentral answers. */
  answeredAt: Date | null;
  /** The latest time at which RingCentral accepts its token. */
  endsAt: Date;
  /** Its token was given to a job, which uses the token until it expires. */
  isIssued: boolean;
  /** Its token is kept and was not issued. */
  canBeEnded: boolean;
  /** A person gave it by signing in: it is in use until its refresh token ends, and must never be ended to make room. */
  isSignIn?: true;
};

export type Room =
  | { kind: 'room' }
  /** There is room once the session `id` has been ended. */
  | { kind: 'end'; id: string }
  | { kind: 'full'; until: Date };

type OfCredential = { tenantId: string; credentialId: string };
type SignInSession = OfCredential & {
  beganAt: Date;
  endsAt: Date;
  /** Its credential was destroyed, and RingCentral may not have ended it yet. */
  isEnded: boolean;
};

/** The known sessions, in which all access tokens of a sign-in are one session with the id of its credential. */
export function withSignIns(
  sessions: readonly (KnownRingCentralSession & OfCredential)[],
  signIns: readonly SignInSession[],
): (KnownRingCentralSession & OfCredential)[] {
  const others = sessions.filter((one) => !signIns.some(({ credentialId }) => credentialId === one.credentialId));
  return [
    ...others,
    ...signIns.map(({ tenantId, credentialId, beganAt, endsAt, isEnded }) => ({
      ...{ id: credentialId, tenantId, credentialId, answeredAt: beganAt, endsAt, canBeEnded: false },
      ...(isEnded ? { isIssued: false } : { isIssued: true, isSignIn: true as const }),
    })),
  ];
}

/**
 * Whether one more session may begin without ending one that a job uses. RingCentral ends the oldest session first, so
 * only sessions younger than the oldest used one count.
 */
export function roomFor(sessions: readonly KnownRingCentralSession[], now: Date): Room {
  const inUse = sessions.filter(({ isIssued, endsAt }) => isIssued && endsAt > now);
  const [oldest] = inUse.sort((a, b) => began(a) - began(b));
  if (!oldest) return { kind: 'room' };
  const counted = sessions.filter((one) => one === oldest || isYounger(one, oldest, now));
  if (counted.length < MOST_SESSIONS) return { kind: 'room' };
  const [spare] = counted.filter(({ canBeEnded }) => canBeEnded).sort((a, b) => began(a) - began(b));
  if (spare) return { kind: 'end', id: spare.id };
  const ends = counted.map(({ endsAt }) => endsAt.getTime());
  return { kind: 'full', until: oldest.isSignIn ? new Date(Math.min(...ends)) : oldest.endsAt };
}

/**
 * Whether RingCentral may end `one` later than `than`. Sessions with an expired token count too, because a refresh token
 * that we did not request may keep them alive. Beside a sign-in, which lives for months, they do not: there would never
 * be room again.
 */
function isYounger(one: KnownRingCentralSession, than: KnownRingCentralSession, now: Date): boolean {
  return one.answeredAt === null || than.isSignIn
    ? one.endsAt > now && began(one) >= began(than)
    : began(one) >= began(than);
}

/**
 * Whether a session that was not issued may be issued to a job. It may not if so many younger sessions have begun since
 * that RingCentral may have ended it, or would end it when the next one begins.
 */
export function mayBeIssued(sessions: readonly KnownRingCentralSession[], id: string, now: Date): boolean {
  const one = sessions.find((session) => session.id === id);
  if (!one) return false;
  const younger = sessions.filter((other) => other !== one && isYounger(other, one, now));
  return younger.length < MOST_SESSIONS;
}

const began = ({ answeredAt }: KnownRingCentralSession): number => answeredAt?.getTime() ?? Infinity;

/**
 * Identifies an installation to RingCentral, by the tenant's id for its JWTs and by the credential's for a sign-in: whether
 * RingCentral has one session for each is not known, and the end of a replaced sign-in must not end the next one.
 */
export const endpointIdOf = (id: string): string => `latchkey-${id}`;
