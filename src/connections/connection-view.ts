import type { Credential } from '../credentials/credential-types.js';
import type { CheckRequest, FailureReason } from './checks/check-queue.js';
import type { Connection } from './health/connection-store.js';
import type { FaxLine } from './proof/fax-line-store.js';
import type { Shown } from './health/health.js';
import type { HistoryDay } from './health/history.js';
import type { Incident } from './health/incident-store.js';
import type { ShownOwnerChange } from './proof/owner-change.js';

/** The oldest day first; the newest trouble first. */
export type Past = { days: HistoryDay[]; troubles: Incident[] };

/** Everything the pages show of one connection. */
export type ConnectionView = {
  connection: Connection;
  shown: Shown;
  active: Credential | null;
  pending: Credential | null;
  lines: FaxLine[];
  /** When the credential that counts is checked next; null when nothing is. */
  nextCheckAt: Date | null;
  /** A check is due or being made right now. */
  checking: boolean;
  /** The daily check is due and stands in a line with others. */
  inLine: boolean;
  /** The next check could not be made so far, `times` in a row; `stopped`: the process ended in the middle of it. */
  trouble: { times: number; because: FailureReason | 'stopped' } | null;
  /** What RingCentral shows differently of the user the credential that serves acts as, as long as it does. */
  ownerChange: ShownOwnerChange | null;
};

/** A process that ends once, as when a new version is put in its place, is no trouble of the check. */
export function troubleOf({ failures, failedBecause, leaseUntil }: CheckRequest, now: Date): ConnectionView['trouble'] {
  const isRunning = leaseUntil !== null && leaseUntil > now;
  const times = failures - (isRunning ? 1 : 0);
  return times > (failedBecause === null ? 1 : 0) ? { times, because: failedBecause ?? 'stopped' } : null;
}

/** Thousands may be due for their daily check at once; nobody waits for those. */
export const standsInLine = ({ lane, dueAt, leaseUntil }: CheckRequest, now: Date): boolean =>
  lane === 'background' && dueAt <= now && (leaseUntil === null || leaseUntil <= now);
