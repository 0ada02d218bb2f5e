/** What is called. RingCentral counts calls by groups, and its answers say to which group a call belongs. */
export type CallKind = 'list' | 'document';

/** What an answer says of limits. */
export type LimitFacts = {
  status: number;
  group: string | null;
  limit: number | null;
  remaining: number | null;
  windowSeconds: number | null;
  retryAfterMs: number | null;
};

type Group = { limit: number; windowMs: number };

/** What one run tells the next of the calls of a user. */
export type LimitMemory = {
  kinds: Record<CallKind, string>;
  groups: Record<string, Group>;
  spent: { kind: CallKind; agoMs: number }[];
  silentMs: number;
};

/** The limits that RingCentral documents, until its answers say others. Every app can have its own. */
export const documentedLimits: LimitMemory = {
  kinds: { list: 'light', document: 'medium' },
  groups: { light: { limit: 50, windowMs: 60_000 }, medium: { limit: 40, windowMs: 60_000 } },
  spent: [],
  silentMs: 0,
};

/** RingCentral asks for at least this if a 429 names no time: with limits of the user, and without. */
const PENALTY_MS = 60_000;
const OTHER_PENALTY_MS = 30_000;
/** Added to windows and waits, because two clocks do not run alike. */
const MARGIN = 1 / 60;
/** One call in forty of each limit is left to the portal, whose checks count for the same user. */
const RESERVE = 40;
/** What a header says beyond these is not believed. */
const LONGEST_WINDOW_MS = 3_600_000;
const MOST_OTHERS = 1000;

/**
 * The limits of one RingCentral user, as sliding windows. A call counts from when its answer came, which is never before
 * RingCentral counted it, and one call is sent after the answer of the other: so none arrives within a full window or
 * in a penalty. Calls of other programs, which the answers reveal, count like ours.
 */
export class UserLimits {
  readonly #kinds: Map<CallKind, string>;
  readonly #groups: Map<string, Group>;
  #spent: { kind: CallKind; at: number }[];
  #silentUntil: number;

  constructor(now: number, { kinds, groups, spent, silentMs }: LimitMemory = documentedLimits) {
    this.#kinds = new Map(Object.entries(kinds) as [CallKind, string][]);
    this.#groups = new Map(Object.entries(groups));
    this.#spent = spent.map(({ kind, agoMs }) => ({ kind, at: now - agoMs }));
    this.#silentUntil = now + silentMs;
  }

  /** How long a call of this kind has to wait; 0: it may be sent. */
  waitMs(kind: CallKind, now: number): number {
    const silent = Math.max(0, this.#silentUntil - now);
    const { limit, windowMs } = this.#groupOf(kind);
    const spent = this.#inWindow(kind, now);
    const allowed = Math.max(1, limit - Math.ceil(limit / RESERVE));
    const freeing = spent[spent.length - allowed];
    return freeing === undefined ? silent : Math.max(silent, freeing.at + windowMs * (1 + MARGIN) - now);
  }

  /** Counts a call whose answer came now. @param facts null: no answer came */
  note(kind: CallKind, facts: LimitFacts | null, now: number): void {
    this.#spent.push({ kind, at: now });
    if (!facts) return;
    const { status, group, limit, remaining, windowSeconds, retryAfterMs } = facts;
    const isOfUser = group !== null && limit !== null && limit > 0;
    if (isOfUser) {
      const known = this.#groups.get(group) ?? this.#groupOf(kind);
      this.#kinds.set(kind, group);
      this.#groups.set(group, { limit, windowMs: windowOf(windowSeconds) ?? known.windowMs });
    }
    if (status === 429) this.silence(retryAfterMs ?? (isOfUser ? PENALTY_MS : OTHER_PENALTY_MS), now);
    else if (status === 503 && retryAfterMs !== null) this.silence(retryAfterMs, now);
    else if (isOfUser && remaining !== null) {
      const others = Math.min(MOST_OTHERS, limit - remaining - this.#inWindow(kind, now).length);
      for (let other = 0; other < others; other += 1) this.#spent.push({ kind, at: now });
    }
    this.#forget(now);
  }

  /** No call is sent for so long. */
  silence(milliseconds: number, now: number): void {
    this.#silentUntil = Math.max(this.#silentUntil, now + milliseconds * (1 + MARGIN));
  }

  memory(now: number): LimitMemory {
    this.#forget(now);
    return {
      kinds: Object.fromEntries(this.#kinds) as LimitMemory['kinds'],
      groups: Object.fromEntries(this.#groups),
      spent: this.#spent.map(({ kind, at }) => ({ kind, agoMs: now - at })),
      silentMs: Math.max(0, this.#silentUntil - now),
    };
  }

  #groupOf(kind: CallKind): Group {
    return this.#groups.get(this.#kinds.get(kind) ?? '') ?? { limit: 1, windowMs: PENALTY_MS };
  }

  #inWindow(kind: CallKind, now: number) {
    const group = this.#kinds.get(kind);
    const since = now - this.#groupOf(kind).windowMs * (1 + MARGIN);
    return this.#spent.filter((call) => this.#kinds.get(call.kind) === group && call.at > since);
  }

  #forget(now: number): void {
    const longest = Math.max(...[...this.#groups.values()].map(({ windowMs }) => windowMs)) * (1 + MARGIN);
    this.#spent = this.#spent.filter(({ at }) => at > now - longest);
  }
}

const windowOf = (seconds: number | null): number | null =>
  seconds === null || seconds === 0 ? null : Math.min(seconds * 1000, LONGEST_WINDOW_MS);

/** The longest of the windows: after it, no call from before counts. */
export const longestWindowMs = ({ groups }: Pick<LimitMemory, 'groups'>): number =>
  Math.max(...Object.values(groups).map(({ windowMs }) => windowMs)) * (1 + MARGIN);
