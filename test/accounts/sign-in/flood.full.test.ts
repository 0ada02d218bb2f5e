import { setTimeout as delay } from 'node:timers/promises';
import { defaultArgon2 } from '../../../src/accounts/passwords/password-hasher.js';
import { nameOf } from '../../../src/accounts/passwords/sign-in-throttle.js';
import { anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal({ argon2: defaultArgon2 });
});
afterEach(() => portal.close());

it('SEC-60: in a flood of 90 connections the owner on a known device signs in within 10 s and is never counted as wrong', async () => {
  const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
  const person = await portal.db('people').first<{ id: string }>('id');
  await alice.post('/sign-out');
  const device = alice.cookies.get('device') ?? '';

  let isOver = false;
  const statuses = new Set<number>();
  const flood = Array.from({ length: 90 }, async (_, connection) => {
    const browser = portal.browser();
    await browser.get('/sign-in');
    for (let count = 0; !isOver; count += 1) {
      browser.headers = { 'x-forwarded-for': `10.${connection}.${count >> 8}.${count & 255}` };
      const email = count % 2 === 0 ? 'alice@north.example' : `nobody.${connection}.${count}@north.example`;
      const { status } = await browser.postRaw('/sign-in', {
        _csrf: browser.csrf,
        email,
        password: 'a wrong password',
      });
      statuses.add(status);
    }
  });
  while (!statuses.has(503)) await delay(20); // until the queue is full

  const start = performance.now();
  expect((await alice.signIn('alice@north.example')).status).toBe(303);
  expect(performance.now() - start).toBeLessThan(10_000);
  const counted = await portal.db('attempts').where({ bucket: nameOf('password', 'device', person.id, device) });
  expect(counted).toEqual([]);
  isOver = true;
  await Promise.all(flood);
}, 60_000);
