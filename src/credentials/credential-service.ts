import { actorOf, type Actor, type Origin, type PersonRequester, type Requester } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import type { Opener, Sealer } from '../platform/sealing/sealing.js';
import { Secret } from '../platform/secret.js';
import type { World } from '../platform/world.js';
import type { Environment } from '../ringcentral/environments.js';
import { credentialStore, sealContextOf, type NewCredential } from './credential-store.js';
import type { Credential, CredentialStatus, Destruction, Method } from './credential-types.js';
import { activateCredential, setReminder } from './ending/activate-credential.js';
import { destroyCredential, type OnEnded } from './ending/end-credential.js';
import { inspectAssertion } from './inspect/inspect-assertion.js';
import type { Inspection } from './inspect/inspection-types.js';
import { waitUntil } from './submission-limits.js';

const DAY_MS = 24 * 60 * 60_000;
/** How long an unproved credential is kept. */
export const KEPT_MS = 7 * DAY_MS;
const EXPIRY_SLACK_MS = 60 * 60_000;

type Submission = {
  tenant: { id: string; environment: Environment };
  paste: string;
  by: PersonRequester;
  origin: Origin;
  /** Whether it is to replace the credential in use: then the same JWT is refused, not checked again. */
  replaces?: boolean;
};

type SubmitResult =
  | { kind: 'rejected'; inspection: Inspection }
  | { kind: 'limited'; until: Date }
  /** To replace itself. Nothing was stored. */
  | { kind: 'in_use' }
  /** Sealed and committed; the worker will judge it in the check `requestId`. */
  | { kind: 'queued'; requestId: string };

type Submitted = { tenantId: string; credentialId: string; by: Requester };
/** Runs in the transaction of a submission; returns the id of the check. */
export type OnSubmitted = (
  trx: Knex,
  submitted: Submitted & { method: Method; keptUntil: Date; supersededIds: string[] },
) => Promise<string>;
/** The same JWT was pasted again: check the existing credential instead of creating a new one. */
export type OnRepeated = (trx: Knex, repeated: Submitted) => Promise<string>;
/** What becomes of credentials elsewhere, in the same transaction. */
export type CredentialHooks = { onSubmitted: OnSubmitted; onRepeated: OnRepeated; onEnded: OnEnded };

type Deps = CredentialHooks & {
  transaction: Transaction;
  world: World;
  sealer: Sealer;
  /** The client ID of the ISV's app in each environment, to recognize it if it is pasted by mistake. */
  clientIdFor: (environment: Environment) => string;
};

/**
 * Accepts a paste: inspects it and, if it may be a credential, seals and stores it as pending. Needs no RingCentral
 * secret and no private key and makes no network calls; the worker does.
 */
