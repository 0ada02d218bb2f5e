import { aRingCentralWithSignIn, codes, own, redirectUri, type Cast } from '../cast.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentralWithSignIn();
});
afterEach(() => cast.emulator.close());

const asked = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    response_type: 'code',
    client_id: cast.app.clientId,
    redirect_uri: redirectUri,
    state: 'EXAMPLEstate',
    ...more,
  });
const open = (more?: Record<string, string>) =>
  fetch(`${cast.url}/restapi/oauth/authorize?${asked(more).toString()}`, { redirect: 'manual' });
const post = (url: string, body: URLSearchParams) => fetch(url, { method: 'POST', body, redirect: 'manual' });
const authorize = (more: Record<string, string> = {}) =>
  post(`${cast.url}/restapi/oauth/authorize`, asked({ user: cast.standard.id, decision: 'authorize', ...more }));
const location = (response: Response) => new URL(response.headers.get('location') ?? '', response.url);
const landed = (response: Response) => Object.fromEntries(location(response).searchParams);

it.each([
  [{ ui_locales: 'fr es-MX en' }, 'Autorizar'],
  [{ localeId: 'es_419' }, 'Autorizar'],
  [{ ui_locales: 'en es' }, 'Authorize'],
  [{ ui_locales: 'fr' }, 'Authorize'],
])('the page has the language of %j', async (more, button) => {
  expect(await (await open(more)).text()).toContain(`>${button}</button>`);
});

it('the page names the brand, and an unknown brand is OAU-101', async () => {
  expect(await (await open({ brandId: '7710' })).text()).toContain('BT Cloud Work');
  expect(await (await open({ brand_id: '6010' })).text()).toContain('Avaya Cloud Office');
  expect((await codes(await open({ brandId: '1' })))[2]).toBe('OAU-101');
});

it.each([
  [{ prompt: 'none' }, 'login_required'],
  [{ prompt: 'other' }, 'invalid_request'],
  [{ response_type: 'token' }, 'unsupported_response_type'],
  [{ code_challenge: 'x', code_challenge_method: 'S512' }, 'invalid_request'],
])('%j returns an error with the state', async (more, error) => {
  expect(landed(await open(more))).toEqual({ error, state: 'EXAMPLEstate' });
});

it('an app may send its request as a form, and gets the page', async () => {
  const page = await post(`${cast.url}/restapi/oauth/authorize`, asked());
  expect([page.status, (await page.text()).includes('>Authorize</button>')]).toEqual([200, true]);
});

it('without a server for single sign-on the answer says how to start one', async () => {
  cast.clinic.usesSso = true;
  const answer = await authorize();
  expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('EMULATOR_SSO_PORT')]);
});

it('a user who may not sign in gets no code', async () => {
  cast.emulator.setExtensionStatus(cast.standard.id, 'Disabled');
  expect(landed(await authorize())).toMatchObject({ error: 'access_denied' });
});

describe('single sign-on', () => {
  let ssoUrl: string;
  beforeEach(async () => {
    ssoUrl = await cast.emulator.listenSso();
    cast.clinic.usesSso = true;
  });
  const requestOf = (response: Response) => location(response).searchParams.get('request') ?? '';
  const decide = (request: string, decision: string) =>
    post(`${ssoUrl}/sso/sign-in`, new URLSearchParams({ request, decision }));
  const follow = (response: Response) => fetch(location(response), { redirect: 'manual' });

  it('leads over a third host and back, and the code yields tokens', async () => {
    const left = await authorize();
    expect(location(left).origin).toBe(ssoUrl);
    expect(ssoUrl).not.toBe(cast.url);
    expect(location(left).hostname).toBe(new URL(cast.url).hostname);
    const page = await follow(await follow(left));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).not.toContain('form-action');
    expect(await page.text()).toContain(`Sign in as ${cast.standard.name}`);
    const home = await decide(requestOf(left), 'sign_in');
    expect(location(home).origin).toBe(cast.url);
    const { code = '', state } = landed(await follow(home));
    expect(state).toBe('EXAMPLEstate');
    const tokens = await cast.form('token', { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
    const { access_token: token } = (await tokens.json()) as Record<string, string>;
    expect((await cast.get(own, token)).status).toBe(200);
  });

  it('a sign-in that the person cancels at the company is access_denied', async () => {
    const home = await decide(requestOf(await authorize()), 'cancel');
    expect(landed(await follow(home))).toMatchObject({ error: 'access_denied', state: 'EXAMPLEstate' });
  });

  it('the way back needs the ticket of the company, and works once', async () => {
    const request = requestOf(await authorize());
    const back = `${cast.url}/restapi/oauth/authorize/sso?request=${request}`;
    expect(landed(await fetch(back, { redirect: 'manual' }))).toMatchObject({ error: 'access_denied' });
    const home = await decide(requestOf(await authorize()), 'sign_in');
    expect([(await follow(home)).status, (await follow(home)).status]).toEqual([302, 404]);
  });

  it('prompt sso offers only companies with single sign-on', async () => {
    const other = cast.emulator.addAccount({ companyName: 'Northgate Pediatrics' });
    const { id } = cast.emulator.addExtension({ accountId: other.id });
    const page = await (await open({ prompt: 'sso' })).text();
    expect([page.includes('Riverside'), page.includes('Northgate')]).toEqual([true, false]);
    expect(landed(await authorize({ prompt: 'sso', user: id }))).toMatchObject({ error: 'access_denied' });
    expect(landed(await authorize({ user: id }))).toHaveProperty('code');
  });

  it.each([
    ['with_sso', 'login', true],
    ['password_only', 'login', false],
    ['password_only', 'login sso', true],
  ] as const)('loginPrompt %s with prompt "%s": single sign-on is %s', async (loginPrompt, prompt, isUsed) => {
    cast.emulator.setLoginPrompt(loginPrompt);
    expect(location(await authorize({ prompt })).origin === ssoUrl).toBe(isUsed);
  });
});
