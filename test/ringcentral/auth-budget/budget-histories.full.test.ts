import { aMigratedDatabase, isPostgres } from '../../support/database/databases.js';
import { runHistories } from './budget-histories.js';

/** An answer of a server takes longer than one of a file, and the decisions are the same. */
const histories = isPostgres ? 10 : 100;

it(`holds in ${histories} random histories of three processes over one database`, async () => {
  const db = await aMigratedDatabase();
  try {
    expect(await runHistories(db, histories)).toEqual({ sent: 7 * histories, overBudget: 0, inPenalty: 0 });
  } finally {
    await db.destroy();
  }
}, 180_000);
