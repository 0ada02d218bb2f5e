import { createHash } from 'node:crypto';
import ringcentral from '@ringcentral/sdk';
import { aRingCentralWithSignIn, codes, own, redirectUri, type Cast } from '../cast.js';

const { SDK } = ringcentral;
const verifier = 'EXAMPLEverifierEXAMPLEverifierEXAMPLEverifier';
const challenge = createHash('sha256').update(verifier).digest('base64url');

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentralWithSignIn();
});
afterEach(() => cast.emulator.close());

const asked = () => ({
  response_type: 'code',
  client_id: cast.app.clientId,
  redirect_uri: redirectUri,
  state: 'EXAMPLEstate',
  code_challenge: challenge,
  code_challenge_method: 'S256',
});
const decide = async (decision: string, more: Record<string, string> = {}) => {
  const body = new URLSearchParams({ ...asked(), user: cast.standard.id, decision, ...more });
  return fetch(`${cast.url}/restapi/oauth/authorize`, { method: 'POST', body, redirect: 'manual' });
};
const landed = (response: Response) => new URL(response.headers.get('location') ?? '').searchParams;
const exchange = (code: string, more: Record<string, string> = {}) =>
  cast.form('token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...more,
  });

it('an ordinary user authorizes the app, and the code yields tokens once', async () => {
  const page = await fetch(`${cast.url}/restapi/oauth/authorize?${new URLSearchParams(asked()).toString()}`);
  expect(await page.text()).toContain(`Let ${cast.app.name} in?`);
  const back = landed(await decide('authorize'));
  expect([back.get('state'), back.get('expires_in')]).toEqual(['EXAMPLEstate', '60']);
  const code = back.get('code') ?? '';
  const tokens = (await (await exchange(code)).json()) as Record<string, string>;
  expect(tokens).toMatchObject({ owner_id: cast.standard.id, refresh_token_expires_in: 604800 });
  expect((await cast.get(own, tokens['access_token'])).status).toBe(200);
  expect((await codes(await exchange(code)))[2]).toBe('OAU-106');
});

it('a request for discovery gets the next addresses', async () => {
  const back = landed(await decide('authorize', { discovery: 'true' }));
  expect([back.get('discovery_uri'), back.get('token_uri')]).toEqual([
    `${cast.url}/.well-known/entry-points/external`,
    `${cast.url}/restapi/oauth/token`,
  ]);
  expect(landed(await decide('authorize')).get('token_uri')).toBeNull();
});

it('a user’s refusal returns access_denied', async () => {
  expect(Object.fromEntries(landed(await decide('deny')))).toMatchObject({
    error: 'access_denied',
    state: 'EXAMPLEstate',
  });
});

const issued = (codeChallenge: string | undefined = challenge) =>
  cast.emulator.authorize({
    clientId: cast.app.clientId,
    extensionId: cast.ana.id,
    redirectUri,
    codeChallenge,
    codeChallengeMethod: 'S256',
  });

it('a code is valid for 60 seconds', async () => {
  const [early, late] = [issued(), issued()];
  cast.later(59);
  expect((await exchange(early)).status).toBe(200);
  cast.later(1);
  expect((await codes(await exchange(late)))[2]).toBe('OAU-108');
});

it.each([
  ['another redirect URI', { redirect_uri: 'https://isv.example/other' }, 'OAU-109'],
  ['another verifier', { code_verifier: `${verifier}x` }, 'OAU-106'],
  ['an invalid scope', { scope: 'NotOfTheApp' }, 'CMN-101'],
])('a code is dead after an exchange with %s', async (_name, more, code) => {
  const once = issued();
  expect((await codes(await exchange(once, more)))[2]).toBe(code);
  expect(await codes(await exchange(once))).toEqual([400, 'invalid_grant', 'OAU-106']);
});

it('a code is dead after another app or a wrong secret sent it', async () => {
  const other = cast.emulator.addApp({ grants: ['authorization_code'] });
  for (const [clientId, secret, refusal] of [
    [other.clientId, other.secret ?? '', 'OAU-110'],
    [cast.app.clientId, 'wrong', 'OAU-146'],
  ] as const) {
    const code = issued();
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    expect((await codes(await cast.form('token', fields, cast.basic(clientId, secret))))[2]).toBe(refusal);
    expect((await codes(await exchange(code)))[2]).toBe('OAU-106');
  }
});

it('a challenge needs its verifier, and a verifier its challenge', async () => {
  const without = { grant_type: 'authorization_code', code: issued(), redirect_uri: redirectUri };
  expect((await codes(await cast.form('token', without)))[2]).toBe('OAU-106');
  const code = cast.emulator.authorize({ clientId: cast.app.clientId, extensionId: cast.ana.id, redirectUri });
  expect((await codes(await exchange(code)))[2]).toBe('OAU-106');
});

it.each([
  ['refused', 200],
  ['ends_session', 401],
] as const)('a replayed code is refused; with %s its tokens then answer %i', async (replayedCode, status) => {
  cast.emulator.setSessionRules({ replayedCode });
  const code = issued();
  const { access_token: token } = (await (await exchange(code)).json()) as Record<string, string>;
  expect((await codes(await exchange(code)))[2]).toBe('OAU-106');
  expect((await cast.get(own, token)).status).toBe(status);
});

it('never redirects to an unregistered address', async () => {
  const elsewhere = await decide('authorize', { redirect_uri: 'https://elsewhere.example/' });
  expect(await codes(elsewhere)).toEqual([400, 'invalid_redirect_uri', 'OAU-109']);
  cast.emulator.updateApp(cast.app.clientId, { redirectUris: [] });
  expect(await codes(await decide('authorize'))).toEqual([403, 'invalid_client', 'OAU-113']);
});

it('RingCentral’s own SDK signs in with a code and PKCE, refreshes and signs out, unchanged', async () => {
  const { clientId, secret } = cast.app;
  const platform = new SDK({ server: cast.url, clientId, clientSecret: secret ?? '', redirectUri }).platform();
  const address = new URL(platform.loginUrl({ usePKCE: true, state: 'EXAMPLEstate' }));
  const back = landed(await decide('authorize', Object.fromEntries(address.searchParams)));
  await platform.login({ code: back.get('code') ?? '' });
  expect((await platform.get(own)).status).toBe(200);
  const before = await platform.auth().data();
  await platform.refresh();
  const after = await platform.auth().data();
  expect([after.access_token, after.refresh_token]).not.toContain(before.access_token);
  expect(after.refresh_token).not.toBe(before.refresh_token);
  expect((await platform.get(own)).status).toBe(200);
  await platform.logout();
  expect((await cast.get(own, after.access_token)).status).toBe(401);
});
