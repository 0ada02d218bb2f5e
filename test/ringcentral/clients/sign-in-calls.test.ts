import { createHash } from 'node:crypto';
import { createEmulator, type Emulator } from '../../../src/emulator/emulator.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { realWorld } from '../../../src/platform/world.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import { fixedSecret } from '../../../src/ringcentral/clients/client-secret.js';
import { createRingCentralClient } from '../../../src/ringcentral/clients/ringcentral-client.js';
import { createAppTokenClient } from '../../../src/ringcentral/clients/token-client.js';
import { aMigratedDatabase } from '../../support/database/databases.js';

const log = { warn: () => undefined, error: () => undefined };
const redirectUri = 'https://isv.example/oauth/callback';
const verifier = 'EXAMPLEverifierEXAMPLEverifierEXAMPLEverifier';
const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
const place = { environment: 'production', lane: 'interactive', tenantId: 'north' } as const;

let emulator: Emulator;
let db: Knex;
beforeEach(async () => {
  emulator = createEmulator({ limits: 'generous' });
  await emulator.listen();
  db = await aMigratedDatabase();
});
afterEach(async () => {
  await emulator.close();
  await db.destroy();
});

/** The ISV's two apps at RingCentral, or one that is both. */
function theApps({
  isOne = false,
  secret,
  perMinute = 50,
}: { isOne?: boolean; secret?: string; perMinute?: number } = {}) {
  const forJwt = emulator.addApp();
  const signIn = isOne ? forJwt : emulator.addApp();
  emulator.updateApp(signIn.clientId, {
    grants: ['jwt', 'authorization_code'],
    issueRefreshTokens: true,
    redirectUris: [redirectUri],
  });
  const account = emulator.addAccount();
  const ana = emulator.addExtension({ accountId: account.id });
  const { jwt } = emulator.createJwt({ extensionId: ana.id, clientIds: [forJwt.clientId] });
  const client = createRingCentralClient({
    apps: {
      production: {
        clientId: forJwt.clientId,
        secret: { current: fixedSecret(forJwt.secret!) },
        serverUrl: emulator.url,
      },
    },
    signInApps: {
      production: { clientId: signIn.clientId, secret: { current: fixedSecret(secret ?? signIn.secret!) } },
    },
    callbackUrl: redirectUri,
    requiredScopes: ['ReadAccounts', 'ReadMessages'],
    budget: createAuthBudget({ db, world: realWorld, log, scope: 'app', perMinute }),
    world: realWorld,
    userAgent: 'Latchkey/0.0.0',
  });
  const aCode = () => {
    const { clientId } = signIn;
    const method = { codeChallenge, codeChallengeMethod: 'S256' };
    return new Secret(emulator.authorize({ clientId, extensionId: ana.id, redirectUri, ...method }));
  };
  const exchange = (code = aCode(), codeVerifier = new Secret(verifier)) =>
    client.exchangeCode({ ...place, code, redirectUri, codeVerifier });
  const mint = () => client.mint({ ...place, assertion: new Secret(jwt) });
  return { forJwt, signIn, account, ana, client, aCode, exchange, mint };
}

async function tokensOf({ exchange }: ReturnType<typeof theApps>) {
  const answer = await exchange();
  if (answer.kind !== 'accepted' || !answer.value.refreshToken) throw new Error(JSON.stringify(answer));
  return { ...answer.value, refreshToken: answer.value.refreshToken };
}

it('a code becomes an access token and a refresh token, which becomes the next ones', async () => {
  const apps = theApps();
  const first = await tokensOf(apps);
  expect(first).toMatchObject({ ownerId: apps.ana.id, expiresInSeconds: 3600, refreshExpiresInSeconds: 604_800 });
  expect(first.session).toEqual({ idleSeconds: null, endsInSeconds: null });
  const next = await apps.client.refresh({ ...place, refreshToken: first.refreshToken });
  if (next.kind !== 'accepted') throw new Error(next.kind);
  expect(next.value.refreshToken?.reveal()).not.toBe(first.refreshToken.reveal());
  const access = { environment: 'production', ownerId: apps.ana.id, app: 'sign_in' } as const;
  const before = { ...access, accessToken: first.accessToken };
  expect(await apps.client.identity({ ...access, accessToken: next.value.accessToken })).toMatchObject({
    kind: 'accepted',
  });
  expect(await apps.client.identity(before)).toMatchObject({ kind: 'token_rejected' });
  await apps.client.close();
});

it('a code that was used, is wrong, or comes with another verifier asks for a new sign-in', async () => {
  const { client, aCode, exchange } = theApps();
  const code = aCode();
  await exchange(code);
  for (const answer of [
    await exchange(code),
    await exchange(new Secret('EXAMPLEcode')),
    await exchange(aCode(), new Secret('another'.repeat(7))),
  ])
    expect(answer).toMatchObject({ kind: 'refused', cause: 'sign_in_again', codes: ['OAU-106'] });
  await client.close();
});

it('a refresh token of an ended session asks for a new sign-in', async () => {
  const apps = theApps();
  const { refreshToken } = await tokensOf(apps);
  const revoked = await apps.client.revoke({ ...place, token: refreshToken, app: 'sign_in' });
  expect(revoked).toMatchObject({ kind: 'accepted' });
  const answer = await apps.client.refresh({ ...place, refreshToken });
  expect(answer).toMatchObject({ kind: 'refused', cause: 'sign_in_again' });
  await apps.client.close();
});

it('an app that is set up wrong is not the fault of a code', async () => {
  const { client, exchange, mint } = theApps({ secret: 'EXAMPLEwrong' });
  expect(await exchange()).toMatchObject({ kind: 'refused', cause: 'app_misconfigured', codes: ['OAU-146'] });
  expect(await mint()).toMatchObject({ kind: 'accepted' });
  await client.close();
});

