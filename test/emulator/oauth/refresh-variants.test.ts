import { aRingCentralWithSignIn, codes, own, redirectUri, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentralWithSignIn();
});
afterEach(() => cast.emulator.close());

type Tokens = Record<string, string>;
const renew = (refreshToken: string | undefined) =>
  cast.form('token', { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' });
const renewed = async (tokens: Tokens) => (await (await renew(tokens['refresh_token'])).json()) as Tokens;
const status = async (tokens: Tokens) => (await cast.get(own, tokens['access_token'])).status;
async function signIn(): Promise<Tokens> {
  const code = cast.emulator.authorize({ clientId: cast.app.clientId, extensionId: cast.ana.id, redirectUri });
  const answer = await cast.form('token', { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  return (await answer.json()) as Tokens;
}

it('grace other_refresh_token: the old token gets the same access token with another refresh token', async () => {
  cast.emulator.setSessionRules({ graceAnswer: 'other_refresh_token' });
  const first = await cast.mint();
  const lost = await renewed(first);
  const again = await renewed(first);
  expect(again['access_token']).toBe(lost['access_token']);
  expect(again['refresh_token']).not.toBe(lost['refresh_token']);
  expect((await codes(await renew(lost['refresh_token'])))[2]).toBe('OAU-213');
  expect((await renew(again['refresh_token'])).status).toBe(200);
});

it('grace other_tokens: the old token gets new tokens each time, and the ones before them end', async () => {
  cast.emulator.setSessionRules({ graceAnswer: 'other_tokens' });
  const first = await cast.mint();
  const lost = await renewed(first);
  const again = await renewed(first);
  const third = await renewed(first);
  expect(await Promise.all([lost, again, third].map(status))).toEqual([401, 401, 200]);
  expect((await codes(await renew(lost['refresh_token'])))[2]).toBe('OAU-213');
  expect((await renew(third['refresh_token'])).status).toBe(200);
});

it.each([
  ['refused', 200],
  ['ends_session', 401],
] as const)(
  'an old refresh token after its grace is refused; with %s the session’s tokens then answer %i',
  async (reusedRefreshToken, answer) => {
    cast.emulator.setSessionRules({ reusedRefreshToken });
    const first = await cast.mint();
    const second = await renewed(first);
    await status(second);
    cast.later(10);
    expect(await codes(await renew(first['refresh_token']))).toEqual([400, 'invalid_grant', 'OAU-213']);
    expect(await status(second)).toBe(answer);
    expect((await renew(second['refresh_token'])).status).toBe(answer === 200 ? 200 : 400);
  },
);

it('grace refused: the old token is unknown at once', async () => {
  cast.emulator.setSessionRules({ graceAnswer: 'refused' });
  const first = await cast.mint();
  await renewed(first);
  expect(await codes(await renew(first['refresh_token']))).toEqual([400, 'invalid_grant', 'OAU-213']);
});

it('without rotation a refresh answers without a refresh token, and the old one stays valid', async () => {
  cast.emulator.setSessionRules({ rotates: false });
  const first = await cast.mint();
  const second = await renewed(first);
  expect([second['refresh_token'], await status(first), await status(second)]).toEqual([undefined, 401, 200]);
  expect(await status(await renewed(first))).toBe(200);
});

it('an answer that is lost after the rotation leaves the new tokens to the grace period', async () => {
  const first = await cast.mint();
  cast.emulator.faults.add({ kind: 'answer_lost', call: 'token', count: 1 });
  expect(await codes(await renew(first['refresh_token']))).toEqual([500, 'server_error', 'CMN-999']);
  expect(await status(first)).toBe(401);
  expect(await status(await renewed(first))).toBe(200);
});

it('a fault leaves expires_in out, or sets it to zero or to a huge number', async () => {
  const { faults } = cast.emulator;
  for (const change of [{ remove: ['expires_in'] }, { set: { expires_in: 0 } }, { set: { expires_in: 1e15 } }])
    faults.add({ kind: 'changed_members', call: 'token', count: 1, ...change });
  const seen = [await cast.mint(), await cast.mint(), await cast.mint()].map((tokens) => tokens['expires_in']);
  expect(seen).toEqual([undefined, 0, 1e15]);
});

it('an absolute session limit is reported and ends the session, however often it is refreshed', async () => {
  cast.clinic.sessionAbsoluteSeconds = 5000;
  const first = await signIn();
  const end = '2026-09-02T10:23:20.000Z';
  expect(first).toMatchObject({ session_expires_in: 5000, session_expiration_time: end });
  cast.later(3000);
  const second = await renewed(first);
  expect(second).toMatchObject({ session_expires_in: 2000, session_expiration_time: end });
  cast.later(2000);
  expect(await status(second)).toBe(401);
  expect(await codes(await renew(second['refresh_token']))).toEqual([400, 'invalid_grant', 'OAU-210']);
});

it('an idle session limit is reported and counts from the last call', async () => {
  cast.clinic.sessionIdleSeconds = 600;
  const tokens = await signIn();
  expect(tokens).toMatchObject({ session_idle_timeout: 600 });
  cast.later(599);
  expect(await status(tokens)).toBe(200);
  cast.later(599);
  expect(await status(tokens)).toBe(200);
  cast.later(600);
  expect((await codes(await renew(tokens['refresh_token'])))[2]).toBe('OAU-210');
});

it('a session that reached its limit takes no place of the five', async () => {
  const others = [];
  for (let count = 0; count < 4; count += 1) others.push(await signIn());
  cast.clinic.sessionIdleSeconds = 600;
  const limited = await signIn();
  cast.clinic.sessionIdleSeconds = null;
  cast.later(600);
  const sixth = await signIn();
  expect(await status(limited)).toBe(401);
  expect(await Promise.all([...others, sixth].map(status))).toEqual([200, 200, 200, 200, 200]);
});

it('an account without limits reports none, and a variant leaves the sessions of JWTs without them', async () => {
  expect(await signIn()).not.toHaveProperty('session_expires_in');
  cast.clinic.sessionIdleSeconds = 600;
  expect(await cast.mint()).toHaveProperty('session_idle_timeout');
  cast.emulator.setSessionRules({ limitsApplyTo: 'sign_ins' });
  expect(await cast.mint()).not.toHaveProperty('session_idle_timeout');
  expect(await signIn()).toHaveProperty('session_idle_timeout');
});

it('a changed password ends the sessions of sign-ins, and by variant those of JWTs', async () => {
  const [signedIn, minted] = [await signIn(), await cast.mint()];
  cast.emulator.changePassword(cast.ana.id);
  expect([await status(signedIn), await status(minted)]).toEqual([401, 200]);
  expect((await codes(await renew(signedIn['refresh_token'])))[2]).toBe('OAU-211');
  cast.emulator.setSessionRules({ passwordEnds: 'every_session' });
  cast.emulator.changePassword(cast.ana.id);
  expect(await status(minted)).toBe(401);
});

it('refresh_token_ttl sets the life of the refresh token; by variant 0 is not honored', async () => {
  expect(await cast.mint(cast.jwt, { refresh_token_ttl: '2592000' })).toMatchObject({
    refresh_token_expires_in: 2_592_000,
  });
  cast.emulator.setSessionRules({ zeroRefreshTtl: 'default' });
  expect(await cast.mint(cast.jwt, { refresh_token_ttl: '0' })).toMatchObject({ refresh_token_expires_in: 604_800 });
});

it('revoking an access token ends the refresh token of its session', async () => {
  const tokens = await signIn();
  expect((await cast.form('revoke', { token: tokens['access_token'] ?? '' })).status).toBe(200);
  expect((await codes(await renew(tokens['refresh_token'])))[2]).toBe('OAU-211');
});
