// Only on SQLite: hours of checks; `npm run drill` with DATABASE_URL makes them on PostgreSQL.
// Runs for 120 s
import { runDecayDrill } from './decay-drill.js';

/** A twentieth of the drill's 400 days. */
it('twelve kinds of failure within 20 days each show their state, cause, emails and day, and no email is sent twice', async () => {
  const { problems, checks, days } = await runDecayDrill({ unitDays: 0.5 });
  expect(problems).toEqual([]);
  expect(days).toBe(20);
  expect(checks).toBeGreaterThan(150);
}, 600_000);
