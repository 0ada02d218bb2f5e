import { staffInviteForm } from '../tenants/invitation-page.js';
import type { ClinicFacts, PeopleEvidence } from './clinic-evidence.js';
import { clinicHeader, factsFor } from './clinic-header.js';
import { invitationsTable, mailsTable, offeredTo, peopleTable, reachOf } from './clinic-tables.js';
import { clinicUrl, type ClinicNotice } from '../clinic-urls.js';

/** Who belongs to the clinic, who was invited, and which emails went out. */
export function clinicPeoplePage(evidence: PeopleEvidence, given: ClinicFacts, notice?: ClinicNotice) {
  const facts = factsFor(evidence, given);
  const { t } = facts;
  const { id } = evidence.tenant;
  return {
    ...clinicHeader(evidence, given, 'people', notice),
    people: peopleTable(evidence, facts, clinicUrl(id)),
    reach: reachOf(evidence, facts),
    invitations: invitationsTable(evidence, facts, clinicUrl(id)),
    mails: mailsTable(evidence, facts),
    inviteForm: facts.mayChange
      ? {
          heading: t.staff.invite.heading,
          form: staffInviteForm(t, id, { role: offeredTo(evidence, facts), ...evidence.kept }),
        }
      : null,
  };
}
