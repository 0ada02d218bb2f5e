import type { Knex } from '../../../src/platform/database/database.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import type { Lane } from '../../../src/ringcentral/auth-budget/auth-budget-types.js';
import { seededRandom, StrictLimiter } from '../../support/strict-limiter.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

const log = { warn: () => undefined, error: () => undefined };
const lanes: Lane[] = ['code', 'interactive', 'broker', 'background'];
const nothingSaid = { limit: null, remaining: null, windowSeconds: null };

/** Random histories of seven callers in three processes over one database, against a strict limiter. */
export async function runHistories(db: Knex, histories: number) {
  const clock = createVirtualWorld(db);
  const { world, databaseTime } = clock;
  const aBudget = () => createAuthBudget({ db, world, databaseTime, log, scope: 'app', perMinute: 5 });
  const sum = { sent: 0, overBudget: 0, inPenalty: 0 };
  for (let seed = 1; seed <= histories; seed += 1) {
    const clientId = `app-${seed}`;
    const random = seededRandom(seed);
    const limiter = new StrictLimiter(5);
    const processes = [aBudget(), aBudget(), aBudget()];
    const call = async () => {
      sum.sent += 1;
      await clock.world.wait(random() * 1900);
      let penaltyMs = limiter.arrive(clock.elapsed());
      if (penaltyMs === 0 && random() < 0.05) {
        penaltyMs = Math.ceil(random() * 90) * 1000;
        limiter.penalize(clock.elapsed(), penaltyMs);
      }
      await clock.world.wait(random() * 1500);
      return { value: null, facts: { ...nothingSaid, penaltyMs: penaltyMs || null } };
    };
    const callers = Array.from({ length: 7 }, async (_, n) => {
      await clock.world.wait(random() * 10_000);
      const lane = lanes[Math.floor(random() * lanes.length)]!;
      await processes[n % 3]!.run({ clientId, lane, tenantId: `t${n % 4}`, maxWaitMs: 600_000 }, call);
    });
    await clock.run(Promise.all(callers));
    await clock.run(Promise.all(processes.map((process) => process.settled())));
    sum.overBudget += limiter.overBudget;
    sum.inPenalty += limiter.inPenalty;
  }
  return sum;
}
