// Also on PostgreSQL: two owners who change each other at once.
import type { ClinicRole } from '../../../src/app/clinic-roles.js';
import { anAccountsPortal, aPassword, type AccountsPortal, type Browser } from '../support.js';

let portal: AccountsPortal;
let north: string;
let ids: Record<'alice' | 'bob' | 'mia', string>;
let alice: Browser;
let bob: Browser;
let mia: Browser;
beforeAll(async () => {
  portal = await anAccountsPortal();
  north = await portal.aTenant('North Clinic');
  alice = await portal.aMember(north, 'alice@north.example', '192.0.2.1');
  portal.pass(1);
  bob = await portal.aMember(north, 'bob@north.example', '192.0.2.2');
  mia = await portal.aMember(north, 'mia@north.example', '192.0.2.3', 'member');
  const rows = await portal.db('people').select<{ id: string; email: string }[]>('id', 'email');
  const idOf = (name: string) => rows.find(({ email }) => email.startsWith(name))?.id ?? '';
  ids = { alice: idOf('alice'), bob: idOf('bob'), mia: idOf('mia') };
});
afterAll(() => portal.close());
beforeEach(async () => {
  await setRoles({ alice: 'owner', bob: 'owner', mia: 'member' });
  portal.mails.length = 0;
});

const setRoles = async (roles: Partial<Record<keyof typeof ids, ClinicRole>>) => {
  for (const [name, role] of Object.entries(roles) as [keyof typeof ids, ClinicRole][])
    await portal.tenants.setRole(portal.db, north, ids[name], role);
};
const rolesNow = async () => {
  const found = new Map((await portal.tenants.members(north)).map(({ personId, role }) => [personId, role]));
  return { alice: found.get(ids.alice), bob: found.get(ids.bob), mia: found.get(ids.mia) };
};
const people = (path = '') => `/tenants/${north}/people${path}`;
const give = (browser: Browser, name: keyof typeof ids, role: string) =>
  browser.post(people(`/${ids[name]}/role`), { role });
const rowsOf = (html: string) => html.match(/<tr class="govuk-table__row">[^]*?<\/tr>/g) ?? [];
const lastAudit = async (action: string) => {
  const row = await portal
    .db('audit_events')
    .where({ action, tenant_id: north })
    .orderBy('seq', 'desc')
    .first<{ detail: string; target: string; actor_id: string }>();
  return { detail: JSON.parse(row.detail) as object, target: row.target, actor: row.actor_id };
};

describe('a role in a clinic', () => {
  it('is shown to everyone with the person, and changed by owners only', async () => {
    const row = (html: string, name: string) => rowsOf(html).find((it) => it.includes(`${name}@north.example`)) ?? '';
    const ofOwner = (await alice.get(people())).text;
    expect([row(ofOwner, 'bob'), row(ofOwner, 'mia')].map((it) => /Owner|Member|Viewer/.exec(it)?.[0])).toEqual([
      'Owner',
      'Member',
    ]);
    expect(ofOwner).toContain(people(`/${ids.mia}/role`));
    expect(ofOwner).toContain(`action="${people('/invitations')}"`);
    const ofMember = (await mia.get(people())).text;
    expect(row(ofMember, 'bob')).toContain('Owner');
    expect(ofMember).not.toContain('/role"');
    expect(ofMember).not.toContain('/removal"');
    expect(ofMember).not.toContain(`action="${people()}`);
    expect(ofMember).toContain('To invite or remove people, or to change a role, ask alice or bob.');
    const refused = await give(mia, 'mia', 'owner');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Ask alice or bob.');
    expect(await rolesNow()).toEqual({ alice: 'owner', bob: 'owner', mia: 'member' });
  });

  it('SEC-08, SEC-20: counts with the next request, is audited, and is told to the person and the other owners', async () => {
    expect((await mia.get(`/tenants/${north}/guide`)).status).toBe(200);
    const page = (await alice.get(people(`/${ids.mia}/role`))).text;
    expect(page).toContain('The role of mia@north.example is Member.');
    expect(page).toMatch(/value="member" checked/);
    const given = await give(alice, 'mia', 'viewer');
    expect((await alice.follow(given)).text).toContain('The role was changed.');
    expect((await mia.get(`/tenants/${north}/guide`)).status).toBe(403);
    expect(await lastAudit('member.role_changed')).toEqual({
      detail: { from: 'member', to: 'viewer', invitations_revoked: 0 },
      target: ids.mia,
      actor: ids.alice,
    });
    expect(portal.mails.map(({ to }) => to).sort()).toEqual(['bob@north.example', 'mia@north.example']);
    for (const { subject, text } of portal.mails) {
      expect(subject).toBe('Example Health: a role was changed');
      expect(text).toContain('alice@north.example changed the role of mia@north.example at North Clinic');
      expect(text).toContain('The new role: Viewer.');
    }
    portal.mails.length = 0;
    expect((await give(alice, 'mia', 'viewer')).headers.location).toBe(people());
    expect(portal.mails).toEqual([]);
  });

  it.each(['', 'administrator', 'Owner'])('that does not exist (%j) is refused, and nothing changes', async (role) => {
    expect((await give(alice, 'mia', role)).status).toBe(400);
    expect((await alice.post(people('/invitations'), { email: 'x@north.example', role })).status).toBe(400);
    expect(await rolesNow()).toEqual({ alice: 'owner', bob: 'owner', mia: 'member' });
  });

  it('of the last owner who may sign in stays, and the page says why', async () => {
    const toDisable = portal.db('people').where({ id: ids.bob });
    await toDisable.clone().update({ disabled_at: portal.now().toISOString() });
    const refused = await give(alice, 'alice', 'member');
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('A clinic needs an owner, and this person is the only one.');
    expect(refused.text).not.toContain(`action="${people()}`);
    expect((await rolesNow()).alice).toBe('owner');
    await toDisable.update({ disabled_at: null });
    expect((await give(alice, 'alice', 'member')).status).toBe(303);
    expect((await give(alice, 'bob', 'member')).status).toBe(403);
  });

  it('of one of two owners stays if they take it from each other, or from themselves, at the same time', async () => {
    for (const rounds of ['each other', 'themselves', 'each other']) {
      await setRoles({ alice: 'owner', bob: 'owner' });
      const [first, second] = rounds === 'themselves' ? (['alice', 'bob'] as const) : (['bob', 'alice'] as const);
      await Promise.all([give(alice, first, 'viewer'), give(bob, second, 'viewer')]);
      const now = await rolesNow();
      expect([now.alice, now.bob].sort()).toEqual(['owner', 'viewer']);
    }
    await setRoles({ alice: 'owner', bob: 'owner' });
    await Promise.all([give(alice, 'bob', 'member'), bob.post(people(`/${ids.alice}/removal`))]);
    expect(Object.values(await rolesNow()).filter((role) => role === 'owner')).toHaveLength(1);
    await portal.tenants.addMember(portal.db, north, ids.alice, 'owner');
  });

  it('taken from an owner takes back the open invitations of that person, which might lead back to it', async () => {
    await bob.post(people('/invitations'), { email: 'bob.again@elsewhere.example', role: 'owner' });
    const link = /\/invitations\/[\w-]{43}/.exec(portal.mails[0]?.text ?? '')?.[0] ?? '';
    await give(alice, 'bob', 'member');
    expect((await lastAudit('member.role_changed')).detail).toEqual({
      from: 'owner',
      to: 'member',
      invitations_revoked: 1,
    });
    expect((await portal.browser('192.0.2.9').get(link)).headers.location).toBe('/sign-in?notice=link');
  });
});

