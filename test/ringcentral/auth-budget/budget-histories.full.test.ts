// Runs for 110 s
import { aMigratedDatabase, isPostgres } from '../../support/database/databases.js';
import { runHistories } from './budget-histories.js';

/** Fewer on PostgreSQL, because a server answers more slowly than a file; the decisions are the same. */
const histories = isPostgres ? 10 : 100;

it(`holds in ${histories} random histories of three processes over one database`, async () => {
  const db = await aMigratedDatabase();
  try {
    expect(await runHistories(db, histories)).toEqual({ sent: 7 * histories, overBudget: 0, inPenalty: 0 });
  } finally {
    await db.destroy();
  }
}, 600_000);
