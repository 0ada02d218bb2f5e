/** Repeatedly reads a number and writes the next one, in parallel with other processes that do the same. */
import { openDatabase, transactionOn } from '../../../src/platform/database/database.js';
import { lockFor } from '../../../src/platform/database/lock.js';

const [url = '', times = '0'] = process.argv.slice(2);
const db = openDatabase(url);
const transaction = transactionOn(db);

process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
for (let n = 0; n < Number(times); n += 1) {
  await transaction(async (trx) => {
    await lockFor(trx, 'counter', 'the only one');
    const row = await trx<{ value: number }>('counter').first();
    await trx('counter').update({ value: (row?.value ?? 0) + 1 });
  });
}
await db.destroy();
process.exit(0);
