import { sign, generateKeyPairSync } from 'node:crypto';
import { aRingCentral, codes, own, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral({ limits: { auth: 1000 } });
});
afterEach(() => cast.emulator.close());

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('exchanging a JWT', () => {
  it('returns the fields of a real answer in the same order', async () => {
    const response = await cast.ask();
    const body = (await response.json()) as Record<string, unknown>;
    expect(Object.keys(body)).toEqual([
      'access_token',
      'token_type',
      'expires_in',
      'scope',
      'owner_id',
      'endpoint_id',
      'session_id',
    ]);
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'ReadAccounts ReadMessages' });
    expect(body['owner_id']).toBe(cast.ana.id);
    expect(body['access_token']).toMatch(/^U0pD[\w-]{96,246}$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-language')).toBe('en-US');
    expect(response.headers.get('rcrequestid')).toBeTruthy();
    expect(response.headers.get('x-rate-limit-group')).toBe('auth');
  });

  it('has the structure of a RingCentral credential', () => {
    const [header = '', payload = '', signature = ''] = cast.jwt.split('.');
    expect(header).toHaveLength(91);
    expect(signature).toHaveLength(342);
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    expect(Object.keys(claims)).toEqual(['aud', 'sub', 'iss', 'exp', 'iat', 'jti']);
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(2147483647);
    expect(cast.jwt.length).toBeGreaterThanOrEqual(683);
    expect(cast.jwt.length).toBeLessThanOrEqual(687);
  });

  it('keeps a session’s scopes when the app changes; the next session gets the new ones', async () => {
    const before = await cast.mint();
    cast.emulator.updateApp(cast.app.clientId, { scopes: ['ReadAccounts'] });
    const store = `${own}/message-store`;
    expect((await cast.get(store, before['access_token'])).status).toBe(200);
    const after = await cast.mint();
    expect(await codes(await cast.get(store, after['access_token']))).toEqual([
      403,
      'InsufficientPermissions',
      'CMN-401',
    ]);
  });

  it('accepts a lifetime of 600 to 3600 seconds and an endpoint id', async () => {
    const body = await cast.mint(cast.jwt, { access_token_ttl: '600', endpoint_id: 'installation-1' });
    expect(body).toMatchObject({ expires_in: 600, endpoint_id: 'installation-1' });
    expect(await codes(await cast.ask({ access_token_ttl: '7200' }))).toEqual([400, 'invalid_request', 'CMN-101']);
  });
});

