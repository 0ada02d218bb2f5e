// Only on SQLite: counts of calls; `npm run drill` with DATABASE_URL makes them on PostgreSQL.
// Runs for 60 s
import { runTokenCallDrill } from './token-call-drill.js';

/** A fifth of the drill's size: a whole day. */
it('however many jobs ask, RingCentral is asked 1.15 times an hour, 2.2 times for 30 minutes of life, and ends no token in use', async () => {
  const hours = 24;
  const { asks, perHour, problems } = await runTokenCallDrill({ jobs: 20, seed: 20261121, hours });
  expect(problems).toEqual([]);
  expect(asks).toBeGreaterThan(hours * 20);
  expect(perHour.usual).toBeLessThanOrEqual(1.15);
  expect(perHour.longer).toBeLessThanOrEqual(2.2);
}, 600_000);
