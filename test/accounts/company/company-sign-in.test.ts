import { anAccountsPortal, authenticatorOf, type AccountsPortal, type Browser } from '../support.js';
import { anIssuer, clientId, clientSecret, type Issuer } from './an-issuer.js';

let issuer: Issuer;
let portal: AccountsPortal;

async function start(more: { OIDC_ROLE_CLAIM?: string; OIDC_MFA_VALUES?: string[] } = { OIDC_MFA_VALUES: ['mfa'] }) {
  const begun = new Date();
  let now = () => begun;
  issuer = await anIssuer(() => now());
  const company = { OIDC_ISSUER: issuer.origin, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, ...more };
  portal = await anAccountsPortal({ company, now: begun });
  now = portal.now;
}
async function stop(): Promise<void> {
  await portal.close();
  await issuer.close();
}

/** Presses the button of a page that leads to the company. @returns where the browser is sent */
async function leave(
  browser: Browser,
  path = '/sign-in/company',
  fields: Record<string, string> = {},
): Promise<string> {
  await browser.get(path);
  const left = await browser.post(path, fields);
  if (left.status !== 303) throw new Error(`${left.status} ${left.text}`);
  return left.headers.location ?? '';
}
const back = (browser: Browser, location: string) => browser.get(issuer.visit(location));
const signIn = async (browser: Browser, fields: Record<string, string> = {}) =>
  back(browser, await leave(browser, '/sign-in/company', fields));

/** Invited by an administrator, and set up with the company's account. */
async function aLinkedMember(email: string, subject: string, role = 'operator'): Promise<Browser> {
  const invited = await portal.staff.inviteStaff({ email, name: 'Sam', role }, { actor: { kind: 'command_line' } });
  if (!invited.ok) throw new Error(invited.problem);
  const path = invitationPath();
  const browser = portal.browser();
  issuer.says.subject = subject;
  issuer.says.claims = { ...issuer.says.claims, amr: ['pwd', 'mfa'] };
  const done = await back(browser, await leave(browser, path));
  if (done.status !== 303) throw new Error(done.text);
  return browser;
}

/** The text of a page, without its markup. */
const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');

/** The path in the newest mail that has one. */
const invitationPath = (): string =>
  portal.mails.map(({ text }) => /\/sign-in\/company\/invitations\/[\w-]{43}/.exec(text)?.[0]).findLast(Boolean) ?? '';

const problemOf = ({ headers }: { headers: { location?: string } }) =>
  new URL(headers.location ?? '', 'http://portal.invalid').searchParams.get('problem');

/** Set up before the company's server was: there is always one. */
const aLocalAdministrator = () => portal.staffMember('local@isv.example', 'administrator');

describe('an invitation to staff', () => {
  beforeEach(() => start());
  afterEach(stop);

  it('binds issuer and subject, whatever address the company says, and gives no password', async () => {
    issuer.says.claims = { email: 'someone-else@isv.example', email_verified: true };
    const browser = await aLinkedMember('sam@isv.example', 'subject-sam');
    expect((await browser.get('/staff/keys')).text).toBe('staff: Sam');
    expect(await portal.db('staff').first('company_issuer', 'company_subject')).toEqual({
      company_issuer: issuer.origin,
      company_subject: 'subject-sam',
    });
    expect(await portal.db('people').first('password_hash', 'email')).toEqual({
      password_hash: null,
      email: 'sam@isv.example',
    });
    expect(await portal.audit()).toContain('staff.company_account_linked ok');
    expect(portal.mails.map(({ subject }) => subject)).toContain(
      'Example Health: you now sign in with your company account',
    );
  });

  it('works once, also if two accounts of the company return with it', async () => {
    const invited = await portal.staff.inviteStaff(
      { email: 'sam@isv.example', name: 'Sam', role: 'operator' },
      { actor: { kind: 'command_line' } },
    );
    expect(invited).toEqual({ ok: true });
    const path = invitationPath();
    issuer.says.claims = { amr: ['mfa'] };
    const [first, second] = [portal.browser(), portal.browser()];
    const [toFirst, toSecond] = [await leave(first, path), await leave(second, path)];
    issuer.says.subject = 'subject-1';
    expect((await back(first, toFirst)).headers.location).toBe('/staff');
    issuer.says.subject = 'subject-2';
    expect(problemOf(await back(second, toSecond))).toBe('too_old');
    expect((await portal.browser().get(path)).headers.location).toBe('/sign-in?notice=link');
    expect(await portal.db('staff').select('company_subject')).toEqual([{ company_subject: 'subject-1' }]);
  });

  it('refuses an account that another member of staff has', async () => {
    await aLinkedMember('sam@isv.example', 'subject-sam');
    await expect(aLinkedMember('tom@isv.example', 'subject-sam')).resolves.toBeDefined();
    expect(await portal.db('staff').whereNotNull('company_subject').select('company_subject')).toHaveLength(1);
  });

  it('lets no password be chosen or asked for by email', async () => {
    await aLinkedMember('sam@isv.example', 'subject-sam');
    await portal.passwordResets.ask('sam@isv.example', {});
    await portal.work();
    expect(portal.mails.filter(({ subject }) => /password/i.test(subject))).toEqual([]);
    expect((await portal.browser().signIn('sam@isv.example')).status).toBe(422);
  });
});

