import { pruneAccounts } from '../../../src/accounts/accounts-capability.js';
import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

const MINUTE = 60_000;
let portal: AccountsPortal;
let north: string;
beforeEach(async () => {
  portal = await anAccountsPortal();
  north = await portal.aTenant('North Clinic');
});
afterEach(() => portal.close());

it('sends a member to the guide of their only tenant, or to its connection once it has begun to connect', async () => {
  await portal.aMember(north, 'alice@north.example');
  const entered = await portal.browser().signIn('alice@north.example');
  expect(entered.status).toBe(303);
  expect(entered.headers.location).toBe(`/tenants/${north}/guide`);

  await portal.close();
  portal = await anAccountsPortal({ hasBegun: true });
  north = await portal.aTenant('North Clinic');
  await portal.aMember(north, 'alice@north.example');
  const begun = await portal.browser().signIn('alice@north.example');
  expect(begun.headers.location).toBe(`/tenants/${north}/connection`);
});

it('lets a member of several tenants choose', async () => {
  const south = await portal.aTenant('South Clinic');
  const browser = await portal.aMember(north, 'alice@north.example');
  const path = await portal.invited(south, 'alice@north.example');
  await browser.get(path);
  await browser.post(path);
  const entered = await portal.browser().signIn(' Alice@North.example ');
  expect(entered.headers.location).toBe('/tenants');
  const page = await browser.get('/tenants');
  expect(page.text).toContain(`href="/tenants/${north}/connection"`);
  expect(page.text).toContain('South Clinic');
});

it('answers a wrong password with the form: 422, an error title, the address kept and the password not', async () => {
  await portal.aMember(north, 'alice@north.example');
  const answer = await portal.browser().signIn('alice@north.example', 'a wrong password of some length');
  expect(answer.status).toBe(422);
  expect(answer.text).toMatch(/<title>Error: Sign in/);
  expect(answer.text).toContain('href="#email"');
  expect(answer.text).toContain('value="alice@north.example"');
  expect(answer.text).not.toContain('a wrong password');
});

it.each([
  [{ email: '', password: aPassword }, 'Enter your email address.'],
  [{ email: 'alice@north.example', password: '' }, 'Enter your password.'],
])('names the empty field (%#)', async (fields, sentence) => {
  const answer = await portal.browser().post('/sign-in', fields);
  expect(answer.status).toBe(422);
  expect(answer.text).toContain(sentence);
});

it('SEC-03: an unknown address gets exactly the answer of a wrong password', async () => {
  await portal.aMember(north, 'alice@north.example');
  const known = await portal.browser('192.0.2.1').signIn('alice@north.example', 'wrong');
  const unknown = await portal.browser('192.0.2.2').signIn('malle@north.example', 'wrong');
  const blank = (text: string, email: string) =>
    text.replaceAll(email, '').replaceAll(/name="_csrf" value="[^"]+"/g, '');
  expect(unknown.status).toBe(known.status);
  expect(blank(unknown.text, 'malle@north.example')).toBe(blank(known.text, 'alice@north.example'));
});

it('SEC-03: a hash made with older parameters is upgraded at sign-in', async () => {
  await portal.aMember(north, 'alice@north.example');
  const hashOf = async () => String((await portal.db('people').first('password_hash')).password_hash);
  expect(await hashOf()).toContain('$argon2id$v=19$m=64,t=2,p=1$');
  const { db } = portal;
  const stronger = await anAccountsPortal({ db, argon2: { memoryKiB: 128, passes: 3, parallelism: 1 } });
  expect((await stronger.browser().signIn('alice@north.example')).status).toBe(303);
  expect(await hashOf()).toContain('$argon2id$v=19$m=128,t=3,p=1$');
  expect((await stronger.browser().signIn('alice@north.example')).status).toBe(303);
  stronger.server.close();
});

