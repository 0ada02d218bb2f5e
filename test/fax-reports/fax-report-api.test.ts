// Also on PostgreSQL: reports are stored, added up and compared there.
import type { Authenticate } from '../../src/app/api-app.js';
import { faxReportReader } from '../../src/fax-reports/fax-report-reader.js';
import { addManyTenants, healthyOnly } from '../support/many-tenants.js';
import { TestPortal } from '../support/portal.js';
import type { Answer } from '../support/visits/visitor.js';
import { valuesIn } from '../metrics/exposition.js';

const DAY = 86_400_000;
let [north, south] = ['', ''];
const [front, laboratory, unread] = ['63304567801', '63304567802', '63304567803'];
const METRICS_TOKEN = 'synthetic-metrics-token-43';

const key = (scopes: string[], tenantIds: string[] | null) => ({ name: 'Pull', purpose: 'jobs', scopes, tenantIds });
const keys: Record<string, ReturnType<typeof key>> = {
  all: key(['tokens:issue'], null),
  writer: key(['tenants:read', 'tenants:write'], null),
};
const authenticate: Authenticate = (text) => {
  const found = text === 'south' ? key(['tokens:issue'], [south]) : keys[text];
  return Promise.resolve(found ? { keyId: `id-${text}`, ...found } : null);
};

const nothing = { listed: 0, fetched: 0, pending: 0, failed: 0, lost: 0, gaps: 0 };
const aLine = (more: object = {}) => ({
  extension_id: front,
  ...nothing,
  oldest_pending_at: null,
  oldest_failed_at: null,
  mailbox_messages: 40,
  ...more,
});

let test: TestPortal;
let clinics = 0;
beforeAll(async () => {
  test = await TestPortal.start({ env: { ROLES: 'web,api', METRICS_TOKEN }, authenticate });
});
afterAll(() => test.close());
beforeEach(async () => {
  await addManyTenants(test.db, { count: 2, now: test.clock(), lives: healthyOnly, from: clinics });
  [north, south] = [`clinic-${1_000_000 + clinics}`, `clinic-${1_000_001 + clinics}`];
  clinics += 2;
  for (const table of ['fax_report_lines', 'fax_reports']) await test.db(table).delete();
  const line = { tenant_id: north, name: 'Front desk', type: 'FaxUser', selected: true, listed: true };
  await test.db('fax_lines').insert([
    { ...line, extension_id: front },
    { ...line, extension_id: laboratory, name: 'Laboratory' },
    { ...line, extension_id: unread, name: 'Dr. Ana Ruiz', selected: false },
  ]);
});

const ago = (ms: number) => new Date(test.clock().getTime() - ms).toISOString();
const put = (body: unknown, { as = 'all', tenant = north }: { as?: string; tenant?: string } = {}): Promise<Answer> =>
  test.visitor().call('put', `/api/v1/tenants/${tenant}/fax-pull`, { key: as, body: body as object });
const report = (lines: object[], completedAt = ago(0)) => put({ completed_at: completedAt, lines });
const stored = async () => ({
  reports: await test.db('fax_reports').select('tenant_id', 'completed_at'),
  lines: await test.db('fax_report_lines').orderBy('extension_id').select('extension_id', 'completed_at', 'fetched'),
});
const shown = async (tenantId = north) => (await test.portal.services.connections.view(tenantId)).shown;

