// Also on PostgreSQL: gauges are read with SQL.
import { aFaultedClinic } from '../faults/faulted-clinic.js';
import { TestPortal } from '../support/portal.js';
import { typesIn, valuesIn } from './exposition.js';

const token = 'synthetic-metrics-token-41';
let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ env: { METRICS_TOKEN: token, RINGCENTRAL_AUTH_PER_MINUTE: '5' } });
});
afterAll(() => test.close());

const scraped = async (): Promise<string> => {
  const answer = await test.visitor().call('get', '/metrics', { key: token });
  expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
  });
  return answer.text;
};

it('a scrape shows what the database and this process know, under these names and types', async () => {
  await test.addTenant('North Clinic');
  const clinic = await aFaultedClinic(test, ['Front Desk Fax']);
  await clinic.paste();
  await clinic.pageWhen({ state: 'healthy' });
  const text = await scraped();
  expect(typesIn(text)).toEqual({
    latchkey_auth_budget_remaining: 'gauge',
    latchkey_build_info: 'gauge',
    latchkey_check_seconds: 'histogram',
    latchkey_connections: 'gauge',
    latchkey_database_up: 'gauge',
    latchkey_fax_pull_last_success_timestamp_seconds: 'gauge',
    latchkey_faxes_pending: 'gauge',
    latchkey_mailboxes_filling: 'gauge',
    latchkey_outbox_oldest_seconds: 'gauge',
    latchkey_ringcentral_requests_total: 'counter',
    latchkey_tokens_issued_total: 'counter',
    latchkey_webhook_deliveries_total: 'counter',
    latchkey_webhook_oldest_seconds: 'gauge',
  });
  expect(valuesIn(text)).toMatchObject({
    'latchkey_connections{state="not_connected"}': 1,
    'latchkey_connections{state="pending"}': 0,
    'latchkey_connections{state="healthy"}': 1,
    'latchkey_connections{state="warning"}': 0,
    'latchkey_connections{state="failing"}': 0,
    'latchkey_connections{state="unverified"}': 0,
    'latchkey_connections{state="disconnected"}': 0,
    'latchkey_auth_budget_remaining{environment="production"}': 4,
    'latchkey_ringcentral_requests_total{call="token",outcome="ok"}': 1,
    'latchkey_ringcentral_requests_total{call="identity",outcome="ok"}': 1,
    'latchkey_ringcentral_requests_total{call="account",outcome="ok"}': 1,
    'latchkey_ringcentral_requests_total{call="extensions",outcome="ok"}': 1,
    'latchkey_ringcentral_requests_total{call="message_store",outcome="ok"}': 1,
    'latchkey_check_seconds_count{outcome="asked"}': 1,
    latchkey_database_up: 1,
  });
});

it('the age of the oldest message that waits is shown in seconds', async () => {
  const at = new Date(test.clock().getTime() - 90_000).toISOString();
  const row = { kind: 'toy', tenant_id: null, sealed: '', created_at: at, due_at: '2999-01-01T00:00:00.000Z' };
  await test.db('outbox').insert({ id: 'waits', ...row });
  const age = valuesIn(await scraped())['latchkey_outbox_oldest_seconds'];
  expect(age).toBeGreaterThanOrEqual(90);
  expect(age).toBeLessThan(120);
  await test.db('outbox').where({ id: 'waits' }).update({ finished_at: at });
  expect(valuesIn(await scraped())['latchkey_outbox_oldest_seconds']).toBeLessThan(60);
});

it('no label holds an id: every value is a word of a list, a bound or a version', async () => {
  const names = Object.keys(valuesIn(await scraped()));
  const labels = names.flatMap((name) =>
    [...name.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]),
  );
  expect(labels.length).toBeGreaterThan(20);
  const odd = labels.filter(([label = '', value = '']) => {
    if (label === 'le') return !/^(\d+(\.\d+)?|\+Inf)$/.test(value);
    if (label === 'version') return !/^\d+\.\d+\.\d+$/.test(value);
    return !['call', 'environment', 'outcome', 'source', 'state'].includes(label) || !/^[a-z_]{2,20}$/.test(value);
  });
  expect(odd).toEqual([]);
  const ids = await test.db('tenants').pluck<string[]>('id');
  expect(ids).toHaveLength(2);
  expect(names.filter((name) => ids.some((id) => name.includes(id)))).toEqual([]);
});

it('the answers to jobs are counted by outcome and by where the token came from', async () => {
  const tenants = await test.db('tenants').orderBy('name').select<{ id: string; name: string }[]>('id', 'name');
  const made = await test.portal.services.apiKeys.make(
    { name: 'Jobs', purpose: 'jobs', scopes: ['tokens:issue'], tenantRefs: null, expires: '' },
    { actor: { kind: 'command_line' } },
  );
  if (!made.ok) throw new Error(JSON.stringify(made));
  const key = made.key.reveal();
  for (const { id } of tenants) await test.visitor().call('post', `/api/v1/tenants/${id}/access-token`, { key });
  test.clock.advance(3_500_000);
  const [connected] = tenants.filter(({ name }) => name.startsWith('Clinic'));
  await test.visitor().call('post', `/api/v1/tenants/${connected?.id ?? ''}/access-token`, { key });
  expect(valuesIn(await scraped())).toMatchObject({
    'latchkey_tokens_issued_total{outcome="issued",source="kept"}': 1,
    'latchkey_tokens_issued_total{outcome="issued",source="ringcentral"}': 1,
    'latchkey_tokens_issued_total{outcome="refused",source="none"}': 1,
  });
});

describe('SEC-55: /metrics is for holders of the token only', () => {
  it.each([
    ['no header', undefined],
    ['another token', `Bearer ${token}x`],
    ['a part of the token', `Bearer ${token.slice(0, -1)}`],
    ['an empty token', 'Bearer '],
    ['another scheme', `Basic ${token}`],
  ])('%s is answered with 401 and no number', async (_name, authorization) => {
    const visitor = test.visitor();
    if (authorization !== undefined) visitor.headers = { authorization };
    const { status, headers, text } = await visitor.get('/metrics');
    expect({ status, text, challenge: headers['www-authenticate'] }).toEqual({
      status: 401,
      text: 'unauthorized',
      challenge: 'Bearer',
    });
  });

  it('other methods are answered with 405, without the token too with 401', async () => {
    const { status, headers } = await test.visitor().call('post', '/metrics', { key: token });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD' });
    expect((await test.visitor().call('post', '/metrics')).status).toBe(401);
  });
});
