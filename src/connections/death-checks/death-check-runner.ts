import { actorOf } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { CredentialKeeper } from '../../credentials/credential-service.js';
import { appOf, type Credential } from '../../credentials/credential-types.js';
import { retiredCredentials } from '../../credentials/ending/end-credential.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import { appNameOf } from '../../ringcentral/environments.js';
import type { RingCentralSessions } from '../../tokens/ringcentral-sessions.js';
import type { CheckParts } from '../checks/check-parts.js';
import { checkQueue, type CheckRequest } from '../checks/check-queue.js';
import type { Ran } from '../checks/check-runner.js';
import type { RejectionControl } from '../checks/rejections.js';
import { personWaits } from '../checks/schedule.js';
import { connectionStore } from '../health/connection-store.js';
import { waitNameOf } from '../health/incident-store.js';
import { appWitness } from './app-witness.js';
import { decideDeath, isAboutToDie, type AppSeen, type DeathAsked } from './death-decision.js';

type Deps = Pick<
  CheckParts,
  'db' | 'transaction' | 'world' | 'environmentOf' | 'incidents' | 'writer' | 'confirmMs' | 'poke'
> & {
  credentials: Pick<CredentialKeeper, 'openRetired' | 'destroy'>;
  tokens: Pick<RingCentralSessions, 'mint' | 'endOrKeep' | 'givenSince'>;
  control: RejectionControl;
};

type Found = {
  asked: DeathAsked;
  codes?: readonly string[];
  app?: AppSeen;
};

const EXPIRY_LEEWAY_MS = 60_000;
const WITHHELD_MS = 5 * 60_000;
const MOST_WAIT_MS = 20_000;
const notShown: AppSeen = { kind: 'not_shown' };

/**
 * Runs one claimed death check: whether RingCentral still accepts a retired JWT. If it does, the session is ended at once,
 * and no job gets its token. After a crash before the result is written, the claim expires and the check is repeated.
 */
export const deathCheckRunner = (deps: Deps) => {
  const { db, world, confirmMs } = deps;
  const witness = appWitness(deps);
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    queue: checkQueue(trx, world),
    audit: auditStore(trx, world).forTenant(tenantId),
    connections: connectionStore(trx).forTenant(tenantId),
    retired: retiredCredentials(trx, tenantId),
    destroy: (id: string) => deps.credentials.destroy(trx, tenantId, id, 'proved_dead'),
    ...boundTo(trx, { save: deps.writer.save }),
  }));

  async function run(request: CheckRequest, credential: Credential): Promise<Ran> {
    const { tenantId, id: credentialId, expiresAt } = credential;
    const environment = await deps.environmentOf(tenantId);
    if (expiresAt !== null && expiresAt.getTime() + EXPIRY_LEEWAY_MS <= world.now().getTime()) {
      await settle(request, { asked: { kind: 'refused', cause: 'credential_expired', isLocal: true } });
      return 'not_asked';
    }
    const ours = appNameOf(environment, appOf(credential));
    const waitsFor = await deps.incidents.openOfApp(db, ours);
    if (waitsFor !== null) {
      const later = new Date(world.now().getTime() + WITHHELD_MS);
      const cause = waitsFor === 'app' ? 'app_misconfigured' : 'scope_missing';
      // A person waits for an answer, and the answer is known.
      if (personWaits(request.priority))
        await settle(request, { asked: { kind: 'inconclusive', cause, retryAfterMs: null } });
      else await checkQueue(db, world).release(request, later, waitNameOf(waitsFor, ours, false));
      return 'not_asked';
    }
    const place = {
      lane: personWaits(request.priority) ? 'interactive' : 'background',
      tenantId,
      since: request.requestedAt,
      maxWaitMs: personWaits(request.priority) ? MOST_WAIT_MS : 0,
    } as const;
    const assertion = await deps.credentials.openRetired(tenantId, credentialId);
    if (assertion === null) {
      await checkQueue(db, world).forTenant(tenantId).finish(request.id);
      return 'not_asked';
    }
    const ask = { ...place, credentialId, environment, assertion, pinnedOwnerId: null, endpointOf: credentialId };
    const minted = await deps.tokens.mint(ask);
    if (minted.kind === 'wait') return { noRoomBefore: minted.until };
    if (minted.kind === 'full' || minted.kind === 'held') {
      await checkQueue(db, world).release(request, minted.until); // the limit is per owner, so other checks need not wait
      return 'not_asked';
    }
    if (minted.kind === 'minted') await deps.tokens.endOrKeep(place, minted.session);
    const asked: DeathAsked =
      minted.kind === 'refused' || minted.kind === 'inconclusive' ? minted : { kind: 'accepted' };
    const codes = 'codes' in minted ? minted.codes : [];
    const facts = { now: world.now(), confirmMs };
    const app = isAboutToDie(credential, asked, facts) ? await witness(credential, environment) : notShown;
    if (await settle(request, { asked, codes, app })) {
      await deps.incidents.bringWitnessForward(db, environment);
      deps.poke();
    }
    return 'asked';
  }

  /** @returns whether RingCentral refused it, and another JWT must show that our app works */
  const settle = (request: CheckRequest, { asked, codes = [], app = notShown }: Found): Promise<boolean> =>
    inTenantLock(request.tenantId, async ({ queue, audit, connections, retired, destroy, save }) => {
      const { tenantId, credentialId, requestedBy } = request;
      const mine = queue.forTenant(tenantId);
      // Another worker has taken over, or it was destroyed meanwhile: discard this result.
      if (!(await queue.stillLeased(request))) return false;
      const credential = await retired.find(credentialId);
      if (credential?.status !== 'retired') return mine.finish(request.id).then(() => false);
      const facts = { now: world.now(), confirmMs, app, inconclusiveStreak: request.inconclusiveStreak };
      const { next, ...found } = decideDeath(credential, asked, facts);
      const { answer, cause } = found.tried;
      const isDying = isAboutToDie(credential, asked, facts);
      const seen = isDying && !('isLocal' in asked) ? { other_jwt: app.kind } : {};
      await retired.noteTried(credentialId, found);
      await audit.append({
        action: 'credential.death_checked',
        actor: requestedBy === null ? { kind: 'portal' } : actorOf({ personId: requestedBy }),
        target: credentialId,
        outcome: ({ works: 'ok', refused: 'refused', unclear: 'inconclusive' } as const)[answer],
        detail: { answer, cause, ...seen, ...(codes.length > 0 ? { codes: codes.join(' ') } : {}) },
      });
      await mine.finish(request.id);
      if (next) await mine.add({ credentialId, requestedBy: null, ...next });
      else {
        const at = found.appWorkedAt?.toISOString();
        const detail = { cause, ...(at === undefined ? {} : { other_jwt_accepted_at: at }) };
        const event = { actor: { kind: 'portal' }, target: credentialId, outcome: 'ok', detail } as const;
        await audit.append({ action: 'credential.proved_dead', ...event });
        await destroy(credentialId);
      }
      const connection = await connections.find();
      if (connection) await save(connection);
      return answer === 'refused' && next !== null;
    });

  return { run };
};

export type DeathCheckRunner = ReturnType<typeof deathCheckRunner>;
