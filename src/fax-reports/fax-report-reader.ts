import type { Knex } from '../platform/database/database.js';
import { faxReportStore } from './fax-report-store.js';
import type { FaxReport } from './fax-report-types.js';

const DAY_MS = 24 * 3_600_000;
/** An older count says nothing about a mailbox: RingCentral keeps messages this long. */
const COUNT_LASTS_MS = 30 * DAY_MS;

/** What other capabilities may read about the fax pull, through a handle inside or outside a transaction. */
export const faxReportReader = (db: Knex) => ({
  /** null: no run was reported. */
  find: async (tenantId: string): Promise<FaxReport | null> =>
    (await faxReportStore(db).forTenant(tenantId).find()) ?? null,
  /** The ids of the lines whose mailboxes are filling up. */
  filling: (tenantId: string, now: Date): Promise<string[]> =>
    faxReportStore(db)
      .forTenant(tenantId)
      .filling(new Date(now.getTime() - COUNT_LASTS_MS)),
  /** Up to when faxes were fetched, of the tenant whose faxes were fetched last; null if none is known to be. */
  newest: (): Promise<Date | null> => faxReportStore(db).newest(),
});

export type ReadFaxReports = typeof faxReportReader;