it('SEC-09: signing in gives a new session id, and the old form is no longer accepted', async () => {
  await portal.aMember(north, 'alice@north.example');
  const browser = portal.browser();
  await browser.get('/sign-in');
  const before = { sid: browser.cookies.get('sid'), csrf: browser.csrf };
  await browser.signIn('alice@north.example');
  expect(browser.cookies.get('sid')).not.toBe(before.sid);
  const old = await browser.postRaw('/sign-out', { _csrf: before.csrf });
  expect(old.status).toBe(403);
  const [row] = await portal.db('sessions').orderBy('created_at', 'desc');
  expect(decodeURIComponent(browser.cookies.get('sid') ?? '')).not.toContain(row.id_hash); // stored hashed
});

it('SEC-09: a cookie from before signing out no longer works', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  await browser.get('/tenants');
  const thief = portal.browser();
  for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
  expect((await thief.get('/tenants')).status).toBe(200);
  const out = await browser.post('/sign-out');
  expect(out.headers.location).toBe('/sign-in?notice=signed_out');
  expect(out.headers['set-cookie']?.[0]).toMatch(/^sid=;/);
  expect((await thief.get('/tenants')).headers.location).toBe('/sign-in?next=%2Ftenants');
  expect(await portal.audit()).toContain('person.signed_out ok');
});

it('SEC-10: a session ends after 30 idle minutes, and always after 12 hours', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  portal.pass(29 * MINUTE);
  expect((await browser.get('/tenants')).status).toBe(200);
  portal.pass(31 * MINUTE);
  expect((await browser.get('/tenants')).status).toBe(303);

  const busy = portal.browser();
  await busy.signIn('alice@north.example');
  for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
    portal.pass(20 * MINUTE);
    expect((await busy.get('/tenants')).status).toBe(200);
  }
  portal.pass(20 * MINUTE);
  expect((await busy.get('/tenants')).status).toBe(303);
});

it('records when a session was last seen at most once a minute', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  const seen = async () => String((await portal.db('sessions').first('last_seen_at')).last_seen_at);
  const first = await seen();
  portal.pass(59_000);
  await browser.get('/tenants');
  expect(await seen()).toBe(first);
  portal.pass(1000);
  await browser.get('/tenants');
  expect(await seen()).toBe('2026-11-21T12:01:00.000Z');
});

it('SEC-12: with an https address the cookies are __Host-, Secure, HttpOnly and SameSite, behind any proxy', async () => {
  await portal.close();
  portal = await anAccountsPortal({ publicUrl: 'https://portal.example' });
  north = await portal.aTenant('North Clinic');
  const path = await portal.invited(north, 'alice@north.example');
  const browser = portal.browser();
  await browser.get(path);
  const accepted = await browser.post(path, { name: 'Alice', password: aPassword });
  const cookies = accepted.headers['set-cookie'] as unknown as string[];
  expect(cookies.map((line) => line.split('=')[0]).sort()).toEqual(['__Host-device', '__Host-sid']);
  for (const line of cookies) {
    expect(line).toContain('; Path=/');
    expect(line).toContain('; HttpOnly');
    expect(line).toContain('; Secure');
    expect(line).toContain('; SameSite=Lax');
    expect(line).not.toContain('Domain');
  }
});

it('SEC-13: every POST without this session’s token is refused', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  const other = portal.browser();
  await other.get('/sign-in');
  const paths = ['/sign-in', '/sign-out', '/sign-in/second-factor', '/account/second-factor', '/setup/x', '/tenants'];
  for (const path of [...paths, '/invitations/x', '/invitations/x/renewals', '/account/second-factor/enrolment'])
    for (const fields of [{}, { _csrf: '' }, { _csrf: other.csrf }, { _csrf: [browser.csrf, browser.csrf] }])
      expect([path, (await browser.postRaw(path, fields as never)).status]).toEqual([path, 403]);
});

it('showing the sign-in form to a visitor writes no row', async () => {
  const before = await portal.everything();
  const browser = portal.browser();
  await browser.get('/sign-in');
  await browser.get('/sign-in?next=/tenants');
  await browser.head('/sign-in');
  expect(await portal.everything()).toBe(before);
});

