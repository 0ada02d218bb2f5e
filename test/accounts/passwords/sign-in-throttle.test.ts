import { transactionOn } from '../../../src/platform/database/database.js';
import { PortalError } from '../../../src/platform/errors.js';
import { signInThrottle, type Tried } from '../../../src/accounts/passwords/sign-in-throttle.js';
import { networkOf } from '../../../src/platform/addresses.js';
import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal();
});
afterEach(() => portal.close());

const fail = (browser: ReturnType<AccountsPortal['browser']>, email: string) =>
  browser.signIn(email, 'not the password');

/** Enters wrong passwords, each in the form of the last answer, until the portal says to wait. */
async function failUntilStopped(ip: string, email: string): Promise<number> {
  const browser = portal.browser(ip);
  await browser.get('/sign-in');
  for (let count = 0; count < 1000; count += 1) {
    const { status } = await browser.post('/sign-in', { email, password: 'not the password' });
    if (status === 429) return count;
  }
  throw new Error('never stopped');
}

describe('SEC-60: an attempt that could not be judged', () => {
  const tried: Tried = { what: 'password', account: 'alice', ip: '203.0.113.9', knownDevice: undefined };
  const busy = () => Promise.reject(new PortalError('unavailable'));
  const wrong = () => Promise.resolve({ kind: 'wrong' } as const);
  const attempt = (judge: () => Promise<{ kind: 'wrong' }>) =>
    signInThrottle(transactionOn(portal.db)).counting(tried, portal.now(), judge);

  it('does not count: any number of them leaves the next attempt free', async () => {
    for (let times = 0; times < 200; times += 1) await expect(attempt(busy)).rejects.toThrow('unavailable');
    expect(await attempt(wrong)).toEqual({ kind: 'wrong' });
    const counted = await portal.db('attempts').distinct<{ failures: number }[]>('failures');
    expect(counted).toEqual([{ failures: 1 }]);
  });

  it('does not shorten the wait that wrong attempts have earned', async () => {
    for (let times = 0; times < 4; times += 1) await attempt(wrong);
    await expect(attempt(busy)).rejects.toThrow('unavailable');
    expect(await attempt(wrong)).toEqual({ kind: 'wrong' }); // the fifth: 15 s
    const until = new Date(portal.now().getTime() + 15_000);
    expect(await attempt(busy).catch(String)).toEqual({ kind: 'wait', until });
    portal.pass(15_000);
    await expect(attempt(busy)).rejects.toThrow('unavailable');
    expect(await attempt(wrong)).toEqual({ kind: 'wrong' }); // the sixth: 30 s
    expect(await attempt(wrong)).toEqual({ kind: 'wait', until: new Date(portal.now().getTime() + 30_000) });
  });
});

it('SEC-05: slows guessing after five wrong passwords and says when to try again', async () => {
  await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
  expect(await failUntilStopped('203.0.113.9', 'alice@north.example')).toBe(5);
  const answer = await fail(portal.browser('203.0.113.9'), 'alice@north.example');
  expect(answer.status).toBe(429);
  expect(answer.headers['retry-after']).toBe('15');
  expect(answer.text).toContain('Too many tries. Try again in 1 minute.');
  expect(answer.text).toMatch(/<title>Error: /);
});

it('SEC-05: the right password is also rejected during the wait and accepted afterwards', async () => {
  await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
  await failUntilStopped('203.0.113.9', 'alice@north.example');
  expect((await portal.browser('203.0.113.9').signIn('alice@north.example')).status).toBe(429);
  portal.pass(15_000);
  expect((await portal.browser('203.0.113.9').signIn('alice@north.example')).status).toBe(303);
  expect((await fail(portal.browser('203.0.113.9'), 'alice@north.example')).status).toBe(422); // the count starts again
});

it('SEC-05: the wait doubles up to 15 minutes', async () => {
  const waits: string[] = [];
  for (let count = 0; waits.length < 9; count += 1) {
    const answer = await fail(portal.browser('203.0.113.9'), 'alice@north.example');
    if (answer.status === 429) {
      waits.push(answer.headers['retry-after'] ?? '');
      portal.pass(Number(answer.headers['retry-after']) * 1000);
    }
  }
  expect(waits).toEqual(['15', '30', '60', '120', '240', '480', '900', '900', '900']);
});

