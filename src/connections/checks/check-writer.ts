import { auditStore } from '../../audit/audit-store.js';
import type { CredentialKeeper } from '../../credentials/credential-service.js';
import type { Knex } from '../../platform/database/database.js';
import { signInOf } from '../../tokens/refresh/sign-in-reader.js';
import { forgetTokensOf, type RingCentralSessions } from '../../tokens/ringcentral-sessions.js';
import { faxLineStore } from '../proof/fax-line-store.js';
import type { OwnerWatch } from '../proof/owner-watch.js';
import type { Changes } from './check-decision.js';
import type { CheckParts } from './check-parts.js';
import { checkQueue } from './check-queue.js';
import { checkStore } from './check-store.js';
import { nextCheck } from './schedule.js';

export type CheckWriterDeps = Pick<
  CheckParts,
  'world' | 'writer' | 'incidents' | 'checkEveryMs' | 'confirmMs' | 'warnOfSignIn' | 'askToConfirm'
> & {
  credentials: CredentialKeeper;
  tokens: Pick<RingCentralSessions, 'seal' | 'keepSealed'>;
  owners: OwnerWatch;
};

/** A check renews the refresh token of a sign-in, which ends after seven days. */
const RENEW_EVERY_MS = 24 * 3_600_000;

/** @returns a function that writes what a check changes; its transaction must hold the tenant's lock */
export const checkWriter =
  (deps: CheckWriterDeps) =>
  async (trx: Knex, changes: Changes): Promise<void> => {
    const { world, credentials, tokens, writer, incidents, owners } = deps;
    const { tenantId, credentialId, portal } = changes;
    const queue = checkQueue(trx, world).forTenant(tenantId);
    await writer.save(trx, changes.connection, { replaced: changes.replaced, closing: changes.closing });
    if (changes.faxLines) await faxLineStore(trx).forTenant(tenantId).save(changes.faxLines);
    if (changes.unconfirmed) await deps.askToConfirm(trx, changes);
    await checkStore(trx)
      .forTenant(tenantId)
      .append({ id: world.newId(), ...changes.check });
    await auditStore(trx, world).append(changes.audit);
    if (changes.owner) await owners.note(trx, tenantId, changes.owner);
    if (portal.proof) await incidents.noteProof(trx, portal.app, portal.proof);
    await incidents.noteControl(trx, portal.environment, portal.control, portal.judged);
    await queue.finish(changes.requestId);
    if (changes.forgetsTokens) await forgetTokensOf(trx, tenantId, credentialId);
    if (changes.token) await tokens.keepSealed(trx, changes.token.session, changes.token.sealed);
    if (changes.fate === 'destroyed') await credentials.destroy(trx, tenantId, credentialId, 'refused');
    if (changes.fate === 'activated') {
      for (const ended of await credentials.activate(trx, tenantId, credentialId)) await queue.finishAllOf(ended);
      await credentials.setReminder(trx, tenantId, credentialId, changes.remindAt);
    }
    if (changes.fate === 'serves' && changes.check.verdict === 'inconclusive')
      await deps.warnOfSignIn(trx, tenantId, credentialId);
    if (!changes.next) return;
    const { checked, waitsFor, now, spread } = changes.next;
    const wantedMs = await deps.checkEveryMs(trx); // read after the connection is saved, which adds it to the number of tenants
    const signIn = await signInOf(trx, tenantId, credentialId);
    const checkEveryMs = Math.min(wantedMs, signIn ? RENEW_EVERY_MS : Infinity);
    const judged = { ...checked, isInDoubt: signIn?.attempt != null };
    const next = nextCheck(judged, { checkEveryMs, confirmMs: deps.confirmMs }, now, spread);
    await queue.add({ credentialId, requestedBy: null, ...next, waitsFor });
  };
