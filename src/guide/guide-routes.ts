import { Router, type Response } from 'express';
import type { Requester } from '../audit/audit-events.js';
import { PortalError } from '../platform/errors.js';
import { jwtPage, startPage, type GuideConfig } from './guide-page.js';
import type { GuideProgress } from './next-step.js';

type Deps = {
  /** The ISV has a separate app in each of RingCentral's environments. */
  configFor: (environment: 'production' | 'biz') => GuideConfig;
  /** What the tenant has done so far, limited to what the requester may see. */
  progress: (tenantId: string, by: Requester) => Promise<GuideProgress>;
};

/** The guard in front of these routes sets both values; throws if it has not run. */
function walkerOf(res: Response) {
  const { tenant, journey } = res.locals;
  if (!tenant || !journey) throw new PortalError('not_found');
  return { tenant, journey };
}

/** `…/guide`: the steps before the paste. These routes store nothing. */
export function guideRoutes({ configFor, progress }: Deps): Router {
  return Router({ mergeParams: true })
    .get('/', async (_req, res) => {
      const { tenant, journey } = walkerOf(res);
      const reached = await progress(tenant.id, journey.by);
      const page = startPage(configFor(tenant.environment), journey.paths, reached, res.locals.t);
      res.render('guide/start', { page });
    })
    .get('/jwt', (_req, res) => {
      const { tenant, journey } = walkerOf(res);
      res.render('guide/jwt', { page: jwtPage(configFor(tenant.environment), journey.paths, res.locals.t) });
    });
}
