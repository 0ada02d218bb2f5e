import { handOffActs } from './hand-off-acts.js';
import { cookiesFor } from '../accounts/sessions/cookies.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { SubmissionOutcomes } from '../connections/pages/submission-outcome.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { handOffRoutes } from './hand-off-routes.js';
import { handOffService } from './hand-off-service.js';
import { requireVisit } from './visit-guard.js';
import { linkRoutes, resultRoutes } from './visit-routes.js';

export const handOffs: Declaration = { audit: handOffActs };

type Given = {
  tenants: Pick<TenantService, 'find'>;
  connections: Pick<ConnectionService, 'requestCheck' | 'waitForCheck'>;
  outcomeOf: SubmissionOutcomes;
  people: ReadPeople;
};

/** Links for colleagues, who can see the guide and paste, and nothing else. */
export function handOffsCapability(foundation: Foundation, given: Given) {
  const { config, runtime, transaction, isv } = foundation;
  const { db, world } = runtime;
  const { tenants, connections, outcomeOf, people } = given;
  const { PUBLIC_URL: publicUrl } = config;
  const { isActiveMember, byIds } = people(db);
  const service = handOffService({ db, transaction, world, publicUrl, outcomeOf, isActiveMember });
  const cookies = cookiesFor(publicUrl);

  return {
    service,
    pages: (web) => {
      const deps = {
        handOffs: service,
        tenants,
        connections,
        world,
        isvFor: isv.factsFor,
        isvName: config.ISV_NAME,
        sealing: web.accountsSealing,
        namesOf: byIds,
      };
      return {
        guards: { hand_off: [requireVisit(service, tenants, cookies)] },
        mounts: [
          { path: '/tenants/:tenantId/hand-offs', access: 'member', router: handOffRoutes(deps) },
          { path: '/hand-offs', access: 'public', router: linkRoutes(service, cookies) },
          { path: '/hand-offs/:handOffId/result', access: 'hand_off', router: resultRoutes(deps) },
        ],
      };
    },
    housekeeping: () => [() => service.prune()],
  } satisfies Capability & Record<string, unknown>;
}