export const credentialService = (deps: Deps) => {
  const { world, onSubmitted, onRepeated } = deps;
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    credentials: credentialStore(trx).forTenant(tenantId),
    destroy: (id: string, because: Destruction, actor: Actor) =>
      destroyCredential(deps)(trx, tenantId, id, because, actor),
    ...boundTo(trx, { onSubmitted, onRepeated }),
  }));

  return {
    async submit({ tenant, paste, by, origin, replaces = false }: Submission): Promise<SubmitResult> {
      const actor = actorOf(by);
      const now = world.now();
      // An inspection can take a tenth of a second, so a tenant over its paste limit gets no more inspections either.
      const early = await inTenantLock(tenant.id, ({ audit }) => waitUntil('paste', audit, by, now));
      if (early) return { kind: 'limited', until: early };
      const inspected = inspectAssertion(paste, {
        now,
        environment: tenant.environment,
        clientId: deps.clientIdFor(tenant.environment),
      });
      const { inspection, assertion } = inspected;
      const fingerprint = inspected.fingerprint();
      // Limits are checked again in the transaction that counts, so that parallel pastes gain nothing.
      if (!assertion || fingerprint === null)
        return inTenantLock(tenant.id, async ({ audit }) => {
          const until = await waitUntil('paste', audit, by, now);
          if (until) return { kind: 'limited', until };
          await audit.append({
            action: 'credential.paste_refused',
            actor,
            outcome: 'refused',
            detail: { code: inspection.code },
            origin,
          });
          return { kind: 'rejected', inspection };
        });

      const keptUntil = new Date(now.getTime() + KEPT_MS);
      const credential: NewCredential = {
        id: world.newId(),
        method: 'jwt',
        status: 'pending',
        fingerprint,
        clientId: null,
        submittedBy: by.personId,
        submittedAt: now,
        expiresAt: inspection.expiresAt,
        environment: inspection.environment ?? tenant.environment,
        keptUntil,
      };
      const sealed = await deps.sealer.seal(assertion.reveal(), sealContextOf(tenant.id, credential.id));

      return inTenantLock(tenant.id, async ({ audit, credentials, destroy, onSubmitted, onRepeated }) => {
        const until = (await waitUntil('paste', audit, by, now)) ?? (await waitUntil('exchange', audit, by, now));
        if (until) return { kind: 'limited', until };
        const living = await credentials.living();
        const same = living.find((other) => other.fingerprint === fingerprint && other.status !== 'retired');
        if (same?.status === 'active' && replaces) {
          const detail = { code: 'in_use' };
          await audit.append({ action: 'credential.paste_refused', actor, outcome: 'refused', detail, origin });
          return { kind: 'in_use' };
        }
        const target = same?.id ?? credential.id;
        await audit.append({
          action: 'credential.submitted',
          actor,
          target,
          outcome: 'ok',
          detail: { method: 'jwt', repairs: inspection.repairs.length, repeated: same !== undefined },
          origin,
        });
        const submitted = { tenantId: tenant.id, by };
        if (same) return { kind: 'queued', requestId: await onRepeated({ ...submitted, credentialId: same.id }) };

        const superseded = living.filter(({ status }) => status === 'pending');
        for (const { id } of superseded) await destroy(id, 'superseded', actor);
        await credentials.add(credential, { assertion: sealed });
        const requestId = await onSubmitted({
          ...submitted,
          method: 'jwt',
          credentialId: credential.id,
          keptUntil,
          supersededIds: superseded.map(({ id }) => id),
        });
        return { kind: 'queued', requestId };
      });
    },
  };
};

export type CredentialService = ReturnType<typeof credentialService>;

/** What a code is exchanged with. `receivedAt`: the database's time when RingCentral gave it, in milliseconds. */
export type ReceivedCode = { code: Secret; redirectUri: string; codeVerifier: Secret; receivedAt: number };

/**
 * The worker's part of the credentials; only the worker can open them. Every write takes its transaction as an
 * argument.
 */
export const credentialKeeper = (deps: { db: Knex; world: World; opener: Opener; onEnded: OnEnded }) => ({
  find: (tenantId: string, id: string): Promise<Credential | undefined> => findIn(deps.db, tenantId, id),

  /** Inside a transaction. */
  findWithin: findIn,

  /** @returns null if it has been retired or destroyed @throws {SealingOpenError} */
  open: (tenantId: string, id: string): Promise<Secret | null> => openAs(deps, tenantId, id, ['pending', 'active']),

  /** For its death check only. @returns null if it has been destroyed @throws {SealingOpenError} */
  openRetired: (tenantId: string, id: string): Promise<Secret | null> => openAs(deps, tenantId, id, ['retired']),

  /**
   * The code of a sign-in that was not exchanged yet.
   *
   * @returns null if it was exchanged or destroyed @throws {SealingOpenError}
   */
  async openCode(tenantId: string, id: string): Promise<ReceivedCode | null> {
    const open = async (purpose: 'authorization_code' | 'code_verifier') => {
      const jwe = await credentialStore(deps.db).forTenant(tenantId).sealed(id, purpose);
      return jwe === undefined ? null : deps.opener.open(jwe, sealContextOf(tenantId, id, purpose));
    };
    const [sealed, verifier] = [await open('authorization_code'), await open('code_verifier')];
    if (sealed === null || verifier === null) return null;
    const received = JSON.parse(sealed) as { code: string; redirectUri: string; receivedAt: number };
    return { ...received, code: new Secret(received.code), codeVerifier: new Secret(verifier) };
  },

  /** Deletes the code of a sign-in, before it is sent. @returns false if it was deleted already */
  takeCode: (db: Knex, tenantId: string, id: string): Promise<boolean> =>
    credentialStore(db).forTenant(tenantId).deleteCode(id),

  setExpiry: (db: Knex, tenantId: string, id: string, at: Date | null): Promise<void> =>
    credentialStore(db).forTenant(tenantId).setExpiry(id, at),

  /**
   * The account's limit ends the session of a sign-in then. A later time than the known one is not believed, and a few
   * minutes are no change. If the time is new, its people are reminded of what is due.
   */
  async limitExpiry(db: Knex, tenantId: string, id: string, at: Date): Promise<void> {
    const mine = credentialStore(db).forTenant(tenantId);
    const known = await mine.find(id);
    if (!known || (known.expiresAt && at.getTime() > known.expiresAt.getTime() - EXPIRY_SLACK_MS)) return;
    await mine.setExpiry(id, at);
    if (known.status === 'active') await mine.setReminder(id, deps.world.now());
  },

  activate: activateCredential(deps),

  setReminder,

  remindersDue: (limit: number): Promise<Credential[]> =>
    credentialStore(deps.db).remindersDue(deps.world.now(), limit),

  destroy: (db: Knex, tenantId: string, id: string, because: Destruction): Promise<void> =>
    destroyCredential(deps)(db, tenantId, id, because, portal),

  /** Unproved or retired credentials that are due for destruction, after `after`, at most `limit`. */
  overdue: (limit: number, after?: Credential): Promise<Credential[]> =>
    credentialStore(deps.db).overdue(deps.world.now(), limit, after),
});

