import { anAccountsPortal, anotherPassword, aPassword, type AccountsPortal, type Browser } from '../support.js';

let portal: AccountsPortal;
let count = 0;
beforeAll(async () => {
  portal = await anAccountsPortal();
});
afterAll(() => portal.close());

const anIp = () => `198.51.100.${(count += 1)}`;
async function aPerson(): Promise<{ email: string; browser: Browser }> {
  const email = `ben.${(count += 1)}@north.example`;
  return { email, browser: await portal.aMember(await portal.aTenant(`North Clinic ${count}`), email, anIp()) };
}
async function change(browser: Browser, current = aPassword, password = anotherPassword) {
  await browser.get('/account/password');
  return browser.post('/account/password', { current, password });
}
const canSignIn = async (email: string, password: string) =>
  (await portal.browser(anIp()).signIn(email, password)).status === 303;
const mailsTo = (email: string) => portal.mails.filter(({ to }) => to === email);
const isIn = async (browser: Browser) => (await browser.get('/account')).status === 200;

it('SEC-09: changes the password, ends every other session, and continues under a new session id', async () => {
  const { email, browser } = await aPerson();
  const other = portal.browser(anIp());
  await other.signIn(email);
  const before = browser.cookies.get('sid');
  const done = await change(browser);
  expect(done.headers.location).toBe('/account?notice=password_changed');
  expect(browser.cookies.get('sid')).not.toBe(before);
  expect((await browser.follow(done)).text).toContain('Your password was changed.');
  expect([await isIn(browser), await isIn(other)]).toEqual([true, false]);
  const thief = portal.browser(anIp());
  thief.cookies.set('sid', before ?? '');
  expect(await isIn(thief)).toBe(false);
  expect([await canSignIn(email, aPassword), await canSignIn(email, anotherPassword)]).toEqual([false, true]);
});

it('SEC-08: tells the person by email, without a link or a password, and audits it', async () => {
  const { email, browser } = await aPerson();
  await change(browser);
  const [told] = mailsTo(email).slice(-1);
  expect(told?.subject).toBe('Example Health: your password was changed');
  expect(told?.text).not.toMatch(/https?:/);
  expect(JSON.stringify(told)).not.toContain(anotherPassword);
  expect((await portal.audit()).at(-1)).toBe('person.password_changed ok');
});

it.each([
  ['', anotherPassword, 'Enter your current password.'],
  ['not the password of now', anotherPassword, 'This password is incorrect.'],
  [aPassword, '', 'Enter a password.'],
  [aPassword, 'brief one here', 'too short'],
  [aPassword, 'passwordpassword', 'list of common passwords'],
  [aPassword, 'North Clinic Example Health', 'made of your name'],
])('SEC-01, SEC-02: with the current password %j and the new one %j, says why not', async (current, password, why) => {
  const { email, browser } = await aPerson();
  const refused = await change(browser, current, password);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain(why);
  expect(refused.text).toMatch(/<title>Error: /);
  for (const typed of [current, password]) if (typed !== '') expect(refused.text).not.toContain(typed);
  expect(await canSignIn(email, aPassword)).toBe(true);
});

it('SEC-05: guessing the current password in a session that was left open is slowed', async () => {
  const { browser } = await aPerson();
  const statuses = [];
  for (let i = 0; i < 12; i += 1) statuses.push((await change(browser, `a guess of the password ${i}`)).status);
  expect(statuses).toContain(429);
  const slowed = await change(browser);
  expect(slowed.status).toBe(429);
  expect(slowed.text).toContain('Too many tries.');
});

it('SEC-11: people with a second factor must give it first', async () => {
  const { browser, authenticator } = await portal.staffMember('sam@isv.example');
  expect((await browser.get('/account/password')).status).toBe(200);
  portal.pass(5 * 60_000);
  for (const path of ['/account/password', '/account/address'])
    expect((await browser.get(path)).headers.location).toBe(`/sign-in/second-factor?next=${encodeURIComponent(path)}`);
  const blind = await browser.post('/account/password', { current: aPassword, password: anotherPassword });
  expect(blind.headers.location).toBe('/sign-in/second-factor');
  await browser.get('/sign-in/second-factor?next=/account/password');
  const code = authenticator.code();
  const passed = await browser.post('/sign-in/second-factor', { code, next: '/account/password' });
  expect(passed.headers.location).toBe('/account/password');
  expect((await change(browser)).headers.location).toBe('/account?notice=password_changed');
  expect(await isIn(browser)).toBe(true); // and it counts on in the session that follows
});

it('only one of two parallel changes counts', async () => {
  const { email, browser } = await aPerson();
  const other = portal.browser(anIp());
  await other.signIn(email);
  await Promise.all([browser.get('/account/password'), other.get('/account/password')]);
  const passwords = ['one of two long passwords', 'two of two long passwords'];
  const answers = await Promise.all(
    [browser, other].map((it, i) => it.post('/account/password', { current: aPassword, password: passwords[i] ?? '' })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422]);
  const winner = answers.findIndex(({ status }) => status === 303);
  expect(await canSignIn(email, passwords[winner] ?? '')).toBe(true);
  expect(await canSignIn(email, passwords[1 - winner] ?? '')).toBe(false);
});

it('a sign-in that was checked with the old password does not survive the change', async () => {
  const { email, browser } = await aPerson();
  const thief = portal.browser(anIp());
  await browser.get('/account/password');
  await thief.get('/sign-in');
  await Promise.all([
    browser.post('/account/password', { current: aPassword, password: anotherPassword }),
    ...Array.from({ length: 4 }, () => thief.post('/sign-in', { email, password: aPassword })),
  ]);
  expect(await isIn(thief)).toBe(false);
});

it('ends open links for a new password and for a new address', async () => {
  const { email, browser } = await aPerson();
  await browser.get('/password-reset');
  await browser.post('/password-reset', { email });
  await portal.work();
  const reset = new URL(/https?:\S+/.exec(mailsTo(email).at(-1)?.text ?? '')?.[0] ?? 'nothing:').pathname;
  await browser.get('/account/address');
  await browser.post('/account/address', { email: `new.${email}`, current: aPassword });
  expect((await browser.get('/account')).text).toContain(`new.${email}`);
  await change(browser);
  expect((await browser.get('/account')).text).not.toContain(`new.${email}`);
  expect((await portal.browser().get(reset)).headers.location).toBe('/password-reset?notice=link');
});

it('SEC-22: rejects other fields', async () => {
  const { browser } = await aPerson();
  await browser.get('/account/password');
  for (const extra of ['id', 'email', 'person_id'])
    expect(
      (await browser.post('/account/password', { current: aPassword, password: anotherPassword, [extra]: 'x' })).status,
    ).toBe(400);
});
