import type { Request, RequestHandler } from 'express';
import { auditStore } from '../audit/audit-store.js';
import type { Knex } from '../platform/database/database.js';
import { PortalError } from '../platform/errors.js';
import { seeOther } from '../platform/http/answers.js';
import type { World } from '../platform/world.js';
import { memberPaths } from './journey.js';
import type { TenantService } from './tenant-service.js';

/**
 * Admits members of the tenant in the path (`:tenantId`) and sets `res.locals.tenant` and `journey`. Other people's
 * tenants and unknown tenants get the same answer. Mount it after `requireSignedIn`.
 *
 * @param secondFactorFirst where to set up a second factor; undefined if it was given. For tenants that require one
 */
export const requireMember =
  (
    tenants: Pick<TenantService, 'find' | 'findForMember'>,
    db: Knex,
    world: Pick<World, 'now' | 'newId'>,
    secondFactorFirst: (req: Request) => string | undefined,
  ): RequestHandler =>
  async (req, res, next) => {
    const { person } = res.locals;
    if (!person) throw new PortalError('not_found');
    const asked = req.params.tenantId;
    const id = typeof asked === 'string' && asked.length <= 100 ? asked : '';
    const tenant = await tenants.findForMember(id, person.id);
    if (!tenant) {
      const existing = await tenants.find(id);
      await auditStore(db, world).append({
        action: 'access.denied',
        actor: { kind: 'person', id: person.id },
        target: existing?.id, // never the typed value
        outcome: 'refused',
        origin: { ip: req.ip, requestId: res.locals.requestId },
      });
      throw new PortalError('not_found');
    }
    const before = tenant.membersNeedSecondFactor ? secondFactorFirst(req) : undefined;
    if (before !== undefined) {
      seeOther(res, before);
      return;
    }
    const { name, environment, timeZone, language } = tenant;
    res.locals.tenant = { id: tenant.id, name, environment, timeZone, language };
    res.locals.journey = { by: { personId: person.id }, paths: memberPaths(tenant.id) };
    next();
  };
