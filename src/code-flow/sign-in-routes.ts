import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { SignInApp } from '../app/foundation.js';
import type { IsvFacts } from '../connections/pages/cause-page.js';
import type { connectionInShort, InShort } from '../connections/pages/connection-in-short.js';
import { PortalError } from '../platform/errors.js';
import { retryAfter, seeOther } from '../platform/http/answers.js';
import { formKeyOf } from '../platform/http/csrf.js';
import { parseForm, readQuery } from '../platform/http/forms.js';
import { leavesByForm } from '../platform/http/leaves-by-form.js';
import { waitingTime } from '../platform/http/view-helpers.js';
import type { Environment } from '../ringcentral/environments.js';
import { methodsOffered } from '../tenants/offered-methods.js';
import { signInPathOf } from '../tenants/journey.js';
import { refusals, type CallbackRefusal, type CodeFlowService, type Visit } from './code-flow-service.js';
import { notOfferedPage, signInPage } from './sign-in-page.js';

export type SignInRoutesDeps = {
  codeFlow: Pick<CodeFlowService, 'start'>;
  appFor: (environment: Environment) => SignInApp | null;
  isvFor: (environment: Environment) => IsvFacts;
  /** What the person must know of the connection. */
  inShort: (tenantId: string, facts: Parameters<typeof connectionInShort>[2]) => Promise<InShort | null>;
  now: () => Date;
};

const noFields = z.object({});
const query = z.object({ notice: z.enum(refusals).optional().catch(undefined) });

/** The signed-in person in this browser session; undefined for other visitors. */
export function visitOf(req: Request, res: Response): Visit | undefined {
  const { person } = res.locals;
  return (
    person && { personId: person.id, key: formKeyOf(req), gaveSecondFactor: req.session.secondFactorAt !== undefined }
  );
}

/** `/tenants/:tenantId/guide/sign-in`: members go to RingCentral's sign-in from here, and see why one came to nothing. */
export function signInRoutes({ codeFlow, appFor, isvFor, inShort, now }: SignInRoutesDeps): Router {
  /** The guard in front sets these values, and the handler below admits only clinics that are offered this way. */
  function offeredTo(req: Request, res: Response) {
    const { tenant, journey, requestId } = res.locals;
    const visit = visitOf(req, res);
    const app = tenant && appFor(tenant.environment);
    if (!tenant || !journey || !visit || !app) throw new PortalError('not_found');
    const { jwt: offersJwt } = methodsOffered(tenant.offeredMethods, true);
    return { tenant, journey, visit, app, offersJwt, origin: { ip: req.ip, requestId } };
  }

  async function show(req: Request, res: Response, refusal?: CallbackRefusal, until?: Date): Promise<void> {
    const { tenant, journey, app, offersJwt } = offeredTo(req, res);
    const { t } = res.locals;
    const clock = { now: now(), timeZone: tenant.timeZone, language: t.common.lang };
    const { paths } = journey;
    const isv = isvFor(tenant.environment);
    const facts = {
      t,
      isv,
      host: new URL(app.authorizeUrl).host,
      paths,
      action: signInPathOf(tenant.id),
      people: `/tenants/${tenant.id}/people`,
      offersJwt,
      connection: await inShort(tenant.id, { t, clock, isv, paths }),
    };
    const page = signInPage(facts, refusal, until && waitingTime(until, clock));
    leavesByForm(res).render('code-flow/sign-in', { page });
  }

  return Router({ mergeParams: true })
    .use((req, res, next) => {
      const { tenant, journey } = res.locals;
      if (!tenant || !journey) throw new PortalError('not_found');
      const { signIn } = methodsOffered(tenant.offeredMethods, appFor(tenant.environment) !== null);
      if (signIn) next();
      // The page was left open.
      else if (req.method === 'POST')
        res.status(409).render('errors/error', { page: notOfferedPage(journey.paths.guide, res.locals.t) });
      // An older link may lead here.
      else seeOther(res, journey.paths.guide);
    })
    .get('/', (req, res) => show(req, res, readQuery(query, req.query).notice))
    .post('/', async (req, res) => {
      const { tenant, visit, origin } = offeredTo(req, res);
      parseForm(noFields, req.body);
      const started = await codeFlow.start(tenant, visit, res.locals.t.common.lang, origin);
      if (started.kind === 'leave') seeOther(res, started.url);
      else if (started.kind === 'limited')
        await show(req, retryAfter(res.status(429), started.until, now()), undefined, started.until);
      else throw new PortalError('not_found');
    });
}
