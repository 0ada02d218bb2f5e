import { Router } from 'express';
import type { ConnectionService } from '../../connections/connection-service.js';
import type { ChecksBudget } from '../../connections/checks/effective-interval.js';
import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import type { ReadBudget } from '../../ringcentral/auth-budget/budget-overview.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { budgetPage } from './budget-page.js';
import { staffRequests } from '../staff-requests.js';

type Deps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  tenants: Pick<TenantService, 'find' | 'environments'>;
  connections: Pick<ConnectionService, 'proving'>;
  readBudget: ReadBudget;
  clientIdFor: (environment: 'production' | 'biz') => string;
  /** null if RingCentral counts each clinic separately. */
  checksBudget: ChecksBudget | null;
  /** The configured interval for renewing evidence, in milliseconds. */
  wantedMs: number;
};

/**
 * `/staff/budget`: the calls that RingCentral allows, how many are used, and for how many clinics they are enough.
 */
export function budgetRoutes(deps: Deps): Router {
  const { tenants, connections, readBudget, clientIdFor, checksBudget: budget, wantedMs } = deps;
  const { viewed, clockOf } = staffRequests(deps);
  return Router({ mergeParams: true }).get('/', async (req, res) => {
    const budgets = [];
    for (const environment of tenants.environments)
      budgets.push({ environment, overview: await readBudget(clientIdFor(environment)) });
    const checks = budget && { budget, wantedMs, ...(await connections.proving()) };
    await viewed(req, res, 'budget.viewed_by_staff');
    const facts = { t: res.locals.t, clock: clockOf({ timeZone: 'UTC' }, res) };
    res.render('staff/budget', { page: budgetPage({ budgets, checks }, facts) });
  });
}
