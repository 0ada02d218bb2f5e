import type { MemberSignIn } from '../../accounts/own-account/member-sign-in-service.js';
import { CODES_AT_ONCE } from '../../accounts/second-factor/recovery-codes.js';
import { sessionTable } from '../../accounts/own-account/session-page.js';
import type { Clock } from '../../platform/http/view-helpers.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { clinicUrl } from '../clinic-urls.js';

export const memberSignInUrl = (tenantId: string, personId: string): string =>
  `${clinicUrl(tenantId, 'people')}/${personId}/sign-in`;

const notices = ['reset', 'ended'] as const;
export type MemberSignInNotice = (typeof notices)[number];
export const readMemberSignInNotice = (value: unknown): MemberSignInNotice | undefined =>
  notices.find((name) => name === value);

export function memberSignInPage(
  t: Texts,
  { person, codesLeft, sessions }: MemberSignIn,
  facts: {
    tenant: Pick<Tenant, 'id' | 'name'>;
    clock: Clock;
    mayManage: boolean;
    notice?: MemberSignInNotice | undefined;
  },
) {
  const texts = t.staff.memberSignIn;
  const { state } = t.accounts.enrolment;
  const { tenant, clock, mayManage, notice } = facts;
  const url = memberSignInUrl(tenant.id, person.id);
  const { hasSecondFactor } = person;
  return {
    title: texts.title(person.name),
    caption: tenant.name,
    backLink: { text: tenant.name, href: clinicUrl(tenant.id, 'people') },
    notice: notice === undefined ? null : texts.notices[notice],
    lead: texts.who({ email: person.email }),
    rows: [
      { key: t.accounts.enrolment.offerTitle, value: hasSecondFactor ? state.appInUse : texts.noApp },
      ...(hasSecondFactor ? [{ key: state.codes, value: state.codesLeft(codesLeft, CODES_AT_ONCE) }] : []),
    ],
    sessions: sessionTable(t, sessions, clock, { needsSecondFactor: hasSecondFactor }),
    // Null if there is nothing to reset or end, or the viewer may not.
    reset:
      mayManage && hasSecondFactor
        ? { heading: texts.reset.heading, what: texts.reset.what, action: `${url}/reset`, button: texts.reset.button }
        : null,
    end: mayManage && sessions.length > 0 ? { action: `${url}/endings`, button: texts.end } : null,
  };
}