it('accepts a visitor’s form for 12 hours', async () => {
  await portal.aMember(north, 'alice@north.example');
  const browser = portal.browser();
  await browser.get('/sign-in');
  portal.pass(11 * 60 * MINUTE);
  const fields = { email: 'alice@north.example', password: aPassword, _csrf: browser.csrf };
  expect((await browser.postRaw('/sign-in', fields)).status).toBe(303);
});

it.each([
  ['/tenants?page=2', '/tenants?page=2'],
  ['//evil.example', undefined],
  ['/\\evil.example', undefined],
  ['https://evil.example/', undefined],
  ['/%0d%0aSet-Cookie:x=1', '/%0d%0aSet-Cookie:x=1'],
  ['/..//evil.example', undefined],
  ['/\tevil', undefined],
  ['javascript:alert(1)', undefined],
])('redirects to %j after sign-in only if it is a path of the portal', async (next, expected) => {
  await portal.aMember(north, 'alice@north.example');
  const browser = portal.browser();
  await browser.get('/sign-in');
  const entered = await browser.post('/sign-in', { email: 'alice@north.example', password: aPassword, next });
  expect(entered.headers.location).toBe(expected ?? `/tenants/${north}/guide`);
});

it('returns to the page that required signing in', async () => {
  await portal.aMember(north, 'alice@north.example');
  const browser = portal.browser();
  const asked = await browser.get(`/tenants/${north}/connection?from=mail`);
  expect(asked.status).toBe(303);
  const form = await browser.follow(asked);
  const next = /name="next" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  const entered = await browser.post('/sign-in', { email: 'alice@north.example', password: aPassword, next });
  expect((await browser.follow(entered)).text).toBe('North Clinic');
});

it('SEC-42: audits sign-ins, including failed ones, without the typed values', async () => {
  await portal.aMember(north, 'alice@north.example');
  await portal.browser().signIn('alice@north.example', 'wrong one, typed by mistake');
  await portal.browser().signIn('my password went here@x', 'hm');
  await portal.browser().signIn('alice@north.example');
  expect((await portal.audit()).slice(-3)).toEqual([
    'person.sign_in_refused refused',
    'person.sign_in_refused refused',
    'person.signed_in ok',
  ]);
  const rows = JSON.stringify(await portal.db('audit_events').select());
  expect(rows).not.toContain('typed by mistake');
  expect(rows).not.toContain('went here');
  expect(rows).toContain('198.51.100.7');
});

it('SEC-08: tells a person by email when a new browser signs in, but not for a known one', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  const before = portal.mails.length;
  await browser.post('/sign-out');
  await browser.signIn('alice@north.example');
  expect(portal.mails).toHaveLength(before);
  await portal.browser().signIn('alice@north.example');
  expect(portal.mails.slice(before).map(({ to, subject }) => `${to}: ${subject}`)).toEqual([
    'alice@north.example: Example Health: sign-in from a new browser',
  ]);
});

it('SEC-15: pages behind or during sign-in are not cached', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  for (const path of ['/tenants', `/tenants/${north}/connection`, '/account/second-factor'])
    expect((await browser.get(path)).headers['cache-control']).toBe('no-store');
  for (const path of ['/sign-in', '/invitations/unknown', '/setup/unknown', '/tenants'])
    expect((await portal.browser().get(path)).headers['cache-control']).toBe('no-store');
});

it('deletes expired sessions, browsers and counts', async () => {
  await portal.aMember(north, 'alice@north.example');
  await portal.browser().signIn('alice@north.example', 'wrong');
  portal.pass(400 * 24 * 60 * MINUTE);
  await pruneAccounts(portal.db, portal.world);
  for (const table of ['sessions', 'known_devices', 'attempts']) expect(await portal.db(table).select()).toEqual([]);
});
