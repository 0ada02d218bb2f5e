import { anAccountsPortal, aPassword, type AccountsPortal, type Browser } from '../support.js';

const DAY = 24 * 3600_000;
const ABSENT = '00000000-0000-4000-8000-000000000000';
let portal: AccountsPortal;
/** The clinics of each test, and the addresses of their people. */
let count = 0;
let names = { north: '', south: '' };
let north: string;
let alice: Browser;
beforeAll(async () => {
  portal = await anAccountsPortal();
});
afterAll(() => portal.close());
beforeEach(async () => {
  count += 1;
  names = { north: `north${count}.example`, south: `south${count}.example` };
  portal.pass(DAY);
  north = await portal.aTenant(`North Clinic ${count}`);
  alice = await portal.aMember(north, from('alice'));
  portal.mails.length = 0;
});

const from = (name: string, clinic: 'north' | 'south' = 'north') => `${name}@${names[clinic]}`;
const aSouthernTenant = () => portal.aTenant(`South Clinic ${count}`);

const at = (tenantId: string, path = '') => `/tenants/${tenantId}/people${path}`;
const idOf = async (email: string): Promise<string> => {
  const { id } = await portal.db('people').where({ email }).first<{ id: string }>('id');
  return id;
};
const invitationOf = async (email: string): Promise<string> => {
  const query = portal.db('invitations').where({ email }).orderBy('created_at', 'desc');
  const { id } = await query.first<{ id: string }>('id');
  return id;
};
const invite = (browser: Browser, email: string, tenantId = north) =>
  browser.post(at(tenantId, '/invitations'), { email });
const linkIn = (text = '') => /\/invitations\/[\w-]{43}/.exec(text)?.[0] ?? '';
const membersOf = async (tenantId: string) => (await portal.membersOf(tenantId)).map(({ email }) => email).sort();

describe('the page People', () => {
  it('lists members and open invitations, and marks the viewer', async () => {
    await portal.aMember(north, from('bob'));
    await invite(alice, from('carol'));
    const { text } = await alice.get(at(north));
    for (const told of [from('alice'), from('bob'), from('carol'), 'Open', 'alice (you)']) expect(text).toContain(told);
    expect(text.split(from('bob'))).toHaveLength(2);
    portal.pass(7 * DAY);
    await alice.signIn(from('alice'));
    expect((await alice.get(at(north))).text).toContain('Expired');
  });

  it('asks the only person who would be told of a failure to invite another, and no one else', async () => {
    const asked = 'Only you are told when something breaks.';
    await invite(alice, from('carol'));
    expect((await alice.get(at(north))).text).toContain(asked);
    await portal.aMember(north, from('bob'));
    expect((await alice.get(at(north))).text).not.toContain(asked);
    await portal
      .db('people')
      .where({ email: from('bob') })
      .update({ disabled_at: '2026-11-21T12:00:00.000Z' });
    expect((await alice.get(at(north))).text).toContain(asked);
  });

  it('shows members neither the link nor the token of an invitation', async () => {
    await invite(alice, from('carol'));
    const link = linkIn(portal.mails[0]?.text);
    expect(link).not.toBe('');
    const { text } = await alice.get(at(north));
    expect(text).not.toContain(link.split('/').at(-1));
  });
});

