// Also on PostgreSQL: of two processes one tells staff.
import { peopleDirectory } from '../../src/accounts/people/people-directory.js';
import { runEvidence } from '../../src/connections/run-evidence.js';
import { iso, transactionOn, type Knex } from '../../src/platform/database/database.js';
import type { MailMessage } from '../../src/platform/mail-message.js';
import { realWorld } from '../../src/platform/world.js';
import { nightlyRun } from '../../src/preflight/nightly-run.js';
import { preflightService } from '../../src/preflight/preflight-service.js';
import { summaryMail } from '../../src/preflight/summary-mail.js';
import { tenantService } from '../../src/tenants/tenant-service.js';
import { textsIn } from '../../src/texts/texts.js';
import { aDayMs } from '../support/connection-parts.js';
import { aDatabase } from '../support/credential-rows.js';
import { addManyTenants, healthyOnly, type Life } from '../support/many-tenants.js';

const HOUR = 3_600_000;
/** The run begins at 9:00 AM UTC, 02:00 in Denver. */
const start = new Date('2026-11-29T20:00:00.000Z');
const runAt = new Date('2026-11-30T09:00:00.000Z');

const lifeOf = (agoMs: number, more: Life['events'] = []): Life => ({
  share: 1,
  credential: 'active',
  events: [
    [{ kind: 'submitted', keptUntil: '' }, 90 * aDayMs],
    [{ kind: 'pending_judged', verdict: { kind: 'accepted', warnings: [] }, kept: false }, 90 * aDayMs],
    [{ kind: 'serving_checked', verdict: { kind: 'accepted', warnings: [] }, confirmMs: 0 }, agoMs],
    ...more,
  ],
});
const stale = lifeOf(36 * HOUR);
const failing = lifeOf(30 * HOUR, [
  [{ kind: 'serving_checked', verdict: { kind: 'refused', cause: 'owner_inactive' }, confirmMs: 0 }, 3 * HOUR],
]);

