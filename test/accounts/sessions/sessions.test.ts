// Also on PostgreSQL: the session store.
import fc from 'fast-check';
import type { Request } from 'express';
import { browserSessions } from '../../../src/accounts/sessions/browser-sessions.js';
import { cookiesFor } from '../../../src/accounts/sessions/cookies.js';
import { deviceFromStore, deviceWordsOf, storedDevice } from '../../../src/accounts/sessions/device-words.js';
import { insertSession } from '../../../src/accounts/sessions/session-store.js';
import { hashOf } from '../../../src/accounts/people/secret-tokens.js';
import { transactionOn } from '../../../src/platform/database/database.js';
import { anyText } from '../../support/texts/any-text.js';
import { aPassword, anAccountsPortal, type AccountsPortal, type Browser } from '../support.js';
import type { Answer } from '../../support/visits/visitor.js';

const agents = {
  'firefox windows': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'edge windows':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
  'chrome mac':
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  'safari ios':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  'samsung android':
    'Mozilla/5.0 (Linux; Android 14; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36',
  'chrome chromeos':
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  'firefox linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'other other': 'curl/8.5.0',
};

it.each(Object.entries(agents))('recognizes %s by its User-Agent', (words, agent) => {
  expect(storedDevice(deviceWordsOf(agent))).toBe(words);
});

it('SEC-16: of any User-Agent, only two words of a fixed list are kept', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 2000 }), (said) => {
      const stored = storedDevice(deviceWordsOf(said));
      expect(stored).toMatch(/^[a-z]+ [a-z]+$/);
      expect(storedDevice(deviceFromStore(stored))).toBe(stored);
      expect(storedDevice(deviceFromStore(said))).toMatch(/^[a-z]+ [a-z]+$/);
    }),
  );
  expect(deviceFromStore(null)).toEqual({ browser: 'other', system: 'other' });
});

