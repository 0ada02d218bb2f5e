import { Secret } from 'otpauth';
import { aPassword, anAccountsPortal, authenticatorOf, type AccountsPortal, type Authenticator } from '../support.js';
import type { Answer } from '../../support/visits/visitor.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal();
});
afterEach(() => portal.close());

it('SEC-04: before their second factor, staff reach only the page that sets it up', async () => {
  const browser = await portal.aNewStaffMember('sam@isv.example');
  for (const path of ['/staff/tenants', '/tenants', '/staff/tenants?next=/'])
    expect((await browser.get(path)).headers.location).toBe('/account/second-factor');
  expect((await browser.get('/account/second-factor')).status).toBe(200);
  expect((await browser.get('/sign-in/second-factor')).headers.location).toBe('/account/second-factor');
});

it('SEC-04: sets up an authenticator app with a QR code and the secret as text, then opens the staff pages', async () => {
  const browser = await portal.aNewStaffMember('sam@isv.example');
  const page = await browser.get('/account/second-factor');
  expect(page.text).toMatch(/<svg[^>]* role="img"/);
  expect(page.text).not.toMatch(/style=/);
  expect((await browser.get('/account/second-factor')).text.match(/<code.*<\/code>/)?.[0]).toBe(
    page.text.match(/<code.*<\/code>/)?.[0], // reloading changes nothing
  );
  const { code } = authenticatorOf(page, portal);
  const done = await browser.post('/account/second-factor', { code: code() });
  expect(done.headers.location).toBe('/account/recovery-codes');
  await browser.follow(done);
  const kept = await browser.post('/account/recovery-codes/acknowledgement');
  expect(kept.headers.location).toBe('/staff');
  expect((await browser.get('/staff/tenants')).text).toBe('staff: sam');
  expect((await browser.get('/account/second-factor')).text).not.toContain('<svg');
  expect(await portal.audit()).toContain('person.second_factor_enrolled ok');
  expect(portal.mails.at(-1)?.subject).toBe('Example Health: authenticator app added');
});

it('seals the secret in the database', async () => {
  const browser = await portal.aNewStaffMember('sam@isv.example');
  const page = await browser.get('/account/second-factor');
  const secret = (/<code[^>]*>([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
  expect(Secret.fromBase32(secret).bytes.length).toBe(20);
  expect(await portal.everything()).not.toContain(secret);
});

it('SEC-09: asks for the code at every sign-in, then gives the session a new id', async () => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  const browser = portal.browser();
  const half = await browser.signIn('sam@isv.example');
  expect(half.headers.location).toBe('/sign-in/second-factor');
  const sid = browser.cookies.get('sid');
  await browser.follow(half);
  const done = await browser.post('/sign-in/second-factor', {
    code: ` ${authenticator.code().replace(/^.../, '$& ')} `,
  });
  expect(done.headers.location).toBe('/staff');
  expect(browser.cookies.get('sid')).not.toBe(sid);
});

it('remembers the requested page across the second factor', async () => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  const browser = portal.browser();
  await browser.get('/sign-in');
  await browser.post('/sign-in', { email: 'sam@isv.example', password: aPassword, next: '/staff/tenants?after=x' });
  const done = await browser.post('/sign-in/second-factor', { code: authenticator.code() });
  expect(done.headers.location).toBe('/staff/tenants?after=x');
});

it('SEC-10: a session without its code ends after 30 minutes', async () => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  const browser = portal.browser();
  await browser.signIn('sam@isv.example');
  portal.pass(20 * 60_000);
  expect((await browser.get('/sign-in/second-factor')).status).toBe(200);
  portal.pass(10 * 60_000);
  const late = await browser.post('/sign-in/second-factor', { code: authenticator.code() });
  expect(late.headers.location).toBe('/sign-in');
});

it.each([
  [-2, 422],
  [-1, 303],
  [0, 303],
  [1, 303],
  [2, 422],
])('SEC-04: a code of %i steps from now gets %i', async (steps, status) => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  portal.pass(90_000);
  const browser = portal.browser();
  await browser.signIn('sam@isv.example');
  const answer = await browser.post('/sign-in/second-factor', { code: authenticator.code(steps) });
  expect(answer.status).toBe(status);
});