describe('inviting a colleague', () => {
  it('mails the link, audits it, and admits the colleague', async () => {
    const asked = await invite(alice, ` Carol@${names.north.toUpperCase()} `);
    expect([asked.status, asked.headers.location]).toEqual([303, `${at(north)}?notice=invited`]);
    expect((await alice.follow(asked)).text).toContain('The person was invited.');
    expect(portal.mails.map(({ to }) => to)).toEqual([from('carol')]);
    expect((await portal.audit()).at(-1)).toBe('invitation.created ok');
    const accepted = await portal
      .browser('192.0.2.9')
      .post(linkIn(portal.mails[0]?.text), { name: 'Carol', password: aPassword });
    expect(accepted.headers.location).toBe(`/tenants/${north}/guide`);
    expect(await membersOf(north)).toEqual([from('alice'), from('carol')]);
  });

  it('tells every member by email that a person has joined, with the address and not the typed name', async () => {
    await portal.aMember(north, from('bob'));
    await aSouthernTenant().then((south) => portal.aMember(south, from('sue', 'south')));
    portal.mails.length = 0;
    await invite(alice, from('carol'));
    const name = 'Read http://evil.example';
    await portal.browser('192.0.2.9').post(linkIn(portal.mails[0]?.text), { name, password: aPassword });
    const told = portal.mails.slice(1);
    expect(told.map(({ to }) => to).sort()).toEqual([from('alice'), from('bob')]);
    for (const { subject, text, html } of told) {
      expect(subject).toBe('Example Health: a person joined your organization');
      expect(text).toContain(`${from('carol')} has accepted an invitation to North Clinic`);
      expect(text).toContain(`http://127.0.0.1:3000${at(north)}`);
      expect(text + html).not.toContain('evil');
    }
  });

  it.each([
    ['text', 'not an address', 'Enter an email address'],
    ['a member', 'ALICE@', 'has already joined'],
    ['an invited person', 'dora@', 'has an open invitation'],
  ])('says why %s is not invited, keeps the typed value, and mails nothing', async (_whom, typed, told) => {
    const email = typed.endsWith('@') ? typed + names.north : typed;
    await invite(alice, from('dora'));
    const mails = portal.mails.length;
    const refused = await invite(alice, email);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('<title>Error: ');
    expect(refused.text).toContain(told);
    expect(refused.text).toContain('href="#email"');
    expect(refused.text).toContain(`value="${email}"`);
    expect(portal.mails).toHaveLength(mails);
  });

  it.each([
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example%0d%0aBcc: c@d.example',
    'a@b.example, c@d.example',
    'A <a@b.example>',
    'a@b.example\u2028x',
    'a\0@b.example',
    `${'a'.repeat(250)}@b.example`,
  ])('SEC-52: does not mail %j', async (email) => {
    expect((await invite(alice, email)).status).toBe(422);
    expect(portal.mails).toEqual([]);
  });

  it('SEC-18: gives the same answer for an address with an account elsewhere and one without', async () => {
    const south = await aSouthernTenant();
    await portal.aMember(south, from('sue', 'south'));
    await invite(alice, from('known.to.no.one'));
    const told = (answer: { status: number; headers: { location?: string }; text: string }) => [
      answer.status,
      answer.headers.location,
      answer.text,
    ];
    const elsewhere = await invite(alice, from('sue', 'south'));
    const unknown = await invite(alice, from('somebody.else'));
    expect(told(elsewhere)).toEqual(told(unknown));
    const rows = (await alice.get(at(north))).text.match(/<tr[^]*?<\/tr>/g) ?? [];
    const row = (email: string) =>
      rows
        .find((html) => html.includes(email))
        ?.replaceAll(email, '')
        .replaceAll(/[0-9a-f-]{36}/g, '');
    expect(row(from('sue', 'south'))).toBe(row(from('somebody.else')));
  });

  it('mails at most 20 invitations in 24 hours for a tenant, including parallel requests of several members', async () => {
    const bob = await portal.aMember(north, from('bob')); // Alice's and Bob's invitations are two of the twenty
    await aSouthernTenant().then((south) => portal.invited(south, from('sue', 'south')));
    portal.mails.length = 0;
    const asked = Array.from({ length: 24 }, (_, n) => invite(n % 2 ? alice : bob, from(`person${n}`)));
    const answers = await Promise.all(asked);
    expect(portal.mails).toHaveLength(18);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(6);
    expect(refused[0]?.text).toContain(', 12:00 PM UTC.');
    expect(refused[0]?.headers['retry-after']).toBe(String(24 * 3600));
    const traces = portal.db('audit_events').where({ tenant_id: north, outcome: 'refused' }).pluck<string[]>('action');
    expect((await traces).filter((action) => action !== 'request.throttled')).toEqual(
      Array.from({ length: 6 }, () => 'invitation.created'),
    );
    portal.pass(DAY);
    await alice.signIn(from('alice'));
    expect((await invite(alice, from('one.more'))).status).toBe(303);
  });

  it('mails at most 3 invitations in 24 hours to one address, for any kind of request', async () => {
    expect((await invite(alice, from('carol'))).status).toBe(303);
    const first = await invitationOf(from('carol'));
    portal.pass(1);
    expect((await alice.post(at(north, `/invitations/${first}/renewals`))).status).toBe(303);
    const second = await invitationOf(from('carol'));
    expect((await alice.post(at(north, `/invitations/${second}/revocation`))).status).toBe(303);
    portal.pass(1);
    expect((await invite(alice, from('carol'))).status).toBe(303);
    const third = await invitationOf(from('carol'));
    const refused = await alice.post(at(north, `/invitations/${third}/renewals`));
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('This address was sent 3 invitations in 24 hours.');
    expect(portal.mails.filter(({ to }) => to === from('carol'))).toHaveLength(3);
    // The link that could not be replaced still works.
    expect((await portal.browser('192.0.2.9').get(linkIn(portal.mails.at(-1)?.text))).status).toBe(200);
  });
});

