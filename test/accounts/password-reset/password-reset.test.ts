import request from 'supertest';
import { pruneAccounts } from '../../../src/accounts/accounts-capability.js';
import { everyRow, rowsOf, tablesOf } from '../../support/database/databases.js';
import { anAccountsPortal, anotherPassword, aPassword, type AccountsPortal, type Browser } from '../support.js';

const MINUTE = 60_000;
let portal: AccountsPortal;
let count = 0;
beforeAll(async () => {
  portal = await anAccountsPortal();
});
afterAll(() => portal.close());

/** Each test uses its own address, network and browser. */
const anIp = () => `198.51.${100 + Math.floor((count += 1) / 250)}.${1 + (count % 250)}`;
async function aPerson(): Promise<{ email: string; browser: Browser }> {
  const email = `ada.${(count += 1)}@north.example`;
  return { email, browser: await portal.aMember(await portal.aTenant(`North Clinic ${count}`), email, anIp()) };
}
const mailsTo = (email: string) => portal.mails.filter(({ to }) => to === email);
const pathIn = (text = '') => new URL(/https?:\S+/.exec(text)?.[0] ?? 'nothing:').pathname;

async function ask(email: string, ip = anIp()) {
  const browser = portal.browser(ip);
  await browser.get('/password-reset');
  return browser.post('/password-reset', { email });
}
/** The path of the mailed link. */
async function aLink(email: string): Promise<string> {
  expect((await ask(email)).headers.location).toBe('/password-reset/asked');
  await portal.work();
  return pathIn(mailsTo(email).at(-1)?.text);
}
const reset = async (path: string, password = anotherPassword) => {
  const browser = portal.browser(anIp());
  return browser.post(path, { password });
};
const canSignIn = async (email: string, password: string) =>
  (await portal.browser(anIp()).signIn(email, password)).status === 303;

it('SEC-06: mails a link that sets a new password once and ends every session', async () => {
  const { email, browser } = await aPerson();
  await ask(` ${email.toUpperCase()} `);
  await portal.work();
  const path = pathIn(mailsTo(email).at(-1)?.text);
  const page = await portal.browser().get(path);
  expect(page.text).toContain(`For ${email}.`);
  expect(page.headers['referrer-policy']).toBe('no-referrer');
  expect((await reset(path)).headers.location).toBe('/sign-in?notice=password_reset');
  expect((await browser.get('/tenants')).headers.location).toBe('/sign-in?next=%2Ftenants');
  expect([await canSignIn(email, aPassword), await canSignIn(email, anotherPassword)]).toEqual([false, true]);

  const again = await reset(path, 'a third password of some length');
  expect(again.headers.location).toBe('/password-reset?notice=link');
  expect((await portal.browser().get('/password-reset?notice=link')).text).toContain('no longer works');
  expect(await canSignIn(email, anotherPassword)).toBe(true);
});

it('is linked from the sign-in page, which then says what to do next', async () => {
  expect((await portal.browser().get('/sign-in')).text).toContain('href="/password-reset"');
  expect((await portal.browser().get('/sign-in?notice=password_reset')).text).toContain('Your new password is saved.');
});

it('SEC-06: does not sign the person in, and leaves the second factor unchanged', async () => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  const path = await aLink('sam@isv.example');
  const browser = portal.browser(anIp());
  await browser.get(path);
  await browser.post(path, { password: anotherPassword });
  expect((await browser.get('/account')).headers.location).toBe('/sign-in?next=%2Faccount');
  const half = await browser.signIn('sam@isv.example', anotherPassword);
  expect(half.headers.location).toBe('/sign-in/second-factor');
  expect((await browser.get('/staff/tenants')).headers.location).toBe('/sign-in/second-factor');
  const whole = await browser.post('/sign-in/second-factor', { code: authenticator.code() });
  expect(whole.headers.location).toBe('/staff');
});

it.each([
  ['', 'Enter a password.'],
  ['brief one here', 'too short'],
  ['passwordpassword', 'list of common passwords'],
  ['North Clinic Example Health', 'made of your name'],
])('SEC-01, SEC-02: refuses %j with the reason, and the link keeps working', async (password, reason) => {
  const { email } = await aPerson();
  const path = await aLink(email);
  const refused = await reset(path, password);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain(reason);
  if (password !== '') expect(refused.text).not.toContain(password);
  expect((await reset(path)).headers.location).toBe('/sign-in?notice=password_reset');
});

