import { breakInserts } from '../../support/database/databases.js';
import { anotherPassword, aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

const DAY = 24 * 3600_000;
let portal: AccountsPortal;
let north: string;
beforeEach(async () => {
  portal = await anAccountsPortal();
  north = await portal.aTenant('North Clinic');
});
afterEach(() => portal.close());

const accept = (path: string, fields = { name: 'Alice', password: aPassword }, ip?: string) =>
  portal.browser(ip).post(path, fields);

const events = () => portal.db('events').orderBy('nr').select('type', 'tenant_id', 'data');

it('mails a link, makes the person a member when they choose a password, and opens the guide', async () => {
  const path = await portal.invited(north, ' Alice@North.example');
  const mail = portal.mails[0];
  expect(mail).toMatchObject({
    to: 'alice@north.example',
    subject: 'Example Health: connect your RingCentral account',
  });
  expect(mail?.text).toContain(`http://127.0.0.1:3000${path}`);
  expect(mail?.html).toContain(`href="http://127.0.0.1:3000${path}"`);
  expect(mail?.text).toContain('Nov 28, 2026, 12:00 PM UTC');

  const browser = portal.browser();
  const page = await browser.get(path);
  expect(page.text).toContain('You will sign in as alice@north.example.');
  const sid = browser.cookies.get('sid');
  const accepted = await browser.post(path, { name: ' Alice ', password: aPassword });
  expect(accepted.status).toBe(303);
  expect(accepted.headers.location).toBe(`/tenants/${north}/guide`);
  expect(browser.cookies.get('sid')).not.toBe(sid);
  expect((await browser.follow(accepted)).text).toBe('North Clinic');
  expect(await portal.membersOf(north)).toMatchObject([{ name: 'Alice', email: 'alice@north.example' }]);
  expect((await portal.audit()).slice(1)).toEqual([
    'invitation.created ok',
    'person.password_set ok',
    'invitation.accepted ok',
    'person.signed_in ok',
  ]);
});

it('says in the email who invites, and what to do if someone else handles RingCentral', async () => {
  await portal.aMember(north, 'alice@north.example');
  const [alice] = await portal.db('people').where({ email: 'alice@north.example' }).pluck<string[]>('id');
  const from = async (email: string, invitedBy: string | null, role?: 'viewer' | 'member') => {
    await portal.invitations.invite({ tenantId: north, email, invitedBy, ...(role && { role }) });
    return portal.mails.find(({ to }) => to === email);
  };
  const rename = (to: object) => portal.db('people').where({ id: alice }).update(to);

  await rename({ name: 'Alice Moss' });
  const member = await from('a@x.example', alice!);
  expect(member?.text).toContain('Alice Moss (alice@north.example) has invited you to connect your organization');
  expect(member?.text.replace(/\s+/g, ' ')).toContain(
    'Does someone else handle RingCentral? Accept the invitation, then choose “Someone else does this here”',
  );
  // Mail programs would make a link of it.
  for (const name of ['https://evil.example', 'Sign in at evil.example', 'eve@evil.example', 'Eve evil.example/x']) {
    await rename({ name });
    const mail = await from(`n${portal.mails.length}@x.example`, alice!);
    expect(mail?.text).toContain('alice@north.example has invited you');
    expect((mail?.text ?? '') + (mail?.html ?? '')).not.toContain('evil');
  }
  const program = await from('p@x.example', null);
  expect(program?.text).toMatch(/^Example Health has asked you to connect/);
  const viewer = await from('v@x.example', null, 'viewer');
  expect(viewer?.subject).toBe("Example Health: see your organization's RingCentral connection");
  expect(viewer?.text).not.toMatch(/5 minutes|someone else/i);

  await rename({ name: 'Dr. Olivia Grant Jr.' });
  await portal.db('staff').insert({ person_id: alice, role: 'operator', created_at: 'x' });
  expect((await from('s@x.example', alice!))?.text).toMatch(/^Dr\. Olivia Grant Jr\. of Example Health has asked you/);
});

it.each([['\u200b\u2060'], ['\u202e'], ['\u3164']])(
  'SEC-65: refuses the name %j, of which nothing shows',
  async (name) => {
    const path = await portal.invited(north, 'alice@north.example');
    const answer = await accept(path, { name, password: aPassword });
    expect([answer.status, answer.text.includes('Enter your name')]).toEqual([422, true]);
  },
);

it('SEC-65: lists isolate the direction of names from the text around them', async () => {
  const browser = portal.browser();
  const path = await portal.invited(north, 'sarah@north.example');
  await browser.get(path);
  await browser.post(path, { name: 'שרה \u202eevil', password: aPassword });
  const page = await browser.get(`/tenants/${north}/people`);
  expect(page.text).toContain('<bdi>\u2068שרה evil\u2069 (you)</bdi>');
  expect(page.text).toContain('<bdi>sarah@north.example</bdi>');
});

it('accepting an invitation while signed in leaves the forms in other tabs valid', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  await browser.get('/account');
  const { csrf } = browser;
  const sid = browser.cookies.get('sid');
  const south = await portal.aTenant('South Clinic');
  const path = await portal.invited(south, 'alice@north.example');
  await browser.get(path);
  expect((await browser.post(path)).headers.location).toBe(`/tenants/${south}/guide`);
  expect(browser.cookies.get('sid')).not.toBe(sid);
  const other = await browser.postRaw('/language', { _csrf: csrf, language: 'es', next: '/account' });
  expect([other.status, other.headers.location]).toEqual([303, '/account']);
});

