import type { ChecksEvidence, ClinicFacts } from './clinic-evidence.js';
import { clinicHeader, factsFor } from './clinic-header.js';
import { checksTable } from './clinic-tables.js';
import type { ClinicNotice } from '../clinic-urls.js';
import { checkRows } from './state-rows.js';

/** When the clinic was and will be checked, and what each check found. */
export function checksPage(evidence: ChecksEvidence, given: ClinicFacts, notice?: ClinicNotice) {
  const facts = factsFor(evidence, given);
  return {
    ...clinicHeader(evidence, given, 'checks', notice),
    plan: { heading: facts.t.staff.tenant.checks.plan, rows: checkRows(evidence.view, facts) },
    checks: checksTable(evidence.checks, facts),
  };
}