describe('SEC-06: a link', () => {
  it('is 256 random bits, stored only as a hash', async () => {
    const { email } = await aPerson();
    const token = (await aLink(email)).split('/').at(-1) ?? '';
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await portal.everything()).not.toContain(token);
  });

  it('works for an hour', async () => {
    const { email } = await aPerson();
    const path = await aLink(email);
    portal.pass(60 * MINUTE - 1);
    expect((await portal.browser().get(path)).status).toBe(200);
    portal.pass(1);
    expect((await portal.browser().get(path)).headers.location).toBe('/password-reset?notice=link');
    expect((await reset(path)).headers.location).toBe('/password-reset?notice=link');
    expect(await canSignIn(email, aPassword)).toBe(true);
    await pruneAccounts(portal.db, portal.world);
    expect(await portal.db('one_time_links').where({ purpose: 'password_reset' })).toEqual([]);
  });

  it('ends with the next link', async () => {
    const { email } = await aPerson();
    const first = await aLink(email);
    const second = await aLink(email);
    expect((await reset(first)).headers.location).toBe('/password-reset?notice=link');
    expect((await reset(second)).headers.location).toBe('/sign-in?notice=password_reset');
  });

  it('works only for one of two parallel requests', async () => {
    const { email } = await aPerson();
    await Promise.all([ask(email), ask(email)]);
    await Promise.all(portal.asked.map(() => portal.work()));
    const paths = mailsTo(email).flatMap(({ text }) => (text.includes('/password-resets/') ? pathIn(text) : []));
    expect(paths).toHaveLength(2);
    const pages = await Promise.all(paths.map((path) => portal.browser().get(path)));
    expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 303]);
  });

  it('is not consumed by mail scanners', async () => {
    const { email } = await aPerson();
    const path = await aLink(email);
    /** All but the traces of the refused form. */
    const everything = async () => {
      const { audit_events: acts, ...rows } = await everyRow(portal.db);
      return { ...rows, acts: acts?.filter((act) => !JSON.stringify(act).includes('request.form_refused')) };
    };
    const before = await everything();
    const scanner = portal.browser(anIp());
    await scanner.head(path);
    for (let i = 0; i < 3; i += 1) expect((await scanner.get(path)).status).toBe(200);
    expect((await scanner.head(path)).status).toBe(200);
    expect((await scanner.postRaw(path, {})).status).toBe(403); // a crawler has no token of a form
    portal.pass(30 * MINUTE);
    expect((await scanner.get(path)).status).toBe(200);
    expect(await everything()).toEqual(before);
    expect((await reset(path)).headers.location).toBe('/sign-in?notice=password_reset');
  });

  it('sets the password for only one of two parallel posts', async () => {
    const { email } = await aPerson();
    const path = await aLink(email);
    const passwords = ['one of two long passwords', 'two of two long passwords'];
    const answers = await Promise.all(passwords.map((password) => reset(path, password)));
    const locations = answers.map(({ headers }) => headers.location);
    expect(locations.toSorted()).toEqual(['/password-reset?notice=link', '/sign-in?notice=password_reset']);
    const winner = locations.indexOf('/sign-in?notice=password_reset');
    expect(await canSignIn(email, passwords[winner] ?? '')).toBe(true);
    expect(await canSignIn(email, passwords[1 - winner] ?? '')).toBe(false);
  });

  it('of another kind sets no password here, and this link works nowhere else', async () => {
    const created = await portal.staff.createStaff({ email: 'new@isv.example', name: 'New', role: 'auditor' });
    const setup = created.ok ? (created.url.split('/').at(-1) ?? '') : '';
    expect((await reset(`/password-resets/${setup}`)).headers.location).toBe('/password-reset?notice=link');
    const { email } = await aPerson();
    const token = (await aLink(email)).split('/').at(-1) ?? '';
    expect((await reset(`/setup/${token}`)).headers.location).toBe('/sign-in?notice=link');
    expect((await reset(`/invitations/${token}`)).headers.location).toBe('/sign-in?notice=link');
    expect((await portal.browser().get(`/setup/${setup}`)).status).toBe(200); // and each still works in its place
    expect((await portal.browser().get(`/password-resets/${token}`)).status).toBe(200);
  });

  it.each([['x'], ['A'.repeat(43)], ['%2e%2e'], ["' or 1=1 --"]])('that is %j does not work', async (token) => {
    const path = `/password-resets/${encodeURIComponent(token)}`;
    for (const answer of [await portal.browser().get(path), await reset(path)])
      expect(answer.headers.location).toBe('/password-reset?notice=link');
  });

  it('points to PUBLIC_URL, whatever host the request names', async () => {
    const { email } = await aPerson();
    const browser = portal.browser(anIp());
    await browser.get('/password-reset');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(portal.server)
      .post('/password-reset')
      .set({ Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example', Cookie: cookie })
      .type('form')
      .send({ _csrf: browser.csrf, email });
    expect(answer.status).toBe(303);
    await portal.work();
    const mail = mailsTo(email).at(-1);
    expect(mail?.text).toContain('http://127.0.0.1:3000/password-resets/');
    expect(JSON.stringify([mail, answer.headers])).not.toContain('evil');
  });
});

