import { Router } from 'express';
import { PortalError } from '../../platform/errors.js';
import { staffRequests, type StaffDeps } from '../staff-requests.js';
import { incidentPage, incidentsPage, isPortalIncident } from './incident-page.js';

/** `/staff/incidents`: incidents that are not limited to one clinic, with their events in time order. */
export function incidentRoutes(deps: StaffDeps): Router {
  const { connections } = deps;
  const { viewed, clockOf } = staffRequests(deps);
  return Router({ mergeParams: true })
    .get('/', async (req, res) => {
      const incidents = (await connections.incidents()).filter(isPortalIncident);
      await viewed(req, res, 'incidents.viewed_by_staff');
      res.render('staff/incidents', { page: incidentsPage(incidents, { t: res.locals.t, clock: clockOf(res) }) });
    })
    .get('/:incidentId', async (req, res) => {
      const incident = await connections.incident(req.params.incidentId);
      if (!incident || !isPortalIncident(incident)) throw new PortalError('not_found');
      await viewed(req, res, 'incidents.viewed_by_staff');
      res.render('staff/incident', { page: incidentPage(incident, { t: res.locals.t, clock: clockOf(res) }) });
    });
}
