import { credentialReader } from '../../credentials/credential-service.js';
import { appOf } from '../../credentials/credential-types.js';
import { iso } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import { appNameOf } from '../../ringcentral/environments.js';
import type { TokenEvidence } from '../../tokens/token-types.js';
import type { CheckParts } from './check-parts.js';
import { checkQueue } from './check-queue.js';
import { fixOwnerOf, isCause } from '../health/causes.js';
import { connectionStore } from '../health/connection-store.js';
import { areProbesStale, nextHealth } from '../health/health.js';
import { faxLineStore } from '../proof/fax-line-store.js';

/** Connects jobs' tokens with health: whether a job may have a token, and what a mint says about the connection. */
export const tokenEvidence = (parts: CheckParts): TokenEvidence => {
  const { db, world, incidents } = parts;
  const inTenantLock = inLock(parts.transaction, 'tenant', (trx, tenantId) => ({
    connections: connectionStore(trx).forTenant(tenantId),
    queue: checkQueue(trx, world).forTenant(tenantId),
    find: (credentialId: string) => credentialReader(trx).find(tenantId, credentialId),
    checkEveryMs: () => parts.checkEveryMs(trx),
    ...boundTo(trx, { save: parts.writer.save, closeIncident: incidents.close }),
  }));

  return {
    mayAsk: (app) => incidents.mayMint(db, app),
    wasNotAsked: (app) => incidents.wasNotAsked(db, app),

    /** All reads begin at once. */
    async subjectOf(tenantId) {
      const [known, credentialId, environment, faxExtensions] = await Promise.all([
        connectionStore(db).forTenant(tenantId).serving(),
        credentialReader(db).servingId(tenantId),
        parts.environmentOf(tenantId),
        faxLineStore(db).forTenant(tenantId).selectedIds(),
      ]);
      const { serving, user } = known ?? { user: null };
      if (!user || credentialId === undefined || serving.state === 'none' || serving.state === 'disconnected')
        return { credentialId: null, since: known?.since ?? null, waitsFor: known?.waitsFor ?? null };
      return {
        credentialId,
        environment,
        ...user,
        faxExtensions,
        failing: serving.state === 'failing' ? { cause: serving.cause, since: new Date(serving.since) } : null,
        askedAgainAt: serving.state === 'suspect' ? new Date(Date.parse(serving.since) + parts.confirmMs) : null,
      };
    },

    fixOwnerOf: (cause) => (isCause(cause) ? fixOwnerOf(cause) : undefined),

    /** RingCentral accepted the credential. Probes it with this token if the last probes are too old. */
    async onMinted(tenantId, credentialId) {
      const environment = await parts.environmentOf(tenantId);
      const isDue = await inTenantLock(
        tenantId,
        async ({ connections, queue, find, checkEveryMs, save, closeIncident }) => {
          const connection = await connections.find();
          const credential = await find(credentialId);
          if (credential) await closeIncident('app', appNameOf(environment, appOf(credential)));
          if (!connection || credential?.status !== 'active') return false;
          const now = world.now();
          const health = nextHealth(connection.health, { kind: 'minted' }, iso(now));
          await save({ ...connection, health });
          if (!areProbesStale(health, now, await checkEveryMs())) return false;
          await queue.bringForward(credentialId, 'schedule');
          return true;
        },
      );
      if (isDue) parts.poke();
    },

    async onUnanswered(tenantId, credentialId) {
      await checkQueue(db, world).forTenant(tenantId).recover(credentialId);
      parts.poke();
    },

    /** RingCentral refused the credential to a job: a check with a mint of its own runs now and judges. */
    async onRefused(tenantId, credentialId) {
      await checkQueue(db, world).forTenant(tenantId).bringForward(credentialId, 'confirmation');
      parts.poke();
    },
  };
};
