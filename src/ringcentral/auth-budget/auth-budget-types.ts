import type { BudgetWait } from '../catalogue/outcome.js';

/**
 * Who waits for the call. The code of a sign-in comes before everything else, because it lives for a minute. Then a
 * person's call comes before a job's, and a job's before our own checks.
 */
export type Lane = 'code' | 'interactive' | 'broker' | 'background';

/** A person waits for the call: the slot that each window keeps is for it, and it is not paced. */
export const isForPerson = (lane: Lane): boolean => lane === 'code' || lane === 'interactive';

/** What RingCentral counts: calls of the app, of the app on one account, or of the app as one user. */
export type AuthScope = 'app' | 'account' | 'user';

export type BudgetAsk = {
  clientId: string;
  lane: Lane;
  /** null for calls on behalf of no tenant, such as the doctor's */
  tenantId: string | null;
  /** The longest wait in milliseconds; after it the answer is `wait`. 0 never waits; default 15,000. */
  maxWaitMs?: number | undefined;
  /** When the caller first asked. Default now, or when the kept place was first asked for. */
  since?: Date | undefined;
  /** A tenant's job that is told to come back keeps its place until then, and is counted in what others are told. */
  keepsPlace?: boolean | undefined;
};

/** What the `X-Rate-Limit-*` and `Retry-After` headers of a token answer said about our budget. */
export type RateFacts = {
  /** how long nothing may be sent; null if the answer imposes no penalty */
  penaltyMs: number | null;
  limit: number | null;
  remaining: number | null;
  windowSeconds: number | null;
};

export type Sent<T> = { kind: 'sent'; value: T };

export type AuthBudget = {
  /** Waits for a slot, then sends. `send` must start its request immediately and must not reject. */
  run: <T>(ask: BudgetAsk, send: () => Promise<{ value: T; facts: RateFacts }>) => Promise<Sent<T> | BudgetWait>;
  /** Resolves when every answer so far is recorded. Call it before the database is closed. */
  settled: () => Promise<void>;
};
