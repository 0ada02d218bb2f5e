import { aDatabaseUrl, isPostgres } from '../support/database/databases.js';
import { runRevokedDrill, runTransientDrill, runWrongSecretDrill } from '../drill/watch/watch-drill.js';

/** A twentieth of what the drill does on SQLite; on PostgreSQL, where every step takes longer, a part of that. */
const [clinics, faults] = isPostgres ? [8, 60] : [25, 500];
const options = async () => ({ clinics, seed: 20261121, ...(isPostgres ? { databaseUrl: await aDatabaseUrl() } : {}) });

it("an hour of our app's secret being wrong changes no clinic's state, mails no clinic, and is one incident", async () => {
  expect((await runWrongSecretDrill(await options())).problems).toEqual([]);
}, 120_000);

it('one revoked JWT is found within the interval and its confirmation, and no other clinic is touched', async () => {
  expect((await runRevokedDrill(await options())).problems).toEqual([]);
}, 120_000);

it(`of ${faults} transient faults none becomes a rejection`, async () => {
  const { problems, checks } = await runTransientDrill({ ...(await options()), faults });
  expect(problems).toEqual([]);
  expect(checks).toBeGreaterThanOrEqual(faults);
}, 120_000);
