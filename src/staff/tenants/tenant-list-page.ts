import type { Method } from '../../credentials/credential-types.js';
import { causeText } from '../../connections/pages/cause-page.js';
import { fixOwnerOf, type Cause } from '../../connections/health/causes.js';
import type { Shown, ShownState } from '../../connections/health/health.js';
import type { Cell } from '../../platform/http/content.js';
import { shownTime, wholeNumber, type Clock } from '../../platform/http/view-helpers.js';
import type { Tenant } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { incidentBanner, type PortalIncident } from '../incidents/incident-page.js';
import { filteredUrl, listUrl, LONGEST_QUERY, SILENT_DAYS, stateOrder, type TenantFilter } from './tenant-filter.js';
import type { FoundPage, StateCount } from './tenant-finder.js';

export { listUrl };
type Listed = Omit<FoundPage, 'ids'> & {
  tenants: Tenant[];
  /** `method`: of the credential in use. */
  shown: ReadonlyMap<string, Shown & { method?: Method | null }>;
  /** Since when clinics of this page have had no answer to their invitation. */
  silentSince: ReadonlyMap<string, Date>;
  incidents: PortalIncident[];
  filter: TenantFilter;
  isFirst: boolean;
};

const DAY_MS = 24 * 3600_000;

export function tenantListPage(
  listed: Listed,
  { t, clock, mayChange, mayManage }: { t: Texts; clock: Clock; mayChange: boolean; mayManage: boolean },
) {
  const texts = t.staff.list;
  const { columns } = texts;
  const { filter, isFirst } = listed;
  const rows = listed.tenants.map((tenant): Cell[] => {
    const shown = listed.shown.get(tenant.id);
    const cause = shown?.cause ?? null;
    const silentSince = listed.silentSince.get(tenant.id);
    const days = silentSince && Math.floor((clock.now.getTime() - silentSince.getTime()) / DAY_MS);
    const note =
      days === undefined ? shown?.method && t.staff.tenant.identity.methods[shown.method] : t.staff.search.silent(days);
    return [
      { text: tenant.name, href: `${listUrl}/${tenant.id}`, note: tenant.externalRef },
      shown ? { badge: { state: shown.state, text: t.connections.states[shown.state] }, ...(note && { note }) } : '',
      cause ? causeText(t, cause).short : texts.none,
      cause ? t.staff.owners[fixOwnerOf(cause)] : texts.nothing,
      shown ? { time: shownTime(shown.since, clock) } : '',
    ];
  });
  const part = partText(filter, t);
  const filters = filtersOf(listed, t);
  return {
    title: texts.title,
    create: mayChange ? { text: texts.create, href: `${listUrl}/new` } : null,
    incidents: incidentBanner(listed.incidents, { t, clock }),
    search: filters.length > 0 || filter.q !== undefined ? searchForm(filter, t) : null,
    found: foundText(listed, t),
    filters: { summary: t.staff.search.filters(part ?? texts.filters.all), groups: filters },
    table:
      rows.length > 0
        ? {
            caption: part === null ? texts.caption : texts.captionIn(part),
            hideCaption: true,
            head: [columns.name, columns.state, columns.cause, columns.owner, columns.since],
            rows,
          }
        : null,
    ...emptyTexts(listed, t),
    first: isFirst ? null : { text: texts.first, href: filteredUrl(filter) },
    imports: mayChange ? { text: t.staff.clinicFiles.import.link, href: '/staff/clinics-import' } : null,
    download: mayManage ? { text: t.staff.clinicFiles.export.link, href: '/staff/clinics-csv' } : null,
    offboarded: { text: t.staff.offboarding.list.title, href: '/staff/offboarded' },
    next: listed.next === null ? null : { text: listed.stopped ? t.staff.search.goOn : texts.next, href: listed.next },
  };
}