describe('a report of the fax pull', () => {
  it('is kept for the clinic and its lines, and written down as counts', async () => {
    const [at, pendingAt, failedAt] = [ago(60_000), ago(DAY), ago(2 * DAY)];
    const counts = { listed: 12, fetched: 5, pending: 2, failed: 1, lost: 3, gaps: 1 };
    const answer = await put({
      completed_at: at.replace('Z', '+00:00'),
      lines: [aLine({ ...counts, oldest_pending_at: pendingAt, oldest_failed_at: failedAt })],
    });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
    expect((await test.portal.services.connections.view(north)).faxReport).toEqual({
      completedAt: new Date(at),
      fetchedAt: null, // the laboratory was never read
      lines: [
        {
          extensionId: front,
          completedAt: new Date(at),
          ...counts,
          oldestPendingAt: new Date(pendingAt),
          oldestFailedAt: new Date(failedAt),
          mailboxMessages: 40,
          recent: { fills: [{ at, messages: 40 }], days: [at.slice(0, 10)], receivedAt: at },
        },
      ],
    });
    const act = await test
      .db('audit_events')
      .where({ action: 'fax_pull.reported', tenant_id: north })
      .first<Record<string, unknown>>();
    expect(act).toMatchObject({ actor_kind: 'api_key', actor_id: 'id-all', tenant_id: north, outcome: 'ok' });
    expect(JSON.parse(String(act['detail']))).toEqual({
      lines: 1,
      fetched: 5,
      pending: 2,
      failed: 1,
      lost: 3,
      gaps: 1,
    });
  });

  it('that is repeated has the effect of one', async () => {
    const at = ago(60_000);
    await report([aLine({ fetched: 2 })], at);
    const before = await test.db('fax_report_lines').select();
    expect((await report([aLine({ fetched: 2 })], at)).status).toBe(204);
    expect(await test.db('fax_report_lines').select()).toEqual(before);
  });

  it('of an earlier run is refused with 409, and the later one is kept', async () => {
    await report([aLine({ fetched: 2 })], ago(60_000));
    const before = await stored();
    const late = await report([aLine({ fetched: 9 })], ago(120_000));
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ cause: 'newer_report_kept', retryable: false });
    expect(await stored()).toEqual(before);
  });

  it('that leaves a line out keeps what the run before said of it', async () => {
    const [first, second] = [ago(2 * DAY), ago(DAY)];
    await report([aLine({ fetched: 1 }), aLine({ extension_id: laboratory, fetched: 7 })], first);
    await report([aLine({ fetched: 2 })], second);
    expect((await stored()).lines).toEqual([
      { extension_id: front, completed_at: second, fetched: 2 },
      { extension_id: laboratory, completed_at: first, fetched: 7 },
    ]);
  });

  it('without a line does not say that faxes were fetched', async () => {
    const fetchedAt = async () => (await test.portal.services.connections.view(north)).faxReport?.fetchedAt;
    await report([], ago(3 * DAY));
    expect(await fetchedAt()).toBeNull();
    await report([aLine(), aLine({ extension_id: unread })], ago(2 * DAY));
    expect(await fetchedAt()).toBeNull();
    const [all, later] = [ago(DAY), ago(DAY / 2)];
    await report([aLine(), aLine({ extension_id: laboratory })], all);
    expect(await fetchedAt()).toEqual(new Date(all));
    await report([aLine()], later);
    await report([], ago(0));
    expect(await fetchedAt()).toEqual(new Date(all));
    expect(await faxReportReader(test.db).newest()).toEqual(new Date(all));
  });

  it('keeps nothing of a line that the clinic no longer has read', async () => {
    await report([aLine(), aLine({ extension_id: unread, mailbox_messages: 190 })], ago(DAY));
    expect((await stored()).lines).toMatchObject([{ extension_id: front }]);
    await test.db('fax_lines').where({ tenant_id: north, extension_id: front }).update({ selected: false });
    await report([], ago(0));
    expect((await stored()).lines).toEqual([]);
  });

  it('needs the scope tokens:issue, and a key for this clinic: another clinic looks like one that does not exist', async () => {
    const body = { completed_at: ago(0), lines: [] };
    expect((await put(body, { as: 'writer' })).status).toBe(403);
    expect((await put(body, { as: 'unknown' })).status).toBe(401);
    const others = await put(body, { as: 'south' });
    const absent = await put(body, { as: 'south', tenant: 'clinic-9' });
    expect([others.status, absent.status]).toEqual([404, 404]);
    expect({ ...(others.body as object), instance: '' }).toEqual({ ...(absent.body as object), instance: '' });
    expect(await stored()).toEqual({ reports: [], lines: [] });
    expect((await put(body, { as: 'south', tenant: south.replace('clinic', 'ref:ehr') })).status).toBe(204);
    expect((await stored()).reports).toMatchObject([{ tenant_id: south }]);
  });

  it('with a line of another clinic is refused: each clinic has its own lines', async () => {
    const answer = await put({ completed_at: ago(0), lines: [aLine()] }, { tenant: south });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/lines/0/extension_id', code: 'unknown_extension' }] });
  });

  const PATIENT = 'Grace Planted';
  const NUMBER = '+14155550142';
  it.each<[string, () => object, pointer: string, code: string]>([
    ['no completed_at', () => ({ lines: [] }), '/completed_at', 'invalid_type'],
    ['no lines', () => ({ completed_at: ago(0) }), '/lines', 'invalid_type'],
    ['a local time', () => ({ completed_at: '2026-11-29T02:00:00', lines: [] }), '/completed_at', 'invalid_format'],
    ['a time ahead', () => ({ completed_at: ago(-6 * 60_000), lines: [] }), '/completed_at', 'future'],
    ['a time of long ago', () => ({ completed_at: ago(367 * DAY), lines: [] }), '/completed_at', 'past'],
    ['a name beside', () => ({ completed_at: ago(0), lines: [], from: PATIENT }), '', 'unknown_member'],
    ['a name in a line', () => one({ from: { name: PATIENT } }), '/lines/0', 'unknown_member'],
    ['a name as extension', () => one({ extension_id: PATIENT }), '/lines/0/extension_id', 'invalid_format'],
    ['a number as extension', () => one({ extension_id: NUMBER }), '/lines/0/extension_id', 'invalid_format'],
    ['a number in digits', () => one({ extension_id: '14155550142' }), '/lines/0/extension_id', 'unknown_extension'],
    ['a number as count', () => one({ fetched: 14_155_550_142 }), '/lines/0/fetched', 'too_big'],
    ['a name as time', () => one({ oldest_failed_at: PATIENT }), '/lines/0/oldest_failed_at', 'invalid_format'],
    ['a pending fax ahead', () => one({ oldest_pending_at: ago(-DAY) }), '/lines/0/oldest_pending_at', 'future'],
    ['a count below 0', () => one({ lost: -1 }), '/lines/0/lost', 'too_small'],
    ['half a fax', () => one({ pending: 0.5 }), '/lines/0/pending', 'invalid_type'],
    ['a count as text', () => one({ gaps: '1' }), '/lines/0/gaps', 'invalid_type'],
    ['an id as number', () => one({ extension_id: 63304567801 }), '/lines/0/extension_id', 'invalid_type'],
    ['a line twice', () => ({ completed_at: ago(0), lines: [aLine(), aLine()] }), '/lines/1/extension_id', 'duplicate'],
    ['too many lines', () => ({ completed_at: ago(0), lines: Array(251).fill(0) }), '/lines', 'too_big'],
  ])('SEC-54: with %s is refused, and nothing of it is kept or repeated', async (_what, body, pointer, code) => {
    const answer = await put(body());
    expect(answer.status).toBe(422);
    expect((answer.body as { errors: object[] }).errors).toContainEqual({ pointer, code });
    expect(await stored()).toEqual({ reports: [], lines: [] });
    const rows = JSON.stringify([await test.db('audit_events').select(), await test.db('outbox').select()]);
    for (const text of [PATIENT, '4155550142']) expect(answer.text + rows).not.toContain(text);
  });
  const one = (more: object) => ({ completed_at: ago(0), lines: [aLine(more)] });

  it('of a fax that has been missing for years is accepted', async () => {
    const lines = { oldest_failed_at: ago(800 * DAY), oldest_pending_at: ago(400 * DAY) };
    expect((await put(one(lines))).status).toBe(204);
  });

  it('counts against the limit of token calls, because each run reports each clinic once', async () => {
    expect((await report([])).headers['ratelimit-policy']).toMatch(/^"tokens";/);
  });
});

