import { handOffActs } from './hand-off-acts.js';
import { handOffHoldings } from './hand-off-holdings.js';
import { cookiesFor } from '../accounts/sessions/cookies.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { Capability, Declaration } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { ConnectionService } from '../connections/connection-service.js';
import type { SubmissionOutcomes } from '../connections/pages/submission-outcome.js';
import type { Knex } from '../platform/database/database.js';
import type { Needs } from '../app/clinic-roles.js';
import type { TenantService } from '../tenants/tenant-service.js';
import { handOffRoutes } from './hand-off-routes.js';
import { handOffStore } from './hand-off-store.js';
import { progressOf } from './hand-off-types.js';
import { handOffService } from './hand-off-service.js';
import { linkRoutes, requireVisit, resultRoutes } from './visit-routes.js';

/** The role without which no one makes a link, and whose loss ends the links that a person made. */
const NEEDED_TO_MAKE = 'member';
const needs = {
  'get /': NEEDED_TO_MAKE,
  'post /': NEEDED_TO_MAKE,
  'post /:handOffId/revocation': NEEDED_TO_MAKE,
} satisfies Needs;

export const handOffs: Declaration = { audit: handOffActs, holds: handOffHoldings };

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
  const { isActive, byIds: namesOf } = given.people(db);
  const mayMake = (tenantId: string, personId: string) => isActive(NEEDED_TO_MAKE, tenantId, personId);
  const service = handOffService({ db, transaction, world, publicUrl, outcomeOf, mayMake });
  const cookies = cookiesFor(publicUrl);

  return {
    service,
    /** How far the colleague of one link is in the guide. */
    progressOf: async (tenantId: string, handOffId: string) => progressOf(await service.outcomeOf(tenantId, handOffId)),
    /** Runs in the transaction in which a clinic leaves. */
    endLinks: (trx: Knex, tenantId: string, at: Date) => handOffStore(trx).forTenant(tenantId).revokeAll(at),
    pages: (web) => {
      const router = handOffRoutes({ handOffs: service, world, isvName, sealing: web.accountsSealing, namesOf });
      const result = resultRoutes({ connections, isvFor: isv.factsFor, world });
      return {
        guards: { hand_off: [requireVisit(service, tenants, cookies)] },
        mounts: [
          { path: '/tenants/:tenantId/hand-offs', access: 'member', needs, router },
          { path: '/hand-offs', access: 'public', router: linkRoutes(service, cookies) },
          { path: '/hand-offs/:handOffId/result', access: 'hand_off', router: result },
        ],
      };
    },
    housekeeping: () => [() => service.prune()],
  } satisfies Capability & Record<string, unknown>;
}
