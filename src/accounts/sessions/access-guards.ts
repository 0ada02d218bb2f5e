import type { Request, RequestHandler } from 'express';
import { auditStore } from '../../audit/audit-store.js';
import type { Knex } from '../../platform/database/database.js';
import { PortalError } from '../../platform/errors.js';
import { seeOther } from '../../platform/http/answers.js';
import type { World } from '../../platform/world.js';
import type { StaffRole } from '../people/account-types.js';

/** Where somebody who has not finished signing in goes on. */
export function pathToSignIn(req: Request): string {
  const half = req.session.loaded?.person;
  if (half) return half.hasSecondFactor ? '/sign-in/second-factor' : '/account/second-factor';
  // A form cannot be sent again after signing in, so only pages are come back to.
  const page = req.method === 'GET' || req.method === 'HEAD';
  return page && req.originalUrl !== '/' ? `/sign-in?next=${encodeURIComponent(req.originalUrl)}` : '/sign-in';
}

/** Where whoever has no second factor sets one up, and comes back; undefined where it was given in this session. */
export function pathToEnrol(req: Request): string | undefined {
  if (req.session.secondFactorAt !== undefined) return undefined;
  const page = req.method === 'GET' || req.method === 'HEAD';
  return `/account/second-factor${page ? `?next=${encodeURIComponent(req.originalUrl)}` : ''}`;
}

/** Pages behind it know `res.locals.person`; anybody else is sent to sign in, whatever the path says. */
export const requireSignedIn: RequestHandler = (req, res, next) => {
  if (!res.locals.person) {
    seeOther(res, pathToSignIn(req));
    return;
  }
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
      seeOther(res, pathToSignIn(req));
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
    next();
  };

const FRESH_MS = 5 * 60_000;

/**
 * For what must not be done in a session somebody left open: lets through whoever gave their second factor in the last
 * five minutes (those who have none: their password), and asks everybody else for it again. A form cannot be sent again
 * afterwards, so put it in front of the page that shows the form as well.
 *
 * @param comesBackTo the page a form stands on that is not behind it
 */
export const requireFreshProof =
  (world: Pick<World, 'now'>, comesBackTo?: string): RequestHandler =>
  (req, res, next) => {
    const { loaded, secondFactorAt, passwordAt } = req.session;
    const byFactor = loaded?.person.hasSecondFactor === true;
    const provedAt = byFactor ? secondFactorAt : passwordAt;
    if (provedAt !== undefined && world.now().getTime() - Date.parse(provedAt) <= FRESH_MS) {
      next();
      return;
    }
    const page = req.method === 'GET' ? req.originalUrl : comesBackTo;
    const query = page === undefined ? '' : `?next=${encodeURIComponent(page)}`;
    seeOther(res, `/sign-in/${byFactor ? 'second-factor' : 'password'}${query}`);
  };