describe('a mailbox with 150 messages or more', () => {
  it('makes the connection a warning for the clinic to fix, with an event, until a report says that it fell', async () => {
    await report([aLine({ mailbox_messages: 149 })], ago(3 * DAY));
    expect(await shown()).toMatchObject({ state: 'healthy', cause: null });
    await report([aLine({ mailbox_messages: 150 })], ago(2 * DAY));
    expect(await shown()).toMatchObject({ state: 'warning', cause: 'mailbox_filling' });
    await report([aLine({ mailbox_messages: 215 })], ago(DAY));
    expect((await shown()).cause).toBe('mailbox_filling');
    await report([aLine({ mailbox_messages: 12 })], ago(0));
    expect(await shown()).toMatchObject({ state: 'healthy', cause: null });
    const events = await test.db('events').where({ tenant_id: north }).orderBy('nr').pluck<string[]>('type');
    expect(events.slice(-2)).toEqual(['connection.warning', 'connection.recovered']);
    expect(await test.db('notices').where({ tenant_id: north })).toEqual([]); // as for every other warning
  });

  it('does not end because a run could not count it, or left its line out', async () => {
    await report([aLine({ mailbox_messages: 180 })], ago(2 * DAY));
    await report([aLine({ mailbox_messages: null })], ago(DAY));
    expect((await shown()).cause).toBe('mailbox_filling');
    await report([], ago(0));
    expect((await shown()).cause).toBe('mailbox_filling');
  });

  it('is no warning on a line that the clinic does not have read', async () => {
    await report([aLine({ extension_id: unread, mailbox_messages: 199 })]);
    expect(await shown()).toMatchObject({ state: 'healthy', cause: null });
  });

  it('is in the metrics, with the faxes that wait and the last run', async () => {
    const scraped = async () => valuesIn((await test.visitor().call('get', '/metrics', { key: METRICS_TOKEN })).text);
    const run = 'latchkey_fax_pull_last_success_timestamp_seconds';
    expect(await scraped()).toMatchObject({ latchkey_faxes_pending: 0, latchkey_mailboxes_filling: 0 });
    await report([], ago(120_000));
    expect(Object.keys(await scraped())).not.toContain(run);
    const at = ago(60_000);
    await report(
      [
        aLine({ mailbox_messages: 215, pending: 2 }),
        aLine({ extension_id: laboratory, mailbox_messages: 150, pending: 1 }),
      ],
      at,
    );
    expect(await scraped()).toMatchObject({
      latchkey_faxes_pending: 3,
      latchkey_mailboxes_filling: 2,
      [run]: Date.parse(at) / 1000,
    });
  });
});
