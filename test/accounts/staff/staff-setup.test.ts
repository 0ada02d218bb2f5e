import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal();
});
afterEach(() => portal.close());

async function aLink(email = 'sam@isv.example'): Promise<string> {
  const created = await portal.staff.createStaff({ email, name: 'Sam', role: 'administrator' });
  if (!created.ok) throw new Error(created.problem);
  return new URL(created.url).pathname;
}

it('SEC-07: there is no account until the operator of the server creates one', async () => {
  expect(await portal.db('people').select()).toEqual([]);
  const created = await portal.staff.createStaff({ email: ' Sam@ISV.example', name: ' Sam ', role: 'administrator' });
  expect(created).toMatchObject({ ok: true, expiresAt: new Date('2026-11-22T12:00:00.000Z') });
  expect(created.ok && created.url).toMatch(/^http:\/\/127\.0\.0\.1:3000\/setup\/[A-Za-z0-9_-]{43}$/);
  expect(await portal.db('people').first('email', 'name', 'password_hash')).toEqual({
    email: 'sam@isv.example',
    name: 'Sam',
    password_hash: null,
  });
});

it.each([
  [{ email: 'sam', name: 'Sam', role: 'auditor' }, 'email_unreadable'],
  [{ email: 'sam@isv.example\nBcc: x@x.example', name: 'Sam', role: 'auditor' }, 'email_unreadable'],
  [{ email: 'sam@isv.example', name: ' ', role: 'auditor' }, 'name_missing'],
  [{ email: 'sam@isv.example', name: 'S'.repeat(101), role: 'auditor' }, 'name_too_long'],
  [{ email: 'sam@isv.example', name: 'Sam', role: 'root' }, 'role_unknown'],
  [{ email: 'sam@isv.example', name: 'Sam', role: '__proto__' }, 'role_unknown'],
])('creates no account from %j', async (asked, problem) => {
  expect(await portal.staff.createStaff(asked)).toEqual({ ok: false, problem });
  expect(await portal.db('people').select()).toEqual([]);
});

it('SEC-06: the link sets a password once and continues to the second factor', async () => {
  const path = await aLink();
  const browser = portal.browser();
  expect((await browser.get(path)).text).toContain('You will sign in as sam@isv.example.');
  const done = await browser.post(path, { password: aPassword });
  expect(done.headers.location).toBe('/account/second-factor');
  const again = await portal.browser().post(path, { password: `${aPassword} again` });
  expect(again.headers.location).toBe('/sign-in?notice=link');
  expect((await portal.browser().signIn('sam@isv.example')).status).toBe(303);
});

it('SEC-06: only one of two parallel posts sets the password', async () => {
  const path = await aLink();
  const passwords = ['one of two long passwords', 'two of two long passwords'];
  const answers = await Promise.all(passwords.map((password) => portal.browser().post(path, { password })));
  const locations = answers.map(({ headers }) => headers.location);
  expect(locations.toSorted()).toEqual(['/account/second-factor', '/sign-in?notice=link']);
  const winner = passwords[locations.indexOf('/account/second-factor')];
  expect((await portal.browser().signIn('sam@isv.example', winner)).status).toBe(303);
});

it('SEC-06: the link is 256 random bits, stored only as a hash, and works for 24 hours', async () => {
  const path = await aLink();
  const token = path.split('/').at(-1) ?? '';
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(await portal.everything()).not.toContain(token);
  portal.pass(24 * 3600_000 - 1);
  expect((await portal.browser().get(path)).status).toBe(200);
  portal.pass(1);
  expect((await portal.browser().get(path)).headers.location).toBe('/sign-in?notice=link');
});

it('SEC-13: opening the link by GET or HEAD changes nothing', async () => {
  const path = await aLink();
  const before = await portal.everything();
  await portal.browser().get(path);
  await portal.browser().head(path);
  expect(await portal.everything()).toBe(before);
});

it('a second link before completion ends the first', async () => {
  const first = await aLink();
  const second = await aLink();
  expect((await portal.browser().get(first)).status).toBe(303);
  expect((await portal.browser().get(second)).status).toBe(200);
});

it('SEC-21: an address with an account gets no second account', async () => {
  const browser = portal.browser();
  await browser.post(await aLink(), { password: aPassword });
  const again = await portal.staff.createStaff({ email: 'sam@isv.example', name: 'Sam', role: 'administrator' });
  expect(again).toEqual({ ok: false, problem: 'address_in_use' });
});

it('SEC-01: a short password is refused at its field, and the link still works', async () => {
  const path = await aLink();
  const browser = portal.browser();
  await browser.get(path);
  const answer = await browser.post(path, { password: 'fourteen chars' });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('href="#password"');
  expect(answer.text).toContain('This password is too short. Use at least 15 characters.');
  expect(answer.text).not.toContain('fourteen chars');
  expect((await browser.post(path, { password: aPassword })).status).toBe(303);
});

it('SEC-14: pages with a link’s token reveal it to no other site', async () => {
  const answer = await portal.browser().get(await aLink());
  expect(answer.headers['referrer-policy']).toBe('no-referrer');
  expect(answer.headers['cache-control']).toBe('no-store');
});

it('of links requested at the same time, only one works', async () => {
  await aLink();
  await Promise.all(Array.from({ length: 5 }, () => aLink()));
  expect(await portal.db('one_time_links').whereNull('used_at')).toHaveLength(1);
});
