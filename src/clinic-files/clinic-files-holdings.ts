import type { Holding, Unowned } from '../platform/database/held-rows.js';

export const clinicFilesHoldings: readonly (Holding | Unowned)[] = [
  { table: 'clinic_imports', because: 'files of the ISV; the hash of one and counts' },
  {
    table: 'clinic_import_lines',
    of: { tenant: 'tenant_id' },
    key: 'id',
    exported: `import_id line external_ref name admin_email language time_zone environment state problems tenant_id
      invitation invited_at`,
    json: 'problems',
    withheld: { internal: 'id planned' },
    // The line stays, so that the counts of its file stay right; retention deletes it.
    erasure: {
      set: {
        external_ref: '',
        name: '',
        admin_email: '',
        language: '',
        time_zone: '',
        problems: null,
        invitation: null,
      },
    },
  },
];
