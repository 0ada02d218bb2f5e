import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { Requester } from '../audit/audit-events.js';
import type { Environment } from '../tenants/tenant-types.js';
import { consoleVisits, guideHoldings } from './console-visits.js';
import { guideRoutes } from './guide-routes.js';
import type { GuideProgress } from './next-step.js';

export const guide: Declaration = { holds: guideHoldings };

type Given = {
  /** The progress of the tenant's own pastes. */
  progressOf: (tenantId: string) => Promise<GuideProgress>;
  /** The progress of the paste from one link; a colleague sees only this paste. */
  progressByLink: (tenantId: string, handOffId: string) => Promise<GuideProgress>;
};

/** The steps before the paste, for members and for colleagues with a link. */
export function guideCapability({ isv, runtime }: Foundation, { progressOf, progressByLink }: Given) {
  const progress = (tenantId: string, { handOffId }: Requester) =>
    handOffId === undefined ? progressOf(tenantId) : progressByLink(tenantId, handOffId);
  const hasSignInApp = (environment: Environment) => isv.signInAppFor(environment) !== null;
  const { db, world } = runtime;
  const onConsole = (tenantId: string) => consoleVisits(db).note(tenantId, world.now());
  const router = guideRoutes({ configFor: isv.factsFor, hasSignInApp, progress, onConsole });
  return {
    /** When someone of each of these tenants first opened the step in RingCentral's console. */
    consoleVisits: consoleVisits(db).firstOf,
    pages: () => ({
      mounts: [
        {
          path: '/tenants/:tenantId/guide',
          access: 'member',
          needs: { 'get /': 'member', 'get /jwt': 'member' },
          router,
        },
        { path: '/hand-offs/:handOffId/guide', access: 'hand_off', router },
      ],
    }),
  } satisfies Capability & Record<string, unknown>;
}
