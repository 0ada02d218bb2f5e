import type { Request, RequestHandler, Response } from 'express';
import type { Cookies } from '../accounts/sessions/cookies.js';
import { seeOther } from '../platform/http/answers.js';
import type { JourneyPaths } from '../tenants/journey.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { HandOffService, Visit } from './hand-off-service.js';

declare global {
  namespace Express {
    interface Locals {
      /** The link of the visit; set by the guard of `hand_off` mounts. */
      visit?: Visit;
    }
  }
}

export const visitPaths = (id: string): JourneyPaths => {
  const base = `/hand-offs/${id}`;
  return {
    guide: `${base}/guide`,
    makeJwt: `${base}/guide/jwt`,
    paste: `${base}/credentials/new`,
    submissions: `${base}/credentials`,
    result: `${base}/result`,
    checks: `${base}/result/checks`,
  };
};

/**
 * The same answer for a link or visit that has ended, belongs to someone else, or never existed, so it reveals
 * nothing.
 */
export const showClosed = (res: Response): void => {
  delete res.locals.person;
  res.status(404).render('accounts/text', { page: res.locals.t.handOffs.closed });
};

/**
 * Admits visitors of the hand-off link in the path (`:handOffId`) while the visit lasts, and sets
 * `res.locals.tenant`, `journey` and `visit`. A visitor is not a person: a sign-in in the same browser does not count
 * here. After an accepted paste, only the result can be seen.
 */
export const requireVisit =
  (handOffs: Pick<HandOffService, 'visit'>, tenants: Pick<TenantService, 'find'>, cookies: Cookies): RequestHandler =>
  async (req, res, next) => {
    const visit = await visitOf(req, handOffs, cookies);
    const tenant = visit && (await tenants.find(visit.handOff.tenantId));
    if (!visit || !tenant) {
      showClosed(res);
      return;
    }
    const { id, madeBy } = visit.handOff;
    const paths = visitPaths(id);
    if (visit.outcome?.kind === 'accepted' && !req.baseUrl.endsWith('/result')) {
      seeOther(res, paths.result);
      return;
    }
    const { name, environment, timeZone, language } = tenant;
    delete res.locals.person;
    res.locals.tenant = { id: tenant.id, name, environment, timeZone, language };
    res.locals.journey = { by: { personId: madeBy, handOffId: id }, paths };
    res.locals.visit = visit;
    next();
  };

async function visitOf(
  req: Request,
  handOffs: Pick<HandOffService, 'visit'>,
  cookies: Cookies,
): Promise<Visit | undefined> {
  const { handOffId } = req.params;
  if (typeof handOffId !== 'string' || !/^[\w-]{1,64}$/.test(handOffId)) return undefined;
  const token = cookies.readHandOff(req, handOffId);
  return token === undefined ? undefined : handOffs.visit(handOffId, token);
}
