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

/** What staff type. Each finds the same clinics in both portals, at most 50. */
const typed: readonly [name: string, q: string, found: number][] = [
  ['the ID of one clinic', 'EHR-1000042', 1],
  ['the beginning of IDs', 'ehr-100004', 10],
  ['two words, one of them of very many clinics', '10000 riverside', 15],
  ['a word that no clinic has', 'quail', 0],
];

type Side = { look: () => Promise<void>; times: Map<string, number[]>; close: () => Promise<void> };

/** Staff search for each of these in a portal with that many clinics once per round, over HTTP on one connection. */
async function aSide(tenants: number, folder: string): Promise<Side> {
  const database = await aScratchDatabase();
  const portal = await TestPortal.start({ databaseUrl: database.url ?? `sqlite:${join(folder, `${tenants}.db`)}` });
  await addManyTenants(portal.db, { count: tenants, now: portal.clock() });
  await portal.db.raw('analyze'); // both databases eventually do this themselves
  const staff = new Visitor(portal.url, { keepAlive: true });
  await becomeStaff(portal, 'auditor', staff);
  const search = async (q: string): Promise<string> => {
    const { status, text } = await staff.get(`/staff/tenants?${new URLSearchParams({ q }).toString()}`);
    if (status !== 200) throw new Error(`${q} was answered ${status}`);
    return text;
  };
  for (const [, q, found] of typed) {
    const rows = [...(await search(q)).matchAll(/<tr class="govuk-table__row">/g)].length - 1;
    if (Math.max(0, rows) !== found) throw new Error(`${q} found ${rows} clinics of ${tenants}, not ${found}`);
  }
  const times = new Map<string, number[]>();
  return {
    times,
    async look() {
      for (const [name, q] of typed) {
        const startedAt = performance.now();
        await search(q);
        times.set(name, [...(times.get(name) ?? []), performance.now() - startedAt]);
      }
    },
    async close() {
      await staff.close();
      await portal.close();
      await database.release();
    },
  };
}

async function prepare(): Promise<Contest> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(data, 'bench-search-'));
  const [few, most] = [await aSide(FEW, folder), await aSide(MOST, folder)];
  return {
    product: most.look,
    bare: few.look,
    async close() {
      for (const [name] of typed) {
        const [bare = NaN, product = NaN] = [few, most].map(({ times }) => median(times.get(name) ?? []));
        const ratio = (product / bare).toFixed(2);
        process.stderr.write(`search, ${name}: p50 ${bare.toFixed(1)} ms with ${FEW}; ${ratio} with ${MOST} clinics\n`);
      }
      for (const side of [few, most]) await side.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const search: Bench = {
  name: 'search',
  about: `staff's search with ${MOST} clinics ÷ the same with ${FEW}, for terms that find at most 50`,
  rounds: 60,
  most: 1.3,
  prepare,
};
