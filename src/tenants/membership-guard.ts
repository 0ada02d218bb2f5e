import type { Request, RequestHandler } from 'express';
import { PortalError } from '../platform/errors.js';
import { seeOther } from '../platform/http/answers.js';
import { memberPaths } from './journey.js';
import type { TenantService } from './tenant-service.js';

/**
 * Admits members of the tenant in the path (`:tenantId`) and sets `res.locals.tenant`, `membership` and `journey`. Other
 * people's tenants and unknown tenants get the same answer. Mount it after `requireSignedIn`.
 *
 * @param ownersOf the names of those who may give roles
 * @param secondFactorFirst where to set up a second factor; undefined if it was given. For tenants that require one
 */
export const requireMember =
  (
    tenants: Pick<TenantService, 'find' | 'findForMember'>,
    ownersOf: (tenantId: string) => Promise<string[]>,
    secondFactorFirst: (req: Request) => string | undefined,
  ): RequestHandler =>
  async (req, res, next) => {
    const { person } = res.locals;
    if (!person) throw new PortalError('not_found');
    const asked = req.params.tenantId;
    const id = typeof asked === 'string' && asked.length <= 100 ? asked : '';
    const tenant = await tenants.findForMember(id, person.id);
    if (!tenant) {
      const aimedAt = (await tenants.find(id))?.id; // never the typed value
      res.locals.refusal = { action: 'access.denied', tenantId: aimedAt, target: aimedAt };
      throw new PortalError('not_found');
    }
    const before = tenant.membersNeedSecondFactor ? secondFactorFirst(req) : undefined;
    if (before !== undefined) {
      seeOther(res, before);
      return;
    }
    const { name, environment, timeZone, language, offeredMethods } = tenant;
    res.locals.tenant = { id: tenant.id, name, environment, timeZone, language, offeredMethods };
    res.locals.membership = {
      role: tenant.role,
      needsSecondFactor: tenant.membersNeedSecondFactor,
      owners: () => ownersOf(tenant.id),
    };
    res.locals.journey = { by: { personId: person.id }, paths: memberPaths(tenant.id) };
    next();
  };
