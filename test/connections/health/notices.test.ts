import fc from 'fast-check';
import { expiryReminders } from '../../../src/connections/health/connection-notices.js';
import { connectionStore, emptyConnection } from '../../../src/connections/health/connection-store.js';
import { nextHealth, type Verdict } from '../../../src/connections/health/health.js';
import type { OwnerFacts } from '../../../src/connections/proof/owner-change.js';
import { noticeMails } from '../../../src/connections/pages/notice-mails.js';
import { staffDigests } from '../../../src/connections/health/staff-digest.js';
import { faxReportReader } from '../../../src/fax-reports/fax-report-reader.js';
import { credentialKeeper, credentialReader } from '../../../src/credentials/credential-service.js';
import { noticeDelivery } from '../../../src/notifications/notices.js';
import { iso, transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { lockFor } from '../../../src/platform/database/lock.js';
import type { MailMessage } from '../../../src/platform/mail-message.js';
import type { Delivery } from '../../../src/platform/outbox.js';
import { realWorld } from '../../../src/platform/world.js';
import { textsIn } from '../../../src/texts/texts.js';
import { forgetTokensOf } from '../../../src/tokens/ringcentral-sessions.js';
import { aTenant } from '../../staff/tenants/sample-tenants.js';
import { connectionParts } from '../../support/connection-parts.js';
import { addCredentialRow, addTenantRow, aDatabase, aNow } from '../../support/credential-rows.js';

const DAY_MS = 86_400_000;
const yes: Verdict = { kind: 'accepted', warnings: [] };
const theirs: Verdict = { kind: 'refused', cause: 'app_not_permitted' };
const ours: Verdict = { kind: 'refused', cause: 'scope_missing' };

describe('notices about a connection tell', () => {
  let db: Knex;
  let at: Date;
  let ids = 0;
  let tenants = 0;
  /** The current members of each tenant. */
  let members: Map<string, string[]>;
  /** Messages that have not been delivered yet. */
  let waiting: { payload: unknown; attempts: number }[];
  /** The mail server's answers to the next mails; after that it accepts all. */
  let smtp: (Delivery['kind'] | 'taken, and the worker dies')[];
  let sent: { to: string; subject: string; mail: MailMessage }[];
  const world = { ...realWorld, now: () => at, newId: () => `id-${(ids += 1)}` };
  const people = ['alice', 'bob', 'olga'];
  const recipients = {
    members: (_db: Knex, tenantId: string) => Promise.resolve(members.get(tenantId) ?? []),
    staff: () => Promise.resolve(['olga']),
  };

  beforeAll(async () => {
    db = await aDatabase();
    for (const id of people.slice(1))
      await db('people').insert({ id, email: `${id}@clinic.example`, name: id, created_at: iso(aNow) });
  });
  afterAll(() => db.destroy());
  beforeEach(() => {
    at = aNow;
    members = new Map();
    [waiting, smtp, sent] = [[], [], []];
  });

  const parts = () =>
    connectionParts(world, {
      recipients,
      enqueue: (_trx, { payload }) => {
        waiting.push({ payload, attempts: 0 });
        return Promise.resolve();
      },
    });

  async function aClinic(...ofIt: string[]): Promise<string> {
    const tenantId = `clinic-${(tenants += 1)}`;
    await addTenantRow(db, tenantId);
    members.set(tenantId, ofIt);
    await step(tenantId, 'pending_judged', yes);
    return tenantId;
  }

  const step = (tenantId: string, kind: 'pending_judged' | 'serving_checked', verdict: Verdict) =>
    transactionOn(db)(async (trx) => {
      await lockFor(trx, 'tenant', tenantId);
      const before = (await connectionStore(trx).forTenant(tenantId).find()) ?? emptyConnection(tenantId, at);
      const event = { kind, verdict, kept: false, confirmMs: 0 } as Parameters<typeof nextHealth>[1];
      await parts().writer.save(trx, { ...before, health: nextHealth(before.health, event, iso(at)) });
    });
  const check = (tenantId: string, verdict: Verdict) => step(tenantId, 'serving_checked', verdict);

  /** Tries to deliver every waiting message once. */
  async function deliver(): Promise<void> {
    const compose = noticeMails({
      db,
      world,
      credentials: credentialReader(db),
      readerOf: (id, tenantId) => {
        const isMember = tenantId !== null && (members.get(tenantId) ?? []).includes(id);
        const reader = { email: `${id}@clinic.example`, language: null, isStaff: !isMember };
        return Promise.resolve(isMember || id === 'olga' ? reader : undefined);
      },
      tenantOf: (id) => Promise.resolve(aTenant(id, `The ${id}`)),
      isvFor: () => ({
        clientId: 'X',
        appName: 'Fax',
        isvName: 'Example Health',
        consoleUrl: 'https://x',
        supportEmail: 's@x',
      }),
      faxReports: faxReportReader(db),
      textsIn,
      brand: { name: 'Example Health', supportEmail: 'support@example-health.example', appName: 'Fax' },
      publicUrl: 'https://portal.example',
    });
    const deliverMail = ({ payload }: { payload: unknown }): Promise<Delivery> => {
      const kind = smtp.shift() ?? 'delivered';
      const mail = payload as MailMessage;
      if (!['again', 'gave_up'].includes(kind))
        sent.push({ to: mail.to.split('@')[0] ?? '', subject: mail.subject, mail });
      if (kind === 'taken, and the worker dies') return Promise.reject(new Error(kind));
      return Promise.resolve(kind === 'delivered' ? { kind } : { kind, error: 'smtp_4xx' });
    };
    const delivery = noticeDelivery({ db, world, compose, deliverMail });
    for (const item of waiting.splice(0)) {
      item.attempts += 1;
      const told = await delivery({ id: 'x', kind: 'notice', attempts: item.attempts, payload: item.payload }).catch(
        () => ({ kind: 'again' }),
      );
      if (told.kind === 'again' && item.attempts < 12) waiting.push(item);
    }
  }
  const told = () => sent.map(({ to, subject }) => `${to}: ${subject.replace(/ (The )?clinic-\d+/, ' it')}`).sort();
  const fails = (who: string) => `${who}: Example Health: action needed – RingCentral is not working for it`;
  const works = (who: string) => `${who}: Example Health: RingCentral works again for it`;

  it('every member once of a failure and once of the recovery', async () => {
    const clinic = await aClinic('alice', 'bob');
    await check(clinic, theirs);
    await check(clinic, { kind: 'refused', cause: 'owner_inactive' });
    await deliver();
    expect(told()).toEqual([fails('alice'), fails('bob')]);
    await check(clinic, yes);
    await check(clinic, yes);
    await deliver();
    expect(told()).toEqual([works('alice'), fails('alice'), works('bob'), fails('bob')]);
  });

  it('no one after the recovery if the mail server was down until then', async () => {
    const clinic = await aClinic('alice');
    await check(clinic, theirs);
    smtp = ['again'];
    await deliver();
    await check(clinic, yes);
    await deliver();
    await deliver();
    expect(told()).toEqual([]);
    expect(waiting).toEqual([]);
  });

  it('of the recovery if the worker died while it sent the failure', async () => {
    const clinic = await aClinic('alice');
    await check(clinic, theirs);
    smtp = ['taken, and the worker dies'];
    await deliver();
    await check(clinic, yes);
    await deliver();
    await deliver();
    expect(told()).toEqual([works('alice'), fails('alice')]);
    expect(waiting).toEqual([]);
    const rows = await db('notices')
      .where({ tenant_id: clinic })
      .orderBy('created_at')
      .select('kind', 'outcome', 'error');
    expect(rows).toEqual([
      { kind: 'failing', outcome: 'delivered', error: 'unanswered' },
      { kind: 'recovered', outcome: 'delivered', error: null },
    ]);
  });

  it('staff instead of the clinic if staff must fix it, and the clinic as soon as the clinic must', async () => {
    const clinic = await aClinic('alice');
    await check(clinic, ours);
    await deliver();
    expect(told()).toEqual([fails('olga')]);
    expect(sent[0]?.mail.text).toContain(`https://portal.example/staff/tenants/${clinic}`);
    await check(clinic, theirs);
    await deliver();
    expect(told()).toEqual([fails('alice'), fails('olga')]);
    expect(sent[1]?.mail.text).toContain(`https://portal.example/tenants/${clinic}/connection#fix`);
  });

  it('what to do, and from which day faxes are lost, counted from the last good check', async () => {
    const clinic = await aClinic('alice');
    at = new Date(aNow.getTime() + 5 * DAY_MS);
    await check(clinic, yes);
    at = new Date(aNow.getTime() + 6 * DAY_MS);
    await check(clinic, theirs);
    await deliver();
    expect(sent[0]?.mail.text).toContain('After December 26, 2026, faxes may be lost.');
    expect(sent[0]?.mail.text).toContain('You can fix this.');
  });

  const rejected: Verdict = { kind: 'refused', cause: 'credential_rejected' };
  const elsewhere = 'This JWT is from another RingCentral environment.';
  it.each([
    ['has not expired', { expires_at: iso(new Date(aNow.getTime() + DAY_MS)) }, [], ['expired', elsewhere]],
    ['never expires', { expires_at: null }, [], ['expired', elsewhere]],
    ['may have expired', { expires_at: iso(aNow) }, ['or it expired'], [elsewhere]],
    ['is of another environment', { expires_at: null, environment: 'biz' }, [elsewhere], ['expired']],
  ])('what is known about a rejected JWT that %s', async (_which, jwt, said, unsaid) => {
    const clinic = await aClinic('alice');
    await addCredentialRow(db, clinic, `jwt-of-${clinic}`, 'active');
    await db('credentials')
      .where({ id: `jwt-of-${clinic}` })
      .update(jwt);
    for (let call = 0; call < 2; call += 1) await check(clinic, rejected);
    await deliver();
    for (const text of said) expect(sent[0]?.mail.text).toContain(text);
    for (const text of unsaid) expect(sent[0]?.mail.text).not.toContain(text);
    expect(sent).toHaveLength(1);
  });

  const well: OwnerFacts = { status: 'Enabled', type: 'User', admin: true, roles: [{ id: '1', name: 'Super Admin' }] };
  /** RingCentral shows the user of the JWT with these facts. */
  const look = (tenantId: string, facts: Partial<OwnerFacts>) =>
    transactionOn(db)((trx) => parts().owners.note(trx, tenantId, { ownerId: '901', facts: { ...well, ...facts } }));
  const frozen = { status: 'Frozen' };
  const changes = (who: string) => `${who}: Example Health: check a change at RingCentral for it`;

  it('every member once of a change of the user, and what RingCentral does not say about it', async () => {
    const clinic = await aClinic('alice', 'bob');
    await look(clinic, {});
    for (let times = 0; times < 3; times += 1) await look(clinic, frozen);
    await deliver();
    expect(told()).toEqual([changes('alice'), changes('bob')]);
    const text = sent[0]?.mail.text;
    expect(text).not.toContain('here');
    for (const line of [
      'Status: was Enabled, now Frozen.',
      'RingCentral does not say who made the change, or why.',
      `https://portal.example/tenants/${clinic}/connection`,
    ])
      expect(text).toContain(line);
  });

  it.each<[string, (clinic: string) => Promise<void>]>([
    ['everything is as before', (clinic) => look(clinic, {})],
    ['something else changed as well and has its own notice', (clinic) => look(clinic, { ...frozen, type: 'FaxUser' })],
    ['it fails, which says more', (clinic) => check(clinic, theirs)],
  ])('no one of a change of the user once %s', async (_what, meanwhile) => {
    const clinic = await aClinic('alice');
    await look(clinic, {});
    await look(clinic, frozen);
    smtp = ['again'];
    await deliver();
    await meanwhile(clinic);
    await deliver();
    const text = sent.map(({ mail }) => mail.text).join();
    expect(text.includes('Frozen') && !text.includes('FaxUser')).toBe(false);
    expect(waiting).toEqual([]);
    const of = await db('notices').where({ tenant_id: clinic, kind: 'owner_changed' }).orderBy('created_at').first();
    expect(of).toMatchObject({ outcome: 'not_wanted' });
  });

  it('no one who has left the clinic meanwhile', async () => {
    const clinic = await aClinic('alice', 'bob');
    await check(clinic, theirs);
    members.set(clinic, ['alice']);
    await deliver();
    expect(told()).toEqual([fails('alice')]);
  });

  it('staff which emails no server accepted', async () => {
    const clinic = await aClinic('alice');
    await check(clinic, theirs);
    smtp = ['gave_up'];
    await deliver();
    await check(clinic, yes);
    await deliver();
    const rows = await db('notices').where({ tenant_id: clinic }).orderBy('kind').select('kind', 'outcome', 'error');
    expect(rows).toEqual([
      { kind: 'failing', outcome: 'refused', error: 'smtp_4xx' },
      { kind: 'recovered', outcome: 'not_wanted', error: null },
    ]);
  });

  it('each person at most once, in this order and never after the recovery, whatever happens in between', async () => {
    const action = fc.oneof(
      fc.constant('yes' as const),
      fc.constant('theirs' as const),
      fc.constant('ours' as const),
      fc.constant('deliver' as const),
      fc.constantFrom('smtp_again' as const, 'smtp_gave_up' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), async (actions) => {
        [waiting, smtp, sent] = [[], [], []];
        const clinic = await aClinic('alice', 'bob');
        let failing = false;
        const incidents: string[][] = [];
        for (const what of actions) {
          if (what === 'smtp_again' || what === 'smtp_gave_up') smtp.push(what === 'smtp_again' ? 'again' : 'gave_up');
          else if (what === 'deliver') {
            const before = sent.length;
            await deliver();
            const mails = sent.slice(before);
            // No notice of a failure while there is none.
            expect(mails.filter(({ subject }) => !failing && subject.includes('is not working'))).toEqual([]);
            incidents.at(-1)?.push(...mails.map(({ to, subject }) => `${to} ${subject}`));
          } else {
            if (what !== 'yes' && !failing) incidents.push([]);
            failing = what !== 'yes';
            await check(clinic, what === 'yes' ? yes : what === 'ours' ? ours : theirs);
          }
        }
        smtp = [];
        for (let turn = 0; turn < 3; turn += 1) await deliver();
        // At most one mail per incident, kind and person; people who got the first also get the second.
        const notices = await db('notices').where({ tenant_id: clinic });
        for (const { about, person_id: who, kind, outcome } of notices) {
          const same = notices.filter((one) => one.about === about && one.person_id === who && one.kind === kind);
          expect(same).toHaveLength(1);
          const first = notices.find((one) => one.about === about && one.person_id === who && one.kind === 'failing');
          if (kind === 'recovered')
            expect(first.outcome === 'delivered' ? ['delivered', 'refused'] : ['not_wanted']).toContain(outcome);
        }
        const delivered = notices.filter(({ outcome }) => outcome === 'delivered').length;
        expect(sent).toHaveLength(delivered);
        expect(waiting).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('staff once a day how many clinics are in each state, but only if one needs attention', async () => {
    await db('notices').delete();
    await db('connection_counts').delete();
    const digests = staffDigests({
      db,
      transaction: transactionOn(db),
      world,
      tell: parts().tell,
      recipients,
      faxReports: faxReportReader,
    });
    at = new Date('2026-11-30T12:30:00.000Z');
    await aClinic('alice');
    await digests();
    expect(waiting).toEqual([]);
    const failing = await aClinic('bob');
    await check(failing, theirs);
    await deliver();
    at = new Date('2026-12-01T11:59:00.000Z');
    await digests();
    expect(waiting).toEqual([]);
    at = new Date('2026-12-01T12:00:00.000Z');
    await Promise.all([digests(), digests()]);
    await digests();
    await deliver();
    const daily = sent.filter(({ subject }) => subject.includes('what needs attention today'));
    expect(daily.map(({ to }) => to)).toEqual(['olga']);
    expect(daily[0]?.mail.text).toContain('Connected: 1');
    expect(daily[0]?.mail.text).toContain('Not working: 1');
    expect(daily[0]?.mail.text).not.toContain('The clinic');
    await check(failing, yes);
    at = new Date('2026-12-02T13:00:00.000Z');
    await digests();
    await deliver();
    expect(sent.filter(({ subject }) => subject.includes('needs attention'))).toHaveLength(1);
  });

  describe('of a JWT that expires', () => {
    async function expiring(inDays: number): Promise<{ tenantId: string; id: string }> {
      const tenantId = await aClinic('alice');
      const id = `jwt-of-${tenantId}`;
      await addCredentialRow(db, tenantId, id, 'active');
      const expires = new Date(at.getTime() + inDays * DAY_MS);
      const remind = new Date(expires.getTime() - 30 * DAY_MS);
      await db('credentials')
        .where({ id })
        .update({ expires_at: iso(expires), remind_at: iso(remind) });
      return { tenantId, id };
    }
    const credentials = () =>
      credentialKeeper({
        db,
        world,
        opener: { open: () => Promise.reject(new Error('unused')) },
        onEnded: forgetTokensOf,
      });
    const remind = () =>
      expiryReminders({
        tell: parts().tell,
        recipients,
        transaction: transactionOn(db),
        world,
        credentials: credentials(),
      })(100);
    /** Runs every hour until that many days have passed. @returns which mail was sent on which day */
    async function live(days: number): Promise<number[]> {
      const began = at.getTime();
      const found: number[] = [];
      for (let hour = 0; hour <= days * 24; hour += 1) {
        at = new Date(began + hour * 3_600_000);
        await remind();
        const before = sent.length;
        await deliver();
        if (sent.length > before) found.push(hour / 24);
      }
      return found;
    }

    it('30, 14, 7, 3 and 1 days before, and never after', async () => {
      await expiring(40);
      expect(await live(45)).toEqual([10, 26, 33, 37, 39]);
      expect(sent[0]?.mail.text).toContain('expires on December 31, 2026');
      expect(sent[0]?.mail.text).toContain('We will remind you again on December 17, 2026');
      expect(sent.at(-1)?.mail.text).not.toContain('again on');
    });

    it('once if the worker was down while several were due', async () => {
      await expiring(40);
      at = new Date(aNow.getTime() + 34 * DAY_MS);
      expect(await live(2)).toEqual([0]);
      expect(await live(4)).toHaveLength(2);
    });

    it('no longer once another JWT is in use', async () => {
      const { id } = await expiring(40);
      at = new Date(aNow.getTime() + 10 * DAY_MS);
      await remind();
      await db('credentials').where({ id }).update({ status: 'retired', remind_at: null });
      await deliver();
      expect(await live(35)).toEqual([]);
    });
  });
});
