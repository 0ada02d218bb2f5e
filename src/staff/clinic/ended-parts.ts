import { retiredPart } from '../../connections/pages/retired-part.js';
import type { Row } from '../../platform/http/content.js';
import type { ClinicFacts, OverviewEvidence } from './clinic-evidence.js';

/** What staff see of JWTs that were replaced, and of the newest disconnection. */
export function endedParts(evidence: OverviewEvidence, facts: ClinicFacts, url: string) {
  const { tenant, view, names, disconnection } = evidence;
  const { t } = facts;
  const nameById = new Map([...names].map(([id, { name }]) => [id, name]));
  return {
    retired: view.retired.map((one) =>
      retiredPart(one, { names: nameById, forStaff: true }, { ...facts, tenantId: tenant.id }),
    ),
    disconnection:
      disconnection.length > 0
        ? {
            heading: t.staff.tenant.disconnection,
            rows: disconnection,
            link: { text: t.disconnection.linkAfter, href: `${url}/disconnection` },
          }
        : null,
  };
}

/** Said only while events of the clinic wait. */
export const eventRows = ({ openDeliveries: count }: OverviewEvidence, { t }: ClinicFacts): Row[] =>
  count === 0
    ? []
    : [{ key: t.staff.tenant.state.undelivered, value: { text: String(count), href: '/staff/webhooks' } }];
