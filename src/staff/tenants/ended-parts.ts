import { retiredPart } from '../../connections/pages/retired-part.js';
import type { Row } from '../../platform/http/content.js';
import type { StaffFacts, TenantEvidence } from './staff-tenant-tables.js';

/** What staff see of JWTs that were replaced, of the newest disconnection, and the link to all about that. */
export function endedParts(evidence: TenantEvidence, facts: StaffFacts, url: string) {
  const { tenant, view, names, disconnection } = evidence;
  const { t } = facts;
  const nameById = new Map([...names].map(([id, { name }]) => [id, name]));
  return {
    retired: view.retired.map((one) =>
      retiredPart(one, { names: nameById, forStaff: true }, { ...facts, tenantId: tenant.id }),
    ),
    disconnection: {
      heading: disconnection.length > 0 ? t.staff.tenant.disconnection : null,
      rows: disconnection,
      link: {
        text: view.shown.state === 'disconnected' ? t.disconnection.linkAfter : t.disconnection.link,
        href: `${url}/disconnection`,
      },
    },
  };
}

/** Said only while events of the clinic wait. */
export const eventRows = ({ openDeliveries: count }: TenantEvidence, { t }: StaffFacts): Row[] =>
  count === 0
    ? []
    : [{ key: t.staff.tenant.state.undelivered, value: { text: String(count), href: '/staff/webhooks' } }];
