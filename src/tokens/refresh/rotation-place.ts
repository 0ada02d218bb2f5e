import type { BudgetPlace } from '../../ringcentral/clients/ringcentral-types.js';
import type { SessionAsk } from '../token-types.js';

export type Ask = Omit<SessionAsk, 'assertion' | 'narrowedTo'>;
export type Place = BudgetPlace & { maxWaitMs: number };

/** How long a rotation that recovers a session waits for the auth budget. */
const RECOVERY_WAIT_MS = 15_000;
const WAIT_MS = 15_000;

/** A recovery goes before everything but people who wait: the grace period passes meanwhile. */
export function placeOf({ lane, tenantId, maxWaitMs = WAIT_MS, since }: Ask, doubtSince: Date | null): Place {
  if (doubtSince === null) return { lane, tenantId, maxWaitMs, ...(since && { since }), keepsPlace: lane === 'broker' };
  const isFirst = lane === 'interactive' ? lane : 'broker';
  return { lane: isFirst, tenantId, maxWaitMs: Math.max(maxWaitMs, RECOVERY_WAIT_MS), since: doubtSince };
}
