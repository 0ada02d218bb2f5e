import { eventPaging } from '../activity/activity-page.js';
import type { ActivityEvidence, ClinicFacts } from './clinic-evidence.js';
import { clinicHeader, factsFor } from './clinic-header.js';
import { activityTable } from './clinic-tables.js';
import { clinicUrl } from '../clinic-urls.js';

/** What was done at and for the clinic, and by whom. */
export function clinicActivityPage(evidence: ActivityEvidence, given: ClinicFacts) {
  const facts = factsFor(evidence, given);
  return {
    ...clinicHeader(evidence, given, 'activity'),
    activity: activityTable(evidence, facts),
    ...eventPaging(evidence, clinicUrl(evidence.tenant.id, 'activity'), facts.t),
  };
}