it('names the tenant neither on the page nor in the email', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  expect((await portal.browser().get(path)).text).not.toContain('North Clinic');
  expect(JSON.stringify(portal.mails)).not.toContain('North Clinic');
});

it('SEC-06: opening the link by GET or HEAD, as mail scanners do, changes nothing', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  const before = await portal.everything();
  for (let times = 0; times < 3; times += 1) {
    await portal.browser().get(path);
    await portal.browser().head(path);
  }
  expect(await portal.everything()).toBe(before);
  expect((await accept(path)).headers.location).toBe(`/tenants/${north}/guide`);
});

it('SEC-06: an invitation is consumed once, whichever of two posts comes first', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  const browsers = [portal.browser('192.0.2.1'), portal.browser('192.0.2.2')];
  for (const browser of browsers) await browser.get(path);
  const answers = await Promise.all(browsers.map((b) => b.post(path, { name: 'Alice', password: aPassword })));
  const locations = answers.map(({ headers }) => headers.location);
  expect(locations.filter((location) => location === `/tenants/${north}/guide`)).toHaveLength(1);
  expect(await portal.db('people').select('email')).toHaveLength(1);
  expect(await portal.db('memberships').select()).toHaveLength(1);
  expect(await portal.db('sessions').select()).toHaveLength(1);
  expect(await events()).toHaveLength(1);
  const loser = browsers[locations[0] === `/tenants/${north}/guide` ? 1 : 0];
  expect((await loser?.get(path))?.headers.location).toBe('/sign-in?notice=link');
});

it('SEC-06: the token is 256 random bits, stored only as a hash', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  const token = path.split('/').at(-1) ?? '';
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(await portal.everything()).not.toContain(token);
});

it('SEC-06: used, revoked, unknown and mistyped links get the same answer', async () => {
  const used = await portal.invited(north, 'alice@north.example');
  await accept(used);
  const revoked = await portal.invited(north, 'bob@north.example');
  const { id } = await portal.db('invitations').where({ email: 'bob@north.example' }).first('id');
  expect(await portal.invitations.revoke(north, String(id), { actor: { kind: 'portal' } })).toBe(true);
  expect(await portal.invitations.revoke(north, String(id), { actor: { kind: 'portal' } })).toBe(false);
  const member = await portal.db('invitations').where({ email: 'alice@north.example' }).first();
  await portal.db('invitations').insert({
    ...member,
    id: 'another one for somebody who is a member',
    token_hash: 'x',
    opt_out_hash: null,
    accepted_at: null,
    accepted_by: null,
  });
  const unknown = `/invitations/${'A'.repeat(43)}`;
  const answers = [];
  for (const path of [used, revoked, unknown, '/invitations/x', `${unknown}%00`, '/invitations/..%2f']) {
    const get = await portal.browser().get(path);
    const post = await accept(path);
    for (const answer of [get, post])
      answers.push([answer.status, answer.headers.location, answer.text, answer.headers['cache-control']]);
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.slice(0, 2)).toEqual([303, '/sign-in?notice=link']);
});

it('another tenant cannot revoke an invitation', async () => {
  const south = await portal.aTenant('South Clinic');
  const path = await portal.invited(north, 'alice@north.example');
  const { id } = await portal.db('invitations').first('id');
  expect(await portal.invitations.revoke(south, String(id), { actor: { kind: 'portal' } })).toBe(false);
  expect((await portal.browser().get(path)).status).toBe(200);
});