describe('SEC-03: a request does not reveal who has an account', () => {
  it('gives the same answer and writes the same rows for an address with and without a person', async () => {
    const { email } = await aPerson();
    const rows = async () =>
      Object.fromEntries(
        await Promise.all(
          (await tablesOf(portal.db)).map(async (table) => [table, (await rowsOf(portal.db, table)).length]),
        ),
      ) as Record<string, number>;
    const seen = [];
    for (const address of [email, 'nobody@nowhere.example']) {
      const before = await rows();
      const answer = await ask(address);
      const { date: _date, 'x-request-id': _id, 'set-cookie': _cookie, ...headers } = answer.headers;
      const grown = Object.entries(await rows()).map(([table, length]) => [table, length - (before[table] ?? 0)]);
      seen.push({ status: answer.status, headers, text: answer.text, grown, queued: portal.asked.length });
      await portal.work();
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.queued).toBe(1);
    expect(mailsTo('nobody@nowhere.example')).toEqual([]);
    expect(mailsTo(email).at(-1)?.subject).toBe('Example Health: choose a new password');
  });

  it('mails nothing to people who may not sign in or to staff who have not set their first password', async () => {
    const { email } = await aPerson();
    await portal.db('people').where({ email }).update({ disabled_at: portal.now().toISOString() });
    await portal.staff.createStaff({ email: 'unfinished@isv.example', name: 'U', role: 'administrator' });
    const before = portal.mails.length;
    for (const address of [email, 'unfinished@isv.example']) {
      expect((await ask(address)).headers.location).toBe('/password-reset/asked');
      await portal.work();
    }
    expect(portal.mails).toHaveLength(before);
  });

  it('a link no longer works after its person was disabled', async () => {
    const { email } = await aPerson();
    const path = await aLink(email);
    await portal.db('people').where({ email }).update({ disabled_at: portal.now().toISOString() });
    expect((await reset(path)).headers.location).toBe('/password-reset?notice=link');
  });

  it.each([
    ['', 'Enter your email address.'],
    ['not an address', 'Enter an email address with one @, such as'],
    ['ada@north.example\r\nBcc: all@evil.example', 'Enter an email address with one @, such as'],
  ])('asks again after %j', async (email, sentence) => {
    const answer = await ask(email);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(sentence);
    expect(portal.asked).toEqual([]);
  });
});

describe('SEC-05: repeated requests', () => {
  it('sends three links, then one an hour, and the last one always works', async () => {
    const { email } = await aPerson();
    const before = mailsTo(email).length;
    for (let i = 0; i < 10; i += 1) expect((await ask(email)).headers.location).toBe('/password-reset/asked');
    await portal.work();
    expect(mailsTo(email)).toHaveLength(before + 3);
    portal.pass(60 * MINUTE - 1);
    await ask(email);
    await portal.work();
    expect(mailsTo(email)).toHaveLength(before + 3);
    expect((await portal.browser().get(pathIn(mailsTo(email).at(-1)?.text))).status).toBe(200);
    portal.pass(1);
    await ask(email);
    await ask(email);
    await portal.work();
    expect(mailsTo(email)).toHaveLength(before + 4);
    expect((await reset(pathIn(mailsTo(email).at(-1)?.text))).headers.location).toBe('/sign-in?notice=password_reset');
    await aLink(email); // after a successful reset, the person may request again immediately
  });

  it('are slowed for one network and say until when; other networks are not affected', async () => {
    const ip = '203.0.113.77';
    for (let i = 0; i < 20; i += 1) expect((await ask(`x${i}@nowhere.example`, ip)).status).toBe(303);
    const { email } = await aPerson();
    const slowed = await ask(email, ip);
    expect(slowed.status).toBe(429);
    expect(slowed.headers['retry-after']).toBe('15');
    expect(slowed.text).toContain('Try again in 1 minute.');
    expect((await ask(email)).status).toBe(303);
    portal.pass(15_000);
    expect((await ask(email, ip)).status).toBe(303);
  });

  it('let a person back in after a hundred guesses have blocked the account for unknown browsers', async () => {
    const { email } = await aPerson();
    for (let i = 0; i < 100; i += 1) await portal.browser(anIp()).signIn(email, 'a wrong guess of a password');
    expect((await portal.browser(anIp()).signIn(email)).status).toBe(429);
    await reset(await aLink(email));
    expect(await canSignIn(email, anotherPassword)).toBe(true);
  });

  it('do not prevent sign-in', async () => {
    const { email } = await aPerson();
    for (let i = 0; i < 5; i += 1) await ask(email);
    await portal.work();
    expect(await canSignIn(email, aPassword)).toBe(true);
  });
});

it('SEC-08: tells the person by email, without a link, and audits who did what', async () => {
  const { email } = await aPerson();
  const since = (await portal.audit()).length;
  await reset(await aLink(email));
  const told = mailsTo(email).at(-1);
  expect(told?.subject).toBe('Example Health: your password was changed');
  expect(told?.text).not.toContain('http');
  expect((await portal.audit()).slice(since)).toEqual([
    'person.password_reset_asked ok',
    'person.password_reset_mailed ok',
    'person.password_reset ok',
  ]);
});
