import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, fromIsoOrNull, iso, isoOrNull, type Knex } from '../platform/database/database.js';
import type { FaxReport, ReportedLine } from './fax-report-types.js';
import { FILLING_FROM, type Recent } from './mailbox.js';

type Row = { tenant_id: string; completed_at: string; fetched_at: string | null; reported_at: string };
type LineRow = {
  tenant_id: string;
  extension_id: string;
  completed_at: string;
  listed: number;
  fetched: number;
  pending: number;
  failed: number;
  lost: number;
  gaps: number;
  oldest_pending_at: string | null;
  oldest_failed_at: string | null;
  mailbox_messages: number | null;
  recent: string;
};

/** All SQL on `fax_reports` and `fax_report_lines`. */
export const faxReportStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<LineRow>('fax_report_lines').where({ tenant_id: tenantId });
    return {
      async find(): Promise<FaxReport | undefined> {
        const [row] = await db<Row>('fax_reports').where({ tenant_id: tenantId });
        if (!row) return undefined;
        const lines = await mine().orderBy('extension_id');
        return {
          completedAt: fromIso(row.completed_at),
          fetchedAt: fromIsoOrNull(row.fetched_at),
          lines: lines.map(fromRow),
        };
      },
      /** Keeps these lines and no others. */
      async save({ completedAt, fetchedAt, lines }: FaxReport, reportedAt: Date): Promise<void> {
        await db<Row>('fax_reports')
          .insert({
            tenant_id: tenantId,
            completed_at: iso(completedAt),
            fetched_at: isoOrNull(fetchedAt),
            reported_at: iso(reportedAt),
          })
          .onConflict('tenant_id')
          .merge();
        await mine()
          .whereNotIn(
            'extension_id',
            lines.map(({ extensionId }) => extensionId),
          )
          .delete();
        for (const line of lines)
          await db<LineRow>('fax_report_lines')
            .insert(toRow(tenantId, line))
            .onConflict(['tenant_id', 'extension_id'])
            .merge();
      },
      /** The lines with a mailbox that was filling up in a run since then. */
      filling: (since: Date): Promise<string[]> =>
        mine()
          .where('mailbox_messages', '>=', FILLING_FROM)
          .andWhere('completed_at', '>=', iso(since))
          .pluck('extension_id'),
    };
  },

  /** Up to when faxes were fetched, of the tenant whose faxes were fetched last. */
  async newest(): Promise<Date | null> {
    const row = await acrossTenants(db<Row>('fax_reports'), 'a time')
      .whereNotNull('fetched_at')
      .orderBy('fetched_at', 'desc')
      .first('fetched_at');
    return fromIsoOrNull(row?.fetched_at ?? null);
  },

  /** How many mailboxes were filling up at their last runs. */
  async mailboxesFilling(): Promise<number> {
    const [row] = await acrossTenants(db<LineRow>('fax_report_lines'), 'a number')
      .where('mailbox_messages', '>=', FILLING_FROM)
      .count({ count: '*' });
    return Number(row?.count ?? 0);
  },

  /** How many listed faxes wait for their documents. */
  async pending(): Promise<number> {
    const [row] = await acrossTenants(db<LineRow>('fax_report_lines'), 'a number')
      .where('pending', '>', 0)
      .sum({ count: 'pending' });
    return Number(row?.count ?? 0);
  },
});

const fromRow = (row: LineRow): ReportedLine => ({
  extensionId: row.extension_id,
  completedAt: fromIso(row.completed_at),
  listed: row.listed,
  fetched: row.fetched,
  pending: row.pending,
  failed: row.failed,
  lost: row.lost,
  gaps: row.gaps,
  oldestPendingAt: fromIsoOrNull(row.oldest_pending_at),
  oldestFailedAt: fromIsoOrNull(row.oldest_failed_at),
  mailboxMessages: row.mailbox_messages,
  recent: JSON.parse(row.recent) as Recent,
});

const toRow = (tenantId: string, line: ReportedLine): LineRow => ({
  tenant_id: tenantId,
  extension_id: line.extensionId,
  completed_at: iso(line.completedAt),
  listed: line.listed,
  fetched: line.fetched,
  pending: line.pending,
  failed: line.failed,
  lost: line.lost,
  gaps: line.gaps,
  oldest_pending_at: isoOrNull(line.oldestPendingAt),
  oldest_failed_at: isoOrNull(line.oldestFailedAt),
  mailbox_messages: line.mailboxMessages,
  recent: JSON.stringify(line.recent),
});