it('SEC-05: a stranger cannot lock a person out of their known browser, even from the same network', async () => {
  const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example', '203.0.113.9');
  await alice.post('/sign-out');
  for (let network = 1; network <= 40; network += 1)
    await failUntilStopped(`192.0.2.${network}`, 'alice@north.example');
  await failUntilStopped('203.0.113.9', 'alice@north.example');
  expect((await alice.signIn('alice@north.example')).status).toBe(303);
});

it('SEC-05: allows at most 100 consecutive wrong passwords from unknown browsers, across all networks', async () => {
  const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example', '203.0.113.1');
  let judged = 0;
  for (let network = 1; network <= 40; network += 1)
    judged += await failUntilStopped(`192.0.2.${network}`, 'alice@north.example');
  expect(judged).toBe(100);
  const stranger = await portal.browser('192.0.2.99').signIn('alice@north.example');
  expect(stranger.status).toBe(429);
  expect(stranger.text).toContain('in 24 hours, or use a browser you know.');
  await alice.post('/sign-out');
  expect((await alice.signIn('alice@north.example')).status).toBe(303);
  portal.pass(24 * 3600_000);
  expect((await portal.browser('192.0.2.99').signIn('alice@north.example')).status).toBe(303);
}, 90_000);

it('SEC-05: a known browser has a separate count, which also has a limit', async () => {
  const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
  await alice.post('/sign-out');
  const statuses = [];
  for (let count = 0; count < 11; count += 1) statuses.push((await fail(alice, 'alice@north.example')).status);
  expect(statuses).toEqual([...Array<number>(10).fill(422), 429]);
  expect((await portal.browser('192.0.2.4').signIn('alice@north.example')).status).toBe(303); // counts do not mix
});

it('SEC-05: a browser known for one person is unknown for another', async () => {
  const north = await portal.aTenant('North');
  const mallory = await portal.aMember(north, 'mallory@north.example');
  await portal.aMember(north, 'alice@north.example');
  await mallory.post('/sign-out');
  for (let count = 0; count < 5; count += 1) expect((await fail(mallory, 'alice@north.example')).status).toBe(422);
  expect((await fail(mallory, 'alice@north.example')).status).toBe(429);
});

it('SEC-05: one network cannot try many addresses', async () => {
  let judged = 0;
  const browser = portal.browser('203.0.113.9');
  for (let count = 0; count < 70; count += 1)
    if ((await fail(browser, `nobody${count}@north.example`)).status === 422) judged += 1;
  expect(judged).toBe(50);
  expect((await fail(portal.browser('203.0.113.10'), 'nobody0@north.example')).status).toBe(422);
});

it('SEC-05: parallel wrong passwords get no more attempts than sequential ones', async () => {
  const browser = portal.browser('203.0.113.9');
  await browser.get('/sign-in');
  const fields = { _csrf: browser.csrf, email: 'alice@north.example', password: 'not the password' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => browser.postRaw('/sign-in', fields)));
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
});

it('SEC-39: a forged X-Forwarded-For does not change the network: only the proxy’s own entry counts', async () => {
  const statuses = [];
  for (let count = 0; count < 6; count += 1) {
    const browser = portal.browser(`192.0.2.${count}, 203.0.113.9`);
    statuses.push((await fail(browser, 'alice@north.example')).status);
  }
  expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
});

it('stores neither addresses nor networks in the counts', async () => {
  await fail(portal.browser('203.0.113.9'), 'alice@north.example');
  const rows = JSON.stringify(await portal.db('attempts').select());
  expect(rows).not.toMatch(/alice|203\.0\.113/);
});

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
  ['2001:DB8:0001:0002:ffff::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  [undefined, 'unknown'],
])('counts %j as the network %j', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

it('accepts no password for an unknown person', async () => {
  expect((await portal.browser().signIn('nobody@north.example', aPassword)).status).toBe(422);
});
