import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import { callbackRoutes, lookAheadRoutes } from './callback-routes.js';
import { codeFlowActs } from './code-flow-acts.js';
import { codeFlowHoldings } from './code-flow-holdings.js';
import { codeFlowService, type OnCode } from './code-flow-service.js';
import { signInRoutes, type SignInRoutesDeps } from './sign-in-routes.js';

export const codeFlow: Declaration = { audit: codeFlowActs, holds: codeFlowHoldings };

type Given = Pick<SignInRoutesDeps, 'inShort'> & {
  tenants: ReadTenants;
  connections: { waitForCheck: (tenantId: string, requestId: string, mostMs: number) => Promise<boolean> };
  /** Wakes this process's own worker, if it has one. */
  poke: () => void;
  onCode: OnCode;
};

/** The second way to connect: a member signs in to RingCentral (authorization code with PKCE). */
export function codeFlowCapability({ runtime, transaction, databaseNow, sealer, isv }: Foundation, given: Given) {
  const { db, world } = runtime;
  const { signInAppFor: appFor, callbackUrl } = isv;
  const { inShort, tenants, connections, poke, onCode } = given;
  const service = codeFlowService({
    db,
    transaction,
    databaseNow,
    world,
    sealer,
    callbackUrl,
    appFor,
    tenants,
    onCode,
  });
  const callback = callbackRoutes({ codeFlow: service, poke, waitForCheck: connections.waitForCheck });
  const router = signInRoutes({ codeFlow: service, appFor, isvFor: isv.factsFor, inShort, now: world.now });
  return {
    pages: () => ({
      beforeSession: [{ path: '/oauth/callback', router: lookAheadRoutes() }],
      mounts: [
        {
          path: '/tenants/:tenantId/guide/sign-in',
          access: 'member',
          needs: { 'get /': 'member', 'post /': 'member' },
          router,
        },
        { path: '/oauth/callback', access: 'public', router: callback },
      ],
    }),
    housekeeping: () => [() => service.prune()],
  } satisfies Capability;
}
