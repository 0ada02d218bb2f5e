import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Visitor } from '../test/support/visits/visitor.js';
import { addManyTenants, variedLives } from '../test/support/many-tenants.js';
import { becomeStaff } from '../test/support/people.js';
import { TestPortal } from '../test/support/portal.js';
import { aScratchDatabase } from '../test/support/database/scratch-database.js';
import { median, type Bench, type Contest } from './harness.js';

const [FEW, MANY, MOST] = [100, 10_000, 100_000];
const data = fileURLToPath(new URL('../data', import.meta.url));

type Pages = { name: string; path: string }[];
type Side = { tenants: number; look: () => Promise<void>; times: Map<string, number[]>; close: () => Promise<void> };

const filtered = '/staff/tenants?state=failing';

/**
 * Every life, with enough clinics of one cause to fill a page even among a hundred, so that pages with equal row
 * counts are compared.
 */
const lives = variedLives.map((life, index) => ({ ...life, share: [32, 1, 1, 1, 52][index] ?? 1 }));

/** Staff open each page of a portal with that many clinics once per round, over HTTP on one connection. */
async function aSide(tenants: number, folder: string): Promise<Side> {
  const database = await aScratchDatabase();
  const databaseUrl = database.url ?? `sqlite:${join(folder, `${tenants}.db`)}`;
  const portal = await TestPortal.start({ databaseUrl });
  await addManyTenants(portal.db, { count: tenants, now: portal.clock(), lives });
  await portal.db.raw('analyze'); // both databases eventually do this themselves
  const staff = new Visitor(portal.url, { keepAlive: true });
  await becomeStaff(portal, 'auditor', staff);
  const nextOf = async (path: string): Promise<string> => {
    const { status, text } = await staff.get(path);
    if (status !== 200) throw new Error(`${path} was answered ${status}`);
    return /href="([^"]*after=[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? path;
  };
  const pages: Pages = [
    { name: 'list', path: '/staff/tenants' },
    { name: 'its second page', path: await nextOf('/staff/tenants') },
    { name: 'state', path: filtered },
    { name: 'cause', path: `${filtered}&cause=credential_rejected` },
    { name: 'overview of the budget', path: '/staff/budget' },
  ];
  const times = new Map<string, number[]>();
  return {
    tenants,
    times,
    async look() {
      for (const { name, path } of pages) {
        const startedAt = performance.now();
        const { status } = await staff.get(path);
        if (status !== 200) throw new Error(`${path} was answered ${status}`);
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
  const folder = mkdtempSync(join(data, 'bench-list-'));
  const [few, many, most] = [await aSide(FEW, folder), await aSide(MANY, folder), await aSide(MOST, folder)];
  return {
    product: many.look,
    bare: few.look,
    told: [{ name: `with ${MOST} clinics`, once: most.look }],
    async close() {
      for (const name of few.times.keys()) {
        const [bare = NaN, product = NaN, far = NaN] = [few, many, most].map(({ times }) =>
          median(times.get(name) ?? []),
        );
        const ratios = `${(product / bare).toFixed(2)} with ${MANY}, ${(far / bare).toFixed(2)} with ${MOST} clinics`;
        process.stderr.write(`list, ${name}: p50 ${bare.toFixed(1)} ms with ${FEW}; ${ratios}\n`);
      }
      for (const side of [few, many, most]) await side.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const list: Bench = {
  name: 'list',
  about: `staff's list, its filters and the overview with ${MANY} clinics ÷ the same with ${FEW}`,
  rounds: 60,
  most: 1.3,
  prepare,
};
