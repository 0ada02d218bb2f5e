import { createHash } from 'node:crypto';
import { newToken } from '../accounts/people/secret-tokens.js';
import type { SignInApp } from '../app/foundation.js';
import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import { waitUntil } from '../credentials/submission-limits.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import type { Sealed, Sealer } from '../platform/sealing/sealing.js';
import type { World } from '../platform/world.js';
import { serverUrls, type Environment } from '../ringcentral/environments.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import { authorizationRequestStore, type AuthorizationRequest, type Binding } from './authorization-request-store.js';
import { authorizeUrlOf, challengeOf } from './authorize-url.js';

/** How long a person may take at RingCentral. */
export const MOST_AGE_MS = 10 * 60_000;
/** More than the clocks of two of our machines differ, so that none is forgotten that may still be used. */
const VERIFIER_KEPT_MS = MOST_AGE_MS + 30 * 60_000;
/** How long a request is known after that, so that a late return is answered with its clinic's page. */
const KEPT_MS = 24 * 3_600_000;

/** A code that RingCentral sent, sealed for the credential with this id. It lives for 60 seconds. */
export type ReceivedCode = {
  tenantId: string;
  id: string;
  by: { personId: string };
  origin: Origin;
  environment: Environment;
  clientId: string;
  redirectUri: string;
  /** JSON of `code`, `redirectUri` and `receivedAt`, for the purpose `authorization_code`. */
  sealedCode: Sealed;
  /** For the purpose `code_verifier`. */
  sealedVerifier: Sealed;
  /** SHA-256 of the code in hex. */
  fingerprint: string;
};
/** Runs in the transaction that uses the request up. */
export type OnCode = (
  trx: Knex,
  received: ReceivedCode,
) => Promise<{ kind: 'queued'; requestId: string } | { kind: 'limited'; until: Date }>;

/** What the redirect back from RingCentral says. */
export type Returned = {
  state: string;
  code?: string | undefined;
  error?: string | undefined;
  iss?: string | undefined;
};

/** Why a return that is this session's own connects nothing. */
export const refusals = ['denied', 'too_old', 'failed', 'limited'] as const;
export type CallbackRefusal = (typeof refusals)[number];

export type CallbackOutcome =
  /** No such request, or one that was forgotten. */
  | { kind: 'unknown' }
  /** Started in another browser session, or by another person. */
  | { kind: 'elsewhere' }
  | { kind: 'spent'; tenantId: string }
  /** No longer a member, or not one with the role and the second factor that it needs: the tenant's pages say which. */
  | { kind: 'not_admitted'; tenantId: string }
  | { kind: 'refused'; tenantId: string; because: CallbackRefusal }
  | { kind: 'queued'; tenantId: string; requestId: string };

/** A member in a browser session. `key` is the same for the session and those that continue it. */
export type Visit = { personId: string; key: string; gaveSecondFactor: boolean };

type Deps = {
  db: Knex;
  transaction: Transaction;
  /** In milliseconds. Web processes and workers compare their times, and their own clocks may differ. */
  databaseNow: () => Promise<number>;
  world: World;
  sealer: Sealer;
  /** Where RingCentral returns people to. */
  callbackUrl: string;
  /** null where no such app is configured. */
  appFor: (environment: Environment) => SignInApp | null;
  tenants: ReadTenants;
  onCode: OnCode;
};

const sealContext = (tenantId: string, id: string, purpose: 'authorization_code' | 'code_verifier') => ({
  table: 'credentials',
  tenantId,
  rowId: id,
  purpose,
});

/**
 * The browser's part of the authorization code flow (RFC 6749 §4.1, with PKCE, RFC 7636). It opens nothing and makes
 * no network call: the worker exchanges the code.
 */
