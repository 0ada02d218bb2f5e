import type { Method } from '../../credentials/credential-types.js';
import { causeText } from '../../connections/pages/cause-page.js';
import { fixOwnerOf, type Cause } from '../../connections/health/causes.js';
import type { StateCursor } from '../../connections/health/connection-store.js';
import type { Shown, ShownState } from '../../connections/health/health.js';
import type { Cell } from '../../platform/http/content.js';
import { cursorText, readCursor } from '../../platform/http/cursor.js';
import { shownTime, wholeNumber, type Clock } from '../../platform/http/view-helpers.js';
import type { Tenant, TenantCursor } from '../../tenants/tenant-types.js';
import type { Texts } from '../../texts/texts.js';
import { incidentBanner, type PortalIncident } from '../incidents/incident-page.js';

/** Selects the tenants of a list; all of them if neither is set. */
export type TenantFilter = { state?: ShownState | undefined; cause?: Cause | undefined };

export type StateCount = { state: ShownState; cause: Cause | null; count: number };

export const listUrl = '/staff/tenants';

/** The position of the next page, for its address. Contains a name, as the page itself does. */
export const nameCursorText = ({ name, id }: TenantCursor): string => cursorText([name, id]);
export const stateCursorText = ({ since, tenantId }: StateCursor): string =>
  cursorText([since.toISOString(), tenantId]);

export function readNameCursor(text: string): TenantCursor | undefined {
  const [name, id] = readCursor(text) ?? [];
  return name === undefined || id === undefined ? undefined : { name, id };
}

export function readStateCursor(text: string): StateCursor | undefined {
  const [since, tenantId] = readCursor(text) ?? [];
  const at = new Date(since ?? '');
  return tenantId === undefined || Number.isNaN(at.getTime()) ? undefined : { since: at, tenantId };
}

export const filteredUrl = ({ state, cause }: TenantFilter, after?: string): string => {
  const query = new URLSearchParams({
    ...(state ? { state } : {}),
    ...(cause ? { cause } : {}),
    ...(after === undefined ? {} : { after }),
  });
  return query.size === 0 ? listUrl : `${listUrl}?${query.toString()}`;
};

/** The states that need attention come first. */
const stateOrder: readonly ShownState[] = [
  'failing',
  'unverified',
  'warning',
  'pending',
  'not_connected',
  'healthy',
  'disconnected',
];

type Listed = {
  tenants: Tenant[];
  /** `method`: of the credential in use. */
  shown: Map<string, Shown & { method?: Method | null }>;
  counts: StateCount[];
  incidents: PortalIncident[];
  filter: TenantFilter;
  /** The address of the next page; null if there is none. */
  next: string | null;
  isFirst: boolean;
};

export function tenantListPage(
  listed: Listed,
  { t, clock, mayChange }: { t: Texts; clock: Clock; mayChange: boolean },
) {
  const texts = t.staff.list;
  const { columns } = texts;
  const { filter, isFirst } = listed;
  const rows = listed.tenants.map((tenant): Cell[] => {
    const shown = listed.shown.get(tenant.id);
    const cause = shown?.cause ?? null;
    return [
      { text: tenant.name, href: `${listUrl}/${tenant.id}`, note: tenant.externalRef },
      shown
        ? {
            badge: { state: shown.state, text: t.connections.states[shown.state] },
            ...(shown.method && { note: t.staff.tenant.identity.methods[shown.method] }),
          }
        : '',
      cause ? causeText(t, cause).short : texts.none,
      cause ? t.staff.owners[fixOwnerOf(cause)] : texts.nothing,
      shown ? { time: shownTime(shown.since, clock) } : '',
    ];
  });
  return {
    title: texts.title,
    create: mayChange ? { text: texts.create, href: `${listUrl}/new` } : null,
    incidents: listed.incidents.map((incident) => incidentBanner(incident, { t, clock })),
    filters: filtersOf(listed, t),
    table:
      rows.length > 0
        ? {
            caption: filter.state ? texts.captionIn(t.connections.states[filter.state]) : texts.caption,
            hideCaption: true,
            head: [columns.name, columns.state, columns.cause, columns.owner, columns.since],
            rows,
          }
        : null,
    ...emptyTexts(rows.length > 0 || !isFirst, filter, t),
    first: isFirst ? null : { text: texts.first, href: filteredUrl(filter) },
    offboarded: { text: t.staff.offboarding.list.title, href: '/staff/offboarded' },
    next: listed.next === null ? null : { text: texts.next, href: listed.next },
  };
}

/** The first steps if there are no clinics, or a sentence if none matches the filter. */
function emptyTexts(isSilent: boolean, { state, cause }: TenantFilter, { staff: { list } }: Texts) {
  const isAboutAll = !state && !cause;
  return {
    welcome: isSilent || !isAboutAll ? [] : [list.empty, list.emptyStep],
    empty: isSilent || isAboutAll ? null : cause ? list.emptyOf : list.emptyIn,
  };
}

function filtersOf({ counts, filter }: Listed, t: Texts) {
  const texts = t.staff.list.filters;
  const item = (text: string, wanted: TenantFilter, count: number) => ({
    text,
    href: filteredUrl(wanted),
    count: wholeNumber(count, t.common.lang),
    current: wanted.state === filter.state && wanted.cause === filter.cause,
  });
  const sum = (of: StateCount[]) => of.reduce((total, { count }) => total + count, 0);
  const inState = (state: ShownState) => counts.filter((one) => one.state === state);
  const states = stateOrder.filter((state) => state === filter.state || sum(inState(state)) > 0);
  if (states.length === 0) return [];
  const byState = {
    label: texts.states,
    items: [
      item(texts.all, {}, sum(counts)),
      // A state stays selected while one of its causes is selected.
      ...states.map((state) => ({
        ...item(t.connections.states[state], { state }, sum(inState(state))),
        current: state === filter.state,
      })),
    ],
  };
  const byCause = causesOf(counts, filter);
  if (byCause.length === 0) return [byState];
  const { state, cause: chosen } = filter;
  const among = state ? inState(state) : counts;
  const everywhere = sum(counts.filter(({ cause }) => cause === chosen));
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
