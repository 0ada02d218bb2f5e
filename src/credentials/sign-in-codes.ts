import { actorOf, type Origin, type PersonRequester } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex } from '../platform/database/database.js';
import type { Sealed } from '../platform/sealing/sealing.js';
import type { World } from '../platform/world.js';
import type { Environment } from '../ringcentral/environments.js';
import { KEPT_MS, type CredentialHooks } from './credential-service.js';
import { destroyCredential } from './ending/end-credential.js';
import { credentialStore } from './credential-store.js';
import { waitUntil } from './submission-limits.js';

/** A code that RingCentral gave to a person who signed in, sealed for the credential that it becomes. */
type SignedIn = {
  tenantId: string;
  /** the id of the credential */
  id: string;
  by: PersonRequester;
  origin: Origin;
  environment: Environment;
  /** of the app with which the person signed in */
  clientId: string;
  /** SHA-256 of the code, hex */
  fingerprint: string;
  /** JSON of `code`, `redirectUri` and `receivedAt` */
  sealedCode: Sealed;
  sealedVerifier: Sealed;
};

type Deps = Pick<CredentialHooks, 'onSubmitted' | 'onEnded'> & { world: World };

/**
 * Takes a code in, in the transaction that uses up the state of the sign-in and holds the tenant's lock: like a paste,
 * it is a pending credential that the worker checks. The worker must exchange it within a minute.
 */
export const signInCodes =
  ({ world, onSubmitted, onEnded }: Deps) =>
  async (
    trx: Knex,
    { tenantId, id, by, origin, environment, clientId, fingerprint, sealedCode, sealedVerifier }: SignedIn,
  ): Promise<{ kind: 'queued'; requestId: string } | { kind: 'limited'; until: Date }> => {
    const now = world.now();
    const audit = auditStore(trx, world).forTenant(tenantId);
    const until = await waitUntil('exchange', audit, by, now);
    if (until) return { kind: 'limited', until };
    const credentials = credentialStore(trx).forTenant(tenantId);
    const method = 'authorization_code';
    await audit.append({
      action: 'credential.submitted',
      actor: actorOf(by),
      target: id,
      outcome: 'ok',
      detail: { method, repairs: 0, repeated: false },
      origin,
    });
    const superseded = (await credentials.living()).filter(({ status }) => status === 'pending');
    const destroy = destroyCredential({ world, onEnded });
    for (const one of superseded) await destroy(trx, tenantId, one.id, 'superseded', actorOf(by));
    const keptUntil = new Date(now.getTime() + KEPT_MS);
    await credentials.add(
      {
        ...{ id, method, clientId, environment, fingerprint, keptUntil },
        ...{ status: 'pending', submittedBy: by.personId, submittedAt: now, expiresAt: null },
      },
      { authorization_code: sealedCode, code_verifier: sealedVerifier },
    );
    const supersededIds = superseded.map((one) => one.id);
    const requestId = await onSubmitted(trx, { tenantId, credentialId: id, by, method, keptUntil, supersededIds });
    return { kind: 'queued', requestId };
  };

export type OnCode = ReturnType<typeof signInCodes>;
