// Only on SQLite: hours of checks; `npm run drill` with DATABASE_URL makes them on PostgreSQL.
// Runs for 210 s
import { anEmptyDatabaseUrl, isPostgres } from '../../support/database/databases.js';
import { runSweepDrill } from './sweep-drill.js';

/** A twentieth of the drill's size on SQLite; less on PostgreSQL, where every step takes longer. */
const tenants = isPostgres ? 24 : 500;
const databases = isPostgres ? { aDatabaseUrl: anEmptyDatabaseUrl } : {};

it(`${tenants} clinics that are due at once are checked as fast as the budget allows, with people first`, async () => {
  const { problems, checks } = await runSweepDrill({ tenants, seed: 20261121, ...databases });
  expect(problems).toEqual([]);
  expect(checks).toBeGreaterThanOrEqual(2 * tenants);
}, 600_000);
