import { anAccountsPortal, anotherPassword, aPassword, type AccountsPortal, type Browser } from '../support.js';

const HOUR = 3600_000;
let portal: AccountsPortal;
let count = 0;
beforeAll(async () => {
  portal = await anAccountsPortal();
});
afterAll(() => portal.close());

const anIp = () => `198.51.100.${(count += 1)}`;
const anAddress = () => `cleo.${(count += 1)}@north.example`;
async function aPerson(): Promise<{ email: string; browser: Browser }> {
  const email = anAddress();
  return { email, browser: await portal.aMember(await portal.aTenant(`North Clinic ${count}`), email, anIp()) };
}
const mailsTo = (email: string) => portal.mails.filter(({ to }) => to === email);
const pathIn = (text = '') => new URL(/https?:\S+/.exec(text)?.[0] ?? 'nothing:').pathname;

async function ask(browser: Browser, email: string, current = aPassword) {
  await browser.get('/account/address');
  return browser.post('/account/address', { email, current });
}
async function aLink(browser: Browser, email: string): Promise<string> {
  expect((await ask(browser, email)).headers.location).toBe('/account?notice=address_asked');
  return pathIn(mailsTo(email).at(-1)?.text);
}
const canSignIn = async (email: string, password = aPassword) =>
  (await portal.browser(anIp()).signIn(email, password)).status === 303;

it('changes the address when the link sent to the new one is opened, and tells both addresses', async () => {
  const { email, browser } = await aPerson();
  const next = anAddress();
  expect((await ask(browser, ` ${next.toUpperCase()} `)).status).toBe(303);
  const path = pathIn(mailsTo(next).at(-1)?.text);
  expect((await browser.get('/account')).text).toContain(`Waiting for ${next}`);
  expect(await canSignIn(next)).toBe(false);
  const page = await browser.get(path);
  for (const address of [email, next]) expect(page.text).toContain(address);
  const done = await browser.post(path);
  expect(done.headers.location).toBe('/account?notice=address_changed');
  const account = await browser.follow(done);
  expect(account.text).toContain(next);
  expect(account.text).not.toContain(email);
  expect([await canSignIn(email), await canSignIn(next)]).toEqual([false, true]);
  for (const address of [email, next])
    expect(mailsTo(address).map(({ subject }) => subject)).toContain('Example Health: your address was changed');
  const trace = (await portal.audit()).filter((row) => row.includes('address'));
  expect(trace).toEqual(['person.address_change_asked ok', 'person.address_changed ok']);
  expect(JSON.stringify(await portal.db('audit_events').select())).not.toContain(next);
});

it('SEC-08: tells the current address as soon as another one is requested', async () => {
  const { email, browser } = await aPerson();
  const next = anAddress();
  await aLink(browser, next);
  const told = mailsTo(email).at(-1);
  expect(told?.subject).toBe('Example Health: someone asked for a new address');
  expect(told?.text).not.toMatch(/https?:/);
  expect(told?.text).not.toContain(next);
  expect(mailsTo(next).at(-1)?.text).not.toContain(email); // it may be a stranger's
});

it.each([
  ['', aPassword, 'Enter your new email address.'],
  ['no address', aPassword, 'Enter an email address with one @, such as'],
  ['a@north.example\r\nBcc: b@evil.example', aPassword, 'Enter an email address with one @, such as'],
  ['a@north.example,b@evil.example', aPassword, 'Enter an email address with one @, such as'],
  ['new@north.example', '', 'Enter your current password.'],
  ['new@north.example', 'not the password of now', 'This password is incorrect.'],
])('with the address %j and the password %j, says why not and mails nothing', async (typed, current, why) => {
  const { browser } = await aPerson();
  const before = portal.mails.length;
  const refused = await ask(browser, typed, current);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain(why);
  if (current !== '') expect(refused.text).not.toContain(current);
  expect(portal.mails).toHaveLength(before);
});

it('says so if the address is the current one', async () => {
  const { email, browser } = await aPerson();
  expect((await ask(browser, email.toUpperCase())).text).toContain('This is already your address.');
});

it('SEC-03: an address that already has a person gets the same answer; the link then changes nothing', async () => {
  const taken = await aPerson();
  const { email, browser } = await aPerson();
  const blank = (text: string, address: string) =>
    text.replaceAll(address, '').replaceAll(/name="_csrf" value="[^"]+"/g, '');
  const free = anAddress();
  const ofFree = await ask(browser, free);
  const pageOfFree = await browser.get('/account');
  const ofTaken = await ask(browser, taken.email);
  const pageOfTaken = await browser.get('/account');
  expect(ofTaken.headers.location).toBe(ofFree.headers.location);
  expect(blank(pageOfTaken.text, taken.email)).toBe(blank(pageOfFree.text, free));
  expect(mailsTo(taken.email).at(-1)?.subject).toBe(mailsTo(free).at(-1)?.subject);

  const path = pathIn(mailsTo(taken.email).at(-1)?.text);
  expect((await browser.post(path)).headers.location).toBe('/account?notice=address_taken');
  expect([await canSignIn(email), await canSignIn(taken.email)]).toEqual([true, true]);
  expect((await browser.post(path)).headers.location).toBe('/account?notice=link');
});

