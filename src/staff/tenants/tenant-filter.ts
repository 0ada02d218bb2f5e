import type { Cause } from '../../connections/health/causes.js';
import { shownStates, type ShownState } from '../../connections/health/health.js';
import { cursorText, readCursor } from '../../platform/http/cursor.js';
import { listUrl } from '../clinic-urls.js';

export { listUrl };

/** How long an invitation has no answer before the list says so. */
export const SILENT_DAYS = 5;
/** Of UTF-16 units: as long as a name may be. */
export const LONGEST_QUERY = 200;

/** Selects the clinics of a list; all of them if nothing is set. `invited` is for itself; `q` is what was typed. */
export type TenantFilter = {
  q?: string | undefined;
  state?: ShownState | undefined;
  cause?: Cause | undefined;
  invited?: 'silent' | undefined;
};

/** The worst first. */
export const stateOrder: readonly ShownState[] = [
  'failing',
  'unverified',
  'warning',
  'pending',
  'not_connected',
  'healthy',
  'disconnected',
];

/** Where a clinic is in the list: in the part of its state, or of those without an answer, since then. */
export type Place = { part: ShownState | 'silent'; since: Date; tenantId: string };

/** The place after which the next page begins, for its address. */
export const placeText = ({ part, since, tenantId }: Place): string =>
  cursorText([`${part} ${since.toISOString()}`, tenantId]);

/** @returns undefined if no page of this filter ends there */
export function readPlace(text: string, { state, invited }: TenantFilter): Place | undefined {
  const [where = '', tenantId = ''] = readCursor(text) ?? [];
  const [named, time = ''] = where.split(' ');
  const part = (['silent', ...shownStates] as const).find((one) => one === named);
  const since = new Date(time);
  if (part === undefined || Number.isNaN(since.getTime())) return undefined;
  const isOfFilter = invited ? part === 'silent' : part !== 'silent' && (state === undefined || part === state);
  return isOfFilter ? { part, since, tenantId } : undefined;
}

export const rankOf = (part: Place['part']): number => (part === 'silent' ? -1 : stateOrder.indexOf(part));

/** The longest in its state first, within the worst state. */
export function comparePlaces(a: Place, b: Place): number {
  return (
    rankOf(a.part) - rankOf(b.part) ||
    a.since.getTime() - b.since.getTime() ||
    (a.tenantId < b.tenantId ? -1 : +(a.tenantId > b.tenantId))
  );
}

export const filteredUrl = ({ q, state, cause, invited }: TenantFilter, after?: string): string => {
  const query = new URLSearchParams({
    ...(q === undefined ? {} : { q }),
    ...(state ? { state } : {}),
    ...(cause ? { cause } : {}),
    ...(invited ? { invited } : {}),
    ...(after === undefined ? {} : { after }),
  });
  return query.size === 0 ? listUrl : `${listUrl}?${query.toString()}`;
};
