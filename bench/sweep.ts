import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '../src/platform/database/database.js';
import { createLogger } from '../src/platform/log.js';
import { realWorld } from '../src/platform/world.js';
import { createAuthBudget } from '../src/ringcentral/auth-budget/auth-budget.js';
import { addManyTenants, healthyOnly } from '../test/support/many-tenants.js';
import { aScratchDatabase } from '../test/support/database/scratch-database.js';
import { aRingCentral, aSweeper } from '../test/drill/watch/sweep-parts.js';
import type { Bench, Contest } from './harness.js';

const [FEW, MANY] = [100, 10_000];
const CHECKS_A_ROUND = 5;
/**
 * The time from one check to the next, long enough that even with a hundred clinics the first is due again when the
 * last has been checked.
 */
const STEP_MS = 30 * 60_000;
const data = fileURLToPath(new URL('../data', import.meta.url));

/**
 * The daily check of that many clinics: claim, auth budget, verdict and database writes. RingCentral answers
 * immediately.
 */
async function aSide(tenants: number, folder: string) {
  const database = await aScratchDatabase();
  const db = openDatabase(database.url ?? `sqlite:${join(folder, `${tenants}.db`)}`);
  await migrate(db);
  let now = Date.now();
  const world = { ...realWorld, now: () => new Date(now) };
  await addManyTenants(db, { count: tenants, now: world.now(), lives: healthyOnly });
  await db('check_requests').update({ due_at: world.now().toISOString() });
  await db.raw('analyze'); // both databases eventually do this themselves
  const log = createLogger('silent');
  const databaseTime = () => Promise.resolve(now);
  const budget = createAuthBudget({ db, world, databaseTime, log, scope: 'app', perMinute: 5 });
  let checks = 0;
  const ringcentral = aRingCentral({
    budget,
    between: (low) => low,
    wait: () => Promise.resolve(),
    arrive: () => 0,
    onAsked: () => undefined,
    onSent: () => (checks += 1),
  });
  const { worker } = aSweeper({ db, world, log, ringcentral, perWindow: 4 });
  return {
    sweep: async () => {
      const before = checks;
      for (let check = 0; check < CHECKS_A_ROUND; check += 1) {
        now += STEP_MS;
        await worker.startDue(() => undefined);
        await worker.idle();
      }
      if (checks - before !== CHECKS_A_ROUND) throw new Error(`${checks - before} checks were run in a round`);
    },
    close: async () => {
      await budget.settled();
      await db.destroy();
      await database.release();
    },
  };
}

async function prepare(): Promise<Contest> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(data, 'bench-sweep-'));
  const [few, many] = [await aSide(FEW, folder), await aSide(MANY, folder)];
  return {
    product: many.sweep,
    bare: few.sweep,
    async close() {
      await Promise.all([few.close(), many.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const sweep: Bench = {
  name: 'sweep',
  about: `our side of ${CHECKS_A_ROUND} daily checks where ${MANY} clinics are due ÷ where ${FEW} are`,
  rounds: 100,
  most: 1.3,
  prepare,
};
