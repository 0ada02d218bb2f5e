import { Router } from 'express';
import type { ChecksBudget } from '../../connections/checks/effective-interval.js';
import type { ReadBudget } from '../../ringcentral/auth-budget/budget-overview.js';
import { staffRequests, type StaffDeps } from '../staff-requests.js';
import { budgetPage } from './budget-page.js';

type Budgets = {
  readBudget: ReadBudget;
  clientIdFor: (environment: 'production' | 'biz') => string;
  /** The app with which people sign in; null if none is configured. */
  signInAppFor: (environment: 'production' | 'biz') => { clientId: string } | null;
  /** null if RingCentral counts each clinic separately. */
  checksBudget: ChecksBudget | null;
  /** The configured interval for renewing evidence, in milliseconds. */
  wantedMs: number;
};

/**
 * `/staff/budget`: the calls that RingCentral allows, how many are used, and for how many clinics they are enough.
 */
export function budgetRoutes(
  deps: StaffDeps,
  { readBudget, clientIdFor, signInAppFor, checksBudget, wantedMs }: Budgets,
): Router {
  const { viewed, clockOf } = staffRequests(deps);
  return Router({ mergeParams: true }).get('/', async (req, res) => {
    const budgets = [];
    for (const environment of deps.tenants.environments) {
      const jwt = clientIdFor(environment);
      const signIn = signInAppFor(environment)?.clientId ?? jwt;
      // One app for both methods has one budget.
      const apps = signIn === jwt ? [[null, jwt] as const] : [['jwt', jwt] as const, ['sign_in', signIn] as const];
      for (const [app, clientId] of apps) budgets.push({ environment, app, overview: await readBudget(clientId) });
    }
    const checks = checksBudget && { budget: checksBudget, wantedMs, ...(await deps.connections.proving()) };
    await viewed(req, res, 'budget.viewed_by_staff');
    res.render('staff/budget', { page: budgetPage({ budgets, checks }, { t: res.locals.t, clock: clockOf(res) }) });
  });
}
