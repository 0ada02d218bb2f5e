import { Router } from 'express';
import type { ConnectionService } from '../../connections/connection-service.js';
import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import type { World } from '../../platform/world.js';
import type { TenantService } from '../../tenants/tenant-service.js';
import { incidentPage, incidentsPage, isPortalIncident } from './incident-page.js';
import { staffRequests } from '../staff-requests.js';

type Deps = {
  db: Knex;
  world: Pick<World, 'now' | 'newId'>;
  tenants: Pick<TenantService, 'find'>;
  connections: Pick<ConnectionService, 'incidents' | 'incident'>;
};

/** `/staff/incidents`: incidents that are not limited to one clinic, with their events in time order. */
export function incidentRoutes(deps: Deps): Router {
  const { connections } = deps;
  const { viewed, clockOf } = staffRequests(deps);
  return Router({ mergeParams: true })
    .get('/', async (req, res) => {
      const incidents = (await connections.incidents()).filter(isPortalIncident);
      await viewed(req, res, 'incidents.viewed_by_staff');
      const facts = { t: res.locals.t, clock: clockOf({ timeZone: 'UTC' }, res) };
      res.render('staff/incidents', { page: incidentsPage(incidents, facts) });
    })
    .get('/:incidentId', async (req, res) => {
      const incident = await connections.incident(req.params.incidentId);
      if (!incident || !isPortalIncident(incident)) throw new PortalError('not_found');
      await viewed(req, res, 'incidents.viewed_by_staff');
      const facts = { t: res.locals.t, clock: clockOf({ timeZone: 'UTC' }, res) };
      res.render('staff/incident', { page: incidentPage(incident, facts) });
    });
}
