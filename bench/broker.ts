import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCopy } from '../test/drill/source-copy.js';
import { aScratchDatabase } from '../test/support/database/scratch-database.js';
import { Installation } from '../test/support/installation.js';
import { startProcess, startScript, toItsEnd } from '../test/support/processes/processes.js';
import { busyPortal } from './busy-portal.js';
import { median, rounded, type Bench, type Contest } from './harness.js';
import type { Load, Loaded } from './load.js';

const CONNECTIONS = 64;
const REQUESTS = 1_500;
/** Long enough that 1 % of the requests are enough to count. */
const REQUESTS_OF_P99 = 10_000;
/** More than enough that no key reaches its own limit. */
const KEYS = 8;
/** Besides the one whose token is requested, because a production database is not empty either. */
const OTHER_TENANTS = 1_000;
/** Of those, the ones that are checked while the p99 is measured. */
const SWEPT = 100;
const data = fileURLToPath(new URL('../data', import.meta.url));

type Upstream = {
  ringcentral: { serverUrl: string; clientId: string; clientSecret: string };
  jwts: string[];
  accountIds: string[];
};

/**
 * 64 connections ask the real server process for the token of a clinic, from a process of their own. The bare side is
 * an Express route that parses the same JSON, reads one row, writes the same audit row in the same group commit, and
 * answers as much; both on a database file with `synchronous=FULL`, or on PostgreSQL.
 */
async function prepare(): Promise<Contest> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(data, 'bench-broker-'));
  const upstream = startScript('bench/upstream.ts', { args: [String(1 + SWEPT), '0'] });
  const [line] = await upstream.line(/^{.*}$/);
  const { ringcentral, jwts, accountIds } = JSON.parse(line) as Upstream;
  const trees = ['src', 'bench'].map((tree) => ({ from: tree, to: tree }));
  compileCopy(folder, [], trees);
  const database = await aScratchDatabase();
  const installation = await Installation.create({ folder, databaseUrl: database.url, ringcentral, perMinute: 1000 });
  const others = await installation.addTenants(OTHER_TENANTS);
  const [tenantId = ''] = await installation.addTenants(1);
  const env = { ...installation.environment.whole, ROLES: 'web,api,worker' };
  const run = (file: string, args: string[] = []) =>
    startProcess(process.execPath, [join(folder, file), ...args], { cwd: folder, env });
  const keys: string[] = [];
  for (let number = 0; number < KEYS; number += 1) {
    const args = ['api-keys', 'create', '--name', `Bench ${number}`, '--scope', 'tokens:issue'];
    keys.push((await toItsEnd(run('src/cli.js', args))).stdout);
  }
  const staff = ['staff', 'create', '--email', 'ann@staff.example', '--name', 'Ann Staff', '--role', 'auditor'];
  const { stdout: staffLink } = await toItsEnd(run('src/cli.js', staff));
  const server = run('src/server.js');
  const [, port = ''] = await server.line(/"port":(\d+).*"msg":"listening"/);
  const origin = `http://127.0.0.1:${port}`;
  const visitor = installation.member.twin(origin);
  for (const [index, assertion] of jwts.entries()) {
    const tenant = index === 0 ? tenantId : (others[index] ?? '');
    await installation.confirm([{ tenantId: tenant, accountId: accountIds[index] ?? '' }]);
    const { status } = await visitor.post(`/tenants/${tenant}/credentials`, { assertion });
    if (status !== 303) throw new Error(`a paste got ${status}`);
  }

  const body = JSON.stringify({ purpose: 'nightly-faxes', job_id: 'run-2026-11-29' });
  const path = `/api/v1/tenants/${tenantId}/access-token`;
  const headers = { authorization: `Bearer ${keys[0] ?? ''}`, 'content-type': 'application/json' };
  const first = await fetch(origin + path, { method: 'POST', headers, body });
  const answer = await first.text();
  if (first.status !== 200) throw new Error(`a token got ${first.status}: ${answer}`);

  const bare = run('bench/bare-broker.js', [installation.databaseUrl, tenantId, answer]);
  const [, barePort = ''] = await bare.line(/^port (\d+)$/);
  const bareOrigin = `http://127.0.0.1:${barePort}`;
  const client = run('bench/load.js');
  const [, clientPort = ''] = await client.line(/^port (\d+)$/);
  const p99 = { product: [] as number[], bare: [] as number[] };
  async function load(asked: Pick<Load, 'origin' | 'path'>, requests = REQUESTS): Promise<Loaded> {
    const load: Load = { ...asked, keys, body, requests, connections: CONNECTIONS };
    const done = await fetch(`http://127.0.0.1:${clientPort}`, { method: 'POST', body: JSON.stringify(load) });
    if (!done.ok) throw new Error(await done.text());
    return (await done.json()) as Loaded;
  }

  async function besideOthers() {
    const busy = await busyPortal({ origin, databaseUrl: installation.databaseUrl, staffLink });
    const alone = await load({ origin, path }, REQUESTS_OF_P99);
    const work = busy.start();
    const beside = await load({ origin, path }, REQUESTS_OF_P99);
    const { signIns, pages, checks } = await work.end();
    process.stderr.write(
      `broker: p99 alone ${alone.p99.toFixed(1)} ms; ${beside.p99.toFixed(1)} ms beside ${checks} checks, ${signIns} sign-ins and ${pages} staff pages\n`,
    );
    return [{ name: 'p99 beside other work ÷ p99 alone', value: rounded(beside.p99 / alone.p99), most: 3 }];
  }

  return {
    product: async () => p99.product.push((await load({ origin, path })).p99),
    bare: async () => p99.bare.push((await load({ origin: bareOrigin, path: '/token' })).p99),
    told: [{ name: 'Express that says hello', once: () => load({ origin: bareOrigin, path: '/hello' }) }],
    also: besideOthers,
    close: async () => {
      const [ours, theirs] = [median(p99.product), median(p99.bare)];
      process.stderr.write(`broker: p99 of a request ${ours.toFixed(1)} ms, bare ${theirs.toFixed(1)} ms\n`);
      await Promise.all([server.stop(), bare.stop(), client.stop(), upstream.stop(), visitor.close()]);
      await installation.member.close();
      await database.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const broker: Bench = {
  name: 'broker',
  about: `tokens a second over ${CONNECTIONS} connections ÷ a bare Express route with one read and the same audit row`,
  rounds: 30,
  least: 0.7,
  prepare,
};
