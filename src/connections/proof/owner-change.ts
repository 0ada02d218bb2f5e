/** What `GET /restapi/v1.0/account/~/extension/~` says of the user that a credential acts as; null: it did not say. */
export type OwnerFacts = {
  /** Enabled, Disabled, Frozen, NotActivated, Unassigned; RingCentral's own term */
  status: string | null;
  /** User, DigitalUser, …; RingCentral's own term */
  type: string | null;
  admin: boolean | null;
  roles: { id: string; name: string | null }[] | null;
};

export const ownerChangeKinds = ['status', 'type', 'admin', 'roles'] as const;
export type OwnerChangeKind = (typeof ownerChangeKinds)[number];

/** A change for the worse that RingCentral showed before, or at the same time as, the first failure. */
export type OwnerChange = {
  /** Identifies the change; people are told of each change once. */
  id: string;
  /** What people are told about. */
  kinds: OwnerChangeKind[];
  before: OwnerFacts;
  seenAt: Date;
  /** When RingCentral showed everything as before again; null while it does not. */
  overAt: Date | null;
};

/** The last known facts about the user, and the last change. */
export type WatchedOwner = { ownerId: string; facts: OwnerFacts; change: OwnerChange | null };

export type OwnerStep = 'none' | 'opened' | 'reopened' | 'over';

const DAY_MS = 24 * 3_600_000;
/** Changed permissions may be intended: after this much time without failed checks, they count as normal. */
const RIGHTS_ARE_NEWS_MS = 30 * DAY_MS;
/** A change that disappears and returns within this time is reported once. */
const SAME_CHANGE_MS = 7 * DAY_MS;

/**
 * Possible changes for the worse, by RingCentral's own terms and ids: a status other than Enabled, another type (some
 * cannot sign in), fewer roles. An administrator has every permission, whatever roles are missing. A missing fact is
 * not a change.
 */
export function worseThan(before: OwnerFacts, now: OwnerFacts): OwnerChangeKind[] {
  const isWorse: Record<OwnerChangeKind, boolean> = {
    status: isAnother(before.status, now.status) && now.status !== 'Enabled',
    type: isAnother(before.type, now.type),
    admin: before.admin === true && now.admin === false,
    roles:
      now.admin !== true &&
      now.roles !== null &&
      (before.roles ?? []).some(({ id }) => !now.roles?.some((role) => role.id === id)),
  };
  return ownerChangeKinds.filter((kind) => isWorse[kind]);
}

const isAnother = (before: string | null, now: string | null): boolean =>
  before !== null && now !== null && before !== now;

const knownOf = (before: OwnerFacts, seen: OwnerFacts): OwnerFacts => ({
  status: seen.status ?? before.status,
  type: seen.type ?? before.type,
  admin: seen.admin ?? before.admin,
  roles: seen.roles ?? before.roles,
});

/**
 * Compares the user with the last known facts. A different user starts over, because someone chose that user.
 *
 * @param newId creates the id of a change, if this comparison is the first to show one
 */
export function nextOwner(
  watched: WatchedOwner | undefined,
  seen: { ownerId: string; facts: OwnerFacts },
  at: Date,
  newId: () => string,
): { owner: WatchedOwner; step: OwnerStep } {
  const { ownerId } = seen;
  const last = watched?.change ?? null;
  const open = last?.overAt === null ? last : null;
  if (watched?.ownerId !== ownerId)
    return { owner: { ownerId, facts: seen.facts, change: null }, step: open ? 'over' : 'none' };

  const facts = knownOf(watched.facts, seen.facts);
  const stay = (change: OwnerChange | null, step: OwnerStep) => ({ owner: { ownerId, facts, change }, step });
  const before = open?.before ?? watched.facts;
  const kinds = worseThan(before, facts);
  if (kinds.length === 0) return open ? stay({ ...open, overAt: at }, 'over') : stay(last, 'none');

  const told = (change: OwnerChange) => kinds.every((kind) => change.kinds.includes(kind));
  if (open && told(open)) {
    const isOld = at.getTime() - open.seenAt.getTime() >= RIGHTS_ARE_NEWS_MS;
    return isOld && !kinds.includes('status') ? stay(null, 'over') : stay(open, 'none');
  }
  const isSame = last?.overAt && at.getTime() - last.overAt.getTime() < SAME_CHANGE_MS && told(last);
  if (isSame) return stay({ ...last, before, seenAt: at, overAt: null }, 'reopened');
  return stay({ id: newId(), kinds, before, seenAt: at, overAt: null }, 'opened');
}

export type ShownOwnerChange = Pick<OwnerChange, 'id' | 'kinds' | 'before' | 'seenAt'> & { now: OwnerFacts };

/** The part of a change that still applies; null if nothing does. */
export function shownChange(watched: WatchedOwner | undefined): ShownOwnerChange | null {
  const change = watched?.change;
  if (!change || change.overAt !== null) return null;
  const { id, before, seenAt } = change;
  return { id, before, seenAt, now: watched.facts, kinds: worseThan(before, watched.facts) };
}
