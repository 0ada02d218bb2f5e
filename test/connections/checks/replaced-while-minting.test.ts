// Also on PostgreSQL: a replacement and the late answer wait for one lock.
import type { CheckParts } from '../../../src/connections/checks/check-parts.js';
import { checkQueue } from '../../../src/connections/checks/check-queue.js';
import { tokenEvidence } from '../../../src/connections/checks/token-evidence.js';
import type { Health } from '../../../src/connections/health/health.js';
import { connectionStore, emptyConnection } from '../../../src/connections/health/connection-store.js';
import { credentialKeeper } from '../../../src/credentials/credential-service.js';
import { iso, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { realWorld } from '../../../src/platform/world.js';
import type { AccessToken, Outcome, Refused, SignInTokens } from '../../../src/ringcentral/catalogue/outcome.js';
import { endTokensOf } from '../../../src/tokens/ringcentral-sessions.js';
import { tokenService } from '../../../src/tokens/token-service.js';
import { aSessionKeeper, SIGN_IN_APP } from '../../drill/watch/session-parts.js';
import { aDayMs, connectionParts } from '../../support/connection-parts.js';
import { addCredentialRow, addTenantRow, aDatabase, aNow } from '../../support/credential-rows.js';
import { eventually } from '../../support/eventually.js';

const world = { ...realWorld, now: () => aNow };
let db: Knex;
beforeEach(async () => {
  db = await aDatabase();
  await addTenantRow(db, 'north');
  await addCredentialRow(db, 'north', 'one', 'active');
  const identity = { ownerId: '901', accountId: '7', ownerName: null, ownerExtensionNumber: null, accountName: null };
  const empty = emptyConnection('north', aNow);
  const health: Health = { ...empty.health, serving: { state: 'working', since: iso(aNow), warnings: [] } };
  const known = { state: 'healthy', cause: null, since: aNow, unverifiedAt: null, suspectSince: null } as const;
  await connectionStore(db)
    .forTenant('north')
    .save(null, { ...empty, health, identity, known });
});
afterEach(() => db.destroy());

type Method = 'JWT' | 'sign-in';
type Answer = { kind: 'accepted'; value: SignInTokens; requestId: null } | Refused;

const signedInAs = (text: string): SignInTokens & { refreshToken: Secret } => ({
  ...{ accessToken: new Secret(text), expiresInSeconds: 3600, scopes: ['ReadMessages'], ownerId: '901' },
  ...{ refreshToken: new Secret(`next ${text}`), refreshExpiresInSeconds: 604_800 },
  session: { idleSeconds: null, endsInSeconds: null },
});
const tokenOf = (text: string): Answer => ({ kind: 'accepted', value: signedInAs(text), requestId: null });

/** A refresh token for a credential; its access token is over. */
async function signIn(credentialId: string): Promise<void> {
  const keeper = aSessionKeeper(db, world, { mint: never, revoke: never });
  const tokens = { ...signedInAs('over'), refreshToken: new Secret(credentialId), expiresInSeconds: 1 };
  const of = { tenantId: 'north', credentialId, environment: 'production', clientId: SIGN_IN_APP } as const;
  const { write } = await keeper.signedIn({ ...of, tokens, askedAt: new Date(aNow.getTime() - 3_600_000) });
  await transactionOn(db)(write);
}
const never = () => Promise.reject(new Error('not asked'));

/** A broker whose calls of RingCentral end when the test says so. */
function aBroker() {
  const calls: { with: string; end: (answer: Answer) => void }[] = [];
  const called = (secret: Secret) => new Promise<Answer>((end) => void calls.push({ with: secret.reveal(), end }));
  const sessions = aSessionKeeper(db, world, {
    mint: ({ assertion }): Promise<Outcome<AccessToken>> => called(assertion),
    refresh: ({ refreshToken }) => called(refreshToken),
    revoke: () => Promise.resolve({ kind: 'accepted', value: null, requestId: null }),
  });
  const parts = {
    db,
    world,
    transaction: transactionOn(db),
    ...connectionParts(world),
    checkEveryMs: () => Promise.resolve(aDayMs),
    environmentOf: () => Promise.resolve('production'),
    confirmMs: 180_000,
    poke: () => undefined,
  };
  const service = tokenService({
    ...tokenEvidence(parts as unknown as CheckParts),
    db,
    world,
    sessions,
    identity: () => Promise.reject(new Error('not asked')),
    openAssertion: (_tenantId, credentialId) => Promise.resolve(new Secret(credentialId)),
    log: { error: () => undefined },
  });
  return {
    ask: () => service.currentToken({ tenantId: 'north' }),
    /** The call of RingCentral with this credential, once it has begun. */
    callWith: async (credentialId: string) => {
      await eventually(`RingCentral is asked with ${credentialId}`, () =>
        Promise.resolve(calls.some((call) => call.with === credentialId)),
      );
      return calls.find((call) => call.with === credentialId)!;
    },
  };
}

/** Credential two takes the place of credential one, and its next check is planned for tomorrow. */
async function replace(by: Method): Promise<void> {
  await addCredentialRow(db, 'north', 'two');
  if (by === 'sign-in') await signIn('two');
  await transactionOn(db)(async (trx) => {
    const keeper = credentialKeeper({ db: trx, world, opener: { open: never }, onEnded: endTokensOf });
    await keeper.activate(trx, 'north', 'two');
    const tomorrow = new Date(aNow.getTime() + aDayMs);
    await checkQueue(trx, world).forTenant('north').add({
      credentialId: 'two',
      trigger: 'schedule',
      priority: 'background',
      requestedBy: null,
      dueAt: tomorrow,
      inconclusiveStreak: 0,
    });
  });
}

describe.each<[Method, Method]>([
  ['JWT', 'JWT'],
  ['sign-in', 'sign-in'],
  ['sign-in', 'JWT'],
  ['JWT', 'sign-in'],
])('a %s that is replaced by a %s while a token is requested with it', (method, by) => {
  beforeEach(() => (method === 'sign-in' ? signIn('one') : undefined));

  it('the late token is neither kept nor given: the job gets one of the new credential', async () => {
    const { ask, callWith } = aBroker();
    const asked = ask();
    const first = await callWith('one');
    await replace(by);
    first.end(tokenOf('of one'));
    (await callWith('two')).end(tokenOf('of two'));
    const answer = await asked;
    expect(answer).toMatchObject({ kind: 'token', session: { credentialId: 'two' } });
    expect(answer.kind === 'token' && answer.session.accessToken.reveal()).toBe('of two');
    const kept = await db('access_tokens').where({ tenant_id: 'north' }).whereNotNull('serves_until');
    expect(kept).toMatchObject([{ credential_id: 'two' }]);
    expect(await db('access_token_secrets').pluck('id')).toEqual(kept.map(({ id }: { id: string }) => id));
    if (method !== 'sign-in') return;
    // Nothing else would end its session before a week. The refresh token waits for that, and no one has a claim to it.
    const ended = await db('refresh_tokens').where({ tenant_id: 'north', is_ended: true });
    expect(ended).toMatchObject([{ credential_id: 'one', attempt_id: null, leased_until: null }]);
  });

  it('its late refusal is told to no one else, and neither doubts nor hurries the new credential', async () => {
    const { ask, callWith } = aBroker();
    const early = ask();
    const first = await callWith('one');
    await replace(by);
    const before = await db('connections').where({ tenant_id: 'north' });
    const requests = await db('check_requests').where({ credential_id: 'two' });
    const late = ask();
    const cause = method === 'JWT' ? 'credential_rejected' : 'sign_in_again';
    first.end({ kind: 'refused', cause, codes: ['OAU-215'], status: 400, requestId: null });
    expect(await early).toMatchObject({ kind: 'later', because: method === 'JWT' ? cause : 'busy' });
    expect(await db('connections').where({ tenant_id: 'north' })).toEqual(before);
    expect(await db('check_requests').where({ credential_id: 'two' })).toEqual(requests);
    (await callWith('two')).end(tokenOf('of two'));
    expect(await late).toMatchObject({ kind: 'token', session: { credentialId: 'two' } });
    expect(await ask()).toMatchObject({ kind: 'token', session: { credentialId: 'two' } });
  });
});