describe('an invitation to a clinic', () => {
  it.each([
    ['owner', 'guide'],
    ['member', 'guide'],
    ['viewer', 'connection'],
  ] as const)('makes a %s of the person, as its page said, and leads to what the role may see', async (role, page) => {
    const email = `new.${role}@north.example`;
    const asked = await alice.post(people('/invitations'), { email, role });
    expect(asked.status).toBe(303);
    expect((await lastAudit('invitation.created')).detail).toEqual({ role });
    const path = /\/invitations\/[\w-]{43}/.exec(portal.mails[0]?.text ?? '')?.[0] ?? '';
    portal.mails.length = 0;
    const browser = portal.browser('192.0.2.9');
    expect((await browser.get(path)).text).toContain(`Your role: ${role[0]?.toUpperCase()}${role.slice(1)}.`);
    const accepted = await browser.post(path, { name: 'New Person', password: aPassword });
    expect(accepted.headers.location).toBe(`/tenants/${north}/${page}`);
    const members = await portal.membersOf(north);
    expect(members.find((it) => it.email === email)?.role).toBe(role);
    const told = portal.mails.find(({ to }) => to === 'alice@north.example')?.text;
    expect(told).toContain(`Their role: ${role[0]?.toUpperCase()}${role.slice(1)}.`);
  });

  it('is one for a member if no role was chosen, keeps its role when it is sent again, and is listed with it', async () => {
    await alice.post(people('/invitations'), { email: 'carol@north.example' });
    await alice.post(people('/invitations'), { email: 'vera@north.example', role: 'viewer' });
    const idOf = async (email: string) => {
      const newest = portal.db('invitations').where({ email }).orderBy('created_at', 'desc').orderBy('id');
      return newest.whereNull('revoked_at').first<{ id: string; role: string }>('id', 'role');
    };
    expect((await idOf('carol@north.example')).role).toBe('member');
    await alice.post(people(`/invitations/${(await idOf('vera@north.example')).id}/renewals`));
    expect((await idOf('vera@north.example')).role).toBe('viewer');
    const html = (await mia.get(people())).text;
    expect(rowsOf(html).find((it) => it.includes('vera@'))).toContain('Viewer, invited ');
    expect(html).not.toContain('/renewals"');
  });
});

describe('the rule about the second factor', () => {
  it('is set by an owner with a fresh proof, audited, told to everyone, and counts at once', async () => {
    expect((await mia.get(people())).text).toContain('People here can sign in without an authenticator app.');
    expect((await mia.post(people('/second-factor'), { needed: 'yes' })).status).toBe(403);
    const set = await alice.post(people('/second-factor'), { needed: 'yes' });
    expect(set.headers.location).toBe(`${people()}?notice=rule`);
    expect(await lastAudit('tenant.second_factor_rule_set')).toEqual({
      detail: { needed: true },
      target: north,
      actor: ids.alice,
    });
    expect(portal.mails.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['alice@north.example', 'bob@north.example', 'mia@north.example']),
    );
    expect((await mia.get(people())).headers.location).toContain('/account/second-factor');
    expect(await portal.tenants.setSecondFactorRule(north, false, ids.mia, {})).toBe(false);
    expect(await portal.tenants.setSecondFactorRule(north, false, ids.alice, {})).toBe(true);
    expect((await mia.get(people())).status).toBe(200);
  });
});