it('an expired link accepts no one and mails a new link to the same address', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  portal.pass(7 * DAY);
  const browser = portal.browser();
  const page = await browser.get(path);
  expect(page.status).toBe(200);
  expect(page.text).toContain('This invitation has expired');
  for (const told of ['alice@north.example', 'North Clinic', north]) expect(page.text).not.toContain(told);
  expect((await browser.post(path, { name: 'Alice', password: aPassword })).headers.location).toBe(path);
  const renewed = await browser.post(`${path}/renewals`);
  expect(renewed.headers.location).toBe('/invitations/renewed');
  expect((await browser.follow(renewed)).text).toContain('Check your email');
  const fresh = /\/invitations\/[\w-]{43}/.exec(portal.mails.at(-1)?.text ?? '')?.[0] ?? '';
  expect(portal.mails.at(-1)?.to).toBe('alice@north.example');
  expect(fresh).not.toBe(path);
  expect((await accept(fresh)).headers.location).toBe(`/tenants/${north}/guide`);
  expect((await browser.get(path)).headers.location).toBe('/sign-in?notice=link'); // a member by now
});

it('mails at most three new links a day, including parallel requests through several links', async () => {
  const first = await portal.invited(north, 'alice@north.example');
  portal.pass(7 * DAY);
  const path = await portal.invited(north, 'alice@north.example');
  portal.pass(7 * DAY);
  const browser = portal.browser();
  await browser.get(path);
  const before = portal.mails.length;
  await Promise.all(Array.from({ length: 8 }, (_, n) => browser.post(`${n % 2 ? path : first}/renewals`)));
  expect(await portal.db('invitations').select('id')).toHaveLength(5);
  expect(portal.mails.length - before).toBe(3);
  portal.pass(DAY);
  await browser.get(path);
  await browser.post(`${path}/renewals`);
  expect(portal.mails.length - before).toBe(4);
});

it('mails nothing for a link that is not expired: open, unknown, revoked, or of a person who joined', async () => {
  const open = await portal.invited(north, 'alice@north.example');
  const revoked = await portal.invited(north, 'bob@north.example');
  const { id } = await portal.db('invitations').where({ email: 'bob@north.example' }).first('id');
  await portal.invitations.revoke(north, String(id), { actor: { kind: 'portal' } });
  const used = await portal.invited(north, 'carol@north.example');
  await accept(used, { name: 'Carol', password: aPassword });
  const before = portal.mails.length;
  expect((await portal.browser().post(`${open}/renewals`)).headers.location).toBe(open);
  portal.pass(8 * DAY);
  for (const path of [revoked, used, `/invitations/${'A'.repeat(43)}`])
    expect((await portal.browser().post(`${path}/renewals`)).headers.location).toBe('/sign-in?notice=link');
  expect(portal.mails).toHaveLength(before);
});

it('asks a person with an account for its password and adds the tenant to it', async () => {
  const south = await portal.aTenant('South Clinic');
  await portal.aMember(north, 'alice@north.example');
  const path = await portal.invited(south, 'alice@north.example');
  const browser = portal.browser();
  expect((await browser.get(path)).text).toContain('autocomplete="current-password"');
  expect((await browser.post(path, { password: '' })).status).toBe(422);
  const wrong = await browser.post(path, { password: anotherPassword });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('This password is incorrect. Try again.');
  const accepted = await browser.post(path, { password: aPassword });
  expect(accepted.headers.location).toBe(`/tenants/${south}/guide`);
  expect((await portal.tenants.ofPerson((await portal.membersOf(south))[0]?.id ?? '')).length).toBe(2);
});

it('SEC-05: guessing that password is slowed as at sign-in', async () => {
  await portal.aMember(await portal.aTenant('South Clinic'), 'alice@north.example');
  const path = await portal.invited(north, 'alice@north.example');
  const browser = portal.browser('192.0.2.1');
  await browser.get(path);
  const statuses = [];
  for (let count = 0; count < 6; count += 1) statuses.push((await browser.post(path, { password: 'wrong' })).status);
  expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  expect((await browser.signIn('alice@north.example')).status).toBe(429);
});

it('asks a signed-in person only for one click', async () => {
  const browser = await portal.aMember(north, 'alice@north.example');
  const south = await portal.aTenant('South Clinic');
  const path = await portal.invited(south, 'alice@north.example');
  expect((await browser.get(path)).text).not.toContain('type="password"');
  expect((await browser.post(path)).headers.location).toBe(`/tenants/${south}/guide`);
});

it('does not accept for one person with the session of another', async () => {
  const bob = await portal.aMember(north, 'bob@north.example');
  const south = await portal.aTenant('South Clinic');
  await portal.aMember(south, 'alice@north.example');
  const path = await portal.invited(north, 'alice@north.example');
  await bob.get(path);
  expect((await bob.post(path)).status).toBe(422);
  expect(await portal.membersOf(north)).toHaveLength(1);
});

