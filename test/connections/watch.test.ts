import { aDatabaseUrl, isPostgres } from '../support/databases.js';
import { runRevokedDrill, runTransientDrill, runWrongSecretDrill } from '../support/watch-drill.js';

/** A twentieth of what the drill does. */
const options = async () => ({
  clinics: 25,
  seed: 20261121,
  ...(isPostgres ? { databaseUrl: await aDatabaseUrl() } : {}),
});

it("an hour of our app's secret being wrong changes no clinic's state, mails no clinic, and is one incident", async () => {
  expect((await runWrongSecretDrill(await options())).problems).toEqual([]);
}, 120_000);

it('one revoked JWT is found within the interval and its confirmation, and no other clinic is touched', async () => {
  expect((await runRevokedDrill(await options())).problems).toEqual([]);
}, 120_000);

/** Half of them on each database. */
it('of 500 transient faults none becomes a rejection', async () => {
  const { problems, checks } = await runTransientDrill({ ...(await options()), faults: 250 });
  expect(problems).toEqual([]);
  expect(checks).toBeGreaterThanOrEqual(250);
}, 120_000);
