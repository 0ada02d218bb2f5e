// Also on PostgreSQL: what is deleted when.
import type { Knex } from '../../src/platform/database/database.js';
import { makeLink, openLink } from '../hand-offs/support.js';
import { TestPortal } from '../support/portal.js';

const DAY = 24 * 3600_000;
let test: TestPortal;
let north: string;
beforeAll(async () => {
  test = await TestPortal.start();
  north = await test.addTenant('North Clinic');
});
afterAll(() => test.close());

const invite = async (email: string) => {
  const invited = await test.portal.services.invitations.invite({ tenantId: north, email, invitedBy: null });
  if (!invited.ok) throw new Error(invited.problem);
  return { id: invited.id, path: new URL(invited.url).pathname };
};
const count = async (table: string, where: object = {}) => (await test.db(table).where(where)).length;
/** Runs the worker every second. */
const delivered = async () => {
  const since = Date.now();
  while ((await count('outbox', { finished_at: null })) > 0 && Date.now() - since < 4000)
    await new Promise((resolve) => setImmediate(resolve)); // SQLite alone would not let other code run
};
const later = (days: number) => {
  test.clock.advance(days * DAY);
  return test.portal.clean();
};
const auditRows = () =>
  test.db('audit_events').orderBy('seq').select<object[]>('seq', 'id', 'at', 'action', 'target', 'ip', 'detail');

it('SEC-27: expired data is deleted on time: messages after 30 days, links after 90, one-time links at once', async () => {
  const alice = await test.member(north);
  await openLink(test, (await makeLink(alice, north)).path);
  const stale = await invite('stale@clinic.example');
  await test.portal.services.passwordResets.ask(alice.email, {});
  await test.mail.waitFor(({ to, text }) => to === alice.email && text.includes('/password-resets/'));
  await delivered();
  const links = await count('one_time_links');
  expect([links > 0, await count('hand_off_sessions'), (await count('sessions')) > 0]).toEqual([true, 1, true]);
  const messages = await count('outbox');
  const audit = await auditRows();

  await later(29);
  await delivered(); // the reminders
  expect(await count('outbox')).toBe(messages);
  expect([await count('one_time_links'), await count('hand_off_sessions'), await count('sessions')]).toEqual([0, 0, 0]);
  await later(2);
  expect(await count('outbox')).toBe(0);

  const visitor = test.visitor();
  await visitor.get(stale.path);
  await visitor.post(`${stale.path}/renewals`); // one click mails a new link, even after a month
  await later(58);
  expect([await count('invitations', { id: stale.id }), await count('hand_offs')]).toEqual([1, 1]);
  await later(2);
  expect([await count('invitations', { id: stale.id }), await count('hand_offs')]).toEqual([0, 1]);
  // The replacement is newer and stays.
  expect(await count('invitations', { tenant_id: north, email: 'stale@clinic.example' })).toBe(1);
  await later(7);
  expect(await count('hand_offs')).toBe(0);
  await later(90);
  expect([await count('invitations'), await count('invitation_reminders')]).toEqual([0, 0]);

  expect((await auditRows()).slice(0, audit.length)).toEqual(audit);
  // People, memberships, tenants and opt-outs are not expired data.
  expect([(await count('people')) > 0, await count('memberships'), await count('tenants')]).toEqual([true, 1, 1]);
});

it('keeps data that has not expired, however old it is', async () => {
  const { id } = await invite('fresh@clinic.example');
  await delivered();
  const at = new Date(test.clock().getTime() - 400 * DAY).toISOString();
  const waiting = { id: 'waits for its key', kind: 'mail', tenant_id: north, sealed: 'x', created_at: at };
  await test.db('outbox').insert({ ...waiting, due_at: new Date(test.clock().getTime() + DAY).toISOString() });
  await test.portal.clean();
  expect(await count('outbox', { id: waiting.id })).toBe(1);
  expect(await count('invitations', { id })).toBe(1);
  await test.db('outbox').where({ id: waiting.id }).delete();
});

/** The largest number of ids and times in a single retention statement, by table. */
async function namedAtOnce(db: Knex, work: () => Promise<unknown>): Promise<Map<string, number>> {
  const most = new Map<string, number>();
  const onQuery = ({ sql, bindings }: { sql: string; bindings?: unknown[] }) => {
    const [, table] = /^delete from ["`](\w+)/.exec(sql) ?? [];
    if (table) most.set(table, Math.max(bindings?.length ?? 0, most.get(table) ?? 0));
  };
  db.on('query', onQuery);
  await work().finally(() => db.off('query', onQuery));
  return most;
}

it('deletes a whole backlog in bounded batches, so that others can write in between', async () => {
  const at = new Date(test.clock().getTime() - 400 * DAY).toISOString();
  const rows = (make: (n: number) => object) => Array.from({ length: 1201 }, (_, n) => make(n));
  const insert = (table: string, made: object[]) => test.db.batchInsert(table, made as never, 50);
  await insert(
    'outbox',
    rows((n) => ({ id: `old ${n}`, kind: 'mail', sealed: '', created_at: at, due_at: at, finished_at: at })),
  );
  await insert(
    'attempts',
    rows((n) => ({ bucket: `old ${n}`, failures: 1, expires_at: at })),
  );
  const invitation = { tenant_id: north, email: 'old@clinic.example', created_at: at, expires_at: at };
  await insert(
    'invitations',
    rows((n) => ({ ...invitation, id: `old ${n}`, token_hash: `old ${n}`, renewal_of: n > 0 ? `old ${n - 1}` : null })),
  );
  const most = await namedAtOnce(test.db, () => test.portal.clean());
  expect([
    await count('outbox', { created_at: at }),
    await count('attempts'),
    await count('invitations', { created_at: at }),
  ]).toEqual([0, 0, 0]);
  expect([most.get('outbox'), most.get('attempts'), most.get('invitations')]).toEqual([501, 501, 100]);
}, 20_000);