describe('an open invitation', () => {
  it('is revoked with every other link to its address', async () => {
    await invite(alice, from('carol'));
    portal.pass(8 * DAY);
    await alice.signIn(from('alice'));
    const expired = linkIn(portal.mails[0]?.text);
    await invite(alice, from('carol'));
    const open = linkIn(portal.mails.at(-1)?.text);
    const revoked = await alice.post(at(north, `/invitations/${await invitationOf(from('carol'))}/revocation`));
    expect((await alice.follow(revoked)).text).toContain('The invitation was revoked.');
    const before = portal.mails.length;
    for (const link of [expired, open]) {
      expect((await portal.browser('192.0.2.9').get(link)).headers.location).toBe('/sign-in?notice=link');
      await portal.browser('192.0.2.9').post(`${link}/renewals`);
    }
    expect(portal.mails).toHaveLength(before);
    const acts = await portal.audit();
    expect(acts.filter((act) => act !== 'request.link_refused refused').at(-1)).toBe('invitation.revoked ok');
  });

  it('is sent again, open or expired, and the earlier link stops working', async () => {
    await invite(alice, from('carol'));
    portal.pass(8 * DAY);
    await alice.signIn(from('alice'));
    const id = await invitationOf(from('carol'));
    const sent = await alice.post(at(north, `/invitations/${id}/renewals`));
    expect((await alice.follow(sent)).text).toContain('There is a new link');
    const [old, fresh] = portal.mails.filter(({ to }) => to === from('carol')).map(({ text }) => linkIn(text));
    expect((await portal.browser('192.0.2.9').get(old ?? '')).headers.location).toBe('/sign-in?notice=link');
    expect((await portal.browser('192.0.2.9').get(fresh ?? '')).status).toBe(200);
    expect((await alice.post(at(north, `/invitations/${id}/renewals`))).status).toBe(404);
  });

  it('of another tenant, used or absent: the same answer as for an unknown one', async () => {
    const south = await aSouthernTenant();
    await portal.invited(south, from('sue', 'south'));
    const ids = [await invitationOf(from('sue', 'south')), await invitationOf(from('alice')), ABSENT, 'x'];
    const before = await portal.everything();
    for (const action of ['renewals', 'revocation']) {
      const answers = [];
      for (const id of ids) answers.push(await alice.post(at(north, `/invitations/${id}/${action}`)));
      const told = answers.map(({ status, text, headers }) => [
        status,
        text.replaceAll(String(headers['x-request-id']), ''),
      ]);
      expect(new Set(told.map((it) => JSON.stringify(it))).size).toBe(1);
      expect(told[0]?.[0]).toBe(404);
    }
    expect(await portal.everything()).toBe(before);
  });

  it('SEC-18: people cannot invite, send again or revoke for another tenant', async () => {
    const south = await aSouthernTenant();
    await portal.invited(south, from('sue', 'south'));
    const id = await invitationOf(from('sue', 'south'));
    const rows = async () => JSON.stringify(await portal.db('invitations').select().orderBy('id'));
    const [before, mails] = [await rows(), portal.mails.length];
    const asked = await Promise.all([
      invite(alice, from('eve'), south),
      alice.post(at(south, `/invitations/${id}/renewals`)),
      alice.post(at(south, `/invitations/${id}/revocation`)),
      alice.get(at(south)),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await rows()).toBe(before);
    expect(portal.mails).toHaveLength(mails);
  });
});

describe('removing a person', () => {
  let bob: Browser;
  let bobId: string;
  beforeEach(async () => {
    bob = await portal.aMember(north, from('bob'), '192.0.2.2');
    bobId = await idOf(from('bob'));
    portal.mails.length = 0;
  });
  const remove = (browser: Browser, personId: string, tenantId = north) =>
    browser.post(at(tenantId, `/${personId}/removal`));

  it('SEC-20: asks first, takes effect with the next request, and tells the person by email', async () => {
    const asked = await alice.get(at(north, `/${bobId}/removal`));
    expect(asked.text).toContain('Remove bob');
    expect((await bob.get(at(north))).status).toBe(200);
    const removed = await remove(alice, bobId);
    expect((await alice.follow(removed)).text).toContain('The person no longer has access.');
    expect((await bob.get(at(north))).status).toBe(404);
    expect((await bob.get(`/tenants/${north}/connection`)).status).toBe(404);
    expect(portal.mails).toMatchObject([{ to: from('bob'), subject: 'Example Health: your access was removed' }]);
    const traces = portal.db('audit_events').where({ tenant_id: north, action: 'member.removed' }).select('target');
    expect(await traces).toEqual([{ target: bobId }]);
  });

  it('everyone may leave, whatever the role, after a warning', async () => {
    await portal.tenants.setRole(portal.db, north, bobId, 'viewer');
    expect((await bob.get(at(north))).text).toContain(`href="${at(north, '/leaving')}"`);
    expect((await bob.get(at(north, '/leaving'))).text).toContain('You lose access immediately.');
    expect((await bob.post(at(north, '/leaving'))).headers.location).toBe('/tenants');
    expect((await bob.get('/tenants')).text).toContain('You do not belong to an organization yet');
    expect(await membersOf(north)).toEqual([from('alice')]);
  });

  it('never removes the last owner, who cannot leave either, and says why', async () => {
    await portal.tenants.setRole(portal.db, north, bobId, 'member');
    const aliceId = await idOf(from('alice'));
    expect((await alice.get(at(north))).text).not.toContain(`${aliceId}/removal`);
    const leave = () => alice.post(at(north, '/leaving'));
    for (const page of [
      await alice.follow(await alice.get(at(north, `/${aliceId}/removal`))),
      await remove(alice, aliceId),
      await alice.get(at(north, '/leaving')),
      await leave(),
    ]) {
      expect(page.text).toContain('You are the only owner, and a clinic needs one.');
      expect(page.text).not.toContain('action="/tenants/');
    }
    expect([(await remove(alice, aliceId)).status, (await leave()).status]).toEqual([409, 409]);
    expect(await membersOf(north)).toEqual([from('alice'), from('bob')]);
  });

  it('keeps one of two owners who remove each other at the same time', async () => {
    const aliceId = await idOf(from('alice'));
    for (const browser of [alice, bob]) await browser.get(at(north));
    await Promise.all([remove(alice, bobId), remove(bob, aliceId)]);
    expect(await membersOf(north)).toHaveLength(1);
  });

  it('does not count a person with a disabled account as a remaining owner', async () => {
    await portal.db('people').where({ id: bobId }).update({ disabled_at: portal.now().toISOString() });
    expect((await remove(alice, await idOf(from('alice')))).status).toBe(409);
  });

  it('revokes every invitation to and from the removed person, so that they cannot return', async () => {
    // An older, unused link to the same address could be exchanged for a new one.
    const member = await portal
      .db('invitations')
      .where({ email: from('bob') })
      .first();
    await portal.db('invitations').insert({
      ...member,
      id: 'an older one',
      token_hash: 'x',
      opt_out_hash: null,
      expires_at: portal.now().toISOString(),
      accepted_at: null,
      accepted_by: null,
    });
    await invite(bob, 'bob.in.disguise@elsewhere.example');
    const link = linkIn(portal.mails.at(-1)?.text);
    await remove(alice, bobId);
    expect((await portal.browser('192.0.2.9').get(link)).headers.location).toBe('/sign-in?notice=link');
    expect(await portal.invitations.waiting(north)).toEqual([]);
    expect((await invite(bob, 'again@elsewhere.example')).status).toBe(404);
  });

  it('a second link to the same address does not readmit a removed person', async () => {
    const first = await portal.invited(north, from('carol'));
    portal.pass(7 * DAY);
    const second = await portal.invited(north, from('carol'));
    await portal.browser('192.0.2.9').post(second, { name: 'Carol', password: aPassword });
    await alice.signIn(from('alice'));
    await remove(alice, await idOf(from('carol')));
    const before = portal.mails.length;
    expect((await portal.browser('192.0.2.9').post(`${first}/renewals`)).headers.location).toBe('/sign-in?notice=link');
    expect(portal.mails).toHaveLength(before);
  });

  it('SEC-18: ids of another tenant, absent and unreadable ids get the same answer, by GET and POST', async () => {
    const south = await aSouthernTenant();
    const sue = await portal.aMember(south, from('sue', 'south'), '192.0.2.3');
    const sueId = await idOf(from('sue', 'south'));
    const answers = [];
    for (const id of [sueId, ABSENT, 'x', '%00'])
      answers.push(await alice.get(at(north, `/${id}/removal`)), await remove(alice, id));
    answers.push(
      await remove(alice, sueId, south),
      await remove(alice, bobId, south),
      await remove(alice, bobId, ABSENT),
    );
    const told = answers.map(({ status, text, headers }) => [
      status,
      text.replaceAll(String(headers['x-request-id']), ''),
    ]);
    expect(new Set(told.filter((_, n) => n < 8).map((it) => JSON.stringify(it))).size).toBe(1);
    expect(told.map(([status]) => status)).toEqual(Array.from(told, () => 404));
    expect((await sue.get(at(south))).status).toBe(200);
    expect(await membersOf(north)).toHaveLength(2);
  });
});
