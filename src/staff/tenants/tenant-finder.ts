import type { ConnectionService } from '../../connections/connection-service.js';
import type { Recorded } from '../../connections/last-recorded.js';
import type { Cause } from '../../connections/health/causes.js';
import type { ShownState } from '../../connections/health/health.js';
import type { InvitationService } from '../../accounts/invitations/invitation-service.js';
import type { World } from '../../platform/world.js';
import { termsOf } from '../../tenants/search/tenant-words.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import {
  comparePlaces,
  rankOf,
  placeText,
  filteredUrl,
  SILENT_DAYS,
  stateOrder,
  type Place,
  type TenantFilter,
} from './tenant-filter.js';

const A_PAGE = 50;
/** A walk asks for as many clinics at once, and after so many shows what it has found. */
const AT_ONCE = 250;
const MOST_LOOKED_AT = 10_000;
const SILENT_MS = SILENT_DAYS * 24 * 3600_000;

export type StateCount = { state: ShownState; cause: Cause | null; count: number };

type Deps = {
  world: Pick<World, 'now'>;
  tenants: Pick<TenantService, 'search' | 'matching' | 'withMembers'>;
  connections: Pick<ConnectionService, 'inState' | 'lastRecorded' | 'counts'>;
  invitations: Pick<InvitationService, 'unanswered'>;
};

/** A number, or that there are more. */
export type Number50 = { count: number; isMore: boolean };

export type FoundPage = {
  ids: string[];
  /** The address of the next page; null if there is none. */
  next: string | null;
  /** By state and cause, of what was searched for; null if that is too much to count. */
  counts: StateCount[] | null;
  /** Clinics that were invited and have not answered; null likewise. */
  silent: Number50 | null;
  /** How many clinics of this filter match what was typed; null if very many do; undefined if nothing was typed. */
  matches: number | null | undefined;
  /** The walk stopped before the page was full, although there may be more. */
  stopped: boolean;
};

type Source = (limit: number, after: Place | undefined) => Promise<Place[]>;
type Keep = (ids: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Finds a page of the staff's list. A search that finds few clinics is sorted as a whole. Otherwise the list is walked
 * in its order, by an index, and what does not match is left out; a page costs the same, however many clinics there are.
 */
export const tenantFinder = ({ world, tenants, connections, invitations }: Deps) => {
  const silentSince = () => new Date(world.now().getTime() - SILENT_MS);

  const byState =
    ({ state, cause }: TenantFilter): Source =>
    async (limit, after) => {
      const states = state ? [state] : stateOrder;
      const rows: Place[] = [];
      for (const part of after ? states.filter((part) => rankOf(part) >= rankOf(after.part)) : states) {
        if (rows.length >= limit) break;
        const wanted = { state: part, ...(cause ? { cause } : {}) };
        const from = after?.part === part ? after : undefined;
        const page = await connections.inState(wanted, limit - rows.length, from, 'asc');
        rows.push(...page.map((one) => ({ part, ...one })));
      }
      return rows;
    };

  const bySilence: Source = async (limit, after) => {
    const from = after && { sentAt: after.since, tenantId: after.tenantId };
    return (await invitations.unanswered(silentSince(), { limit, after: from })).map(silentPlace);
  };

  /** Since when each of these has had no answer to its invitation. */
  async function silentAmong(ids: readonly string[]): Promise<Map<string, Date>> {
    const found = await invitations.unanswered(silentSince(), { ids });
    const alone = await withoutMembers(found.map(({ tenantId }) => tenantId));
    return new Map(
      found.filter(({ tenantId }) => alone.has(tenantId)).map(({ tenantId, sentAt }) => [tenantId, sentAt]),
    );
  }

  const withoutMembers: Keep = async (ids) => {
    const joined = await tenants.withMembers(ids);
    return new Set(ids.filter((id) => !joined.has(id)));
  };

  /** Rows of the source in order that all conditions keep. */
  async function walk(source: Source, conditions: readonly Keep[], most: number, after: Place | undefined) {
    const found: Place[] = [];
    const step = conditions.length === 0 ? most + 1 : Math.max(most + 1, AT_ONCE);
    let last = after;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += step) {
      const rows = await source(step, last);
      let kept: ReadonlySet<string> = new Set(rows.map(({ tenantId }) => tenantId));
      for (const keep of conditions) if (kept.size > 0) kept = await keep([...kept]);
      found.push(...rows.filter(({ tenantId }) => kept.has(tenantId)));
      if (found.length > most) return { rows: found.slice(0, most), next: found[most - 1] ?? null, stopped: false };
      if (rows.length < step) return { rows: found, next: null, stopped: false };
      last = rows.at(-1);
    }
    return { rows: found, next: last ?? null, stopped: true };
  }

  /** All that match are known. */
  async function among(ids: readonly string[], filter: TenantFilter, after: Place | undefined): Promise<FoundPage> {
    const recorded = await connections.lastRecorded(ids);
    const here = recorded.map(({ tenantId }) => tenantId);
    const silent = await silentAmong(here);
    const places = filter.invited
      ? [...silent].map(([tenantId, sentAt]) => silentPlace({ tenantId, sentAt }))
      : recorded
          .filter((one) => isIn(one, filter))
          .map(({ state: part, since, tenantId }) => ({ part, since, tenantId }));
    const rest = places.sort(comparePlaces).filter((place) => !after || comparePlaces(place, after) > 0);
    const page = rest.slice(0, A_PAGE);
    const last = page.at(-1);
    return {
      ids: page.map(({ tenantId }) => tenantId),
      next: rest.length > page.length && last ? filteredUrl(filter, placeText(last)) : null,
      counts: countsOf(recorded),
      silent: { count: silent.size, isMore: false },
      matches: places.length,
      stopped: false,
    };
  }

  async function countSilent(): Promise<Number50> {
    const { rows, next } = await walk(bySilence, [withoutMembers], A_PAGE, undefined);
    return { count: rows.length, isMore: next !== null };
  }

  return {
    silentAmong,
    async find(filter: TenantFilter, after: Place | undefined): Promise<FoundPage> {
      const terms = filter.q === undefined ? [] : termsOf(filter.q);
      const matching = terms.length === 0 ? undefined : await tenants.search(terms);
      if (matching) return among([...matching], filter, after);
      const isSearch = matching === null;
      const conditions: Keep[] = [
        ...(isSearch ? [(ids: readonly string[]) => tenants.matching(ids, terms)] : []),
        ...(filter.invited ? [withoutMembers] : []),
      ];
      const source = filter.invited ? bySilence : byState(filter);
      const [{ rows, next, stopped }, counts, silent] = await Promise.all([
        walk(source, conditions, A_PAGE, after),
        isSearch ? null : connections.counts(),
        isSearch ? null : countSilent(),
      ]);
      return {
        ids: rows.map(({ tenantId }) => tenantId),
        next: next && filteredUrl(filter, placeText(next)),
        counts,
        silent,
        matches: isSearch ? null : undefined,
        stopped,
      };
    },
  };
};

const silentPlace = ({ tenantId, sentAt }: { tenantId: string; sentAt: Date }): Place => ({
  part: 'silent',
  since: sentAt,
  tenantId,
});

const isIn = (one: Recorded, { state, cause }: TenantFilter): boolean =>
  (state === undefined || one.state === state) && (cause === undefined || one.cause === cause);

function countsOf(recorded: readonly Recorded[]): StateCount[] {
  const counts = new Map<string, StateCount>();
  for (const { state, cause } of recorded) {
    const key = `${state} ${cause ?? ''}`;
    counts.set(key, { state, cause, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
