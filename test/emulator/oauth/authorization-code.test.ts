import { createHash } from 'node:crypto';
import ringcentral from '@ringcentral/sdk';
import { aRingCentral, codes, own, type Cast } from '../cast.js';

const { SDK } = ringcentral;
const redirectUri = 'https://isv.example/callback';
const verifier = 'EXAMPLEverifierEXAMPLEverifierEXAMPLEverifier';
const challenge = createHash('sha256').update(verifier).digest('base64url');

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
  cast.emulator.updateApp(cast.app.clientId, {
    grants: ['jwt', 'authorization_code'],
    issueRefreshTokens: true,
    redirectUris: [redirectUri],
  });
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
  expect(await codes(await exchange(code, { code_verifier: 'wrong' }))).toEqual([400, 'invalid_grant', 'OAU-106']);
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

it('a code is valid for 60 seconds, one app and one redirect URI', async () => {
  const code = cast.emulator.authorize({ clientId: cast.app.clientId, extensionId: cast.ana.id, redirectUri });
  const other = cast.emulator.addApp({ grants: ['authorization_code'] });
  const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
  const foreign = await cast.form('token', fields, cast.basic(other.clientId, other.secret ?? ''));
  expect((await codes(foreign))[2]).toBe('OAU-110');
  expect((await codes(await exchange(code, { redirect_uri: 'https://isv.example/other' })))[2]).toBe('OAU-109');
  cast.later(60);
  expect((await codes(await exchange(code)))[2]).toBe('OAU-108');
});

it('never redirects to an unregistered address', async () => {
  expect((await codes(await decide('authorize', { redirect_uri: 'https://elsewhere.example/' })))[2]).toBe('OAU-109');
  cast.emulator.updateApp(cast.app.clientId, { redirectUris: [] });
  expect(await codes(await decide('authorize'))).toEqual([403, 'invalid_request', 'OAU-113']);
});

it('RingCentral’s own SDK signs in with a code and PKCE', async () => {
  const { clientId, secret } = cast.app;
  const platform = new SDK({ server: cast.url, clientId, clientSecret: secret ?? '', redirectUri }).platform();
  const address = new URL(platform.loginUrl({ usePKCE: true, state: 'EXAMPLEstate' }));
  const back = landed(await decide('authorize', Object.fromEntries(address.searchParams)));
  await platform.login({ code: back.get('code') ?? '' });
  expect((await platform.get(own)).status).toBe(200);
});
