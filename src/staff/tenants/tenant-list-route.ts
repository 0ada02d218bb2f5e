import type { RequestHandler } from 'express';
import { z } from 'zod';
import { isCause } from '../../connections/health/causes.js';
import { shownStates } from '../../connections/health/health.js';
import { PortalError } from '../../platform/errors.js';
import { readQuery } from '../../platform/http/forms.js';
import { termsOf } from '../../tenants/search/tenant-words.js';
import { isPortalIncident } from '../incidents/incident-page.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff-requests.js';
import { LONGEST_QUERY, readPlace, type TenantFilter } from './tenant-filter.js';
import { tenantFinder } from './tenant-finder.js';
import { tenantListPage } from './tenant-list-page.js';

const listQuery = z
  .object({
    q: z.string().max(LONGEST_QUERY).optional(),
    state: z.enum(shownStates).optional(),
    cause: z.string().refine(isCause).optional(),
    invited: z.literal('silent').optional(),
    after: z.string().max(1000).optional(),
  })
  .refine(({ invited, state, cause }) => !invited || (!state && !cause));

/** What was typed is not looked up if nothing could be found by it. */
const typedOf = (q = ''): TenantFilter => (termsOf(q).length === 0 ? {} : { q: q.trim() });

/** `/staff/tenants`: the worst clinics first, or what a search or a filter selects. What was typed is not written down. */
export function tenantListRoute(deps: StaffDeps): RequestHandler {
  const { tenants, connections, world } = deps;
  const { viewed, clockOf } = staffRequests(deps);
  const finder = tenantFinder({ world, tenants, connections, invitations: deps.accounts.services.invitations });

  return async (req, res) => {
    const { mayChange, mayManage } = staffOf(req, res);
    const { after, q, ...selected } = readQuery(listQuery, req.query);
    const filter = { ...selected, ...typedOf(q) };
    const place = after === undefined ? undefined : readPlace(after, filter);
    if (after !== undefined && !place) throw new PortalError('bad_request');
    const { ids, ...found } = await finder.find(filter, place);
    const listed = await tenants.withIds(ids);
    const [shown, silentSince, open] = await Promise.all([
      connections.shownOf(listed),
      finder.silentAmong(ids),
      connections.openIncidents(),
    ]);
    const incidents = open.filter(isPortalIncident);
    await viewed(req, res, 'tenant.list_viewed_by_staff');
    const facts = { t: res.locals.t, clock: clockOf(res), mayChange, mayManage };
    const of = { ...found, tenants: listed, shown, silentSince, incidents, filter, isFirst: !place };
    res.render('staff/tenants', { page: tenantListPage(of, facts) });
  };
}
