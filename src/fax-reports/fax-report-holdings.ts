import type { Holding } from '../platform/database/held-rows.js';

export const faxReportHoldings: readonly Holding[] = [
  {
    table: 'fax_reports',
    of: { tenant: 'tenant_id' },
    key: 'tenant_id',
    exported: 'tenant_id completed_at reported_at fetched_at',
    erasure: 'rows',
  },
  {
    table: 'fax_report_lines',
    of: { tenant: 'tenant_id' },
    key: 'extension_id',
    exported: `tenant_id extension_id completed_at listed fetched pending failed lost gaps oldest_pending_at
      oldest_failed_at mailbox_messages recent`,
    json: 'recent',
    erasure: 'rows',
  },
];
