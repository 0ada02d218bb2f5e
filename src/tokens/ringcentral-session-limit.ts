/** RingCentral ends the oldest session of a user with an app when a sixth one begins. */
const RINGCENTRAL_SESSIONS = 5;
/** Leaves one for sessions that we cannot see, such as those of another program of the ISV. */
export const MOST_SESSIONS = RINGCENTRAL_SESSIONS - 1;

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
};

export type Room =
  | { kind: 'room' }
  /** There is room once the session `id` has been ended. */
  | { kind: 'end'; id: string }
  | { kind: 'full'; until: Date };

/**
 * Whether one more session may begin without ending one that a job uses. RingCentral ends the oldest session first, so
 * only sessions younger than the oldest used one count. Sessions with an expired token count too, because a refresh
 * token that we did not request may keep them alive.
 */
export function roomFor(sessions: readonly KnownRingCentralSession[], now: Date): Room {
  const inUse = sessions.filter(({ isIssued, endsAt }) => isIssued && endsAt > now);
  const oldest = inUse.reduce<KnownRingCentralSession | undefined>(
    (a, b) => (a && began(a) <= began(b) ? a : b),
    undefined,
  );
  if (!oldest) return { kind: 'room' };
  const counted = sessions.filter((one) => (one.answeredAt === null ? one.endsAt > now : began(one) >= began(oldest)));
  if (counted.length < MOST_SESSIONS) return { kind: 'room' };
  const [spare] = counted.filter(({ canBeEnded }) => canBeEnded).sort((a, b) => began(a) - began(b));
  return spare ? { kind: 'end', id: spare.id } : { kind: 'full', until: oldest.endsAt };
}

/**
 * Whether a session that was not issued may be issued to a job. It may not if so many younger sessions have begun since
 * that RingCentral may have ended it, or would end it when the next one begins.
 */
export function mayBeIssued(sessions: readonly KnownRingCentralSession[], id: string, now: Date): boolean {
  const one = sessions.find((session) => session.id === id);
  if (!one) return false;
  const younger = sessions.filter(
    (other) => other !== one && (other.answeredAt === null ? other.endsAt > now : began(other) >= began(one)),
  );
  return younger.length < MOST_SESSIONS;
}

const began = ({ answeredAt }: KnownRingCentralSession): number => answeredAt?.getTime() ?? Infinity;
