import { aRingCentral, codes, own, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
});
afterEach(() => cast.emulator.close());

const state = async (token: string | undefined) => {
  const response = await cast.get(own, token);
  return response.status === 200 ? 200 : (await codes(response)).slice(1);
};

it('a sixth session of one user and app ends the oldest', async () => {
  const tokens: (string | undefined)[] = [];
  for (let session = 0; session < 6; session += 1) tokens.push((await cast.mint())['access_token']);
  expect(await state(tokens[0])).toEqual(['TokenInvalid', 'OAU-213']);
  for (const token of tokens.slice(1)) expect(await state(token)).toBe(200);
});

it('sessions of another app or user are not affected', async () => {
  const other = cast.emulator.addApp();
  cast.emulator.permitApp(cast.jti, other.clientId);
  const response = await cast.ask({}, cast.basic(other.clientId, other.secret ?? ''));
  const { access_token: token } = (await response.json()) as { access_token: string };
  for (let session = 0; session < 6; session += 1) await cast.mint();
  expect(await state(token)).toBe(200);
});

it('an expired session does not count, and its token is distinguished from an unknown one', async () => {
  const first = await cast.mint();
  cast.later(3600);
  expect(await state(first['access_token'])).toEqual(['TokenExpired', 'OAU-128']);
  const tokens: (string | undefined)[] = [];
  for (let session = 0; session < 5; session += 1) tokens.push((await cast.mint())['access_token']);
  for (const token of tokens) expect(await state(token)).toBe(200);
});

it('disabling the owner ends the sessions; revoking the JWT does not', async () => {
  const { access_token: token } = await cast.mint();
  cast.emulator.revokeJwt(cast.jti);
  expect(await state(token)).toBe(200);
  cast.emulator.setExtensionStatus(cast.ana.id, 'Frozen');
  expect(await state(token)).toEqual(['TokenInvalid', 'OAU-213']);
});

describe('revocation', () => {
  it('ends the whole session, answers an empty body, and leaves the JWT valid', async () => {
    cast.emulator.updateApp(cast.app.clientId, { issueRefreshTokens: true });
    const { access_token: token = '', refresh_token: refresh = '' } = await cast.mint();
    const response = await cast.form('revoke', { token: refresh });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await state(token)).toEqual(['TokenInvalid', 'OAU-213']);
    const renewed = await cast.form('token', { grant_type: 'refresh_token', refresh_token: refresh });
    expect(await codes(renewed)).toEqual([400, 'invalid_grant', 'OAU-211']);
    expect((await cast.ask()).status).toBe(200);
  });

  it('rejects an empty token and another app’s token, and accepts an unknown one', async () => {
    const other = cast.emulator.addApp();
    const { access_token: token = '' } = await cast.mint();
    expect((await codes(await cast.form('revoke', { token: '' })))[2]).toBe('CMN-101');
    const foreign = await cast.form('revoke', { token }, cast.basic(other.clientId, other.secret ?? ''));
    expect((await codes(foreign))[2]).toBe('OAU-164');
    expect((await cast.form('revoke', { token: 'U0pDunknown' })).status).toBe(200);
    expect(await state(token)).toBe(200);
  });
});

describe('refresh', () => {
  const renew = async (refreshToken: string | undefined) =>
    cast.form('token', { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' });
  type Tokens = { access_token: string; refresh_token: string };
  beforeEach(() => cast.emulator.updateApp(cast.app.clientId, { issueRefreshTokens: true }));

  it('issues new tokens and ends the previous access token immediately', async () => {
    const first = await cast.mint();
    expect(first).toMatchObject({ refresh_token_expires_in: 604800 });
    const second = (await (await renew(first['refresh_token'])).json()) as Tokens;
    expect(second.access_token).not.toBe(first['access_token']);
    expect(second.refresh_token).not.toBe(first['refresh_token']);
    expect(await state(first['access_token'])).toEqual(['TokenInvalid', 'OAU-213']);
    expect(await state(second.access_token)).toBe(200);
  });

  it('returns the same tokens for the old refresh token for 60 minutes, or for 10 s after the new token was used', async () => {
    const first = await cast.mint();
    const second = (await (await renew(first['refresh_token'])).json()) as Tokens;
    cast.later(3000);
    const again = (await (await renew(first['refresh_token'])).json()) as Tokens;
    expect(again.access_token).toBe(second.access_token);
    await cast.get(own, second.access_token);
    cast.later(9);
    expect((await renew(first['refresh_token'])).status).toBe(200);
    cast.later(1);
    expect(await codes(await renew(first['refresh_token']))).toEqual([400, 'invalid_grant', 'OAU-213']);
  });

  it('expires after seven idle days', async () => {
    const { refresh_token: refresh } = await cast.mint();
    cast.later(604_800);
    expect(await codes(await renew(refresh))).toEqual([400, 'invalid_grant', 'OAU-210']);
  });

  it('is not issued when the app or the caller opts out', async () => {
    expect(await cast.mint(cast.jwt, { refresh_token_ttl: '0' })).not.toHaveProperty('refresh_token');
    cast.emulator.updateApp(cast.app.clientId, { issueRefreshTokens: false });
    expect(await cast.mint()).not.toHaveProperty('refresh_token');
    expect((await codes(await renew('anything')))[2]).toBe('OAU-251');
  });
});
