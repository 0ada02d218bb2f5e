import { staffActs } from './staff-acts.js';
import type { AccountsInWeb } from '../accounts/accounts-pages.js';
import type { Capability, Declaration, WebRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ChecksBudget } from '../connections/checks/effective-interval.js';
import type { ConnectionService } from '../connections/connection-service.js';
import { budgetOverview, remainingCalls } from '../ringcentral/auth-budget/budget-overview.js';
import type { Environment } from '../tenants/tenant-types.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { activityRoutes } from './activity/activity-routes.js';
import type { Elsewhere } from './clinic/clinic-evidence.js';
import { approvalRoutes } from './clinic/approval-routes.js';
import { confirmationRoutes } from './confirmation/confirmation-routes.js';
import { clinicRoutes } from './clinic/clinic-routes.js';
import { budgetRoutes } from './budget/budget-routes.js';
import { Router } from 'express';
import { incidentRoutes } from './incidents/incident-routes.js';
import { noticesPage } from './notices/notices-page.js';
import { staffRoutes } from './staff-routes.js';
import { warnOfStalledMail } from './stalled-mail.js';
import { staffPeopleRoutes } from './tenants/staff-people-routes.js';

export const staff: Declaration = { audit: staffActs };

type Given = {
  accounts: { inWeb: (web: WebRole) => AccountsInWeb };
  tenants: TenantService;
  connections: {
    service: ConnectionService;
    fixes: Elsewhere['fixes'];
    checksBudget: ChecksBudget | null;
    wantedMs: number;
  };
  disconnection: { rowsForStaff: Elsewhere['disconnectionRows'] };
  webhooks: { openOf: Elsewhere['openDeliveries'] };
  offboarding: { pageOf: Elsewhere['pageOfLeft'] };
};

/** The pages of the ISV's staff. */
export function staffCapability({ config, runtime, isv, textsIn }: Foundation, given: Given) {
  const { db, world } = runtime;
  const { service: connections, checksBudget, wantedMs } = given.connections;
  const readBudget = budgetOverview({
    db,
    world,
    perMinute: config.RINGCENTRAL_AUTH_PER_MINUTE,
    windowMs: runtime.budgetWindowMs,
    databaseTime: runtime.databaseTime,
  });
  const remainingByEnvironment = async () => {
    const remaining = new Map<string, number>();
    for (const environment of isv.environments)
      remaining.set(environment, remainingCalls(await readBudget(isv.clientIdFor(environment))));
    return remaining;
  };
  return {
    // Budgets of single clinics are not shown.
    gauges: () => (config.RINGCENTRAL_AUTH_SCOPE === 'app' ? { authBudgetRemaining: remainingByEnvironment } : {}),
    pages: (web) => {
      const deps = { db, world, tenants: given.tenants, connections, accounts: given.accounts.inWeb(web) };
      const budget = budgetRoutes(deps, { readBudget, ...isv, checksBudget, wantedMs });
      const hasSignInApp = (environment: Environment) => isv.signInAppFor(environment) !== null;
      const notices = Router().get('/', (_req, res) => {
        res.render('staff/notices', { page: noticesPage(res.locals.t) });
      });
      const elsewhere = {
        fixes: given.connections.fixes,
        disconnectionRows: given.disconnection.rowsForStaff,
        openDeliveries: given.webhooks.openOf,
        pageOfLeft: given.offboarding.pageOf,
      };
      const people = staffPeopleRoutes(deps, web.accountsSealing);
      return {
        guards: { staff: [warnOfStalledMail(deps)] },
        mounts: [
          { path: '/staff/tenants', access: 'staff', router: staffRoutes(deps) },
          {
            path: '/staff/tenants/:tenantId',
            access: 'staff',
            router: clinicRoutes(deps, { isvFor: isv.factsFor, hasSignInApp, textsIn, elsewhere }),
          },
          { path: '/staff/tenants/:tenantId', access: 'staff', router: approvalRoutes(deps) },
          { path: '/staff/tenants/:tenantId', access: 'staff', router: confirmationRoutes(deps) },
          { path: '/staff/budget', access: 'staff', router: budget },
          { path: '/staff/incidents', access: 'staff', router: incidentRoutes(deps) },
          { path: '/staff/notices', access: 'staff', router: notices },
          { path: '/staff/activity', access: 'staff', router: activityRoutes(deps) },
          { path: '/staff/tenants/:tenantId', access: 'staff', router: people },
        ],
      };
    },
  } satisfies Capability;
}