it('SEC-04: a code works once, even if it is sent twice in parallel', async () => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  const browsers = [portal.browser('192.0.2.1'), portal.browser('192.0.2.2'), portal.browser('192.0.2.3')];
  for (const browser of browsers) {
    await browser.signIn('sam@isv.example');
    await browser.get('/sign-in/second-factor');
  }
  const code = authenticator.code();
  const answers = await Promise.all(browsers.map((browser) => browser.post('/sign-in/second-factor', { code })));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
  const loser = browsers[answers.findIndex(({ status }) => status === 422)];
  portal.pass(30_000);
  const next = await loser?.post('/sign-in/second-factor', { code: authenticator.code() });
  expect(next?.status).toBe(303); // the half session of the slower request still exists
});

it('SEC-04: the code that set up the app is not accepted again at sign-in', async () => {
  const first = await portal.aNewStaffMember('sam@isv.example');
  const { code } = authenticatorOf(await first.get('/account/second-factor'), portal);
  const used = code();
  await first.post('/account/second-factor', { code: used });
  const browser = portal.browser();
  await browser.signIn('sam@isv.example');
  expect((await browser.post('/sign-in/second-factor', { code: used })).status).toBe(422);
});

it('SEC-05: guessing codes is slowed', async () => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  const browser = portal.browser('192.0.2.1');
  await browser.signIn('sam@isv.example');
  const wrong = authenticator.code(50);
  const statuses = [];
  for (let count = 0; count < 6; count += 1)
    statuses.push((await browser.post('/sign-in/second-factor', { code: wrong })).status);
  expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  expect(await portal.audit()).toContain('person.second_factor_refused refused');
});

it('an empty code is not counted', async () => {
  await portal.staffMember('sam@isv.example');
  const browser = portal.browser('192.0.2.1');
  await browser.signIn('sam@isv.example');
  for (let count = 0; count < 10; count += 1) {
    const answer = await browser.post('/sign-in/second-factor', { code: ' ' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Enter the 6 digits your app shows.');
  }
});

it('SEC-09: a fresh code in a signed-in session gives it a new id and nothing else', async () => {
  const { browser, authenticator } = await portal.staffMember('sam@isv.example');
  const page = await browser.get('/sign-in/second-factor?next=/staff/tenants');
  expect(page.status).toBe(200);
  const [before, events] = [browser.cookies.get('sid'), await portal.audit()];
  const done = await browser.post('/sign-in/second-factor', { code: authenticator.code(), next: '/staff/tenants' });
  expect(done.headers.location).toBe('/staff/tenants');
  expect(browser.cookies.get('sid')).not.toBe(before);
  expect((await portal.audit()).slice(events.length)).toEqual(['person.second_factor_passed ok']);
});

it('a fresh code leaves the forms in other tabs valid; those of before the sign-in and of other people are not', async () => {
  const { browser, authenticator } = await portal.staffMember('olive@example.test');
  const other = await portal.staffMember('oscar@example.test');
  await browser.get('/account');
  const { csrf } = browser;
  portal.pass(6 * 60_000);
  await browser.get('/sign-in/second-factor');
  await browser.post('/sign-in/second-factor', { code: authenticator.code() });
  const languageForm = { language: 'es', next: '/account' };
  expect((await browser.postRaw('/language', { _csrf: csrf, ...languageForm })).status).toBe(303);
  expect((await other.browser.postRaw('/language', { _csrf: csrf, ...languageForm })).status).toBe(403);

  const visitor = portal.browser();
  await visitor.get('/sign-in');
  const before = visitor.csrf;
  await visitor.signIn('olive@example.test');
  portal.pass(30_000);
  await visitor.get('/sign-in/second-factor');
  const half = visitor.csrf;
  await visitor.post('/sign-in/second-factor', { code: authenticator.code() });
  for (const token of [before, half])
    expect((await visitor.postRaw('/language', { _csrf: token, ...languageForm })).status).toBe(403);
});

it('SEC-11: actions that need a fresh second factor ask for it again after five minutes', async () => {
  const { browser, authenticator } = await portal.staffMember('sam@isv.example');
  expect((await browser.get('/staff/keys')).status).toBe(200);
  portal.pass(5 * 60_000);
  const stale = await browser.get('/staff/keys?new');
  expect(stale.headers.location).toBe('/sign-in/second-factor?next=%2Fstaff%2Fkeys%3Fnew');
  expect((await browser.get('/staff/tenants')).status).toBe(200);
  const next = /name="next" value="([^"]+)"/.exec((await browser.follow(stale)).text)?.[1] ?? '';
  const done = await browser.post('/sign-in/second-factor', { code: authenticator.code(), next });
  expect((await browser.follow(done)).text).toBe('staff: sam');
});

