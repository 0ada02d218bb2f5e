import { Router, type Response } from 'express';
import type { Requester } from '../audit/audit-events.js';
import { PortalError } from '../platform/errors.js';
import { seeOther } from '../platform/http/answers.js';
import { signInPathOf } from '../tenants/journey.js';
import { methodsOffered } from '../tenants/offered-methods.js';
import { jwtPage, startPage, type GuideConfig } from './guide-page.js';
import type { GuideProgress } from './next-step.js';

type Deps = {
  /** The ISV has a separate app in each of RingCentral's environments. */
  configFor: (environment: 'production' | 'biz') => GuideConfig;
  /** Whether people can connect by signing in to RingCentral. */
  hasSignInApp: (environment: 'production' | 'biz') => boolean;
  /** What the tenant has done so far, limited to what the requester may see. */
  progress: (tenantId: string, by: Requester) => Promise<GuideProgress>;
  /** Someone opened the step in RingCentral's console. */
  onConsole: (tenantId: string) => Promise<void>;
};

/** The guard in front of these routes sets both values; throws if it has not run. */
function walkerOf(res: Response) {
  const { tenant, journey } = res.locals;
  if (!tenant || !journey) throw new PortalError('not_found');
  return { tenant, journey };
}

/** `…/guide`: the steps before the paste. These routes store only when the console's step was first opened. */
export function guideRoutes({ configFor, hasSignInApp, progress, onConsole }: Deps): Router {
  /** Which ways a member sees. A visitor of a link has only the JWT: the sign-in would be the visitor's own. */
  function waysOf({ tenant, journey }: ReturnType<typeof walkerOf>) {
    const isMember = journey.by.handOffId === undefined;
    const { jwt, signIn } = methodsOffered(tenant.offeredMethods, isMember && hasSignInApp(tenant.environment));
    return { jwt, signIn: signIn ? signInPathOf(tenant.id) : undefined };
  }

  return Router({ mergeParams: true })
    .get('/', async (_req, res) => {
      const walker = walkerOf(res);
      const { tenant, journey } = walker;
      const { jwt, signIn } = waysOf(walker);
      if (!jwt && signIn !== undefined) {
        seeOther(res, signIn);
        return;
      }
      const reached = await progress(tenant.id, journey.by);
      const page = startPage(configFor(tenant.environment), { ...journey.paths, signIn }, reached, res.locals.t);
      res.render('guide/start', { page });
    })
    .get('/jwt', async (_req, res) => {
      const walker = walkerOf(res);
      const { tenant, journey } = walker;
      await onConsole(tenant.id);
      const paths = { ...journey.paths, signIn: waysOf(walker).signIn };
      res.render('guide/jwt', { page: jwtPage(configFor(tenant.environment), paths, res.locals.t) });
    });
}
