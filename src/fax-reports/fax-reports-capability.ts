import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { Knex } from '../platform/database/database.js';
import { faxReportActs } from './fax-report-acts.js';
import { faxReportHoldings } from './fax-report-holdings.js';
import { faxReportApi } from './fax-report-api.js';
import { faxReportService, type KnownLines } from './fax-report-service.js';
import { faxReportStore } from './fax-report-store.js';

export const faxReports: Declaration = { audit: faxReportActs, holds: faxReportHoldings };

type Given = {
  linesOf: (trx: Knex, tenantId: string) => Promise<KnownLines>;
  onReported: (trx: Knex, tenantId: string) => Promise<void>;
};

/** What the program that fetches the faxes reports: when it last succeeded, and how full the mailboxes are. */
export function faxReportsCapability({ runtime: { db, world }, transaction }: Foundation, given: Given) {
  return {
    api: () => faxReportApi({ service: faxReportService({ transaction, world, ...given }), world }),
    gauges: () => ({
      faxesPending: () => faxReportStore(db).pending(),
      mailboxesFilling: () => faxReportStore(db).mailboxesFilling(),
      faxPullLastSuccess: async () => {
        const newest = await faxReportStore(db).newest();
        return newest === null ? undefined : newest.getTime() / 1000;
      },
    }),
  } satisfies Capability;
}
