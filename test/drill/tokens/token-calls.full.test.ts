import { aDatabaseUrl, isPostgres } from '../../support/database/databases.js';
import { runTokenCallDrill } from './token-call-drill.js';

/** A fifth of the drill's size: a whole day on SQLite, and less on PostgreSQL, where every step takes longer. */
it('however many jobs ask, RingCentral is asked 1.15 times an hour, 2.2 times for 30 minutes of life, and ends no token in use', async () => {
  const hours = isPostgres ? 8 : 24;
  const databaseUrl = isPostgres ? await aDatabaseUrl() : undefined;
  const { asks, perHour, problems } = await runTokenCallDrill({ jobs: 20, seed: 20261121, hours, databaseUrl });
  expect(problems).toEqual([]);
  expect(asks).toBeGreaterThan(hours * 20);
  expect(perHour.usual).toBeLessThanOrEqual(1.15);
  expect(perHour.longer).toBeLessThanOrEqual(2.2);
}, 600_000);
