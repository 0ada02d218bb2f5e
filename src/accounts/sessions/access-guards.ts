import type { Request, RequestHandler } from 'express';
import { PortalError } from '../../platform/errors.js';
import { seeOther } from '../../platform/http/answers.js';
import type { World } from '../../platform/world.js';
import type { SessionPerson, StaffRole } from '../people/account-types.js';

/** Where a person who has not finished signing in continues. */
export function pathToSignIn(req: Request): string {
  const half = req.session.loaded?.person;
  if (half) return half.hasSecondFactor ? '/sign-in/second-factor' : '/account/second-factor';
  // A form cannot be submitted again after sign-in, so the return address is always a page.
  const page = req.method === 'GET' || req.method === 'HEAD';
  return page && req.originalUrl !== '/' ? `/sign-in?next=${encodeURIComponent(req.originalUrl)}` : '/sign-in';
}

/** Where a person without a second factor sets one up and then returns; undefined if it was given in this session. */
export function pathToEnrol(req: Request): string | undefined {
  if (req.session.secondFactorAt !== undefined) return undefined;
  const page = req.method === 'GET' || req.method === 'HEAD';
  return `/account/second-factor${page ? `?next=${encodeURIComponent(req.originalUrl)}` : ''}`;
}

/** Pages behind it have `res.locals.person`; all other visitors are sent to sign in, whatever the path. */
export const requireSignedIn: RequestHandler = (req, res, next) => {
  if (!res.locals.person) {
    seeOther(res, pathToSignIn(req));
    return;
  }
  next();
};

/** The person behind `requireSignedIn`. */
export function signedInPerson(req: Request): SessionPerson {
  const person = req.session.loaded?.person;
  if (!person) throw new PortalError('not_found');
  return person;
}

/**
 * Admits staff, or only staff with one of `roles`. People of clinics get the 404 of an unknown page; staff with
 * another role are told that their role does not allow it.
 */
export const requireStaff =
  (...roles: StaffRole[]): RequestHandler =>
  (req, res, next) => {
    const { person } = res.locals;
    if (!person) {
      seeOther(res, pathToSignIn(req));
      return;
    }
    const { staffRole } = person;
    if (staffRole === null || (roles.length > 0 && !roles.includes(staffRole))) {
      const detail = { needs: roles.length > 0 ? roles.join(' ') : 'staff' };
      res.locals.refusal = { action: 'access.denied', detail };
      throw new PortalError(staffRole === null ? 'not_found' : 'forbidden');
    }
    next();
  };

/**
 * Protects acts that concern other people from an account whose address no mailed link has proved, because its maker
 * may be anyone who saw the link. The account page says what to do.
 */
export const requireProvedAddress: RequestHandler = (req, res, next) => {
  if (req.session.loaded?.person.proved === true) next();
  else seeOther(res, '/account?notice=unproved');
};

const FRESH_MS = 5 * 60_000;

/**
 * Protects actions from a browser session that was left open: admits people who gave their second factor in the last
 * five minutes (or their password, if they have none) and asks all others for it again: here, or at the company that
 * vouches for it. A form cannot be submitted
 * again afterwards, so also use it on the page that shows the form.
 *
 * @param comesBackTo the page with the form, if that page does not require a fresh proof
 * @param keep keeps what was typed, for that page
 */
export const requireFreshProof =
  (world: Pick<World, 'now'>, comesBackTo?: string, keep?: (req: Request) => void): RequestHandler =>
  (req, res, next) => {
    const { loaded, secondFactorAt, passwordAt, company } = req.session;
    const byCompany = company?.canConfirm === true;
    const byFactor = byCompany || loaded?.person.hasSecondFactor === true;
    const provedAt = byFactor ? secondFactorAt : passwordAt;
    if (provedAt !== undefined && world.now().getTime() - Date.parse(provedAt) <= FRESH_MS) {
      next();
      return;
    }
    keep?.(req);
    const page = req.method === 'GET' ? req.originalUrl : comesBackTo;
    const query = page === undefined ? '' : `?next=${encodeURIComponent(page)}`;
    seeOther(res, `/sign-in/${byCompany ? 'company' : byFactor ? 'second-factor' : 'password'}${query}`);
  };
