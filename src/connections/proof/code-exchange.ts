import type { CredentialKeeper } from '../../credentials/credential-service.js';
import type { Credential } from '../../credentials/credential-types.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { inLock } from '../../platform/database/lock.js';
import type { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import type { SignInTokens } from '../../ringcentral/catalogue/outcome.js';
import type { TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import type { Environment } from '../../ringcentral/environments.js';
import { endpointIdOf, type RingCentralSessions } from '../../tokens/ringcentral-sessions.js';
import type { RingCentralSession } from '../../tokens/token-types.js';
import type { Cause } from '../health/causes.js';
import { ended, unsuccessful, type Judged, type Step } from './judged.js';

type Deps = {
  transaction: Transaction;
  world: Pick<World, 'now'>;
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
/** A code goes before everything else that waits for the auth budget. */
const BEFORE_OTHERS_MS = HOUR_MS;
const END_WAIT_MS = 20_000;
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
    find: (id: string) => credentials.findWithin(trx, tenantId, id),
    takeCode: (id: string) => credentials.takeCode(trx, tenantId, id),
    setExpiry: (id: string, expiresAt: Date | null) => credentials.setExpiry(trx, tenantId, id, expiresAt),
    write: (stored: { write: (trx: Knex) => Promise<void> }) => stored.write(trx),
  }));

  const takeCode = ({ tenantId, id }: Credential): Promise<boolean> =>
    inTenantLock(tenantId, async ({ find, takeCode }) => (await find(id))?.status === 'pending' && takeCode(id));

  async function end(place: { tenantId: string; environment: Environment }, token: Secret): Promise<void> {
    await ringcentral.revoke({ ...place, token, app: 'sign_in', lane: 'interactive', maxWaitMs: END_WAIT_MS });
  }

  return async (credential: Credential, environment: Environment): Promise<Exchanged> => {
    const { id: credentialId, tenantId, clientId, submittedAt } = credential;
    const leftMs = submittedAt.getTime() + CODE_LIVES_MS - world.now().getTime();
    const received = leftMs > 0 ? await credentials.openCode(tenantId, credentialId) : null;
    // The code is deleted before it is sent: after a crash here, it is not sent again.
    const isTaken = received !== null && (await takeCode(credential));
    if (!isTaken || clientId === null) return spentFor('sign_in_again', 'local');
    let askedAt = world.now();
    const answer = await ringcentral.exchangeCode({
      ...received,
      environment,
      tenantId,
      lane: 'interactive',
      since: new Date(submittedAt.getTime() - BEFORE_OTHERS_MS),
      maxWaitMs: leftMs,
      endpointId: endpointIdOf(tenantId),
      onSend: () => {
        askedAt = world.now();
      },
    });
    if (answer.kind === 'wait') return spentFor('sign_in_again', 'local');
    if (answer.kind === 'refused') return { kind: 'spent', judged: { ...unsuccessful(answer, 'mint'), isSpent: true } };
    if (answer.kind === 'inconclusive') {
      // No answer says anything about our app, so this one is not counted as such.
      const { verdict: _unclear, ...unanswered } = unsuccessful(answer, 'local');
      const verdict = { kind: 'refused', cause: 'sign_in_again' } as const;
      return { kind: 'spent', judged: { ...unanswered, verdict, retryAfterMs: null, isSpent: true } };
    }
    const { value, requestId } = answer;
    const place = { tenantId, environment };
    const { refreshToken } = value;
    if (refreshToken === null || isTooShort(value.session)) {
      await end(place, refreshToken ?? value.accessToken);
      // Without a refresh token our app is not set up for new sign-ins. Those that work go on, so it is no incident.
      return refreshToken === null ? spentFor('app_misconfigured', 'local') : spentFor('session_too_short', 'mint');
    }
    const { endsInSeconds } = value.session;
    const expiresAt = endsInSeconds === null ? null : new Date(askedAt.getTime() + endsInSeconds * 1000);
    const of = { tenantId, credentialId, environment, clientId };
    const stored = await deps.tokens.signedIn({ ...of, tokens: { ...value, refreshToken }, askedAt });
    const isStored = await inTenantLock(tenantId, async ({ find, setExpiry, write }) => {
      if ((await find(credentialId))?.status !== 'pending') return false;
      await setExpiry(credentialId, expiresAt);
      await write(stored);
      return true;
    });
    if (isStored) return { kind: 'session', session: stored.session, expiresAt, requestId };
    await end(place, refreshToken);
    return { kind: 'gone' };
  };
};

const spentFor = (cause: Cause, step: Step): Exchanged => ({
  kind: 'spent',
  judged: { ...ended({ kind: 'refused', cause }, { step }), isSpent: true },
});