describe('the nightly run', () => {
  let db: Knex;
  let at: Date;
  let mails: MailMessage[];
  beforeEach(async () => {
    at = start;
    mails = [];
    db = await aDatabase();
    for (const [id, role, language] of [
      ['olga', 'operator', null],
      ['adam', 'administrator', 'es'],
      ['aude', 'auditor', null],
    ] as const) {
      await db('people').insert({ id, email: `${id}@isv.example`, name: id, language, created_at: iso(start) });
      await db('staff').insert({ person_id: id, role, created_at: iso(start) });
    }
  });
  afterEach(() => db.destroy());

  /** What one process does. */
  function aProcess() {
    const world = { ...realWorld, now: () => at };
    const transaction = transactionOn(db);
    const budget = { perWindow: 4, windowMs: 62_000 };
    const evidence = runEvidence({ db, world, checkEveryMs: () => Promise.resolve(aDayMs), poke: () => undefined });
    const { withIds: tenantsWithIds } = tenantService({ db, transaction, world });
    const service = preflightService({ transaction, world, evidence, tenantsWithIds, budget });
    const brand = { name: 'Example Health', supportEmail: 'help@example-health.example', appName: 'Fax' };
    return nightlyRun({
      db,
      transaction,
      world,
      people: peopleDirectory,
      enqueue: (_trx, { payload }) => {
        mails.push(payload as MailMessage);
        return Promise.resolve();
      },
      service,
      budget,
      compose: summaryMail({ textsIn, brand, publicUrl: 'https://portal.example' }),
    });
  }
  const setRun = (time: string) =>
    aProcess().setRunTime({ at: time, timeZone: 'America/Denver' }, { kind: 'person', id: 'adam' }, {});
  const beforeRun = (ms: number) => new Date(runAt.getTime() - ms);
  const urgent = () => db('check_requests').where({ lane: 'urgent' }).orderBy('due_at').pluck<string[]>('due_at');

  it('without one, the worker queues nothing and tells no one', async () => {
    await addManyTenants(db, { count: 5, now: at, lives: [stale] });
    at = beforeRun(HOUR);
    await aProcess().round();
    expect([await urgent(), mails]).toEqual([[], []]);
  });

  it('the worker queues what is unknown as early as the budget needs, and before that nothing', async () => {
    await addManyTenants(db, { count: 40, now: at, lives: [stale] });
    await setRun('02:00');
    // Ten windows, half an hour to spare, and two hours for the mail.
    const beginsBefore = 10 * 62_000 + 2.5 * HOUR;
    at = beforeRun(beginsBefore + 1);
    await aProcess().round();
    expect(await urgent()).toEqual([]);
    at = beforeRun(beginsBefore);
    await aProcess().round();
    const due = await urgent();
    expect(due).toHaveLength(40);
    expect(due[0]).toBe(iso(at));
    expect(due.at(-1)).toBe(iso(new Date(at.getTime() + 39 * 15_500)));
    expect(Date.parse(due.at(-1) ?? '')).toBeLessThan(beforeRun(2 * HOUR).getTime());
    const acts = await db('audit_events').where({ action: 'preflight.checks_queued' }).select('actor_kind', 'detail');
    expect(acts).toEqual([{ actor_kind: 'portal', detail: JSON.stringify({ by: iso(runAt), queued: 40 }) }]);
    // Another process, a later round and a restart queue nothing twice.
    const other = aProcess();
    for (const minutes of [0, 1, 16]) {
      at = new Date(at.getTime() + minutes * 60_000);
      await other.round();
    }
    expect(await urgent()).toEqual(due);
  });

  it('tells operators and administrators two hours before, each in their language, once in all processes', async () => {
    await addManyTenants(db, { count: 3, now: at, lives: healthyOnly });
    await addManyTenants(db, { count: 2, now: at, lives: [stale], from: 10 });
    await addManyTenants(db, { count: 12, now: at, lives: [failing], from: 20 });
    await setRun('02:00');
    const [one, other] = [aProcess(), aProcess()];
    at = beforeRun(2 * HOUR + 1);
    await one.round();
    expect(mails).toEqual([]);
    at = beforeRun(2 * HOUR);
    await Promise.all([one.round(), other.round()]);
    at = beforeRun(HOUR);
    await Promise.all([one.round(), other.round(), aProcess().round()]);
    expect(mails.map(({ to }) => to)).toEqual(['adam@isv.example', 'olga@isv.example']);
    const [spanish, english] = mails;
    expect(spanish?.subject).toBe('Example Health: la ejecución de esta noche: 12 no funcionarán, 2 sin saber');
    expect(english?.subject).toBe("Example Health: tonight's run: 12 will not work, 2 unknown");
    expect(english?.text).toContain('The nightly run begins on Nov 30, 2026, 2:00 AM Mountain Time.');
    expect(english?.text).toContain('- Will work: 3\n- Will not work: 12\n- Unknown: 2');
    expect(english?.text).toContain('Getting a token for every clinic takes at most 3 minutes.');
    expect(english?.text).toContain('And 2 more.');
    expect(english?.text).toContain('https://portal.example/staff/preflight');
    expect(english?.html).toContain('<a href="https://portal.example/staff/preflight"');
  });

  it('tells staff late rather than not at all, and of the next run again', async () => {
    await addManyTenants(db, { count: 1, now: at, lives: healthyOnly });
    await setRun('02:00');
    const worker = aProcess();
    at = beforeRun(60_000);
    await worker.round();
    expect(mails.map(({ subject }) => subject.split(': ').at(-1))).toEqual([
      'todas las clínicas funcionarán',
      'every clinic will work',
    ]);
    at = runAt;
    await worker.round();
    expect(mails).toHaveLength(2);
    at = beforeRun(2 * HOUR - aDayMs);
    await worker.round();
    expect(mails).toHaveLength(4);
  });

  it('one that is no longer wanted tells no one', async () => {
    await setRun('02:00');
    await aProcess().setRunTime(null, { kind: 'person', id: 'adam' }, {});
    at = beforeRun(HOUR);
    await aProcess().round();
    expect([await aProcess().runTime(), mails]).toEqual([null, []]);
  });
});