describe('a sign-in', () => {
  let sam: Browser;
  beforeEach(async () => {
    await start();
    await aLinkedMember('sam@isv.example', 'subject-sam', 'administrator');
    sam = portal.browser();
  });
  afterEach(stop);

  it('asks with PKCE, state and nonce, and returns to the configured address, not to the host of the request', async () => {
    sam.headers = { ...sam.headers, host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    const [one, two] = [issuer.asked(await leave(sam)), issuer.asked(await leave(sam))];
    expect(one).toMatchObject({
      response_type: 'code',
      client_id: clientId,
      scope: 'openid',
      redirect_uri: 'http://127.0.0.1:3000/sign-in/company/callback',
      code_challenge_method: 'S256',
      max_age: '43200',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one[name]).toMatch(/^[\w-]{43}$/);
      expect(one[name]).not.toBe(two[name]);
    }
  });

  it('leads to the page that was asked for, never to another host', async () => {
    expect((await signIn(sam, { next: '/staff/keys' })).headers.location).toBe('/staff/keys');
    const other = portal.browser();
    expect((await signIn(other, { next: 'https://evil.example/' })).headers.location).toBe('/staff');
  });

  it('SEC-14: the page from which it leaves has no form-action, and all other directives', async () => {
    const policy = (await sam.get('/sign-in/company')).headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('form-action');
    expect((await sam.get('/sign-in')).headers['content-security-policy']).toContain('form-action');
  });

  it('is refused in another browser, a second time, and after ten minutes', async () => {
    const location = await leave(sam);
    const path = issuer.visit(location);
    expect(problemOf(await portal.browser().get(path))).toBe('too_old');
    expect((await sam.get(path)).headers.location).toBe('/staff');
    expect(problemOf(await sam.get(path))).toBe('too_old');
    const late = portal.browser();
    const slowly = await leave(late);
    portal.pass(600_001);
    expect(problemOf(await late.get(issuer.visit(slowly)))).toBe('too_old');
    expect(await portal.db('company_sign_ins').select()).toEqual([]);
  });

  it('stores state, nonce and verifier only hashed or sealed, and logs and leaves no code', async () => {
    const location = await leave(sam);
    const { state = '', nonce = '', code_challenge: challenge = '' } = issuer.asked(location);
    const rows = JSON.stringify(await portal.db('company_sign_ins').select());
    for (const secret of [state, nonce, challenge]) expect(rows).not.toContain(secret);
    const path = issuer.visit(location);
    const answer = await sam.get(path);
    expect(answer.headers.location).toBe('/staff');
    const code = new URL(path, issuer.origin).searchParams.get('code') ?? '';
    const everywhere = `${JSON.stringify(portal.logged())}${await portal.everything()}`;
    for (const secret of [state, code, clientSecret]) expect(everywhere).not.toContain(secret);
  });

  it('reads the keys of the company before it believes a token, and again within the hour', async () => {
    expect(issuer.calls.filter((path) => path === '/jwks')).toHaveLength(1);
    await issuer.rotateKey();
    portal.pass(3600_001);
    expect((await signIn(sam)).headers.location).toBe('/staff');
    issuer.says.down = 'keys';
    portal.pass(3600_001);
    expect(problemOf(await signIn(portal.browser()))).toBe('down');
  });

  it('while the company is down: says so, and a local administrator signs in, loudly', async () => {
    const { authenticator } = await aLocalAdministrator();
    issuer.says.down = true;
    portal.pass(3600_001); // the metadata is read again
    await sam.get('/sign-in/company');
    const answer = await sam.post('/sign-in/company');
    expect([answer.status, plain(answer.text)]).toEqual([
      503,
      expect.stringContaining("Your company's sign-in does not answer."),
    ]);
    const mailsBefore = portal.mails.length;
    const local = portal.browser();
    await local.signIn('local@isv.example');
    await local.post('/sign-in/second-factor', { code: authenticator.code() });
    expect((await local.get('/staff/keys')).text).toBe('staff: local');
    const told = portal.mails
      .slice(mailsBefore)
      .filter(({ subject }) => subject === 'Example Health: staff sign-in without the company');
    expect(told.map(({ to }) => to)).toEqual(['sam@isv.example']);
  });
});

describe('a company that lies', () => {
  const truth = () => ({
    subject: 'subject-sam',
    claims: { amr: ['mfa'] },
    error: undefined,
    answer: {},
    down: false,
    unsigned: false,
    foreignKey: false,
    code: undefined,
    token: undefined,
  });
  beforeAll(async () => {
    await start();
    await aLinkedMember('sam@isv.example', 'subject-sam', 'administrator');
  });
  afterAll(stop);

  it.each<[string, (says: Issuer['says']) => void, string]>([
    ['the person says no', (says) => (says.error = 'access_denied'), 'denied'],
    ['the company reports an error of its own', (says) => (says.error = 'temporarily_unavailable'), 'down'],
    ['the company reports another error', (says) => (says.error = 'invalid_scope'), 'failed'],
    ['the audience is another app', (says) => (says.claims.aud = 'another-app'), 'failed'],
    [
      'there are two audiences and the token is for the other',
      (says) => Object.assign(says.claims, { aud: [clientId, 'x'], azp: 'x' }),
      'failed',
    ],
    ['the nonce is another one', (says) => (says.claims.nonce = 'another nonce'), 'failed'],
    ['the nonce is missing', (says) => (says.claims.nonce = undefined), 'failed'],
    ['the issuer in the token is another one', (says) => (says.claims.iss = 'https://evil.example'), 'failed'],
    ['the issuer in the answer is another one', (says) => (says.answer = { iss: 'https://evil.example' }), 'failed'],
    ['the token has expired', (says) => (says.claims.exp = Math.floor(Date.now() / 1000) - 31), 'failed'],
    ['the token is of the future', (says) => (says.claims.nbf = Math.floor(Date.now() / 1000) + 3600), 'failed'],
    ['the token has no subject', (says) => (says.claims.sub = undefined), 'failed'],
    ['the token is not signed', (says) => (says.unsigned = true), 'failed'],
    ['the token is signed with another key', (says) => (says.foreignKey = true), 'failed'],
    ['the code is another one', (says) => (says.code = 'another code'), 'failed'],
    ['the answer to the code is no JSON', (says) => (says.token = { status: 200, body: '<html>' }), 'failed'],
    [
      'the answer to the code has no ID token',
      (says) => (says.token = { status: 200, body: '{"access_token":"x","token_type":"Bearer"}' }),
      'failed',
    ],
    [
      'the answer to the code is endless',
      (says) => (says.token = { status: 200, body: `{"id_token":"${'x'.repeat(2 << 20)}"}` }),
      'failed',
    ],
    ['the token endpoint is down', (says) => (says.down = 'token'), 'down'],
    ['nobody here has the account', (says) => (says.subject = 'subject-unknown'), 'unknown_account'],
  ])('is refused if %s', async (_why, lie, problem) => {
    Object.assign(issuer.says, truth());
    const sam = portal.browser();
    const location = await leave(sam);
    lie(issuer.says);
    const answer = await back(sam, location);
    expect([answer.status, problemOf(answer)]).toEqual([303, problem]);
    expect((await sam.get('/staff/keys')).headers.location).toMatch(/^\/sign-in/);
    expect((await portal.audit()).at(-1)).toBe('person.sign_in_refused refused');
    expect((await sam.get(answer.headers.location ?? '')).status).toBe(422);
  });
});

describe('the second factor', () => {
  afterEach(stop);

  it('SEC-04: is asked for here if the company vouches for none: the app is set up, then its code is needed', async () => {
    await start({ OIDC_MFA_VALUES: ['hwk'] });
    const first = await aLinkedMember('sam@isv.example', 'subject-sam');
    expect((await first.get('/staff/keys')).headers.location).toBe('/account/second-factor');
    const app = authenticatorOf(await first.get('/account/second-factor'), portal);
    await first.post('/account/second-factor', { code: app.code() });
    expect((await first.get('/staff/keys')).text).toBe('staff: Sam');
    portal.pass(30_000);
    const again = portal.browser();
    expect((await signIn(again)).headers.location).toBe('/sign-in/second-factor');
    expect((await again.get('/staff/keys')).headers.location).toBe('/sign-in/second-factor');
    await again.post('/sign-in/second-factor', { code: app.code() });
    expect((await again.get('/staff/keys')).text).toBe('staff: Sam');
  });

  it.each([
    ['amr', { amr: ['pwd', 'hwk'] }],
    ['acr', { amr: undefined, acr: 'hwk' }],
  ])('SEC-04: is the company if %s has an accepted value', async (_claim, claims) => {
    await start({ OIDC_MFA_VALUES: ['mfa', 'hwk'] });
    await aLinkedMember('sam@isv.example', 'subject-sam');
    issuer.says.claims = claims;
    expect((await signIn(portal.browser())).headers.location).toBe('/staff');
    issuer.says.claims = { amr: 'hwkey', acr: 'urn:hwk', roles: ['hwk'] };
    expect((await signIn(portal.browser())).headers.location).toBe('/account/second-factor');
  });

  it('SEC-11: a fresh proof is asked of the company with max_age=0, and only a new sign-in there counts', async () => {
    await start();
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam');
    expect((await sam.get('/staff/keys')).status).toBe(200);
    portal.pass(300_001);
    expect((await sam.get('/staff/keys')).headers.location).toBe('/sign-in/company?next=%2Fstaff%2Fkeys');
    const asks = () => leave(sam, '/sign-in/company', { next: '/staff/keys' });
    expect(issuer.asked(await asks()).max_age).toBe('0');
    for (const at of [portal.now().getTime() / 1000 - 31, undefined]) {
      issuer.says.claims = { amr: ['mfa'], auth_time: at && Math.floor(at) };
      expect(problemOf(await back(sam, await asks()))).toBe('not_again');
    }
    expect((await sam.get('/staff/keys')).status).toBe(303);
    issuer.says.claims = { amr: ['mfa'] };
    expect((await back(sam, await asks())).headers.location).toBe('/staff/keys');
    expect((await sam.get('/staff/keys')).text).toBe('staff: Sam');
  });

  it('SEC-11: a fresh proof is another app code where the company does not say when it asked', async () => {
    await start();
    issuer.says.claims = { auth_time: undefined };
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam');
    expect((await sam.get('/staff/keys')).headers.location).toBe('/account/second-factor');
    const app = authenticatorOf(await sam.get('/account/second-factor'), portal);
    await sam.post('/account/second-factor', { code: app.code() });
    portal.pass(300_001);
    const again = portal.browser();
    expect((await signIn(again)).headers.location).toBe('/staff');
    expect((await again.get('/staff/keys')).headers.location).toBe('/sign-in/second-factor?next=%2Fstaff%2Fkeys');
    await again.get('/sign-in/second-factor?next=%2Fstaff%2Fkeys');
    await again.post('/sign-in/second-factor', { code: app.code(), next: '/staff/keys' });
    expect((await again.get('/staff/keys')).text).toBe('staff: Sam');
  });

  it('SEC-11: a fresh proof by someone else with an account here counts for no one', async () => {
    await start();
    await aLinkedMember('tom@isv.example', 'subject-tom');
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam');
    portal.pass(300_001);
    const location = await leave(sam);
    issuer.says.subject = 'subject-tom';
    expect(problemOf(await back(sam, location))).toBe('someone_else');
    expect((await sam.get('/staff/keys')).status).toBe(303);
  });
});

describe('the role claim', () => {
  afterEach(stop);

  it.each([
    ['administrator', ['operator', 'auditor'], 'operator'],
    ['administrator', 'auditor', 'auditor'],
    ['operator', ['administrator'], 'operator'],
    ['auditor', 'administrator', 'auditor'],
  ])('narrows a stored %s with %j to %s, also after a fresh proof, and never widens', async (stored, claim, role) => {
    await start({ OIDC_ROLE_CLAIM: 'roles', OIDC_MFA_VALUES: ['mfa'] });
    issuer.says.claims = { roles: claim };
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam', stored);
    const texts = { administrator: 'Administrator', operator: 'Operator', auditor: 'Auditor' };
    const roleShown = async () =>
      /Role (Administrator|Operator|Auditor)/.exec(plain((await sam.get('/account')).text))?.[1];
    expect(await roleShown()).toBe(texts[role as keyof typeof texts]);
    portal.pass(300_001);
    await back(sam, await leave(sam));
    expect(await roleShown()).toBe(texts[role as keyof typeof texts]);
    expect((await sam.get('/staff/people/new')).status === 403).toBe(role !== 'administrator');
  });

  it.each([undefined, [], 'boss', ['Administrator'], { operator: true }, 7])(
    'refuses a sign-in whose claim is %j',
    async (claim) => {
      await start({ OIDC_ROLE_CLAIM: 'roles', OIDC_MFA_VALUES: ['mfa'] });
      issuer.says.claims = { roles: 'operator' };
      await aLinkedMember('sam@isv.example', 'subject-sam');
      issuer.says.claims = { amr: ['mfa'], roles: claim };
      expect(problemOf(await signIn(portal.browser()))).toBe('no_role');
    },
  );

  it('stays narrowed when the second factor is given here', async () => {
    await start({ OIDC_ROLE_CLAIM: 'roles' });
    issuer.says.claims = { roles: 'auditor' };
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam', 'administrator');
    const app = authenticatorOf(await sam.get('/account/second-factor'), portal);
    await sam.post('/account/second-factor', { code: app.code() });
    expect(plain((await sam.get('/account')).text)).toContain('Role Auditor');
  });
});

describe('an administrator with a password', () => {
  beforeEach(() => start());
  afterEach(stop);

  it('stays: the last one cannot go over to the company, be disabled, or get another role', async () => {
    const { browser } = await aLocalAdministrator();
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam', 'administrator');
    issuer.says.subject = 'subject-local';
    expect(problemOf(await back(browser, await leave(browser, '/account/company')))).toBe('last_administrator');
    expect((await browser.get('/staff/keys')).text).toBe('staff: local');
    const person = (await portal.staff.list()).find(({ email }) => email === 'local@isv.example');
    await sam.get('/staff/people');
    expect((await sam.post(`/staff/people/${person?.id}/disabling`)).status).toBe(409);
    expect((await sam.post(`/staff/people/${person?.id}/role`, { role: 'auditor' })).status).toBe(409);
  });

  it('goes over to the company while another one stays; the password, links and other sessions end', async () => {
    await aLocalAdministrator();
    const { browser } = await portal.staffMember('sue@isv.example', 'administrator');
    const elsewhere = portal.browser();
    await elsewhere.signIn('sue@isv.example');
    issuer.says.subject = 'subject-sue';
    expect((await back(browser, await leave(browser, '/account/company'))).headers.location).toBe('/account');
    expect(plain((await browser.get('/account')).text)).toContain('Company account You sign in with it');
    expect((await elsewhere.get('/account')).status).toBe(303);
    expect((await portal.browser().signIn('sue@isv.example')).status).toBe(422);
  });

  it('removes a company account that is gone: sessions end, and a link to set up another one is mailed', async () => {
    const { browser } = await aLocalAdministrator();
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam');
    const person = (await portal.staff.list()).find(({ email }) => email === 'sam@isv.example');
    await browser.get(`/staff/people/${person?.id}`);
    const removed = await browser.post(`/staff/people/${person?.id}/company-account-removal`);
    expect(removed.headers.location).toBe(`/staff/people/${person?.id}?notice=unlinked`);
    expect((await sam.get('/staff/keys')).status).toBe(303);
    issuer.says.subject = 'subject-sam';
    expect(problemOf(await signIn(portal.browser()))).toBe('unknown_account');
    const again = portal.browser();
    issuer.says.subject = 'subject-sam-2';
    expect((await back(again, await leave(again, invitationPath()))).headers.location).toBe('/staff');
  });

  it('SEC-20: a member of staff who is disabled is out at once, also in a sign-in under way', async () => {
    await aLocalAdministrator();
    const sam = await aLinkedMember('sam@isv.example', 'subject-sam');
    const other = portal.browser();
    const location = await leave(other);
    await portal.staff.disable({ email: 'sam@isv.example' }, { actor: { kind: 'command_line' } });
    expect((await sam.get('/staff/keys')).status).toBe(303);
    expect(problemOf(await back(other, location))).toBe('unknown_account');
  });
});

describe('without a company', () => {
  it('there is no page for it', async () => {
    portal = await anAccountsPortal();
    expect((await portal.browser().get('/sign-in/company')).status).toBe(404);
    expect((await portal.browser().get('/sign-in')).text).not.toContain('company');
    await portal.close();
  });
});
