import { auditStore } from '../../audit/audit-store.js';
import type { CredentialKeeper } from '../../credentials/credential-service.js';
import type { Credential } from '../../credentials/credential-types.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import type { SignInTokens } from '../../ringcentral/catalogue/outcome.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { ReadTenants } from '../../tenants/tenant-reader.js';
import { signInOf } from '../../tokens/refresh/sign-in-reader.js';
import { endpointIdOf } from '../../tokens/ringcentral-session-limit.js';
import { endTokensOf, type RingCentralSessions } from '../../tokens/ringcentral-sessions.js';
import type { RingCentralSession } from '../../tokens/token-types.js';
import type { Cause } from '../health/causes.js';
import type { CheckDetail } from '../health/check-types.js';
import { ended, unsuccessful, type Judged, type Step } from './judged.js';

type Deps = {
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  /** In milliseconds. The web process that received the code noted this time, and its own clock may be wrong. */
  databaseNow: () => Promise<number>;
  /** The client ID of the app with which people sign in; null if none is configured. */
  signInClientId: (environment: Environment) => string | null;
  tenants: ReadTenants;
  ringcentral: Pick<TokenClient, 'exchangeCode' | 'revoke'>;
  credentials: Pick<CredentialKeeper, 'findWithin' | 'openCode' | 'takeCode' | 'setExpiry'>;
  tokens: Pick<RingCentralSessions, 'signedIn'>;
};

/** What became of a code. */
export type Exchanged =
  /** The refresh token and this session's access token are kept. */
  | { kind: 'session'; session: RingCentralSession; expiresAt: Date | null; requestId: string | null }
  /** The code is spent, and there is nothing to keep. */
  | { kind: 'spent'; judged: Judged }
  /** The credential was replaced meanwhile. */
  | { kind: 'gone' };

const HOUR_MS = 3_600_000;
/** RingCentral accepts a code for 60 s, and the request with it needs time to arrive. */
const CODE_LIVES_MS = 55_000;
/** A session without a refresh token ends within the hour by itself. */
const END_WAIT_MS = 5_000;
/** An idle session must last from one daily renewal to the next. */
const LEAST_IDLE_MS = 26 * HOUR_MS;
const LEAST_LIFE_MS = 30 * 24 * HOUR_MS;

type Limits = SignInTokens['session'];

/** Whether the account's limits end a session so soon that people would have to sign in again and again. */
export const isTooShort = ({ idleSeconds, endsInSeconds }: Limits): boolean =>
  (idleSeconds !== null && idleSeconds * 1000 < LEAST_IDLE_MS) ||
  (endsInSeconds !== null && endsInSeconds * 1000 < LEAST_LIFE_MS);

/**
 * Exchanges the code of a sign-in for its tokens, once. RingCentral accepts a code once, whatever it answers, so a code
 * without a clear answer is spent too, and the person signs in again.
 */
