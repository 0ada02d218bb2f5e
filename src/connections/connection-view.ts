import type { Credential, Method } from '../credentials/credential-types.js';
import type { FaxReport } from '../fax-reports/fax-report-types.js';
import type { CheckRequest, FailureReason } from './checks/check-queue.js';
import type { UnconfirmedAccount } from './proof/confirmed-account-store.js';
import type { Connection } from './health/connection-store.js';
import type { FaxLine } from './proof/fax-line-store.js';
import type { Shown } from './health/health.js';
import type { ShownRenewal } from './health/overdue-sign-ins.js';
import type { HistoryDay } from './health/history.js';
import type { Incident } from './health/incident-store.js';
import type { ShownOwnerChange } from './proof/owner-change.js';

/** Days are oldest first; incidents are newest first. */
export type Past = { days: HistoryDay[]; incidents: Incident[] };

/** Everything that the pages show of one connection. */
export type ConnectionView = {
  connection: Connection;
  shown: Shown;
  active: Credential | null;
  pending: Credential | null;
  /** The account of the pending credential, if a person must say whether it is the clinic's. */
  unconfirmed: UnconfirmedAccount | null;
  /** How the clinic last tried to connect; a JWT if it never did. */
  lastMethod: Method;
  lines: FaxLine[];
  /** The complete runs of the fax pull; null if none was reported. */
  faxReport: FaxReport | null;
  /** When the credential that counts is checked next; null if no check is planned. */
  nextCheckAt: Date | null;
  /** Whether a check is due or running now. */
  checking: boolean;
  /** Whether the daily check is due and waits behind others. */
  inWaitingList: boolean;
  /** The next check has failed `times` in a row; `stopped`: the process ended during the check. */
  trouble: { times: number; because: FailureReason | 'stopped' } | null;
  /** The changes that RingCentral shows for the user of the credential in use, while they last. */
  ownerChange: ShownOwnerChange | null;
  /** JWTs that were replaced and are being proved dead, or ended a short while ago; newest first. */
  retired: RetiredView[];
  /** The credential in use is a sign-in that has not been renewed for days; null if not. */
  renewal: ShownRenewal | null;
};

/** `nextTryAt`: null if no death check is planned. `trying`: a person waits for one that is due or running. */
export type RetiredView = { credential: Credential; nextTryAt: Date | null; trying: boolean };

/** How the credential that the page is about was given. */
export const methodOf = ({ active, pending, lastMethod }: ConnectionView): Method =>
  (active ?? pending)?.method ?? lastMethod;

/** Ignores a process that ended once, as in a deployment of a new version. */
export function troubleOf(
  { failedClaims, failedBecause, leaseUntil }: CheckRequest,
  now: Date,
): ConnectionView['trouble'] {
  const isRunning = leaseUntil !== null && leaseUntil > now;
  const times = failedClaims - (isRunning ? 1 : 0);
  return times > (failedBecause === null ? 1 : 0) ? { times, because: failedBecause ?? 'stopped' } : null;
}

/** Thousands of daily checks may be due at once; no person waits for those. */
export const isWaiting = ({ priority, dueAt, leaseUntil }: CheckRequest, now: Date): boolean =>
  priority === 'background' && dueAt <= now && (leaseUntil === null || leaseUntil <= now);
