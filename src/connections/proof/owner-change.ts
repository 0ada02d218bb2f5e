/** What `GET /restapi/v1.0/account/~/extension/~` says of the user that a credential acts as; null: it did not say. */
export type OwnerFacts = {
  /** Enabled, Disabled, Frozen, NotActivated, Unassigned; a word of RingCentral's */
  status: string | null;
  /** User, DigitalUser …; a word of RingCentral's */
  type: string | null;
  admin: boolean | null;
  roles: { id: string; name: string | null }[] | null;
};

export const ownerChangeKinds = ['status', 'type', 'admin', 'roles'] as const;
export type OwnerChangeKind = (typeof ownerChangeKinds)[number];

/** A change for the worse that RingCentral showed while nothing had failed yet, or at the same time. */
export type OwnerChange = {
  /** What people are told of once. */
  id: string;
  /** What they are told of. */
  kinds: OwnerChangeKind[];
  before: OwnerFacts;
  seenAt: Date;
  /** When RingCentral showed all of it as before again; null while it does not. */
  overAt: Date | null;
};

/** What was last seen of the user, and the last change of it. */
export type WatchedOwner = { ownerId: string; facts: OwnerFacts; change: OwnerChange | null };

export type OwnerStep = 'none' | 'opened' | 'reopened' | 'over';

const DAY_MS = 24 * 3_600_000;
/** Other rights may well be meant: with which each check went well for so long is no news any more. */
export const RIGHTS_ARE_NEWS_MS = 30 * DAY_MS;
/** What comes and goes within this time is told once. */
export const SAME_CHANGE_MS = 7 * DAY_MS;

/**
 * What may be for the worse, by RingCentral's own words and ids: another status than Enabled, another type (some may not
 * sign in), fewer rights. An administrator has every right, whatever roles are gone. What it does not say is no change.
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
 * One look at the user. Another user than before begins anew: that was somebody's choice.
 *
 * @param newId of a change, should this look be the first to show one
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

/** What of a change is so at the moment; null where nothing is. */
export function shownChange(watched: WatchedOwner | undefined): ShownOwnerChange | null {
  const change = watched?.change;
  if (!change || change.overAt !== null) return null;
  const { id, before, seenAt } = change;
  return { id, before, seenAt, now: watched.facts, kinds: worseThan(before, watched.facts) };
}
