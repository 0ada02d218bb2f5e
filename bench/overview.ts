import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Visitor } from '../test/support/visits/visitor.js';
import { addManyTenants } from '../test/support/many-tenants.js';
import { becomeStaff } from '../test/support/people.js';
import { TestPortal } from '../test/support/portal.js';
import { aScratchDatabase } from '../test/support/database/scratch-database.js';
import { median, type Bench, type Contest } from './harness.js';

const [FEW, MOST] = [100, 100_000];
const data = fileURLToPath(new URL('../data', import.meta.url));
const DAY_MS = 86_400_000;

type Side = { look: () => Promise<void>; times: number[]; close: () => Promise<void> };

/** Staff open the overview in a portal with that many clinics, every tenth of which was invited lately. */
async function aSide(tenants: number, folder: string): Promise<Side> {
  const database = await aScratchDatabase();
  const portal = await TestPortal.start({ databaseUrl: database.url ?? `sqlite:${join(folder, `${tenants}.db`)}` });
  const now = portal.clock();
  const ids = await addManyTenants(portal.db, { count: tenants, now });
  await inviteSome(portal, ids, now);
  const soon = new Date(now.getTime() + 20 * DAY_MS).toISOString();
  await portal.db('credentials').whereRaw("status = 'active' and tenant_id like '%7'").update({ expires_at: soon });
  await portal.db.raw('analyze'); // both databases eventually do this themselves
  await portal.db('overview_figures').delete(); // made when there was no clinic
  const startedAt = performance.now();
  await portal.portal.clean();
  process.stderr.write(
    `overview, a round of the worker with ${tenants}: ${(performance.now() - startedAt).toFixed(0)} ms\n`,
  );
  const staff = new Visitor(portal.url, { keepAlive: true });
  await becomeStaff(portal, 'auditor', staff);
  const times: number[] = [];
  return {
    times,
    async look() {
      const from = performance.now();
      const { status, text } = await staff.get('/staff');
      if (status !== 200 || !text.includes('class="chart"')) throw new Error(`the overview was answered ${status}`);
      times.push(performance.now() - from);
    },
    async close() {
      await staff.close();
      await portal.close();
      await database.release();
    },
  };
}

async function inviteSome(portal: TestPortal, ids: readonly string[], now: Date): Promise<void> {
  const rows = ids.map((id, number) => ({
    id: `invitation-${id}`,
    tenant_id: id,
    email: `admin@${id}.example`,
    token_hash: `hash-${id}`,
    created_at: new Date(now.getTime() - (number % 900) * 0.1 * DAY_MS).toISOString(),
    expires_at: new Date(now.getTime() + DAY_MS).toISOString(),
    accepted_at: number % 3 === 0 ? null : now.toISOString(),
    role: 'owner',
  }));
  for (let from = 0; from < rows.length; from += 400)
    await portal.db('invitations').insert(rows.slice(from, from + 400));
}

const p95 = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? NaN;

async function prepare(): Promise<Contest> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(data, 'bench-overview-'));
  const [few, most] = [await aSide(FEW, folder), await aSide(MOST, folder)];
  return {
    product: most.look,
    bare: few.look,
    async close() {
      for (const [count, { times }] of [
        [FEW, few],
        [MOST, most],
      ] as const)
        process.stderr.write(
          `overview with ${count} clinics: p50 ${median(times).toFixed(1)} ms, p95 ${p95(times).toFixed(1)} ms\n`,
        );
      for (const side of [few, most]) await side.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const overview: Bench = {
  name: 'overview',
  about: `the overview of staff with ${MOST} clinics ÷ the same with ${FEW}`,
  rounds: 60,
  most: 3,
  prepare,
};
