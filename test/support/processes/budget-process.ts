import { openDatabase } from '../../../src/platform/database/database.js';
import { realWorld } from '../../../src/platform/world.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import type { Lane } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';

/**
 * One of several processes on one database: makes its calls in one lane and ends. See
 * auth-budget-processes.full.test.ts.
 */
const [databaseUrl = '', limiterUrl = '', lane = 'broker', calls = '1', perMinute = '5', windowMs = '62000'] =
  process.argv.slice(2);

const db = openDatabase(databaseUrl);
const log = { warn: () => undefined, error: (error: unknown) => console.error(error) };
const budget = createAuthBudget({
  db,
  world: realWorld,
  log,
  scope: 'app',
  perMinute: Number(perMinute),
  windowMs: Number(windowMs),
});

async function call() {
  const answer = await fetch(limiterUrl);
  const penaltyMs = answer.status === 429 ? Number(await answer.text()) : null;
  return { value: null, facts: { penaltyMs, limit: null, remaining: null, windowSeconds: null } };
}

for (let n = 0; n < Number(calls); n += 1) {
  const asked = { clientId: 'app', lane: lane as Lane, tenantId: `${process.pid}-${n}`, maxWaitMs: 120_000 };
  const sent = await budget.run(asked, call);
  if (sent.kind === 'wait') process.exitCode = 1;
}
await budget.settled();
await db.destroy();