export type CredentialKeeper = ReturnType<typeof credentialKeeper>;

/** What pages and other capabilities may read of a tenant's credentials; in a transaction, pass its handle. */
export const credentialReader = (db: Knex) => {
  const living = (tenantId: string): Promise<Credential[]> => credentialStore(db).forTenant(tenantId).living();
  return {
    living,
    find: (tenantId: string, id: string): Promise<Credential | undefined> => findIn(db, tenantId, id),
    /** Those that were retired since then, whatever became of them, newest first. */
    retiredSince: (tenantId: string, since: Date): Promise<Credential[]> =>
      credentialStore(db).forTenant(tenantId).retiredSince(since),
    /** Whether RingCentral accepted a retired JWT after a person had said that it was deleted. */
    isOldOneAlive: (tenantId: string): Promise<boolean> => credentialStore(db).forTenant(tenantId).isRetiredOneAlive(),
    serving: (tenantId: string): Promise<Credential | undefined> => credentialStore(db).forTenant(tenantId).active(),
    servingId: (tenantId: string): Promise<string | undefined> => credentialStore(db).forTenant(tenantId).activeId(),
    activeOf: (tenantIds: readonly string[]): Promise<Credential[]> => credentialStore(db).activeOf(tenantIds),
    /** How the tenant last gave a credential, whatever became of it; a JWT if it never did. */
    lastMethod: async (tenantId: string): Promise<Method> =>
      (await credentialStore(db).forTenant(tenantId).newestMethod()) ?? 'jwt',
    /** The tenants with a living credential of this method. */
    tenantsBy: (method: Method): Promise<string[]> => credentialStore(db).tenantsBy(method),
    /** JWTs in use by when they end, for all tenants. */
    expiringJwts: (bounds: readonly Date[], limit: number) => credentialStore(db).expiringJwts(bounds, limit),
    expiringBy: (at: Date, limit: number): Promise<string[]> => credentialStore(db).expiringBy(at, limit),
  };
};

export type CredentialReader = ReturnType<typeof credentialReader>;

const portal = { kind: 'portal' } as const;

async function openAs(
  { db, opener }: { db: Knex; opener: Opener },
  tenantId: string,
  id: string,
  statuses: readonly CredentialStatus[],
): Promise<Secret | null> {
  const mine = credentialStore(db).forTenant(tenantId);
  const credential = await mine.find(id);
  if (!credential || !statuses.includes(credential.status)) return null;
  const jwe = await mine.sealed(id);
  return jwe === undefined ? null : new Secret(await opener.open(jwe, sealContextOf(tenantId, id)));
}

const findIn = (db: Knex, tenantId: string, id: string): Promise<Credential | undefined> =>
  credentialStore(db).forTenant(tenantId).find(id);