it('SEC-04: a member can set one up, then needs it, and all other sessions of the member end', async () => {
  const north = await portal.aTenant('North');
  const browser = await portal.aMember(north, 'alice@north.example');
  const other = portal.browser();
  await other.signIn('alice@north.example');
  await browser.get('/account/second-factor/enrolment');
  const begun = await browser.post('/account/second-factor/enrolment');
  const { code } = authenticatorOf(await browser.follow(begun), portal);
  expect((await browser.post('/account/second-factor', { code: code() })).status).toBe(303);
  expect((await browser.get('/tenants')).status).toBe(200);
  expect((await other.get('/tenants')).status).toBe(303);
  expect((await portal.browser().signIn('alice@north.example')).headers.location).toBe('/sign-in/second-factor');
});

describe('SEC-04: a clinic whose members need a second factor', () => {
  const rule = (id: string, needed: boolean) =>
    portal.tenants.setSettings(
      id,
      { language: 'en', timeZone: 'UTC', membersNeedSecondFactor: needed },
      { kind: 'command_line' },
    );

  it('makes people without one set it up first, then opens the requested page', async () => {
    const north = await portal.aTenant('North');
    const alice = await portal.aMember(north, 'alice@north.example');
    const page = `/tenants/${north}/connection`;
    expect((await alice.get(page)).status).toBe(200);
    await rule(north, true);
    const sent = await alice.get(page);
    expect([sent.status, sent.headers.location]).toEqual([
      303,
      `/account/second-factor?next=${encodeURIComponent(page)}`,
    ]);
    const state = await alice.follow(sent);
    expect(state.text).toContain('Your organization requires one.');
    const start = /href="(\/account\/second-factor\/enrolment[^"]*)"/.exec(state.text)?.[1] ?? '';
    const { text } = await alice.get(start);
    const next = /name="next" value="([^"]*)"/.exec(text)?.[1] ?? '';
    const enrolment = await alice.follow(await alice.post('/account/second-factor/enrolment', { next }));
    await alice.post('/account/second-factor', { code: authenticatorOf(enrolment, portal).code() });
    await alice.get('/account/recovery-codes');
    const kept = await alice.post('/account/recovery-codes/acknowledgement');
    expect(kept.headers.location).toBe(page);
    expect((await alice.get(page)).status).toBe(200);
    expect((await alice.get('/account/second-factor/removal')).headers.location).toBe('/account/second-factor');
    expect((await alice.post('/account/second-factor/removal')).headers.location).toBe('/account/second-factor');
    expect(
      (await portal.db('people').where({ name: 'alice' }).first('totp_confirmed_at')).totp_confirmed_at,
    ).not.toBeNull();
  });

  it('allows no changes before that, does not affect other members, and reveals nothing to strangers', async () => {
    const [north, south] = [await portal.aTenant('North'), await portal.aTenant('South')];
    const alice = await portal.aMember(north, 'alice@north.example');
    const charlie = await portal.aMember(south, 'charlie@south.example');
    const absent = await charlie.get(`/tenants/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}/connection`);
    await rule(north, true);
    const changed = await alice.post(`/tenants/${north}/people/invitations`, { email: 'eve@north.example' });
    expect([changed.status, changed.headers.location]).toEqual([303, '/account/second-factor']);
    expect(await portal.db('invitations').where({ email: 'eve@north.example' })).toEqual([]);
    expect((await charlie.get(`/tenants/${south}/connection`)).status).toBe(200);
    const others = await charlie.get(`/tenants/${north}/connection`);
    expect([others.status, others.headers.location]).toEqual([absent.status, absent.headers.location]);
    await rule(north, false);
    expect((await alice.get(`/tenants/${north}/connection`)).status).toBe(200);
  });
});

