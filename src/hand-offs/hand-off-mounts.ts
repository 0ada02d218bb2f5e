import type { RequestHandler, Router } from 'express';
import { cookiesFor } from '../accounts/sessions/cookies.js';
import type { IsvFacts } from '../connections/pages/cause-page.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { Mount } from '../platform/http/mount.js';
import type { Opener, Sealer } from '../platform/sealing/sealing.js';
import type { World } from '../platform/world.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { handOffRoutes } from './hand-off-routes.js';
import type { HandOffService } from './hand-off-service.js';
import { requireVisit } from './visit-guard.js';
import { linkRoutes, resultRoutes } from './visit-routes.js';

type Deps = {
  handOffs: HandOffService;
  tenants: Pick<TenantService, 'find'>;
  connections: Pick<ConnectionService, 'requestCheck' | 'waitForCheck'>;
  world: Pick<World, 'now'>;
  publicUrl: string;
  isvFor: (environment: 'production' | 'biz') => IsvFacts;
  isvName: string;
  sealing: Sealer & Opener;
  namesOf: (personIds: readonly string[]) => Promise<Map<string, { name: string }>>;
  /** The pages that colleagues and members share. */
  guide: Router;
  credentials: Router;
};

/** The pages for making and opening hand-off links, the pages behind the links, and their guard. */
export function handOffMounts(deps: Deps): { mounts: Mount[]; guard: RequestHandler[] } {
  const cookies = cookiesFor(deps.publicUrl);
  const visit = '/hand-offs/:handOffId';
  return {
    guard: [requireVisit(deps.handOffs, deps.tenants, cookies)],
    mounts: [
      { path: '/tenants/:tenantId/hand-offs', access: 'member', router: handOffRoutes(deps) },
      { path: '/hand-offs', access: 'public', router: linkRoutes(deps.handOffs, cookies) },
      { path: `${visit}/guide`, access: 'hand_off', router: deps.guide },
      { path: `${visit}/credentials`, access: 'hand_off', router: deps.credentials },
      { path: `${visit}/result`, access: 'hand_off', router: resultRoutes(deps) },
    ],
  };
}
