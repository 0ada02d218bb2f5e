import { aRingCentral, codes, own, redirectUri, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral();
});
afterEach(() => cast.emulator.close());

describe('the Auth group', () => {
  const spend = async (calls: number) => {
    for (let call = 0; call < calls; call += 1) expect((await cast.ask()).status).toBe(200);
  };

  it('allows five calls a minute for the whole app and counts down in the headers', async () => {
    const remaining: (string | null)[] = [];
    for (let call = 0; call < 5; call += 1) remaining.push((await cast.ask()).headers.get('x-rate-limit-remaining'));
    expect(remaining).toEqual(['4', '3', '2', '1', '0']);
    const { jwt } = cast.emulator.createJwt({ extensionId: cast.standard.id, clientIds: [cast.app.clientId] });
    const sixth = await cast.ask({ assertion: jwt });
    expect(sixth.headers.get('retry-after')).toBe('60');
    expect(Object.fromEntries(sixth.headers)).toMatchObject({
      'x-rate-limit-group': 'auth',
      'x-rate-limit-limit': '5',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-window': '60',
    });
    expect([sixth.status, await sixth.json()]).toEqual([
      429,
      {
        errorCode: 'CMN-301',
        message: 'Request rate exceeded',
        errors: [{ errorCode: 'CMN-301', message: 'Request rate exceeded' }],
      },
    ]);
  });

  it('frees each place 60 s after its call (sliding window)', async () => {
    await spend(1);
    cast.later(30);
    await spend(4);
    cast.later(30);
    await spend(1);
    expect((await cast.ask()).status).toBe(429);
  });

  it('restarts the penalty with every request inside it', async () => {
    await spend(5);
    expect((await cast.ask()).status).toBe(429);
    cast.later(59);
    expect((await cast.ask()).status).toBe(429);
    cast.later(59);
    expect((await cast.ask()).status).toBe(429);
    cast.later(60);
    await spend(1);
    expect(cast.emulator.violations.map(({ violation }) => violation)).toEqual([
      'over_budget',
      'in_penalty',
      'in_penalty',
    ]);
  });

  it('counts revocations and refused calls, but no calls with the wrong content type', async () => {
    await cast.ask({ assertion: 'junk' });
    await cast.form('revoke', { token: 'U0pDnobody' });
    await cast.ask({}, cast.basic(cast.app.clientId, 'wrong'));
    const json = { ...cast.basic(), 'content-type': 'application/json' };
    await fetch(`${cast.url}/restapi/oauth/token`, { method: 'POST', headers: json, body: '{}' });
    expect((await cast.ask()).headers.get('x-rate-limit-remaining')).toBe('1');
  });

  it('counts a call on arrival, however long its answer takes', async () => {
    cast.emulator.setDelay(40);
    const answers = await Promise.all(Array.from({ length: 7 }, () => cast.ask()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(cast.emulator.tokenCalls).toHaveLength(7);
  });

  it('can count per user or per account, and can have a higher limit for one app', async () => {
    const { jwt } = cast.emulator.createJwt({ extensionId: cast.standard.id, clientIds: [cast.app.clientId] });
    cast.emulator.setAuthScope('user');
    await spend(5);
    expect((await cast.ask()).status).toBe(429);
    expect((await cast.ask({ assertion: jwt })).status).toBe(200);
    cast.emulator.setAuthScope('account');
    cast.emulator.updateApp(cast.app.clientId, { authPerMinute: 6 });
    await spend(6);
    expect((await cast.ask({ assertion: jwt })).status).toBe(429);
  });

  it('counts the exchange of a code for the user who signed in', async () => {
    const { clientId } = cast.app;
    cast.emulator.updateApp(clientId, { grants: ['jwt', 'authorization_code'], redirectUris: [redirectUri] });
    cast.emulator.setAuthScope('user');
    await spend(5);
    const exchange = async (extensionId: string) => {
      const code = cast.emulator.authorize({ clientId, extensionId, redirectUri });
      const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      return (await cast.form('token', fields)).status;
    };
    expect([await exchange(cast.ana.id), await exchange(cast.standard.id)]).toEqual([429, 200]);
  });

  it('records a violation for a call inside a forced 429', async () => {
    cast.emulator.faults.add({ kind: 'rate_limited', path: '/restapi/oauth/token', count: 1, retryAfter: 20 });
    expect((await cast.ask()).headers.get('retry-after')).toBe('20');
    cast.later(19);
    expect((await cast.ask()).status).toBe(429);
    expect(cast.emulator.violations.map(({ violation }) => violation)).toEqual(['in_penalty']);
  });
});

it('API groups have separate limits for each user and app', async () => {
  const { access_token: token } = await cast.mint();
  cast.emulator.setLimits({ light: 2 });
  expect((await cast.get(own, token)).headers.get('x-rate-limit-group')).toBe('light');
  await cast.get(own, token);
  const third = await cast.get(own, token);
  expect(third.headers.get('retry-after')).toBe('60');
  expect(await codes(third)).toEqual([429, 'CMN-301', 'CMN-301']);
  expect((await cast.get('/restapi/v1.0/account/~/extension', token)).status).toBe(200);
  expect((await cast.get('/restapi')).headers.get('x-rate-limit-group')).toBeNull();
});

it('Light and Medium restart a penalty with every call inside it, for one user of one app only', async () => {
  const { access_token: token = '' } = await cast.mint();
  const other = cast.emulator.createJwt({ extensionId: cast.standard.id, clientIds: [cast.app.clientId] });
  const { access_token: ofAnother = '' } = await cast.mint(other.jwt);
  const fax = cast.emulator.deliverFax(cast.ana.id);
  const calls = {
    light: `${own}/message-store?messageType=Fax`,
    medium: `${cast.emulator.contentPath(fax)}${fax.id}`,
  };
  cast.emulator.setLimits({ light: 3, medium: 2 });
  const statusOf = async (group: keyof typeof calls) => (await cast.get(calls[group], token)).status;
  for (const [group, limit] of [
    ['light', 3],
    ['medium', 2],
  ] as const) {
    for (let call = 0; call < limit; call += 1) expect(await statusOf(group)).toBe(200);
    expect(await statusOf(group)).toBe(429);
  }
  for (let restarts = 0; restarts < 2; restarts += 1) {
    cast.later(59);
    expect(await statusOf('light')).toBe(429);
    expect((await cast.get(calls.light, ofAnother)).status).toBe(200);
  }
  // The penalty of Medium was not restarted, and that of Light ends 60 s after its last call.
  expect(await statusOf('medium')).toBe(200);
  cast.later(59.9);
  const violations = () => cast.emulator.requests.filter(({ violation }) => violation !== undefined);
  expect(violations().map(({ call, violation }) => [call, violation])).toEqual([
    ['messages', 'over_budget'],
    ['content', 'over_budget'],
    ['messages', 'in_penalty'],
    ['messages', 'in_penalty'],
  ]);
  cast.later(0.1);
  expect(await statusOf('light')).toBe(200);
});