describe('SEC-06: a link', () => {
  it('is 256 random bits, stored only as a hash, and works once', async () => {
    const { browser } = await aPerson();
    const path = await aLink(browser, anAddress());
    expect(path).toMatch(/^\/account\/address-changes\/[A-Za-z0-9_-]{43}$/);
    expect(await portal.everything()).not.toContain(path.split('/').at(-1));
    expect((await browser.post(path)).headers.location).toBe('/account?notice=address_changed');
    for (const again of [await browser.get(path), await browser.post(path)])
      expect(again.headers.location).toBe('/account?notice=link');
  });

  it('works only for the person who requested it, and only while signed in', async () => {
    const { email, browser } = await aPerson();
    const path = await aLink(browser, anAddress());
    const other = await aPerson();
    const absent = `/account/address-changes/${'A'.repeat(43)}`;
    for (const it of [path, absent]) {
      expect((await other.browser.get(it)).headers.location).toBe('/account?notice=link');
      expect((await other.browser.post(it)).headers.location).toBe('/account?notice=link');
    }
    const nobody = portal.browser(anIp());
    expect((await nobody.get(path)).headers.location).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    expect((await nobody.post(path)).headers.location).toBe('/sign-in');
    expect([await canSignIn(email), await canSignIn(other.email)]).toEqual([true, true]);
    expect((await browser.get(path)).status).toBe(200);
  });

  it('is not consumed by GET and HEAD', async () => {
    const { browser } = await aPerson();
    const path = await aLink(browser, anAddress());
    const before = await portal.everything();
    await browser.head(path);
    await browser.get(path);
    await portal.browser(anIp()).get(path);
    expect(await portal.everything()).toBe(before);
    expect((await browser.post(path)).headers.location).toBe('/account?notice=address_changed');
  });

  it('ends with the next link and with a withdrawal', async () => {
    const { email, browser } = await aPerson();
    const first = await aLink(browser, anAddress());
    const second = await aLink(browser, anAddress());
    expect((await browser.post(first)).headers.location).toBe('/account?notice=link');
    expect((await browser.get('/account/address')).text).toContain('Keep my current address');
    const kept = await browser.post('/account/address/withdrawal');
    expect(kept.headers.location).toBe('/account?notice=address_withdrawn');
    expect((await browser.get('/account')).text).not.toContain('Waiting for');
    expect((await browser.post(second)).headers.location).toBe('/account?notice=link');
    expect(await canSignIn(email)).toBe(true);
    const rows = (await portal.audit()).length;
    await browser.post('/account/address/withdrawal'); // there is nothing to withdraw
    expect(await portal.audit()).toHaveLength(rows);
  });

  it('works for 24 hours', async () => {
    const { email, browser } = await aPerson();
    const path = await aLink(browser, anAddress());
    portal.pass(24 * HOUR - 1);
    await browser.signIn(email);
    expect((await browser.get(path)).status).toBe(200);
    portal.pass(1);
    expect((await browser.post(path)).headers.location).toBe('/account?notice=link');
    expect((await browser.get('/account')).text).not.toContain('Waiting for');
  });

  it('counts only once for two parallel posts', async () => {
    const { browser } = await aPerson();
    const path = await aLink(browser, anAddress());
    const answers = await Promise.all([browser.post(path), browser.post(path)]);
    expect(answers.map(({ headers }) => headers.location).toSorted()).toEqual([
      '/account?notice=address_changed',
      '/account?notice=link',
    ]);
  });

  it('gives an address that two people want to one of them', async () => {
    const [one, two] = [await aPerson(), await aPerson()];
    const next = anAddress();
    const paths = [await aLink(one.browser, next), await aLink(two.browser, next)];
    const answers = await Promise.all([one.browser.post(paths[0] ?? ''), two.browser.post(paths[1] ?? '')]);
    expect(answers.map(({ headers }) => headers.location).toSorted()).toEqual([
      '/account?notice=address_changed',
      '/account?notice=address_taken',
    ]);
    expect(await portal.db('people').where({ email: next })).toHaveLength(1);
  });
});

it('a password link in the old mailbox no longer works', async () => {
  const { email, browser } = await aPerson();
  await browser.get('/password-reset');
  await browser.post('/password-reset', { email });
  await portal.work();
  const reset = pathIn(mailsTo(email).at(-1)?.text);
  await browser.post('/password-reset', { email }); // and a link that the worker has not mailed yet
  await browser.post(await aLink(browser, anAddress()));
  const mailed = mailsTo(email).length;
  await portal.work();
  expect(mailsTo(email)).toHaveLength(mailed);
  expect((await portal.browser(anIp()).get(reset)).headers.location).toBe('/password-reset?notice=link');
});

it('a password reset cancels a change that someone else requested', async () => {
  const { email, browser: thief } = await aPerson();
  const path = await aLink(thief, anAddress());
  const owner = portal.browser(anIp());
  await owner.get('/password-reset');
  await owner.post('/password-reset', { email });
  await portal.work();
  const reset = pathIn(mailsTo(email).at(-1)?.text);
  await owner.get(reset);
  await owner.post(reset, { password: anotherPassword });
  expect((await thief.get(path)).headers.location).toMatch(/^\/sign-in/);
  await owner.signIn(email, anotherPassword);
  expect((await owner.get(path)).headers.location).toBe('/account?notice=link');
});

it('SEC-05: mails three links at once, then one an hour, because the mailbox may be a stranger’s', async () => {
  const { browser } = await aPerson();
  for (let i = 0; i < 3; i += 1) await aLink(browser, anAddress());
  const before = portal.mails.length;
  const slowed = await ask(browser, anAddress());
  expect(slowed.status).toBe(429);
  expect(slowed.text).toContain('Too many tries.');
  expect(portal.mails).toHaveLength(before);
});