it('SEC-20: a person who becomes staff while signed in needs a second factor with the next request', async () => {
  const north = await portal.aTenant('North');
  const browser = await portal.aMember(north, 'alice@north.example');
  const { id } = await portal.db('people').first('id');
  await portal.db('staff').insert({ person_id: id, role: 'operator', created_at: '2026-11-21T12:00:00.000Z' });
  expect((await browser.get('/tenants')).headers.location).toBe('/account/second-factor');
});

it('SEC-20: a removed role ends with the next request', async () => {
  const { browser } = await portal.staffMember('sam@isv.example');
  expect((await browser.get('/staff/tenants')).status).toBe(200);
  await portal.db('staff').delete();
  expect((await browser.get('/staff/tenants')).status).toBe(404);
  expect((await portal.audit()).at(-1)).toBe('access.denied refused');
});

it('SEC-09: disabling a person ends their sessions', async () => {
  const { browser } = await portal.staffMember('sam@isv.example');
  await portal.db('people').update({ disabled_at: '2026-11-21T12:00:00.000Z' });
  expect((await browser.get('/staff/tenants')).headers.location).toBe('/sign-in?next=%2Fstaff%2Ftenants');
  expect((await portal.browser().signIn('sam@isv.example')).status).toBe(422);
});

describe('SEC-04: setting up an app', () => {
  const secretOn = (page: Answer) => /<code class="secret">([A-Z2-7 ]+)</.exec(page.text)?.[1];

  it('creates a new secret at every start, so no one confirms a secret that someone else has seen', async () => {
    const thief = await portal.aNewStaffMember('sam@isv.example');
    const seen = secretOn(await thief.get('/account/second-factor'));
    const sam = portal.browser();
    await sam.signIn('sam@isv.example');
    const mine = await sam.get('/account/second-factor');
    expect(secretOn(mine)).toBeDefined();
    expect(secretOn(mine)).not.toBe(seen);
    await thief.signIn('sam@isv.example'); // starts again while Sam is still setting up
    expect(secretOn(await sam.get('/account/second-factor'))).toBe(secretOn(mine));
    expect(secretOn(await thief.get('/account/second-factor'))).not.toBe(seen);
    const { code } = authenticatorOf(mine, portal);
    expect((await sam.post('/account/second-factor', { code: code() })).status).toBe(303);
    expect((await thief.get('/account/second-factor')).headers.location).toBe(
      '/sign-in?next=%2Faccount%2Fsecond-factor',
    );
    const begunAgain = await sam.post('/account/second-factor/enrolment');
    expect(begunAgain.headers.location).toBe('/account/second-factor');
    expect(secretOn(await sam.get('/account/second-factor'))).not.toBe(secretOn(mine));
  });

  it('must finish within 15 minutes, then starts again', async () => {
    const sam = await portal.aNewStaffMember('sam@isv.example');
    const page = await sam.get('/account/second-factor');
    portal.pass(15 * 60_000);
    const { code } = authenticatorOf(page, portal);
    expect((await sam.post('/account/second-factor', { code: code() })).headers.location).toBe(
      '/account/second-factor',
    );
    const state = await sam.get('/account/second-factor');
    expect(state.text).not.toContain('<svg');
    expect(state.text).toContain('href="/account/second-factor/enrolment"');
    expect((await sam.get('/account/second-factor/enrolment')).status).toBe(200);
    const again = await sam.follow(await sam.post('/account/second-factor/enrolment'));
    const app = authenticatorOf(again, portal);
    expect((await sam.post('/account/second-factor', { code: app.code() })).headers.location).toBe(
      '/account/recovery-codes',
    );
  });

  it('uses only one of two apps that are confirmed in parallel', async () => {
    const browsers = [await portal.aNewStaffMember('sam@isv.example'), portal.browser()];
    await browsers[1]?.signIn('sam@isv.example');
    const apps: Authenticator[] = [];
    for (const browser of browsers) apps.push(authenticatorOf(await browser.get('/account/second-factor'), portal));
    const answers = await Promise.all(
      browsers.map((browser, at) => browser.post('/account/second-factor', { code: apps[at]?.code() ?? '' })),
    );
    const winner = answers.findIndex(({ headers }) => headers.location === '/account/recovery-codes');
    expect(answers.filter(({ headers }) => headers.location === '/account/recovery-codes')).toHaveLength(1);
    portal.pass(30_000);
    for (const [at, app] of apps.entries()) {
      const browser = portal.browser();
      await browser.signIn('sam@isv.example');
      await browser.get('/sign-in/second-factor');
      const answer = await browser.post('/sign-in/second-factor', { code: app.code() });
      expect([at, answer.status]).toEqual([at, at === winner ? 303 : 422]);
    }
  });

  it('another app replaces the first only after its code was entered, and old codes stop working', async () => {
    const { browser, authenticator } = await portal.staffMember('sam@isv.example');
    const stranger = portal.browser();
    await stranger.signIn('sam@isv.example');
    await browser.get('/account/second-factor/enrolment');
    const page = await browser.follow(await browser.post('/account/second-factor/enrolment'));
    await stranger.get('/sign-in/second-factor');
    const stillWorks = await stranger.post('/sign-in/second-factor', { code: authenticator.code() });
    expect(stillWorks.status).toBe(303);
    const second = authenticatorOf(page, portal);
    expect((await browser.post('/account/second-factor', { code: second.code() })).status).toBe(303);
    expect((await stranger.get('/staff/tenants')).status).toBe(303); // signed out everywhere else
    expect((await browser.get('/staff/tenants')).status).toBe(200);
    portal.pass(30_000);
    await stranger.signIn('sam@isv.example');
    await stranger.get('/sign-in/second-factor');
    expect((await stranger.post('/sign-in/second-factor', { code: authenticator.code() })).status).toBe(422);
    expect((await stranger.post('/sign-in/second-factor', { code: second.code() })).status).toBe(303);
    expect(portal.mails.map(({ subject }) => subject)).toContain('Example Health: authenticator app replaced');
    expect(await portal.db('recovery_codes').select()).toHaveLength(10);
  });

  it('SEC-11: asks for a fresh proof, so that a session left open cannot be taken over', async () => {
    const { browser } = await portal.staffMember('sam@isv.example');
    const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
    portal.pass(5 * 60_000 + 1);
    for (const [who, where] of [
      [browser, '/sign-in/second-factor'],
      [alice, '/sign-in/password'],
    ] as const) {
      const page = await who.get('/account/second-factor/enrolment');
      expect(page.headers.location).toBe(`${where}?next=%2Faccount%2Fsecond-factor%2Fenrolment`);
      expect((await who.post('/account/second-factor/enrolment')).headers.location).toBe(where);
      expect((await who.get('/account/second-factor')).text).not.toContain('<svg');
    }
    await alice.get('/sign-in/password?next=/account/second-factor/enrolment');
    const wrong = await alice.post('/sign-in/password', { password: 'not the password of Alice' });
    expect([wrong.status, wrong.text.includes('This password is incorrect. Try again.')]).toEqual([422, true]);
    const [sid] = [alice.cookies.get('sid')];
    const right = await alice.post('/sign-in/password', {
      password: aPassword,
      next: '/account/second-factor/enrolment',
    });
    expect(right.headers.location).toBe('/account/second-factor/enrolment');
    expect(alice.cookies.get('sid')).not.toBe(sid);
    expect((await alice.follow(right)).status).toBe(200);
    expect(await portal.audit()).toContain('person.password_confirmed ok');
  });

  it('SEC-11: a person who became staff in a session left open must sign in again first', async () => {
    const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
    const { id } = await portal.db('people').first('id');
    await portal.db('staff').insert({ person_id: id, role: 'administrator', created_at: '2026-11-21T12:00:00.000Z' });
    portal.pass(20 * 60_000);
    await alice.get('/account/second-factor');
    portal.pass(20 * 60_000);
    expect((await alice.get('/account/second-factor/enrolment')).headers.location).toBe('/sign-in');
    expect((await alice.post('/account/second-factor/enrolment')).headers.location).toBe('/sign-in');
  });

  it('SEC-05: repeating the password is throttled as at sign-in', async () => {
    const alice = await portal.aMember(await portal.aTenant('North'), 'alice@north.example');
    await alice.get('/sign-in/password');
    const statuses: number[] = [];
    for (let count = 0; count < 11; count += 1)
      statuses.push((await alice.post('/sign-in/password', { password: `wrong ${count}` })).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 422));
    expect(statuses[10]).toBe(429);
  });
});

