import type { FaxReport } from '../../fax-reports/fax-report-types.js';
import { lossAt } from '../../fax-reports/mailbox.js';
import type { Health } from './health.js';

const DAY_MS = 24 * 3_600_000;
/** RingCentral's inboxes keep faxes this long, or the newest 200. */
const INBOX_DAYS = 30;

/**
 * When the first faxes are lost that arrived after the last complete run of the fax pull; after the last evidence of
 * access if no run was reported.
 */
export function faxesLostAt(health: Health, report: FaxReport | null): Date {
  const lastGood = Date.parse(health.lastGoodAt ?? health.since);
  // A run long before the failure does not say how faxes were fetched since then.
  const isNews = (at: Date) => at.getTime() >= lastGood - INBOX_DAYS * DAY_MS;
  const lines = report?.lines.filter(({ completedAt }) => isNews(completedAt)) ?? [];
  const isWhole = report?.fetchedAt && isNews(report.fetchedAt);
  const times = lines.map((line) => lossAt(line).getTime());
  return new Date(Math.min(...times, ...(isWhole ? [] : [lastGood + INBOX_DAYS * DAY_MS])));
}
