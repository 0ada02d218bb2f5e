// Only on SQLite: hours of checks; `npm run drill` with DATABASE_URL makes them on PostgreSQL.
// Runs for 240 s
import { aDatabaseUrl, isPostgres } from '../../support/database/databases.js';
import { runMissingScopeDrill, runRevokedDrill, runTransientDrill, runWrongSecretDrill } from './watch-drill.js';

/** A twentieth of the drill's size on SQLite; less on PostgreSQL, where every step takes longer. */
const [clinics, faults] = isPostgres ? [8, 60] : [25, 500];
const options = async () => ({ clinics, seed: 20261121, ...(isPostgres ? { databaseUrl: await aDatabaseUrl() } : {}) });

it('an hour with a wrong app secret changes no clinic’s state, mails no clinic, and opens one incident', async () => {
  expect((await runWrongSecretDrill(await options())).problems).toEqual([]);
}, 600_000);

it('an hour without a scope changes no clinic’s state, mails no clinic, and ends with first pastes first', async () => {
  expect((await runMissingScopeDrill(await options())).problems).toEqual([]);
}, 600_000);

it('one revoked JWT is found within the interval and its confirmation, and no other clinic is affected', async () => {
  expect((await runRevokedDrill(await options())).problems).toEqual([]);
}, 600_000);

it(`of ${faults} transient faults, none becomes a rejection`, async () => {
  const { problems, checks } = await runTransientDrill({ ...(await options()), faults });
  expect(problems).toEqual([]);
  expect(checks).toBeGreaterThanOrEqual(faults);
}, 600_000);