describe('removing the app', () => {
  async function aliceWithApp() {
    const north = await portal.aTenant('North');
    const alice = await portal.aMember(north, 'alice@north.example');
    await alice.get('/account/second-factor/enrolment');
    const app = authenticatorOf(await alice.follow(await alice.post('/account/second-factor/enrolment')), portal);
    await alice.post('/account/second-factor', { code: app.code() });
    await alice.get('/account/recovery-codes');
    await alice.post('/account/recovery-codes/acknowledgement');
    portal.pass(30_000);
    return { north, alice, app };
  }

  it('SEC-11: a member may remove it with a fresh code; recovery codes and other sessions end, and an email says so', async () => {
    const { alice, app } = await aliceWithApp();
    const other = portal.browser();
    await other.signIn('alice@north.example');
    portal.pass(5 * 60_000);
    const asked = await alice.get('/account/second-factor/removal');
    expect(asked.headers.location).toBe('/sign-in/second-factor?next=%2Faccount%2Fsecond-factor%2Fremoval');
    expect((await alice.post('/account/second-factor/removal')).headers.location).toBe('/sign-in/second-factor');
    await alice.follow(asked);
    await alice.post('/sign-in/second-factor', { code: app.code(), next: '/account/second-factor/removal' });
    expect((await alice.get('/account/second-factor/removal')).text).toContain('Remove the app');
    const sid = alice.cookies.get('sid');
    expect((await alice.post('/account/second-factor/removal')).headers.location).toBe('/account/second-factor');
    expect(alice.cookies.get('sid')).not.toBe(sid);
    expect((await alice.get('/account/second-factor')).text).toContain('Set up an app');
    expect((await other.get('/sign-in/second-factor')).headers.location).toBe('/sign-in');
    expect(await portal.db('recovery_codes').select()).toEqual([]);
    expect(await portal.db('people').first('totp_sealed', 'totp_confirmed_at', 'totp_last_step')).toEqual({
      totp_sealed: null,
      totp_confirmed_at: null,
      totp_last_step: null,
    });
    expect((await portal.browser().signIn('alice@north.example')).headers.location).toMatch(/\/guide$/);
    expect(await portal.audit()).toContain('person.second_factor_removed ok');
    expect(portal.mails.at(-2)?.subject).toBe('Example Health: authenticator app removed');
  });

  it('SEC-04: staff may not remove it', async () => {
    const { browser } = await portal.staffMember('sam@isv.example');
    expect((await browser.get('/account/second-factor')).text).not.toContain('removal');
    expect((await browser.get('/account/second-factor/removal')).headers.location).toBe('/account/second-factor');
    await browser.post('/account/second-factor/removal');
    expect((await portal.browser().signIn('sam@isv.example')).headers.location).toBe('/sign-in/second-factor');
  });
});