it('SEC-06: accepting does not bypass a second factor', async () => {
  const { authenticator } = await portal.staffMember('sam@isv.example');
  const path = await portal.invited(north, 'sam@isv.example');
  const browser = portal.browser();
  await browser.get(path);
  const half = await browser.post(path, { password: aPassword });
  expect(half.headers.location).toBe('/sign-in/second-factor');
  expect((await browser.get(`/tenants/${north}/guide`)).headers.location).toBe('/sign-in/second-factor');
  const done = await browser.post('/sign-in/second-factor', { code: authenticator.code() });
  expect(done.headers.location).toBe(`/tenants/${north}/guide`);
});

it('SEC-06: an invitation sets no password for staff who have not chosen theirs', async () => {
  await portal.staff.createStaff({ email: 'sam@isv.example', name: 'Sam', role: 'auditor' });
  const path = await portal.invited(north, 'sam@isv.example');
  expect((await accept(path)).status).toBe(422);
  expect(await portal.db('people').first('password_hash')).toEqual({ password_hash: null });
});

it('records one event for an accepted invitation, with ids only', async () => {
  const south = await portal.aTenant('South Clinic');
  await accept(await portal.invited(north, 'alice@north.example'));
  const path = await portal.invited(south, 'alice@north.example');
  const browser = portal.browser();
  await browser.get(path);
  await browser.post(path, { password: aPassword });
  await browser.post(path, { password: aPassword });
  const sent = await portal.db('invitations').orderBy('created_at').orderBy('id').select('id', 'tenant_id');
  const told = sent.map(({ id, tenant_id }) => ({
    type: 'invitation.accepted',
    tenant_id,
    data: JSON.stringify({ invitation_id: id }),
  }));
  expect(told).toHaveLength(2);
  expect(await events()).toEqual(expect.arrayContaining(told));
  expect(await events()).toHaveLength(2);
});

it('records no event if no one joined: viewed, refused, revoked or expired', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  await portal.browser().get(path);
  await accept(path, { name: '', password: aPassword });
  await accept(path, { name: 'Alice', password: 'short' });
  const { id } = await portal.db('invitations').first('id');
  await portal.invitations.revoke(north, String(id), { actor: { kind: 'portal' } });
  await accept(path);
  const late = await portal.invited(north, 'bob@north.example');
  portal.pass(7 * DAY);
  await accept(late);
  const staff = await portal.invited(north, 'sam@isv.example');
  await portal.staff.createStaff({ email: 'sam@isv.example', name: 'Sam', role: 'auditor' });
  await accept(staff, { name: 'Sam', password: anotherPassword });
  expect(await events()).toEqual([]);
});

it('names every field to correct at once, and keeps the name but never the password', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  const both = await accept(path, { name: ' ', password: 'short' });
  expect(both.status).toBe(422);
  expect(both.text).toContain('href="#name"');
  expect(both.text).toContain('href="#password"');
  const one = await accept(path, { name: 'Alice "<b>" Moss', password: 'a tiny one' });
  expect(one.text).toContain('value="Alice &#34;&lt;b&gt;&#34; Moss"');
  expect(one.text).not.toContain('a tiny one');
});

it.each([
  'North Clinic 2026!',
  'NorthClinicNorthClinic',
  'alice@north.example',
  'Example Health 12345',
  'password1234567',
])('SEC-02: refuses %j, which consists of words an attacker tries first', async (password) => {
  const path = await portal.invited(north, 'alice@north.example');
  expect((await accept(path, { name: 'Alice', password })).status).toBe(422);
});

it.each([
  'not an address',
  'a@b',
  'a@b.example, c@d.example',
  'a@b.example\r\nBcc: c@d.example',
  '"a b"@c.example',
  '',
])('SEC-52: does not invite %j', async (email) => {
  const asked = await portal.invitations.invite({ tenantId: north, email, invitedBy: null });
  expect(asked).toEqual({ ok: false, problem: 'email_unreadable' });
  expect(portal.mails).toEqual([]);
});

it('does not invite to an unknown tenant or an existing member', async () => {
  const unknown = await portal.invitations.invite({ tenantId: 'x', email: 'a@b.example', invitedBy: null });
  expect(unknown).toEqual({ ok: false, problem: 'tenant_unknown' });
  await portal.aMember(north, 'alice@north.example');
  const again = await portal.invitations.invite({ tenantId: north, email: 'Alice@north.example', invitedBy: null });
  expect(again).toEqual({ ok: false, problem: 'already_member' });
});

it('keeps no person, member or session of an acceptance that failed halfway', async () => {
  const path = await portal.invited(north, 'alice@north.example');
  const browser = portal.browser();
  await browser.get(path);
  const fix = await breakInserts(portal.db, 'sessions');
  const before = await portal.everything();
  expect((await browser.post(path, { name: 'Alice', password: aPassword })).status).toBeGreaterThanOrEqual(500);
  expect(await portal.everything()).toBe(before);
  await fix();
  expect((await browser.post(path, { name: 'Alice', password: aPassword })).status).toBe(303);
});
