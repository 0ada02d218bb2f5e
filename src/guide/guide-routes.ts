import { Router, type Response } from 'express';
import { PortalError } from '../platform/errors.js';
import type { Mount } from '../platform/http/mount.js';
import { jwtPage, startPage, type GuideConfig } from './guide-page.js';
import type { GuideProgress } from './next-step.js';

type Deps = {
  config: GuideConfig;
  /** Where the tenant stands; the connection service knows. */
  progress: (tenantId: string) => Promise<GuideProgress>;
  /** Where members of a tenant invite colleagues, if the portal has such a page. */
  peopleUrl?: (tenantId: string) => string;
};

/** The guard in front sets it; without it nobody proved to be a member. */
function tenantIdOf(res: Response): string {
  if (!res.locals.tenant) throw new PortalError('not_found');
  return res.locals.tenant.id;
}

/** The steps a clinic walks before it pastes. It stores nothing. */
export function guideCapability({ config, progress, peopleUrl }: Deps): Mount[] {
  const router = Router({ mergeParams: true })
    .get('/', async (_req, res) => {
      const tenantId = tenantIdOf(res);
      const page = startPage(config, tenantId, await progress(tenantId), res.locals.t, peopleUrl?.(tenantId));
      res.render('guide/start', { page });
    })
    .get('/jwt', (_req, res) => {
      res.render('guide/jwt', { page: jwtPage(config, tenantIdOf(res), res.locals.t) });
    });
  return [{ path: '/tenants/:tenantId/guide', access: 'member', router }];
}
