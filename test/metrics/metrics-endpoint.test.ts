import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { createMetrics, type Gauges } from '../../src/metrics/metrics.js';
import { metricsEndpoint } from '../../src/metrics/metrics-endpoint.js';
import { root } from '../views/render.js';
import { typesIn, valuesIn } from './exposition.js';

const token = 'synthetic-metrics-token-42';
const scrape = (gauges: readonly Gauges[], configured: string | undefined = token) =>
  request(express().use(metricsEndpoint(createMetrics('1.2.3'), gauges, configured)))
    .get('/metrics')
    .set('Authorization', `Bearer ${token}`);

it('without METRICS_TOKEN there is no such page', async () => {
  const app = express().use(metricsEndpoint(createMetrics('1.2.3'), [], undefined));
  for (const header of ['Bearer undefined', 'Bearer ', ''])
    expect((await request(app).get('/metrics').set('Authorization', header)).status).toBe(404);
});

it('while the database cannot be read, the gauges are missing, and what this process counted is still shown', async () => {
  const metrics = createMetrics('1.2.3');
  metrics.recorder.ringCentralCall('token', 'failed');
  let isUp = true;
  const gauges = [
    { outboxOldestSeconds: () => (isUp ? Promise.resolve(7) : Promise.reject(new Error('locked'))) },
    { connections: () => Promise.resolve(new Map([['healthy', 3]])) },
  ];
  const [before, after] = [
    valuesIn(await metrics.text(gauges)),
    ((isUp = false), valuesIn(await metrics.text(gauges))),
  ];
  expect(before).toEqual({
    'latchkey_ringcentral_requests_total{call="token",outcome="failed"}': 1,
    'latchkey_connections{state="healthy"}': 3,
    latchkey_outbox_oldest_seconds: 7,
    latchkey_database_up: 1,
    'latchkey_build_info{version="1.2.3"}': 1,
  });
  expect(after).toEqual({
    'latchkey_ringcentral_requests_total{call="token",outcome="failed"}': 1,
    latchkey_database_up: 0,
    'latchkey_build_info{version="1.2.3"}': 1,
  });
});

it('a label that is no longer read disappears', async () => {
  const metrics = createMetrics('1.2.3');
  const read = (environment: string) => [{ authBudgetRemaining: () => Promise.resolve(new Map([[environment, 1]])) }];
  await metrics.text(read('biz'));
  expect(Object.keys(valuesIn(await metrics.text(read('production'))))).not.toContain(
    'latchkey_auth_budget_remaining{environment="biz"}',
  );
});

it('two portals of one process count separately', async () => {
  const [one, other] = [createMetrics('1.2.3'), createMetrics('1.2.3')];
  one.recorder.check('asked', 3);
  expect(valuesIn(await other.text([]))['latchkey_check_seconds_count{outcome="asked"}']).toBeUndefined();
  expect(valuesIn(await one.text([]))).toMatchObject({
    'latchkey_check_seconds_bucket{le="2",outcome="asked"}': 0,
    'latchkey_check_seconds_bucket{le="5",outcome="asked"}': 1,
  });
});

it('every metric has a help text, and every counter and histogram the unit or `_total` in its name', async () => {
  const { text } = await scrape([]);
  const types = Object.entries(typesIn(text));
  expect(types.map(([name]) => name).filter((name) => !text.includes(`# HELP ${name} `))).toEqual([]);
  const suffix: Record<string, RegExp> = { counter: /_total$/, histogram: /_seconds$/, gauge: /(?<!_total)$/ };
  expect(types.filter(([name, type]) => !suffix[type]?.test(name))).toEqual([]);
});

it('the guide for operators names each metric, and its alerts use no other name', async () => {
  const guide = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  const emitted = Object.keys(typesIn((await scrape([])).text)).sort();
  const named = [...guide.matchAll(/\blatchkey_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));
  expect([...new Set(named)].sort()).toEqual(emitted);
  expect([...guide.matchAll(/^ *- alert: \w+$/gm)].length).toBeGreaterThanOrEqual(3);
});