export function codeFlowService(deps: Deps) {
  const { db, world, sealer, appFor } = deps;
  const redirectUri = deps.callbackUrl;
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    requests: authorizationRequestStore(trx).forTenant(tenantId),
    tenants: deps.tenants(trx),
    ...boundTo(trx, { onCode: deps.onCode }),
  }));

  /** Why this return is refused, as far as it can be seen without the code. */
  function refusalOf(request: AuthorizationRequest, { code, error, iss }: Returned): CallbackRefusal | undefined {
    const app = appFor(request.environment);
    if (world.now().getTime() - request.createdAt.getTime() > MOST_AGE_MS) return 'too_old';
    // A server that is not RingCentral must not get RingCentral's code, nor we theirs (RFC 9207).
    if (app?.clientId !== request.clientId) return 'failed';
    // A proxy that we call RingCentral through may hand on RingCentral's own name.
    const issuers = [new URL(app.authorizeUrl).origin, serverUrls[request.environment]];
    if (iss !== undefined && !issuers.includes(iss)) return 'failed';
    if (error !== undefined) return error === 'access_denied' ? 'denied' : 'failed';
    return code === undefined ? 'failed' : undefined;
  }

  async function sealedCodeOf({ tenantId, id, ...request }: AuthorizationRequest, code: string) {
    const plain = JSON.stringify({ code, redirectUri: request.redirectUri, receivedAt: await deps.databaseNow() });
    return sealer.seal(plain, sealContext(tenantId, id, 'authorization_code'));
  }

  return {
    /** @returns where to send the person, or when the tenant's limit allows the next try */
    async start(
      tenant: { id: string; environment: Environment },
      { personId, key }: Visit,
      language: string,
      origin: Origin,
    ): Promise<{ kind: 'leave'; url: string } | { kind: 'limited'; until: Date } | { kind: 'not_offered' }> {
      const app = appFor(tenant.environment);
      if (!app) return { kind: 'not_offered' };
      const [id, state, verifier] = [world.newId(), newToken(world), newToken(world)];
      const sealed = await sealer.seal(verifier, sealContext(tenant.id, id, 'code_verifier'));
      const now = world.now();
      const { clientId } = app;
      const request = { id, tenantId: tenant.id, personId, clientId, environment: tenant.environment, redirectUri };
      const limit = await inTenantLock(tenant.id, async ({ audit, requests }) => {
        const by = { personId };
        const until = (await waitUntil('sign_in', audit, by, now)) ?? (await waitUntil('exchange', audit, by, now));
        if (until) return until;
        await requests.add({ ...request, createdAt: now, usedAt: null }, { session: key, state }, sealed);
        const actor = { kind: 'person', id: personId } as const;
        await audit.append({ action: 'ringcentral_sign_in.started', actor, target: id, outcome: 'ok', origin });
        return null;
      });
      if (limit) return { kind: 'limited', until: limit };
      return {
        kind: 'leave',
        url: authorizeUrlOf(app, { redirectUri, state, challenge: challengeOf(verifier), language }),
      };
    },

    /** Uses up the request of this state, if it is this session's, and hands its code to the worker. */
    async receive(
      returned: Returned,
      { personId, key, gaveSecondFactor }: Visit,
      origin: Origin,
    ): Promise<CallbackOutcome> {
      const binding: Binding = { session: key, state: returned.state };
      const found = await authorizationRequestStore(db).findByState(binding);
      if (!found) return { kind: 'unknown' };
      const { request, isOurs } = found;
      if (!isOurs || request.personId !== personId) return { kind: 'elsewhere' };
      const { tenantId, id } = request;
      if (request.usedAt) return { kind: 'spent', tenantId };
      const { code = '' } = returned;
      const sealedCode = await sealedCodeOf(request, code);
      return inTenantLock(tenantId, async ({ audit, requests, tenants, onCode }) => {
        const sealedVerifier = await requests.use(id, world.now());
        if (sealedVerifier === undefined) return { kind: 'spent', tenantId };
        const actor: Actor = { kind: 'person', id: personId };
        const event = { action: 'ringcentral_sign_in.returned', actor, target: id, origin } as const;
        const refused = (because: string) => audit.append({ ...event, outcome: 'refused', detail: { because } });
        const tenant = await tenants.find(tenantId);
        const isAdmitted = tenant !== undefined && (gaveSecondFactor || !tenant.membersNeedSecondFactor);
        if (!isAdmitted || !(await tenants.mayAs('member', tenantId, personId))) {
          await refused('not_admitted');
          return { kind: 'not_admitted', tenantId };
        }
        const refusal = refusalOf(request, returned);
        if (refusal || sealedVerifier === null) {
          const because = refusal ?? 'too_old';
          await refused(because);
          return { kind: 'refused', tenantId, because };
        }
        const { environment, clientId } = request;
        const fingerprint = createHash('sha256').update(code).digest('hex');
        const sealed = { sealedCode, sealedVerifier, fingerprint };
        const of = { tenantId, id, by: { personId }, origin, environment, clientId, redirectUri: request.redirectUri };
        const queued = await onCode({ ...of, ...sealed });
        if (queued.kind === 'limited') {
          await refused('limited');
          return { kind: 'refused', tenantId, because: 'limited' };
        }
        await audit.append({ ...event, outcome: 'ok' });
        return { kind: 'queued', tenantId, requestId: queued.requestId };
      });
    },

    /** The tenant whose sign-in returns, for a person who is signed out here. Uses nothing up. */
    tenantIdOf: async (state: string): Promise<string | undefined> =>
      (await authorizationRequestStore(db).findByState({ session: '', state }))?.request.tenantId,

    /** Forgets the verifiers of requests that are too old to be used, and requests that were started long ago. */
    async prune(): Promise<void> {
      const ago = (ms: number) => new Date(world.now().getTime() - ms);
      await authorizationRequestStore(db).forgetVerifiers(ago(VERIFIER_KEPT_MS));
      await authorizationRequestStore(db).deleteStartedBefore(ago(KEPT_MS));
    },
  };
}

export type CodeFlowService = ReturnType<typeof codeFlowService>;