export const codeExchange = (deps: Deps) => {
  const { world, ringcentral, credentials } = deps;
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    isPending: async (id: string) => (await credentials.findWithin(trx, tenantId, id))?.status === 'pending',
    mayConnect: (personId: string) => deps.tenants(trx).mayAs('member', tenantId, personId),
    isStored: async (id: string) => (await signInOf(trx, tenantId, id)) !== undefined,
    takeCode: (id: string) => credentials.takeCode(trx, tenantId, id),
    setExpiry: (id: string, expiresAt: Date | null) => credentials.setExpiry(trx, tenantId, id, expiresAt),
    endTokens: (id: string) => endTokensOf(trx, tenantId, id),
    ...boundTo(trx, { write: (to: Knex, stored: Stored) => stored.write(to) }),
  }));

  /** Deletes the code before it is sent: after a crash, it is not sent again. @returns whether it may be sent */
  const takeCode = ({ tenantId, id, submittedBy }: Credential): Promise<boolean> =>
    inTenantLock(tenantId, async ({ audit, isPending, mayConnect, takeCode }) => {
      if (!(await isPending(id)) || !(await takeCode(id))) return false;
      if (await mayConnect(submittedBy)) return true;
      const event = { action: 'ringcentral_sign_in.returned', actor: { kind: 'portal' }, target: id } as const;
      await audit.append({ ...event, outcome: 'refused', detail: { because: 'not_admitted' } });
      return false;
    });

  /** The code, if RingCentral would accept it, from our app of today. */
  async function open({ tenantId, id, clientId, submittedAt }: Credential, environment: Environment) {
    if (clientId === null || deps.signInClientId(environment) !== clientId) return null;
    // Whatever the clocks of two machines say: no key is needed to give this one up.
    if (world.now().getTime() - submittedAt.getTime() > HOUR_MS) return null;
    const received = await credentials.openCode(tenantId, id);
    if (received === null) return null;
    const leftMs = received.receivedAt + CODE_LIVES_MS - (await deps.databaseNow());
    return leftMs > 0 ? { ...received, clientId, leftMs } : null;
  }

  async function end({ tenantId }: Credential, environment: Environment, token: Secret): Promise<void> {
    const place = { tenantId, environment, lane: 'interactive', maxWaitMs: END_WAIT_MS } as const;
    await ringcentral.revoke({ ...place, token, app: 'sign_in' });
  }

  /**
   * The database failed, so no one else would end the session, which RingCentral keeps open for a week. If it was
   * stored all the same, it goes on.
   */
  async function endUnstored(credential: Credential, environment: Environment, token: Secret): Promise<void> {
    const isStored = await inTenantLock(credential.tenantId, ({ isStored }) => isStored(credential.id));
    if (!isStored) await end(credential, environment, token);
  }

  return async (credential: Credential, environment: Environment): Promise<Exchanged> => {
    const { id: credentialId, tenantId } = credential;
    const received = await open(credential, environment);
    if (received === null) return unanswered();
    if (!(await takeCode(credential))) return spentFor('sign_in_again', 'local');
    const { clientId, leftMs, code, redirectUri, codeVerifier } = received;
    let askedAt = world.now();
    const answer = await ringcentral.exchangeCode({
      ...{ code, redirectUri, codeVerifier, environment, tenantId, lane: 'code' },
      since: new Date(askedAt.getTime() - (CODE_LIVES_MS - leftMs)),
      maxWaitMs: leftMs,
      endpointId: endpointIdOf(credentialId),
      onSend: () => {
        askedAt = world.now();
      },
    });
    if (answer.kind === 'wait') return unanswered();
    if (answer.kind === 'refused') return { kind: 'spent', judged: { ...unsuccessful(answer, 'mint'), isSpent: true } };
    if (answer.kind === 'inconclusive') {
      // No answer says anything about our app, so this one is not counted as such.
      return unanswered(unsuccessful(answer, 'local').detail);
    }
    const { value, requestId } = answer;
    const { refreshToken } = value;
    if (refreshToken === null) {
      await end(credential, environment, value.accessToken);
      // Our app is not set up for new sign-ins. Those that work go on, so nothing waits until it is.
      const { judged } = spentFor('app_misconfigured', 'local');
      return { kind: 'spent', judged: { ...judged, refreshToken: 'missing' } };
    }
    const { endsInSeconds } = value.session;
    const expiresAt = endsInSeconds === null ? null : new Date(askedAt.getTime() + endsInSeconds * 1000);
    const of = { tenantId, credentialId, environment, clientId };
    const isWanted = !isTooShort(value.session);
    const keep = async () => {
      const stored = await deps.tokens.signedIn({ ...of, tokens: { ...value, refreshToken }, askedAt });
      const isKept = await inTenantLock(tenantId, async ({ isPending, setExpiry, write, endTokens }) => {
        const isKept = isWanted && (await isPending(credentialId));
        await write(stored);
        if (isKept) await setExpiry(credentialId, expiresAt);
        else await endTokens(credentialId); // housekeeping ends the session, and tries until it has
        return isKept;
      });
      return { isKept, stored };
    };
    const { isKept, stored } = await keep().catch(async (error: unknown) => {
      await endUnstored(credential, environment, value.accessToken).catch(() => undefined);
      throw error; // the check fails, and the next one asks to sign in again
    });
    if (isKept) return { kind: 'session', session: stored.session, expiresAt, requestId };
    return isWanted ? { kind: 'gone' } : spentFor('session_too_short', 'mint');
  };
};

type Stored = Awaited<ReturnType<RingCentralSessions['signedIn']>>;

const spentFor = (cause: Cause, step: Step, detail: CheckDetail = {}): Exchanged & { kind: 'spent' } => ({
  kind: 'spent',
  judged: { ...ended({ kind: 'refused', cause }, { ...detail, step }), isSpent: true },
});

/** The person signs in again, but has done nothing wrong. */
const unanswered = (detail?: CheckDetail): Exchanged =>
  spentFor('sign_in_again', 'local', { ...detail, unanswered: true });
