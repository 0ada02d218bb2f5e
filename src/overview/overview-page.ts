import { fixOwnerOf, type Cause, type FixOwner } from '../connections/health/causes.js';
import type { ShownState } from '../connections/health/health.js';
import { causeText } from '../connections/pages/cause-page.js';
import type { Row, Table } from '../platform/http/content.js';
import { dateOnly, exactTime, shownTime, wholeNumber, type Clock } from '../platform/http/view-helpers.js';
import { clinicUrl, listUrl } from '../staff/clinic-urls.js';
import { incidentBanner, type PortalIncident } from '../staff/incidents/incident-page.js';
import { filteredUrl, stateOrder } from '../staff/tenants/tenant-filter.js';
import type { Texts } from '../texts/texts.js';
import type { ConnectedDay } from './connected-days.js';
import { connectedPart } from './connected-part.js';
import type { Expiries } from './expiries.js';
import type { Figures } from './figures.js';
import type { Funnel } from './funnel.js';
import { funnelPart } from './funnel-part.js';
import type { Need } from './needs.js';

/** The verdict about the next run, as the worker counted it. `timeZone` is null if no nightly run is set. */
export type NextRun = {
  by: string;
  timeZone: string | null;
  go: number;
  noGo: number;
  unknown: number;
  all: number;
  isComplete: boolean;
};

export type Found = {
  counts: readonly { state: ShownState; cause: Cause | null; count: number }[];
  needs: readonly Need[];
  days: readonly ConnectedDay[];
  expiries: Expiries;
  nextRun: Figures<NextRun> | null;
  funnel: Figures<Funnel> | null;
  incidents: PortalIncident[];
};

type Facts = { t: Texts; clock: Clock; mayChange: boolean };

/** The data of views/overview/overview.ejs. */
export function overviewPage(found: Found, facts: Facts) {
  const { t, clock, mayChange } = facts;
  const texts = t.staff.overview;
  const all = found.counts.reduce((sum, { count }) => sum + count, 0);
  const title = texts.title;
  const incidents = incidentBanner(found.incidents, { t, clock });
  if (all === 0)
    return {
      title,
      incidents,
      noIncident: null,
      welcome: {
        paragraphs: [texts.empty.none, ...(mayChange ? [texts.empty.step] : [])],
        create: mayChange ? { text: t.staff.list.create, href: `${listUrl}/new` } : null,
      },
      parts: null,
    };
  return {
    title,
    incidents,
    noIncident: incidents ? null : texts.noIncident,
    welcome: null,
    parts: {
      needs: needsPart(found, facts),
      connected: connectedPart(found.days, facts),
      funnel: funnelPart(found.funnel, facts),
      nextRun: nextRunPart(found.nextRun, facts),
      expiries: expiriesPart(found.expiries, facts),
    },
  };
}

/** Where the act is. */
const actUrls: Record<Need['act'], (id: string) => string> = {
  decide: (id) => clinicUrl(id),
  ours: (id) => clinicUrl(id),
  email: (id) => clinicUrl(id),
  invite: (id) => `${clinicUrl(id, 'people')}#invite`,
};

function needsPart({ counts, needs }: Found, { t, clock }: Facts) {
  const texts = t.staff.overview.needs;
  const number = (value: number) => wholeNumber(value, t.common.lang);
  const ofState = (state: ShownState) => counts.reduce((sum, one) => sum + (one.state === state ? one.count : 0), 0);
  const byOwner = new Map<FixOwner, number>();
  for (const { cause, count } of counts)
    if (cause !== null) byOwner.set(fixOwnerOf(cause), (byOwner.get(fixOwnerOf(cause)) ?? 0) + count);
  const owners = (['isv', 'tenant', 'ringcentral'] as const).filter((owner) => (byOwner.get(owner) ?? 0) > 0);
  const table: Table = {
    caption: texts.caption,
    hideCaption: true,
    empty: texts.none,
    head: [texts.columns.clinic, texts.columns.what, texts.columns.since, texts.columns.act],
    rows: needs.map(({ tenant, act, state, cause, since }) => [
      { text: tenant.name, href: clinicUrl(tenant.id), note: tenant.externalRef },
      {
        badge: { state, text: t.connections.states[state] },
        note: cause === null ? texts.silent : causeText(t, cause).short,
      },
      { time: shownTime(since, clock) },
      { action: { text: texts.acts[act], hidden: tenant.name, href: actUrls[act](tenant.id) } },
    ]),
  };
  return {
    heading: texts.heading,
    table,
    states: stateOrder
      .filter((state) => ofState(state) > 0)
      .map((state) => ({
        badge: { state, text: t.connections.states[state] },
        count: number(ofState(state)),
        href: filteredUrl({ state }),
      })),
    statesLabel: texts.states,
    owners: owners.map((owner) => texts.owners[owner](byOwner.get(owner) ?? 0, number(byOwner.get(owner) ?? 0))),
    all: { text: texts.all, href: listUrl },
  };
}

function nextRunPart(found: Figures<NextRun> | null, { t, clock }: Facts) {
  const texts = t.staff.overview.nextRun;
  const link = { text: texts.link, href: '/staff/preflight' };
  // Counted before there was a clinic, which proves nothing of the clinics of now.
  if (!found || found.figures.all === 0)
    return { heading: texts.heading, verdict: texts.notYet, rows: [] as Row[], note: null, link };
  const { by, timeZone, go, noGo, unknown, isComplete } = found.figures;
  const counted = (value: number) => {
    const text = wholeNumber(value, t.common.lang);
    return isComplete ? text : texts.atLeast(text);
  };
  const at = exactTime(new Date(by), { language: clock.language, timeZone: timeZone ?? 'UTC' });
  return {
    heading: texts.heading,
    verdict: verdictOf(found.figures, texts),
    rows: [
      { key: timeZone === null ? texts.ahead : texts.begins, value: at },
      // While the others are counted only in part, the rest is not known.
      ...(isComplete ? [{ key: texts.go, value: wholeNumber(go, t.common.lang) }] : []),
      { key: texts.noGo, value: counted(noGo) },
      { key: texts.unknown, value: counted(unknown) },
    ] as Row[],
    note: texts.madeAt(exactTime(found.madeAt, clock)),
    link,
  };
}

function verdictOf({ go, noGo, unknown, isComplete }: NextRun, texts: Texts['staff']['overview']['nextRun']): string {
  if (noGo + unknown === 0) return texts.allWork;
  if (isComplete && go + unknown === 0) return texts.allFail;
  return noGo > 0 ? texts.someFail : texts.someUnknown;
}

function expiriesPart({ parts, first }: Expiries, { t, clock }: Facts) {
  const texts = t.staff.overview.expiries;
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const [, month] = [parts[0], parts[1]];
  const label = (withinDays: number) =>
    withinDays === parts[0]?.withinDays
      ? texts.within(withinDays)
      : texts.between(
          withinDays === month?.withinDays ? (parts[0]?.withinDays ?? 0) : (month?.withinDays ?? 0),
          withinDays,
        );
  return {
    heading: texts.heading,
    none: total === 0 ? texts.none : null,
    rows: parts.map(({ withinDays, count }) => ({
      key: label(withinDays),
      value: wholeNumber(count, t.common.lang),
    })),
    first: {
      caption: texts.first,
      head: [texts.columns.clinic, texts.columns.on],
      rows: first.map(({ tenant, expiresAt }) => [
        { text: tenant.name, href: clinicUrl(tenant.id) },
        dateOnly(expiresAt, { language: clock.language, timeZone: tenant.timeZone }),
      ]),
    },
    note: texts.mailed,
  };
}
