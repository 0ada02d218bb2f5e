import { fixOwnerOf } from '../../connections/health/causes.js';
import { methodOf } from '../../connections/connection-view.js';
import { textsFor } from '../../connections/pages/method-texts.js';
import { exactTime, relativeTime, waitingTime } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import { listUrl } from '../tenants/tenant-filter.js';
import type { ClinicFacts, ClinicSeen } from './clinic-evidence.js';
import { clinicPages, clinicUrl, type ClinicNotice, type ClinicPage } from '../clinic-urls.js';

/** The facts with the texts for how this clinic connects: its pages speak of a JWT only if it has one. */
export const factsFor = ({ view }: ClinicSeen, facts: ClinicFacts): ClinicFacts => ({
  ...facts,
  t: textsFor(facts.t, methodOf(view)),
});

/** The data of views/staff/clinic/top.ejs: which clinic, its state, who must act, the two actions, and its pages. */
export function clinicHeader(of: ClinicSeen, given: ClinicFacts, current: ClinicPage, notice?: ClinicNotice) {
  const { tenant, view } = of;
  const { t, clock, mayChange } = factsFor(of, given);
  const { shown, connection } = view;
  const texts = t.staff.tenant.header;
  const nameOf = (page: ClinicPage) => t.staff.tenant.pages[page];
  return {
    title: current === 'overview' ? tenant.name : `${nameOf(current)}: ${tenant.name}`,
    name: tenant.name,
    page: nameOf(current),
    externalRef: { label: t.staff.tenant.identity.externalRef, value: tenant.externalRef },
    backLink: { text: t.staff.tenant.back, href: listUrl },
    notice: noticeText(notice, of, t, given),
    badge: { state: shown.state, text: t.connections.states[shown.state] },
    since: {
      iso: shown.since.toISOString(),
      text: texts.since(exactTime(shown.since, clock), relativeTime(shown.since, clock)),
    },
    who: whoActs(of, t),
    check: mayChange && canCheck(of) ? { text: texts.checkNow, action: clinicUrl(tenant.id, 'checks') } : null,
    checking: view.checking ? texts.checking : null,
    invite: mayChange ? { text: texts.invite, href: `${clinicUrl(tenant.id, 'people')}#invite` } : null,
    nav: {
      label: texts.pages,
      items: clinicPages.map((page) => ({
        text: nameOf(page),
        href: clinicUrl(tenant.id, page),
        current: page === current,
      })),
    },
    mainAttributes: {
      'data-state': shown.state,
      'data-cause': shown.cause ?? '',
      'data-fix-owner': shown.cause === null ? '' : fixOwnerOf(shown.cause),
      'data-checked-at': connection.checkedAt?.toISOString() ?? '',
    },
  };
}

export type ClinicHeader = ReturnType<typeof clinicHeader>;

const canCheck = ({ view: { active, pending, checking } }: ClinicSeen): boolean =>
  (active !== null || pending !== null) && !checking;

function whoActs({ view: { shown, connection } }: ClinicSeen, t: Texts): string {
  const { acts, waits } = t.staff.tenant.header;
  if (connection.withheld) return waits.approval;
  if (shown.cause !== null) return acts[fixOwnerOf(shown.cause)];
  if (shown.state === 'not_connected') return waits.not_connected;
  return shown.state === 'pending' ? waits.pending : acts.nobody;
}

function noticeText(
  notice: ClinicNotice | undefined,
  { tenant, view }: ClinicSeen,
  t: Texts,
  { clock, decision }: ClinicFacts,
): string | null {
  const texts = t.staff.tenant.notices;
  if (notice === undefined) return null;
  if (typeof notice === 'object') return texts.limited[notice.of](waitingTime(notice.until, clock));
  if (notice === 'approved' || notice === 'refused')
    return decision?.did === notice ? texts[notice]({ company: decision.company, clinic: tenant.name }) : null;
  return texts[notice === 'checked' && view.checking ? 'checking' : notice];
}
