import { Router } from 'express';
import { z } from 'zod';
import { auditStore } from '../../audit/audit-store.js';
import { readQuery } from '../../platform/http/forms.js';
import { staffRequests, type StaffDeps } from '../staff-requests.js';
import { activityPage, MOST_EVENTS } from './activity-page.js';

/** `seq` of the last event of the previous page. */
export const eventsQuery = z.object({
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional(),
});

/** `/staff/activity`: what the audit has about no clinic in particular. */
export function activityRoutes(deps: StaffDeps): Router {
  const { db, world, accounts } = deps;
  const { viewed, clockOf } = staffRequests(deps);
  return Router({ mergeParams: true }).get('/', async (req, res) => {
    const { before } = readQuery(eventsQuery, req.query);
    const found = await auditStore(db, world).withoutTenant(MOST_EVENTS + 1, before);
    const events = found.slice(0, MOST_EVENTS);
    const ids = events.flatMap(({ actorId }) => actorId ?? []);
    const names = await accounts.services.people([...new Set(ids)]);
    await viewed(req, res, 'activity.viewed_by_staff');
    const page = { events, names, more: found.length > events.length, paged: before !== undefined };
    res.render('staff/activity', { page: activityPage(page, { t: res.locals.t, clock: clockOf(res) }) });
  });
}