describe('SEC-09: a person’s sessions', () => {
  let portal: AccountsPortal;
  let north: string;
  beforeEach(async () => {
    portal = await anAccountsPortal();
    north = await portal.aTenant('North');
  });
  afterEach(() => portal.close());

  const alice = 'alice@north.example';
  const handlesOn = (page: Answer): string[] =>
    [...page.text.matchAll(/name="session" value="([^"]+)"/g)].map(([, handle = '']) => handle);
  const isIn = async (browser: Browser) => (await browser.get(`/tenants/${north}/guide`)).status === 200;
  async function signedIn(ip: string, userAgent: string): Promise<Browser> {
    portal.pass(1000);
    const browser = portal.browser(ip, userAgent);
    await browser.signIn(alice);
    return browser;
  }

  it('are listed with browser, times and address, this one marked, and no id on the page', async () => {
    const first = await portal.aMember(north, alice, '192.0.2.1');
    portal.pass(10 * 60_000);
    const second = await signedIn('192.0.2.2', agents['safari ios']);
    const page = await second.get('/account/sessions');
    for (const text of [
      'Safari on an iPhone or iPad',
      'This browser',
      '192.0.2.1',
      '192.0.2.2',
      '10 minutes ago',
      'A browser on another system',
    ])
      expect(page.text).toContain(text);
    expect(handlesOn(page)).toHaveLength(1); // no button for this one
    const secrets: string[] = [];
    for (const browser of [first, second]) {
      const sid = decodeURIComponent(browser.cookies.get('sid') ?? '')
        .replace(/^s:/, '')
        .replace(/\.[^.]*$/, '');
      secrets.push(sid, hashOf(sid));
    }
    const rows = await portal.db('sessions').select<{ id_hash: string }[]>('id_hash');
    for (const { id_hash: hash } of rows) expect(secrets).toContain(hash);
    for (const secret of secrets) expect(page.text).not.toContain(secret);
    expect((await first.get('/account')).text).toContain('href="/account/sessions"');
  });

  it('a browser that calls itself a script is shown only as a browser', async () => {
    await portal.aMember(north, alice);
    const odd = await signedIn('192.0.2.3', 'Firefox/1 <script>alert(1)</script> Windows');
    const page = await odd.get('/account/sessions');
    expect(page.text).toContain('Firefox on Windows');
    expect(page.text).not.toContain('alert(1)');
    expect(await portal.everything()).not.toContain('alert(1)');
  });

  it('ending one takes effect with its next request, leaves the others open, and is audited', async () => {
    const first = await portal.aMember(north, alice);
    const second = await signedIn('192.0.2.2', agents['firefox linux']);
    const third = await signedIn('192.0.2.3', agents['chrome mac']);
    const [handle = ''] = handlesOn(await third.get('/account/sessions')).slice(-1); // the least recently seen
    const ended = await third.post('/account/sessions/endings', { session: handle });
    expect(ended.headers.location).toBe('/account/sessions?notice=ended');
    expect((await third.follow(ended)).text).toContain('Those sessions are signed out.');
    expect([await isIn(first), await isIn(second), await isIn(third)]).toEqual([false, true, true]);
    expect((await portal.audit()).at(-1)).toBe('person.sessions_ended ok');
  });

  it('ending all others keeps this one', async () => {
    const first = await portal.aMember(north, alice);
    const second = await signedIn('192.0.2.2', agents['firefox linux']);
    const third = await signedIn('192.0.2.3', agents['chrome mac']);
    await third.get('/account/sessions');
    await third.post('/account/sessions/others/endings');
    expect([await isIn(first), await isIn(second), await isIn(third)]).toEqual([false, false, true]);
    const page = await third.get('/account/sessions');
    expect(page.text).not.toContain('End all others');
  });

  it('another person’s, ended or invented handles and session ids get the same answer, and nothing ends', async () => {
    const first = await portal.aMember(north, alice);
    const bob = await portal.aMember(north, 'bob@north.example');
    const other = await signedIn('192.0.2.2', agents['firefox linux']);
    const [handle = ''] = handlesOn(await first.get('/account/sessions'));
    const { id_hash: hash } = await portal.db('sessions').first('id_hash');
    await bob.get('/account/sessions');
    const answers: Answer[] = [];
    for (const session of [handle, 'nothing', hash, ''])
      answers.push(await bob.post('/account/sessions/endings', { session }));
    await first.post('/account/sessions/endings', { session: handle });
    expect(await isIn(other)).toBe(false);
    await first.get('/account/sessions');
    answers.push(await first.post('/account/sessions/endings', { session: handle }));
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.text.replaceAll(/alice|bob|value="[^"]*"/g, '')).toBe(
        answers[0]?.text.replaceAll(/alice|bob|value="[^"]*"/g, ''),
      );
    }
    expect([await isIn(first), await isIn(bob)]).toEqual([true, true]);
  });

  it('SEC-11: ending requires a fresh proof, viewing does not', async () => {
    const first = await portal.aMember(north, alice);
    const other = await signedIn('192.0.2.2', agents['firefox linux']);
    portal.pass(5 * 60_000 + 1);
    const [session = ''] = handlesOn(await first.get('/account/sessions'));
    for (const [path, fields] of [
      ['endings', { session }],
      ['others/endings', {}],
    ] as const) {
      const asked = await first.post(`/account/sessions/${path}`, fields);
      expect(asked.headers.location).toBe('/sign-in/password?next=%2Faccount%2Fsessions');
    }
    expect(await isIn(other)).toBe(true);
    await first.get('/sign-in/password?next=/account/sessions');
    const proved = await first.post('/sign-in/password', { password: aPassword, next: '/account/sessions' });
    await first.follow(proved);
    await first.post('/account/sessions/others/endings');
    expect(await isIn(other)).toBe(false);
  });

  it('a session that waits for its code is listed as such and can be ended', async () => {
    const { browser } = await portal.staffMember('sam@isv.example');
    const half = portal.browser('192.0.2.9', agents['edge windows']);
    await half.signIn('sam@isv.example');
    const page = await browser.get('/account/sessions');
    expect(page.text).toContain('Waiting for an authenticator code');
    expect((await half.get('/account/sessions')).headers.location).toBe('/sign-in/second-factor');
    const [session = ''] = handlesOn(page);
    await browser.post('/account/sessions/endings', { session });
    expect((await half.get('/sign-in/second-factor')).headers.location).toBe('/sign-in');
  });

  it('GET and HEAD end nothing', async () => {
    const first = await portal.aMember(north, alice);
    await signedIn('192.0.2.2', agents['firefox linux']);
    const before = await portal.everything();
    const [handle = ''] = handlesOn(await first.get('/account/sessions'));
    for (const path of [`endings?session=${handle}`, 'endings', 'others/endings']) {
      await first.head(`/account/sessions/${path}`);
      await first.get(`/account/sessions/${path}`);
    }
    expect(await portal.everything()).toBe(before);
  });

  it('a fresh proof keeps the sign-in time and does not restore a session that has ended', async () => {
    await portal.aMember(north, alice);
    const { id: personId } = await portal.db('people').first('id');
    const sessions = browserSessions({
      db: portal.db,
      transaction: transactionOn(portal.db),
      world: portal.world,
      cookies: cookiesFor('http://127.0.0.1:3000'),
      sessionSecrets: ['a secret of this test, and only of this test'],
    });
    let next = 0;
    const aRequest = (sessionID: string) => {
      const req = { sessionID, session: {}, headers: {}, ip: '192.0.2.4', sessionStore: { generate } };
      function generate() {
        Object.assign(req, { sessionID: `generated ${(next += 1)}`, session: {} });
      }
      return req as unknown as Request;
    };
    const device = { browser: 'other', system: 'other' } as const;
    const row = { personId, lifetimeMs: 3600_000, data: {}, device, ip: undefined };
    const signedInAt = portal.now();
    await insertSession(portal.db, 'older', row, signedInAt);
    portal.pass(10 * 60_000);
    const opening = { personId, finished: true, follows: 'whole' } as const;
    const goOn = (id: string) => sessions.begin(aRequest(id), opening, () => Promise.resolve(true));
    expect(await goOn('older')).toBe(true);
    const times = await portal
      .db('sessions')
      .where({ id_hash: hashOf('generated 1') })
      .first('created_at', 'expires_at');
    expect(times).toEqual({
      created_at: signedInAt.toISOString(),
      expires_at: new Date(signedInAt.getTime() + 3600_000).toISOString(),
    });
    const count = async () => (await portal.db('sessions').select('id_hash')).length;
    const before = await count();
    expect(await goOn('older')).toBe(false); // it went on once, and is gone
    await insertSession(portal.db, 'of another', { ...row, personId: null as unknown as string }, portal.now());
    expect(await goOn('of another')).toBe(false);
    expect(await count()).toBe(before + 1);
  });
});
