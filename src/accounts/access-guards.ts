import type { Request, RequestHandler, Response } from 'express';
import { auditStore } from '../audit/audit-store.js';
import type { Knex } from '../platform/database.js';
import { PortalError } from '../platform/errors.js';
import type { World } from '../platform/world.js';
import type { StaffRole } from './account-types.js';

/** Where somebody who has not finished signing in goes on. */
export function pathToSignIn(req: Request): string {
  const half = req.session.loaded?.person;
  if (half) return half.hasSecondFactor ? '/sign-in/second-factor' : '/account/second-factor';
  // A form cannot be sent again after signing in, so only pages are come back to.
  const page = req.method === 'GET' || req.method === 'HEAD';
  return page && req.originalUrl !== '/' ? `/sign-in?next=${encodeURIComponent(req.originalUrl)}` : '/sign-in';
}

const toSignIn = (req: Request, res: Response) => {
  res.set('Cache-Control', 'no-store');
  res.redirect(303, pathToSignIn(req));
};

export const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/** Pages behind it know `res.locals.person`; anybody else is sent to sign in, whatever the path says. */
export const requireSignedIn: RequestHandler = (req, res, next) => {
  if (!res.locals.person) {
    toSignIn(req, res);
    return;
  }
  res.set('Cache-Control', 'no-store');
  next();
};

/**
 * Lets staff through, or only those with one of `roles`. Clinics' people get the 404 of a page that is not there; staff
 * of another role are told that it is their role.
 */
export const requireStaff =
  (db: Knex, world: Pick<World, 'now' | 'newId'>, ...roles: StaffRole[]): RequestHandler =>
  async (req, res, next) => {
    const { person } = res.locals;
    if (!person) {
      toSignIn(req, res);
      return;
    }
    const { staffRole } = person;
    if (staffRole === null || (roles.length > 0 && !roles.includes(staffRole))) {
      await auditStore(db, world).append({
        action: 'access.denied',
        actor: { kind: 'person', id: person.id },
        outcome: 'refused',
        detail: { needs: roles.length > 0 ? roles.join(' ') : 'staff' },
        origin: { ip: req.ip, requestId: res.locals.requestId },
      });
      throw new PortalError(staffRole === null ? 'not_found' : 'forbidden');
    }
    res.set('Cache-Control', 'no-store');
    next();
  };