it('an app for both has one secret: that of the app for JWTs', async () => {
  const { client, exchange, mint } = theApps({ isOne: true, secret: 'EXAMPLEunused' });
  expect(await exchange()).toMatchObject({ kind: 'accepted' });
  expect(await mint()).toMatchObject({ kind: 'accepted' });
  await client.close();
});

it('each app has its own budget, and an app for both has one', async () => {
  const now = { ...place, maxWaitMs: 0 };
  for (const [isOne, kind] of [
    [false, 'accepted'],
    [true, 'wait'],
  ] as const) {
    const { client } = theApps({ isOne, perMinute: 1 });
    expect(await client.probeApp(now)).toMatchObject({ kind: 'accepted' });
    expect((await client.probeApp({ ...now, app: 'sign_in' })).kind).toBe(kind);
    await client.close();
  }
});

it('an invalid code shows whether the sign-in app is set up', async () => {
  const { client, signIn } = theApps();
  const probe = () => client.probeApp({ ...place, app: 'sign_in' });
  expect(await probe()).toMatchObject({ kind: 'accepted', value: { codes: ['OAU-106'] } });
  emulator.updateApp(signIn.clientId, { grants: ['jwt'] });
  expect(await probe()).toMatchObject({ cause: 'app_misconfigured', codes: ['OAU-251'] });
  expect(await client.probeApp(place)).toMatchObject({ kind: 'accepted' });
  await client.close();
});

it('a token from a JWT has no refresh token, and one of a sign-in lives as long as RingCentral allows', async () => {
  const sent: string[] = [];
  const client = createAppTokenClient({
    app: { clientId: 'EXAMPLEid', secret: { current: fixedSecret('EXAMPLEsecret') }, serverUrl: 'https://rc.example' },
    requiredScopes: ['ReadMessages'],
    budget: { run: async (_ask, send) => ({ kind: 'sent', value: (await send()).value }) },
    call: ({ body = '' }) => {
      sent.push(body);
      return Promise.resolve({ kind: 'failure', failure: 'network' });
    },
  });
  const { lane, tenantId } = place;
  await client.mint({ lane, tenantId, assertion: new Secret('a.b.c') });
  await client.exchangeCode({
    ...{ lane, tenantId, code: new Secret('EXAMPLEcode') },
    ...{ redirectUri, codeVerifier: new Secret(verifier), endpointId: 'latchkey-north' },
  });
  await client.refresh({ lane, tenantId, refreshToken: new Secret('EXAMPLErefresh') });
  expect(sent.map((body) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'a.b.c',
      scope: 'ReadMessages',
      refresh_token_ttl: '0',
    },
    {
      grant_type: 'authorization_code',
      code: 'EXAMPLEcode',
      redirect_uri: redirectUri,
      code_verifier: verifier,
      access_token_ttl: '3600',
      endpoint_id: 'latchkey-north',
    },
    { grant_type: 'refresh_token', refresh_token: 'EXAMPLErefresh', access_token_ttl: '3600' },
  ]);
});

it.each([
  [{ remove: ['refresh_token'] }, { refreshToken: null }],
  [{ remove: ['refresh_token_expires_in'] }, { refreshExpiresInSeconds: null }],
  [{ set: { refresh_token_expires_in: 0 } }, { refreshExpiresInSeconds: null }],
  [{ set: { refresh_token_expires_in: 1e12 } }, { refreshExpiresInSeconds: 2_592_000 }],
  // We ask for 3,600 s, the longest life: a longer one would put off the next refresh.
  [{ set: { expires_in: 3601 } }, { expiresInSeconds: 3600 }],
  [{ set: { expires_in: 1e12 } }, { expiresInSeconds: 3600 }],
  [{ set: { expires_in: 0 } }, { expiresInSeconds: 600 }],
  [{ remove: ['expires_in'] }, { expiresInSeconds: 600 }],
  [{ set: { session_idle_timeout: 3600 } }, { session: { idleSeconds: 3600, endsInSeconds: null } }],
  // More than a database's integer or a date can hold.
  [{ set: { session_idle_timeout: 1e12 } }, { session: { idleSeconds: 2_000_000_000, endsInSeconds: null } }],
  [{ set: { session_expires_in: 1e18 } }, { session: { idleSeconds: null, endsInSeconds: 2_000_000_000 } }],
  [{ set: { session_expires_in: 86_400 } }, { session: { idleSeconds: null, endsInSeconds: 86_400 } }],
])('an answer with %j is read with %j', async (change, read) => {
  const { client, exchange } = theApps();
  emulator.faults.add({ kind: 'changed_members', count: 1, ...change });
  expect(await exchange()).toMatchObject({ kind: 'accepted', value: read });
  await client.close();
});

it.each(['', 'r'.repeat(4097), 12345, { token: 'EXAMPLE' }])(
  'an answer with a refresh token that cannot be stored is unreadable, because RingCentral has rotated it',
  async (refresh_token) => {
    const { client, exchange } = theApps();
    emulator.faults.add({ kind: 'changed_members', count: 1, set: { refresh_token } });
    expect(await exchange()).toMatchObject({ kind: 'inconclusive', cause: 'ringcentral_unavailable' });
    await client.close();
  },
);

it('an answer that names no user has no usable token', async () => {
  const { client, exchange } = theApps();
  emulator.faults.add({ kind: 'changed_members', count: 1, remove: ['owner_id'] });
  expect(await exchange()).toMatchObject({ kind: 'inconclusive', cause: 'ringcentral_unavailable' });
  await client.close();
});
