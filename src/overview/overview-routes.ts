import { Router } from 'express';
import { isPortalIncident } from '../staff/incidents/incident-page.js';
import { staffOf, staffRequests, type StaffDeps } from '../staff/staff-requests.js';
import { connectedDays, numbersOf } from './connected-days.js';
import type { Expiries } from './expiries.js';
import type { Figures } from './figures.js';
import type { Funnel } from './funnel.js';
import type { Need } from './needs.js';
import { overviewPage, type NextRun } from './overview-page.js';

type Read = {
  needs: () => Promise<Need[]>;
  expiries: (now: Date) => Promise<Expiries>;
  nextRun: () => Promise<Figures<NextRun> | null>;
  funnel: () => Promise<Figures<Funnel> | null>;
};

/** `/staff`: who needs staff now, worst first, and how it goes. Auditors may read. */
export function overviewRoutes(deps: StaffDeps, read: Read): Router {
  const { db, world, connections } = deps;
  const { viewed, clockOf } = staffRequests(deps);
  return Router({ mergeParams: true }).get('/', async (req, res) => {
    const { mayChange } = staffOf(req, res);
    const now = world.now();
    const counts = await connections.counts();
    const [needs, days, expiries, nextRun, funnel, open] = await Promise.all([
      read.needs(),
      connectedDays(db).last(now, numbersOf(counts)),
      read.expiries(now),
      read.nextRun(),
      read.funnel(),
      connections.openIncidents(),
    ]);
    await viewed(req, res, 'overview.viewed_by_staff');
    const found = { counts, needs, days, expiries, nextRun, funnel, incidents: open.filter(isPortalIncident) };
    const facts = { t: res.locals.t, clock: clockOf(res), mayChange };
    res.render('overview/overview', { page: overviewPage(found, facts) });
  });
}
