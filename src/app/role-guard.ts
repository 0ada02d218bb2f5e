import { Router, type RequestHandler } from 'express';
import { PortalError } from '../platform/errors.js';
import { allows, type ClinicRole, type Needs } from './clinic-roles.js';

declare global {
  namespace Express {
    interface Locals {
      /** Set together with `tenant` for members: what the person may do, read from the database with this request. */
      membership?: {
        role: ClinicRole;
        /** Whether everyone in the clinic needs a second factor. */
        needsSecondFactor: boolean;
        /** The names of those who may give roles. */
        owners: () => Promise<string[]>;
      };
    }
  }
}

/**
 * The only place that compares a member's role with what a route needs. Mount it between `requireMember` and the
 * router. A route that is not declared is not reached.
 */
export function requireRoles(needs: Needs): Router {
  const router = Router({ mergeParams: true });
  for (const [route, least] of Object.entries(needs)) {
    const [method, path = '/'] = route.split(' ');
    if (method === 'get') router.get(path, requireRole(least));
    else router.post(path, requireRole(least));
  }
  return router.use(() => {
    throw new PortalError('not_found');
  });
}

const requireRole =
  (needed: ClinicRole): RequestHandler =>
  async (_req, res, next) => {
    const { membership, tenant } = res.locals;
    if (!membership || !tenant) throw new PortalError('not_found');
    const { role, owners } = membership;
    if (!allows(role, needed)) {
      res.locals.refusal = {
        action: 'access.denied',
        tenantId: tenant.id,
        target: tenant.id,
        detail: { role, needs: needed },
      };
      throw new PortalError('role_needed', { role: { needed, owners: await owners() } });
    }
    next('router'); // to the router itself: only the first route of a path counts, as there
  };
