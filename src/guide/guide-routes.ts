import { Router, type Response } from 'express';
import { PortalError } from '../platform/errors.js';
import type { Mount } from '../platform/http/mount.js';
import { jwtPage, startPage, type GuideConfig } from './guide-page.js';
import type { GuideProgress } from './next-step.js';

type Deps = {
  /** Each of RingCentral's environments has its own app of the ISV. */
  configFor: (environment: 'production' | 'biz') => GuideConfig;
  /** Where the tenant stands; the connection service knows. */
  progress: (tenantId: string) => Promise<GuideProgress>;
};

/** The guard in front sets it; without it nobody proved to be a member. */
function tenantOf(res: Response) {
  if (!res.locals.tenant) throw new PortalError('not_found');
  return res.locals.tenant;
}

/** The steps a clinic walks before it pastes. It stores nothing. */
export function guideCapability({ configFor, progress }: Deps): Mount[] {
  const router = Router({ mergeParams: true })
    .get('/', async (_req, res) => {
      const { id: tenantId, environment } = tenantOf(res);
      const page = startPage(configFor(environment), tenantId, await progress(tenantId), res.locals.t);
      res.render('guide/start', { page });
    })
    .get('/jwt', (_req, res) => {
      const { id, environment } = tenantOf(res);
      res.render('guide/jwt', { page: jwtPage(configFor(environment), id, res.locals.t) });
    });
  return [{ path: '/tenants/:tenantId/guide', access: 'member', router }];
}