describe('each refusal has the body seen at RingCentral', () => {
  const refusal = async (response: Response) => [response.status, await response.json()];
  const oauth = (error: string, errorCode: string, message: string, more = {}) => ({
    error,
    error_description: message,
    errors: [{ errorCode, message, ...more }],
  });

  it('OAU-473: the JWT does not permit the app', async () => {
    cast.emulator.forbidApp(cast.jti, cast.app.clientId);
    const message = 'The client [EXAMPLEclientId_000001] is not allowed to use this personal API Key';
    expect(await refusal(await cast.ask())).toEqual([400, oauth('invalid_request', 'OAU-473', message)]);
  });

  it('OAU-153: an unknown client', async () => {
    const message = 'Invalid client application: [EXAMPLEclientId_999999]';
    const parameters = [{ parameterName: 'client_id', parameterValue: 'EXAMPLEclientId_999999' }];
    const response = await cast.ask({}, cast.basic('EXAMPLEclientId_999999', 'x'));
    expect(await refusal(response)).toEqual([400, oauth('invalid_client', 'OAU-153', message, { parameters })]);
  });

  it('OAU-146: a wrong secret, with a challenge', async () => {
    const response = await cast.ask({}, cast.basic(cast.app.clientId, 'wrong'));
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="RingCentral REST API"');
    const body = oauth('invalid_client', 'OAU-146', 'Invalid client credentials');
    expect(await refusal(response)).toEqual([401, body]);
  });

  it('CMN-408: the owner may not use third-party apps', async () => {
    cast.emulator.setPermission(cast.ana.id, 'ThirdPartyAppAccess', null);
    const message = '[ThirdPartyAppAccess] permission required';
    const parameters = [{ parameterName: 'permissionName', parameterValue: 'ThirdPartyAppAccess' }];
    expect(await refusal(await cast.ask())).toEqual([400, oauth('invalid_client', 'CMN-408', message, { parameters })]);
  });

  it.each([
    ['not a JWT at all', 'abc', [400, 'invalid_request', 'OAU-331']],
    ['one part missing', 'eyJhbGciOiJSUzI1NiJ9.e30', [400, 'invalid_request', 'OAU-331']],
    ['another algorithm', `${part({ alg: 'HS256' })}.${part({})}.AAAA`, [400, 'invalid_request', 'OAU-347']],
  ])('rejects an assertion: %s', async (_title, assertion, expected) => {
    expect(await codes(await cast.ask({ assertion }))).toEqual(expected);
  });

  it('OAU-345: cut off, altered, or signed by someone else', async () => {
    const [header = '', payload = '', signature = ''] = cast.jwt.split('.');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const foreign = sign('sha256', Buffer.from(`${header}.${payload}`), privateKey).toString('base64url');
    const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    for (const assertion of [
      cast.jwt.slice(0, -9),
      `${header}.${payload}.${flipped}`,
      `${header}.${payload}.${foreign}`,
    ]) {
      expect(await codes(await cast.ask({ assertion }))).toEqual([400, 'invalid_request', 'OAU-345']);
    }
  });

  it.each([
    ['a disabled owner', (c: Cast) => c.emulator.setExtensionStatus(c.ana.id, 'Disabled'), 'OAU-141'],
    ['a deleted owner', (c: Cast) => c.emulator.removeExtension(c.ana.id), 'OAU-232'],
    ['a suspended account', (c: Cast) => c.emulator.setAccountStatus(c.clinic.id, 'Disabled'), 'OAU-142'],
    ['a deleted account', (c: Cast) => c.emulator.removeAccount(c.clinic.id), 'OAU-222'],
    ['a revoked JWT', (c: Cast) => c.emulator.revokeJwt(c.jti), 'OAU-213'],
    ['a deleted JWT', (c: Cast) => c.emulator.deleteJwt(c.jti), 'OAU-213'],
    [
      'a private app of another account',
      (c: Cast) => c.emulator.updateApp(c.app.clientId, { access: 'private' }),
      'OAU-112',
    ],
    ['an app without the JWT flow', (c: Cast) => c.emulator.updateApp(c.app.clientId, { grants: [] }), 'OAU-251'],
    ['a sandbox app', (c: Cast) => c.emulator.updateApp(c.app.clientId, { environment: 'sandbox' }), 'OAU-165'],
  ])('%s', async (_title, change, code) => {
    change(cast);
    expect((await codes(await cast.ask()))[2]).toBe(code);
  });

  it('answers that are unknown at RingCentral can be set', async () => {
    cast.emulator.setAnswer('jwt_revoked', { status: 401, error: 'invalid_grant', code: 'OAU-211' });
    cast.emulator.revokeJwt(cast.jti);
    expect(await codes(await cast.ask())).toEqual([401, 'invalid_grant', 'OAU-211']);
  });

  it('an expired JWT, a sandbox JWT, a queue as owner, a JWT for one organization only', async () => {
    const clientIds = [cast.app.clientId];
    const make = (more: object) => cast.emulator.createJwt({ extensionId: cast.ana.id, clientIds, ...more }).jwt;
    const queue = cast.emulator.addExtension({ accountId: cast.clinic.id, type: 'Department' });
    const exp = cast.time.now.getTime() / 1000;
    expect((await codes(await cast.ask({ assertion: make({ exp }) })))[2]).toBe('OAU-213');
    expect((await codes(await cast.ask({ assertion: make({ environment: 'sandbox' }) })))[2]).toBe('OAU-345');
    expect((await codes(await cast.ask({ assertion: make({ extensionId: queue.id }) })))[2]).toBe('OAU-163');
    expect((await codes(await cast.ask({ assertion: make({ clientIds: 'organization' }) })))[2]).toBe('OAU-473');
  });
});