/** What the filter selects, in words; null if it selects all clinics. */
function partText({ state, cause, invited }: TenantFilter, t: Texts): string | null {
  const parts = [
    ...(invited ? [t.staff.search.silent(SILENT_DAYS)] : []),
    ...(state ? [t.connections.states[state]] : []),
    ...(cause ? [causeText(t, cause).short] : []),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}

/** Searches within the list that is shown. */
const searchForm = ({ q, state, cause, invited }: TenantFilter, { staff: { search } }: Texts) => ({
  action: listUrl,
  label: search.label,
  hint: search.hint,
  button: search.button,
  value: q ?? '',
  maxlength: LONGEST_QUERY,
  hidden: Object.entries({ state, cause, invited }).flatMap(([name, value]) => (value ? [{ name, value }] : [])),
  clear: q === undefined ? null : { text: search.clear, href: listUrl },
});

/** How many clinics were found; what says that there is none is said by `emptyTexts`. */
function foundText({ filter: { q }, matches, tenants, stopped, next }: Listed, t: Texts): string | null {
  const texts = t.staff.search;
  const more = stopped && next !== null ? texts.stopped : null;
  if (q === undefined || matches === undefined) return more;
  if (matches === null) return tenants.length > 0 || more ? [texts.foundMany(q), more].filter(Boolean).join(' ') : null;
  return matches === 0 ? null : texts.found(matches, wholeNumber(matches, t.common.lang), q);
}

/** The first steps if there are no clinics, or what to do if none is found or matches the filter. */
function emptyTexts({ tenants, isFirst, stopped, counts, filter }: Listed, t: Texts) {
  const { list, search } = t.staff;
  const { q, state, cause, invited } = filter;
  const nothing = { welcome: [] as string[], empty: [] as string[], elsewhere: null };
  if (tenants.length > 0 || stopped) return nothing;
  if (!isFirst) return q === undefined ? nothing : { ...nothing, empty: [search.end] };
  if (q !== undefined && counts?.length === 0) return { ...nothing, empty: [search.none(q), search.noneStep] };
  if (q !== undefined)
    return {
      ...nothing,
      empty: [search.noneHere(q)],
      elsewhere: { text: search.everywhere, href: filteredUrl({ q }) },
    };
  if (invited) return { ...nothing, empty: [search.emptySilent(SILENT_DAYS)] };
  if (cause) return { ...nothing, empty: [list.emptyOf] };
  if (state) return { ...nothing, empty: [list.emptyIn] };
  return { ...nothing, welcome: [list.empty, list.emptyStep] };
}

/** The filters keep what was typed. The numbers are missing where it matches too much to be counted. */
function filtersOf({ counts, silent, filter }: Listed, t: Texts) {
  const texts = t.staff.list.filters;
  const { q, state, cause: chosen, invited } = filter;
  const shownCount = (count: number) => (counts ? { count: wholeNumber(count, t.common.lang) } : {});
  const item = (text: string, wanted: TenantFilter, count: number) => ({
    text,
    href: filteredUrl({ q, ...wanted }),
    ...shownCount(count),
    current: wanted.state === state && wanted.cause === chosen && wanted.invited === invited,
  });
  const known = counts ?? [];
  const sum = (of: StateCount[]) => of.reduce((total, { count }) => total + count, 0);
  const inState = (wanted: ShownState) => known.filter((one) => one.state === wanted);
  const states = stateOrder.filter((one) => counts === null || one === state || sum(inState(one)) > 0);
  if (states.length === 0) return [];
  const byState = {
    label: texts.states,
    items: [
      item(texts.all, {}, sum(known)),
      // A state stays selected while one of its causes is selected.
      ...states.map((one) => ({
        ...item(t.connections.states[one], { state: one }, sum(inState(one))),
        current: one === state,
      })),
      ...(silent === null || silent.count > 0 || invited
        ? [
            {
              ...item(t.staff.search.silent(SILENT_DAYS), { invited: 'silent' }, silent?.count ?? 0),
              ...(silent?.isMore && { count: t.staff.search.orMore(wholeNumber(silent.count, t.common.lang)) }),
            },
          ]
        : []),
    ],
  };
  const byCause = causesOf(known, filter);
  if (byCause.length === 0) return [byState];
  const among = state ? inState(state) : known;
  const everywhere = sum(known.filter(({ cause }) => cause === chosen));
  return [
    byState,
    {
      label: texts.causes,
      items: [
        item(texts.allCauses, state ? { state } : {}, sum(among)),
        ...byCause.map(({ cause, count }) =>
          item(causeText(t, cause).short, { ...(state ? { state } : {}), cause }, count),
        ),
        // A person who looks at one cause may also want the tenants that it keeps from connecting.
        ...(state && chosen && everywhere > sum(among.filter(({ cause }) => cause === chosen))
          ? [item(texts.everyState, { cause: chosen }, everywhere)]
          : []),
      ],
    },
  ];
}

/**
 * The causes of a state, most frequent first, always including the selected one. If all states are shown, the
 * selected one is the only one.
 */
function causesOf(counts: StateCount[], { state, cause: chosen }: TenantFilter): { cause: Cause; count: number }[] {
  const found = new Map<Cause, number>(chosen ? [[chosen, 0]] : []);
  for (const { state: of, cause, count } of counts)
    if (cause !== null && (state ? of === state : cause === chosen)) found.set(cause, (found.get(cause) ?? 0) + count);
  return [...found]
    .map(([cause, count]) => ({ cause, count }))
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}
