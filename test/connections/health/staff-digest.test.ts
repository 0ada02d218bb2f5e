// Also on PostgreSQL: a count.
import { incidentStore } from '../../../src/connections/health/incident-store.js';
import { noticeMails } from '../../../src/connections/pages/notice-mails.js';
import { digestOf } from '../../../src/connections/health/staff-digest.js';
import { faxReportReader } from '../../../src/fax-reports/fax-report-reader.js';
import { credentialReader } from '../../../src/credentials/credential-service.js';
import type { Notice } from '../../../src/notifications/notice-store.js';
import { iso, type Knex } from '../../../src/platform/database/database.js';
import { textsIn } from '../../../src/texts/texts.js';
import { facts } from '../../staff/tenants/sample-tenants.js';
import { aDatabase, addTenantRow, aNow } from '../../support/credential-rows.js';

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(aNow.getTime() - hours * HOUR_MS);

describe('the daily digest for staff', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await aDatabase();
    await addTenantRow(db, 'north');
    await db('people').insert({ id: 'olga', email: 'olga@isv.example', name: 'Olga', created_at: iso(aNow) });
  });
  afterEach(() => db.destroy());

  const count = (state: string, cause: string, clinics: number) =>
    db('connection_counts').insert({ state, cause, count: clinics });
  const openIncident = () =>
    incidentStore(db).open({
      id: 'app-incident',
      kind: 'app',
      subject: 'production',
      tenantId: null,
      cause: 'app_misconfigured',
      codes: ['OAU-146'],
      openedAt: hoursAgo(30),
      probedAt: null,
    });
  const refusedMail = (hours: number) =>
    db('notices').insert({
      id: `mail-${hours}`,
      about: `incident-${hours}`,
      kind: 'failing',
      tenant_id: 'north',
      person_id: 'olga',
      created_at: iso(hoursAgo(hours + 1)),
      outcome: 'refused',
      settled_at: iso(hoursAgo(hours)),
    });
  const mailOf = async () => {
    const compose = noticeMails({
      db,
      world: { now: () => aNow },
      credentials: credentialReader(db),
      readerOf: () => Promise.resolve({ email: 'olga@isv.example', language: null, isStaff: true }),
      tenantOf: () => Promise.resolve(undefined),
      isvFor: () => facts.isv,
      faxReports: faxReportReader(db),
      textsIn,
      brand: { name: 'Example Health', supportEmail: 'help@example-health.example', appName: 'Fax' },
      publicUrl: 'https://portal.example',
    });
    const digest: Notice = {
      id: 'daily',
      about: 'digest:2026-11-21',
      kind: 'digest',
      tenantId: null,
      personId: 'olga',
      createdAt: aNow,
      outcome: 'waiting',
      error: null,
    };
    return compose(digest);
  };

  it('is not sent if all is well now, whatever happened before', async () => {
    await count('healthy', '', 300);
    await count('warning', 'expires_soon', 4);
    await count('pending', '', 5);
    await refusedMail(25);
    await openIncident();
    await incidentStore(db).close('app', 'production', aNow);
    expect(await digestOf(db, aNow, null)).toBeNull();
    expect(await mailOf()).toEqual({ kind: 'not_wanted' });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a clinic that does not work', () => count('failing', 'owner_inactive', 1)],
    ['a clinic without evidence', () => count('unverified', '', 1)],
    ['an open incident', () => openIncident()],
    ['an email that no server accepted since yesterday', () => refusedMail(23)],
    ['a mailbox that is filling up', () => count('warning', 'mailbox_filling', 1)],
  ])('is sent if there is %s', async (_what, happen) => {
    await happen();
    expect(await digestOf(db, aNow, null)).not.toBeNull();
  });

  it.each([
    [47, false],
    [49, true],
    [30 * 24 - 1, true],
    [30 * 24 + 1, false],
  ])('is sent %d hours after the last run of the fax pull: %s', async (hours, isSent) => {
    expect((await digestOf(db, aNow, hoursAgo(hours))) !== null).toBe(isSent);
  });

  it('counts the clinics with a filling mailbox, and says when the fax pull last succeeded', async () => {
    await count('warning', 'mailbox_filling', 3);
    await addTenantRow(db, 'south');
    const report = { completed_at: '2026-11-20T02:10:00.000Z', reported_at: iso(aNow) };
    await db('fax_reports').insert([
      { ...report, tenant_id: 'south', fetched_at: '2026-11-20T02:10:00.000Z' },
      { ...report, tenant_id: 'north', completed_at: '2026-11-21T02:10:00.000Z' }, // read no line
    ]);
    const composed = await mailOf();
    if (composed.kind !== 'mail') throw new Error(composed.kind);
    expect(composed.mail.text).toContain('3 clinics have a fax mailbox that is full or nearly full.');
    expect(composed.mail.text).toContain('Last complete run of the fax pull: Nov 20, 2026, 2:10 AM UTC.');
  });

  it('counts each state across its causes, those that need attention first, and names incidents and emails', async () => {
    await count('healthy', '', 1200);
    await count('unverified', '', 1);
    await count('failing', 'owner_inactive', 2);
    await count('failing', 'app_not_permitted', 3);
    await count('disconnected', '', 0);
    await openIncident();
    await refusedMail(23);
    await refusedMail(25);
    const composed = await mailOf();
    if (composed.kind !== 'mail') throw new Error(composed.kind);
    expect(composed.mail.subject).toBe('Example Health: what needs attention today');
    expect(composed.mail.text.split('\n\n').slice(0, -1)).toEqual([
      'Clinics in each state:',
      '- Not working: 5\n- Not confirmed recently: 1\n- Connected: 1,200',
      'An incident is open: RingCentral rejects our app.',
      '1 email could not be delivered since yesterday.',
      'Open the list of clinics:\nhttps://portal.example/staff/tenants',
    ]);
  });
});