describe('the order of checks', () => {
  it('reports the first error in the order of the checks', async () => {
    const { emulator, app, ask, basic } = cast;
    emulator.setLimits({ auth: 0 });
    emulator.updateApp(app.clientId, { grants: [], access: 'private' });
    emulator.setPermission(cast.ana.id, 'ThirdPartyAppAccess', null);
    emulator.setExtensionStatus(cast.ana.id, 'Disabled');
    emulator.forbidApp(cast.jti, app.clientId);
    const wrong = basic(app.clientId, 'wrong');
    const answers: unknown[] = [];
    const note = async (response: Response) => answers.push((await codes(response))[2] ?? response.status);
    const json = { ...wrong, 'content-type': 'application/json' };
    await note(await fetch(`${cast.url}/restapi/oauth/token`, { method: 'POST', headers: json, body: '{}' }));
    await note(await ask({}, wrong));
    emulator.setLimits({ auth: 1000 });
    emulator.resetLimits();
    await note(await cast.form('token', 'grant_type=x&grant_type=y', wrong));
    await note(await ask({ grant_type: 'x' }, {}));
    await note(await ask({ grant_type: 'x' }, basic('nobody', 'x')));
    await note(await ask({ grant_type: 'x' }, wrong));
    await note(await ask({ grant_type: 'x' }));
    await note(await ask({ assertion: 'junk' }));
    emulator.updateApp(app.clientId, { grants: ['jwt'] });
    await note(await ask({ assertion: 'junk' }));
    await note(await ask());
    emulator.permitApp(cast.jti, app.clientId);
    await note(await ask());
    emulator.updateApp(app.clientId, { access: 'public' });
    await note(await ask());
    emulator.setPermission(cast.ana.id, 'ThirdPartyAppAccess', ['Self']);
    await note(await ask());
    emulator.setExtensionStatus(cast.ana.id, 'Enabled');
    await note(await ask());
    expect(answers).toEqual([
      415,
      'CMN-301',
      'OAU-111',
      'OAU-123',
      'OAU-153',
      'OAU-146',
      'OAU-250',
      'OAU-251',
      'OAU-331',
      'OAU-473',
      'OAU-112',
      'CMN-408',
      'OAU-141',
      200,
    ]);
  });

  it('compares ID and secret without decoding them', async () => {
    const secret = 'EXAMPLE-secret_with%2Dsigns';
    cast.emulator.setAppSecret(cast.app.clientId, secret);
    expect((await cast.ask({}, cast.basic(cast.app.clientId, secret))).status).toBe(200);
    const encoded = cast.basic(cast.app.clientId, encodeURIComponent(secret));
    expect((await codes(await cast.ask({}, encoded)))[2]).toBe('OAU-146');
  });

  it('lets only an app without a secret identify itself in the body', async () => {
    const open = cast.emulator.addApp({ secret: null });
    cast.emulator.permitApp(cast.jti, open.clientId);
    expect((await cast.ask({ client_id: open.clientId }, {})).status).toBe(200);
    expect((await codes(await cast.ask({ client_id: cast.app.clientId }, {})))[2]).toBe('OAU-123');
    expect((await codes(await cast.ask({}, { authorization: 'Basic !' })))[2]).toBe('OAU-123');
  });
});

it('logs no assertion, no secret and no token', async () => {
  const body = await cast.mint();
  await cast.get(`${own}?access_token=${body['access_token'] ?? ''}`);
  const log = JSON.stringify([cast.emulator.requests, cast.emulator.tokenCalls]);
  for (const secret of [cast.jwt, cast.app.secret ?? '', body['access_token'] ?? '']) expect(log).not.toContain(secret);
  expect(cast.emulator.requests.map(({ path, status }) => [path.split('?')[0], status])).toEqual([
    ['/restapi/oauth/token', 200],
    [own, 200],
  ]);
  expect(cast.emulator.tokenCalls[0]?.assertionSha256).toMatch(/^[0-9a-f]{64}$/);
});
