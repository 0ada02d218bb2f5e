import { peopleDirectory } from '../../src/accounts/people/people-directory.js';
import { noticesPage } from '../../src/staff/notices/notices-page.js';
import { isForClinicRole, type MailName } from '../../src/notifications/audience.js';
import { textsIn } from '../../src/texts/texts.js';
import type { Knex } from '../../src/platform/database/database.js';
import { aDatabase, addTenantRow, aNow } from '../support/credential-rows.js';

const t = textsIn('en');
const { mails } = t.staff.notices;

describe('the page that says who gets which email', () => {
  it('has every email that the portal has texts for, once', () => {
    const shown = noticesPage(t).tables.flatMap(({ rows }) => rows.map(([mail]) => mail));
    const named = Object.keys(t.mails).filter((name) => !['signature', 'stopReminders'].includes(name));
    named.push('disconnected', 'webhooks');
    expect(named.map((name) => (mails as Record<string, string>)[name]).sort()).toEqual([...shown].sort());
  });

  it('says the roles of each', () => {
    const rows = new Map(noticesPage(t).tables.flatMap(({ rows: all }) => all.map(([mail, ...who]) => [mail, who])));
    const changers = 'Administrator, Operator';
    expect(rows.get(mails.failing)).toEqual(['Owner, Member', changers]);
    expect(rows.get(mails.expires)).toEqual(['Owner, Member', 'None']);
    expect(rows.get(mails.disconnected)).toEqual(['All roles', changers]);
    expect(rows.get(mails.roleChanged)).toEqual(['The person concerned; Owner', 'None']);
    expect(rows.get(mails.incident)).toEqual(['None', changers]);
    expect(rows.get(mails.apiKeys)).toEqual(['None', 'Administrator']);
    expect(rows.get(mails.security)).toEqual(['Only the person concerned', 'Only the person concerned']);
  });
});

describe('the people who get an email', () => {
  let db: Knex;
  beforeAll(async () => {
    db = await aDatabase();
    await addTenantRow(db, 'north');
    for (const role of ['owner', 'member', 'viewer', 'administrator', 'operator', 'auditor']) {
      await db('people').insert({
        id: role,
        email: `${role}@clinic.example`,
        name: role,
        created_at: aNow.toISOString(),
        password_hash: 'synthetic',
      });
      if (['owner', 'member', 'viewer'].includes(role))
        await db('memberships').insert({ tenant_id: 'north', person_id: role, role, created_at: aNow.toISOString() });
      else await db('staff').insert({ person_id: role, role, created_at: aNow.toISOString() });
    }
  });
  afterAll(() => db.destroy());

  it('asked to act are owners and members; a viewer is told only what happened to what they see', async () => {
    const { membersFor } = peopleDirectory(db);
    const asks = ['failing', 'recovered', 'expires', 'ownerChanged', 'personAdded'] as const;
    for (const mail of asks) expect([mail, await membersFor(mail, 'north')]).toEqual([mail, ['member', 'owner']]);
    const names = [
      ...Object.keys(t.mails).filter((name) => !['signature', 'stopReminders'].includes(name)),
      'disconnected',
    ];
    const ofViewers = names.filter((name) => isForClinicRole(name as MailName, 'viewer'));
    expect(ofViewers.sort()).toEqual(['disconnected', 'secondFactorRule']);
  });

  it('are those in the roles that the page names', async () => {
    const { membersFor, staffFor, staffPeopleFor } = peopleDirectory(db);
    expect(await membersFor('disconnected', 'north')).toEqual(['member', 'owner', 'viewer']);
    expect(await membersFor('roleChanged', 'north')).toEqual(['owner']);
    expect(await membersFor('incident', 'north')).toEqual([]);
    expect((await staffFor('incident')).sort()).toEqual(['administrator', 'operator']);
    expect(await staffFor('expires')).toEqual([]);
    expect((await staffPeopleFor('apiKeys')).map(({ id }) => id)).toEqual(['administrator']);
  });
});
