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
import { linkRoutes, requireVisit, resultRoutes } from './visit-routes.js';

export const handOffs: Declaration = { audit: handOffActs };

type Given = {
  tenants: Pick<TenantService, 'find'>;
  connections: Pick<ConnectionService, 'requestCheck' | 'waitForCheck'>;
  outcomeOf: SubmissionOutcomes;
  people: ReadPeople;
};

/** Links for colleagues, who can see the guide and paste, and nothing else. */
export function handOffsCapability(foundation: Foundation, given: Given) {
  const { transaction, isv } = foundation;
  const { db, world } = foundation.runtime;
  const { tenants, connections, outcomeOf } = given;
  const { PUBLIC_URL: publicUrl, ISV_NAME: isvName } = foundation.config;
  const { isActiveMember, byIds: namesOf } = given.people(db);
  const service = handOffService({ db, transaction, world, publicUrl, outcomeOf, isActiveMember });
  const cookies = cookiesFor(publicUrl);

  return {
    service,
    pages: (web) => {
      const router = handOffRoutes({ handOffs: service, world, isvName, sealing: web.accountsSealing, namesOf });
      const result = resultRoutes({ connections, isvFor: isv.factsFor, world });
      return {
        guards: { hand_off: [requireVisit(service, tenants, cookies)] },
        mounts: [
          { path: '/tenants/:tenantId/hand-offs', access: 'member', router },
          { path: '/hand-offs', access: 'public', router: linkRoutes(service, cookies) },
          { path: '/hand-offs/:handOffId/result', access: 'hand_off', router: result },
        ],
      };
    },
    housekeeping: () => [() => service.prune()],
  } satisfies Capability & Record<string, unknown>;
}
