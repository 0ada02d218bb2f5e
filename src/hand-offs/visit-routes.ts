import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { Cookies } from '../accounts/sessions/cookies.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { IsvFacts } from '../connections/pages/cause-page.js';
import { PortalError } from '../platform/errors.js';
import { retryAfter, seeOther } from '../platform/http/answers.js';
import { parseForm } from '../platform/http/forms.js';
import type { World } from '../platform/world.js';
import type { JourneyPaths } from '../tenants/journey.js';
import type { TenantService } from '../tenants/tenant-service.js';
import type { HandOffService, Visit } from './hand-off-service.js';
import { resultPage } from './result-page.js';

declare global {
  namespace Express {
    interface Locals {
      /** The link of the visit; set by the guard of `hand_off` mounts. */
      visit?: Visit;
    }
  }
}

const visitPaths = (id: string): JourneyPaths => {
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
const showClosed = (res: Response): void => {
  delete res.locals.person;
  res.locals.refusal = { action: 'request.link_refused' };
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
    const { name, environment, timeZone, language, offeredMethods } = tenant;
    delete res.locals.person;
    res.locals.tenant = { id: tenant.id, name, environment, timeZone, language, offeredMethods };
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

const noFields = z.object({});

/** `/hand-offs/:token`. GET only shows and does not name the clinic; POST begins a visit. */
export function linkRoutes(handOffs: Pick<HandOffService, 'isOpen' | 'open'>, cookies: Cookies): Router {
  return Router()
    .get('/:token', async (req, res) => {
      const { token } = req.params;
      if (!(await handOffs.isOpen(token))) {
        showClosed(res);
        return;
      }
      const texts = res.locals.t.handOffs.landing;
      const isv = res.locals.brand.name;
      const page = { ...texts, title: texts.title(isv), lead: texts.lead(isv), action: `/hand-offs/${token}` };
      res.render('hand-offs/landing', { page });
    })
    .post('/:token', async (req, res) => {
      parseForm(noFields, req.body);
      const visit = await handOffs.open(req.params.token, { ip: req.ip, requestId: res.locals.requestId });
      if (!visit) {
        showClosed(res);
        return;
      }
      cookies.setHandOff(res, visit.id, visit.visitToken, visit.lifetimeMs);
      seeOther(res, visitPaths(visit.id).guide);
    });
}

type ResultDeps = {
  connections: Pick<ConnectionService, 'requestCheck' | 'waitForCheck'>;
  isvFor: (environment: 'production' | 'biz') => IsvFacts;
  world: Pick<World, 'now'>;
};

/** How long a person's request waits for a result; after that, the page shows it when it arrives. */
const MOST_WAIT_MS = 8000;

function visitorOf(res: Response) {
  const { tenant, journey, visit } = res.locals;
  if (!tenant || !journey || !visit) throw new PortalError('not_found');
  return { tenant, journey, visit };
}

/** `/hand-offs/:handOffId/result`: whether this link's paste works, and if not, what to do in RingCentral. */
export function resultRoutes({ connections, isvFor, world }: ResultDeps): Router {
  const show = (res: Response, until?: Date) => {
    const { tenant, journey, visit } = visitorOf(res);
    const clock = { now: world.now(), timeZone: tenant.timeZone, language: res.locals.t.common.lang };
    const facts = { t: res.locals.t, clock, isv: isvFor(tenant.environment), paths: journey.paths };
    res.render('hand-offs/result', { page: resultPage(visit.outcome, facts, until) });
  };
  return Router({ mergeParams: true })
    .get('/', (_req, res) => show(res))
    .post('/checks', async (req, res) => {
      const { tenant, journey, visit } = visitorOf(res);
      parseForm(noFields, req.body);
      const { outcome, handOff } = visit;
      // Only for this link's own paste, and only until it is proved.
      if (handOff.submitted && (outcome?.kind === 'refused' || outcome?.kind === 'inconclusive')) {
        const origin = { ip: req.ip, requestId: res.locals.requestId };
        const { credentialId } = handOff.submitted;
        const asked = await connections.requestCheck(tenant.id, journey.by, origin, credentialId);
        if (asked.kind === 'limited') {
          show(retryAfter(res.status(429), asked.until, world.now()), asked.until);
          return;
        }
        if (asked.kind === 'queued') await connections.waitForCheck(tenant.id, asked.requestId, MOST_WAIT_MS);
      }
      seeOther(res, journey.paths.result);
    });
}
