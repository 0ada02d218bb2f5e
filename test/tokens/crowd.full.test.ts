// One mint for all requests of a crowd, over as many connections, to real processes.
// Runs for 100 s
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { openDatabase, type Knex } from '../../src/platform/database/database.js';
import { compileCopy } from '../drill/source-copy.js';
import { eventually } from '../support/eventually.js';
import { addClinic } from '../support/clinics.js';
import { aDatabaseUrl } from '../support/database/databases.js';
import { Installation } from '../support/installation.js';
import { startProcess, startScript, toItsEnd, type RunningProcess } from '../support/processes/processes.js';
import type { Crowd, CrowdAnswers } from '../support/scripts/crowd.js';
import { dataOf } from '../support/visits/visitor.js';

/** `CROWD=10000` is what must hold on a quiet machine; beside other tests a fifth of it finds the same defects. */
const REQUESTS = Number(process.env['CROWD'] ?? 2000);
/** A job asks again when it is told to. A machine with nothing else to do needs no retry. */
const RETRIES = 3;
const MINUTES_MS = 180_000;

let folder: string;
let emulator: Emulator;
let clientId: string;
let installation: Installation;
let db: Knex;
let key: string;
let running: RunningProcess[];

const run = (file: string, env: Record<string, string>, args: string[] = []): RunningProcess => {
  const started = startProcess(process.execPath, [join(folder, 'dist', file), ...args], { cwd: folder, env });
  running.push(started);
  return started;
};

async function aServer(roles: string): Promise<{ server: RunningProcess; port: number }> {
  const server = run('server.js', { ...installation.environment.whole, ROLES: roles });
  const [, port] = await server.line(/"port":(\d+).*"msg":"listening"/);
  return { server, port: Number(port) };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-crowd-'));
  running = [];
  compileCopy(folder);
  emulator = createEmulator({ limits: 'generous' });
  const app = emulator.addApp();
  clientId = app.clientId;
  const ringcentral = { serverUrl: await emulator.listen(), clientId, clientSecret: app.secret ?? '' };
  installation = await Installation.create({ folder, databaseUrl: await aDatabaseUrl(), ringcentral, perMinute: 1000 });
  db = openDatabase(installation.databaseUrl);
  const args = ['api-keys', 'create', '--name', 'Jobs', '--scope', 'tokens:issue'];
  key = (await toItsEnd(run('cli.js', installation.environment.whole, args))).stdout;
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(async () => {
  await db.destroy();
  await installation.member.close();
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** A connected clinic whose tokens have all been deleted, while no process runs. */
async function aColdTenant(): Promise<string> {
  const [tenantId = ''] = await installation.addTenants(1);
  const { server, port } = await aServer('web,worker');
  const member = installation.member.twin(`http://127.0.0.1:${port}`);
  const { accountId, serviceUserId } = addClinic(emulator);
  await installation.confirm([{ tenantId, accountId }]);
  const { jwt } = emulator.createJwt({ extensionId: serviceUserId, clientIds: [clientId] });
  const state = async () => dataOf((await member.get(`/tenants/${tenantId}/connection`)).text)['state'];
  expect((await member.post(`/tenants/${tenantId}/credentials`, { assertion: jwt })).status).toBe(303);
  let shown = await state();
  while (shown === 'pending') shown = await state();
  expect(shown).toBe('healthy');
  await member.close();
  await server.stop();
  await db('access_token_secrets').where({ tenant_id: tenantId }).delete();
  await db('access_tokens').where({ tenant_id: tenantId }).delete();
  return tenantId;
}

/** A crowd with all connections open. @returns what sends all requests, and resolves with the answers */
async function aCrowd(tenantId: string, ports: number[], requests: number): Promise<() => Promise<CrowdAnswers>> {
  const crowd: Crowd = { ports, path: `/api/v1/tenants/${tenantId}/access-token`, key, requests, retries: RETRIES };
  const started = startScript('test/support/scripts/crowd.ts');
  running.push(started);
  started.write(`${JSON.stringify(crowd)}\n`);
  await started.line(/^ready$/, { timeoutMs: 60_000 });
  return async () => {
    started.write('go\n');
    const [line] = await started.line(/^{.*}$/, { timeoutMs: 150_000 });
    return JSON.parse(line) as CrowdAnswers;
  };
}

const minted = (): number => emulator.tokenCalls.length;

async function auditRows(tenantId: string): Promise<number> {
  const [row] = await db('audit_events')
    .where({ tenant_id: tenantId, action: 'token.issued' })
    .countDistinct<{ count: number | string }[]>({ count: 'request_id' });
  return Number(row?.count);
}

it.each([1, 4])(
  'simultaneous requests for a cold tenant, with %i processes: one call of RingCentral, the same token for all',
  async (count) => {
    const tenantId = await aColdTenant();
    const servers = await Promise.all(Array.from({ length: count }, () => aServer('api')));
    const before = minted();
    const go = await aCrowd(
      tenantId,
      servers.map(({ port }) => port),
      REQUESTS,
    );
    const { statuses, tokens } = await go();
    expect(statuses).toEqual({ 200: REQUESTS });
    expect(tokens).toHaveLength(1);
    expect(minted()).toBe(before + 1);
    expect(await auditRows(tenantId)).toBe(REQUESTS);
  },
  MINUTES_MS,
);

it(
  'if the process that leads is killed, the requests to three others are one more call and get one token',
  async () => {
    const tenantId = await aColdTenant();
    const [leader, ...others] = await Promise.all(Array.from({ length: 4 }, () => aServer('api')));
    const before = minted();
    const go = await aCrowd(
      tenantId,
      others.map(({ port }) => port),
      REQUESTS,
    );
    const goFirst = await aCrowd(tenantId, [leader!.port], 10);
    emulator.faults.add({ kind: 'slow', call: 'token', delayMs: 10_000, count: 1 });
    const first = goFirst();
    await eventually('the leader asks RingCentral', () => Promise.resolve(minted() > before));
    const answers = go();
    await leader!.server.kill9();
    expect((await first).statuses).toEqual({ none: 10 });
    const { statuses, tokens } = await answers;
    expect(statuses).toEqual({ 200: REQUESTS });
    expect(tokens).toHaveLength(1);
    expect(minted()).toBe(before + 2);
  },
  MINUTES_MS,
);
