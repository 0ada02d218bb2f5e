import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoggedRequest } from '../src/emulator/traffic/traffic.js';
import { Installation } from '../test/support/installation.js';
import { startProcess, startScript } from '../test/support/processes/processes.js';
import { aScratchDatabase } from '../test/support/database/scratch-database.js';
import { compileCopy } from '../test/drill/source-copy.js';
import { bareCalls, describe, shapeOf, waitsIn } from './bare-calls.js';
import type { Bench, Contest } from './harness.js';

const DELAY_MS = 50;
const RECORDINGS = 3;
/** Besides those that paste, because a production database is not empty either. */
const OTHER_TENANTS = 1000;
const data = fileURLToPath(new URL('../data', import.meta.url));

type Upstream = { ringcentral: { serverUrl: string; clientId: string; clientSecret: string }; jwts: string[] };

/**
 * Measures from the POST of a clinic's first paste to the 303 with the verdict, through the real server process (web
 * and worker, with a database file on disk or PostgreSQL). The bare side makes the same calls to RingCentral
 * directly. RingCentral is a third process that needs 50 ms for each call.
 */
async function prepare(rounds: number): Promise<Contest> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(data, 'bench-submit-'));
  const upstream = startScript('bench/upstream.ts', { args: [String(rounds + RECORDINGS), String(DELAY_MS)] });
  const [line] = await upstream.line(/^{.*}$/);
  const { ringcentral, jwts } = JSON.parse(line) as Upstream;

  compileCopy(folder);
  const database = await aScratchDatabase();
  const installation = await Installation.create({
    folder,
    databaseUrl: database.url,
    ringcentral,
    perMinute: 10_000,
  });
  await installation.addTenants(OTHER_TENANTS);
  const tenants = await installation.addTenants(rounds + RECORDINGS);
  const server = startProcess(process.execPath, [join(folder, 'dist/server.js')], {
    cwd: folder,
    env: installation.environment.whole,
  });
  const [, port = ''] = await server.line(/"port":(\d+).*"msg":"listening"/);
  const visitor = installation.member.twin(`http://127.0.0.1:${port}`);

  let next = 0;
  async function paste(): Promise<void> {
    const [tenantId = '', assertion = ''] = [tenants[next], jwts[next]];
    next += 1;
    const { status } = await visitor.post(`/tenants/${tenantId}/credentials`, { assertion });
    if (status !== 303) throw new Error(`a paste got ${status}`);
  }

  const control = `${ringcentral.serverUrl}/emulator/control`;
  async function recorded() {
    await fetch(`${control}/log`, { method: 'DELETE' });
    const jwt = jwts[next] ?? '';
    await paste();
    return { jwt, shape: shapeOf((await (await fetch(`${control}/requests`)).json()) as LoggedRequest[]) };
  }
  const recordings = [];
  for (let count = 0; count < RECORDINGS; count += 1) recordings.push(await recorded());
  // Use the most parallel recording, so that a call that was late by chance does not slow the bare side.
  const { jwt, shape } = recordings.reduce((best, one) => (waitsIn(one.shape) < waitsIn(best.shape) ? one : best));
  process.stderr.write(`The calls of one submission:\n${describe(shape)}\n`);
  const bare = bareCalls(ringcentral, jwt, shape);
  return {
    product: paste,
    bare: bare.once,
    close: async () => {
      await Promise.all([server.stop(), upstream.stop(), bare.close(), visitor.close(), installation.member.close()]);
      await database.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const submit: Bench = {
  name: 'submit',
  about: 'a paste, from POST to the answer with its verdict ÷ the same calls to RingCentral made bare',
  rounds: 60,
  most: 1.15,
  prepare,
};
