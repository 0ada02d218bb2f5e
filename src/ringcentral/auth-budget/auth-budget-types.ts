import type { BudgetWait } from '../catalogue/outcome.js';

/** Who waits for the call. A person's comes before a job's, a job's before our own watching. */
export type Lane = 'interactive' | 'broker' | 'background';

/** What RingCentral counts: calls of the app, of the app on one account, or of the app as one user. */
export type AuthScope = 'app' | 'account' | 'user';

export type BudgetAsk = {
  clientId: string;
  lane: Lane;
  /** null for calls on behalf of no tenant, such as the doctor's */
  tenantId: string | null;
  /** Longer than this and the ask ends in `wait` instead of waiting. 0 never waits; default 15,000. */
  maxWaitMs?: number | undefined;
  /** Ends the waiting; the ask then ends in `wait`. A call already sent is not ended by it. */
  signal?: AbortSignal | undefined;
  /** When the job first asked: a job that was put off keeps its place. Default now. */
  since?: Date | undefined;
};

/** What the `X-Rate-Limit-*` and `Retry-After` headers of a token answer said about our budget. */
export type RateFacts = {
  /** 429: nothing may be sent for this long. null for every other answer */
  penaltyMs: number | null;
  limit: number | null;
  remaining: number | null;
  windowSeconds: number | null;
};

export type Sent<T> = { kind: 'sent'; value: T };

/** One call's right to be sent, now. */
export type Slot = {
  /**
   * Sends the call. The first slot is marked as sent already; a further one is marked here.
   * @returns `wait` where the reservation ran out before: nothing was sent
   */
  run: <T>(send: () => Promise<{ value: T; facts: RateFacts }>) => Promise<Sent<T> | BudgetWait>;
  /** Gives a reserved slot back unused. */
  release: () => Promise<void>;
};

export type AuthBudget = {
  /** Waits for a slot and sends. `send` must begin its request at once and must not reject. */
  run: <T>(ask: BudgetAsk, send: () => Promise<{ value: T; facts: RateFacts }>) => Promise<Sent<T> | BudgetWait>;
  /** Several slots at once or none: for a call that must be followed by another, such as a revocation. */
  acquire: (ask: BudgetAsk & { slots: number }) => Promise<{ kind: 'granted'; slots: Slot[] } | BudgetWait>;
  /** When a call asked for now would be sent; `now` itself where it could be sent at once. Costs nothing. */
  expectedGrant: (ask: Pick<BudgetAsk, 'clientId' | 'lane' | 'tenantId' | 'since'>) => Promise<Date>;
  /** Resolves when every answer so far is written down. Call it before the database is closed. */
  settled: () => Promise<void>;
};
