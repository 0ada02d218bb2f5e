import { startPostgres } from '../../scripts/postgres.js';
import { migrate, openDatabase } from '../../src/platform/database/database.js';
import { simulateSchedule, type BudgetDefect } from './budget-simulation.js';
import { chosenFaults, runFaultDrill, runPlantedFaultDrill } from './faults/fault-drill.js';
import { faultPlants } from './faults/fault-drill-plants.js';
import { faultTable } from './faults/fault-table.js';
import { inspectionPlants, plantedProperties } from './inspection-plants.js';
import { inspectionProperties } from './inspection-properties.js';
import { runKillDrill } from './kills/kill-drill.js';
import { killPlants, processPlants, workerPlants } from './kills/kill-drill-plants.js';
import { detectedBy, watchPlants, withPlant, type WatchModules } from './watch/watch-drill-plants.js';
import type { Patch } from './source-copy.js';
import { aScratchDatabase } from '../support/database/scratch-database.js';
import type { Drill, Drilled } from './drill-types.js';
import { disconnect } from './disconnect/disconnect-drills.js';
import { faxes } from './faxes/fax-drill.js';
import { runWorkerKills, shortLeases } from './kills/worker-kills.js';
import { lifeKills } from './life/life-drills.js';
import { replace } from './replace/replace-drills.js';
import { tokenDrills } from './tokens/token-drills.js';
import { webhooks } from './webhooks/webhook-drills.js';

const submit: Drill = {
  name: 'submit',
  waits: true,
  strikes: 500,
  strikesPlanted: 100,
  defects: Object.keys(killPlants),
  async run(kills, seed, plant) {
    const planted = plant === undefined ? {} : { plant, settleMs: 45_000 };
    const database = await aScratchDatabase();
    const result = await runKillDrill({ kills, seed, databaseUrl: database.url, ...planted }).finally(database.release);
    const { submissions, acknowledged, silentlyKept, problems } = result;
    const count = `${kills} kills, ${submissions} submissions, ${acknowledged} acknowledged, ${silentlyKept} kept unsaid`;
    return { count, problems };
  },
};

/**
 * Four processes on a separate PostgreSQL server, which is also restarted, with a budget that is too small for them.
 */
const processes: Drill = {
  name: 'processes',
  waits: true,
  strikes: 200,
  strikesPlanted: 40,
  defects: Object.keys(processPlants),
  async run(kills, seed, plant) {
    const server = await startPostgres();
    try {
      const db = openDatabase(server.url);
      await migrate(db);
      await db.destroy();
      const result = await runKillDrill({
        kills,
        seed,
        ...(plant === undefined ? {} : { plant }),
        databaseUrl: server.url,
        each: 2,
        server: { restart: server.restart, everyKills: 5 },
        perMinute: 40,
        lastPastes: 50, // more than the budget of a minute while all processes run
        settleMs: 600_000,
      });
      const { submissions, acknowledged, restarts, problems } = result;
      const count = `${kills} kills, ${restarts} restarts of the database, ${submissions} submissions, ${acknowledged} acknowledged`;
      return { count, problems };
    } finally {
      await server.stop();
    }
  },
};

/** Two workers that are killed during checks and mail deliveries. */
const workerKills: Drill = {
  name: 'worker-kills',
  waits: true,
  strikes: 200,
  strikesPlanted: 25,
  defects: Object.keys(workerPlants),
  async run(kills, seed, plant) {
    const planted = plant === undefined ? {} : { plant, leases: shortLeases, settleMs: 30_000 };
    const database = await aScratchDatabase();
    const options = { kills, seed, databaseUrl: database.url, ...planted };
    const { problems, ...done } = await runWorkerKills(options).finally(database.release);
    const checks = `${done.checks} checks and ${done.cutShort} that were cut short`;
    const mails = `${done.mails} mails, ${done.sentAgain} of them once more`;
    return { count: `${kills} kills, ${checks}, ${done.transitions} transitions, ${mails}`, problems };
  },
};

const inspect: Drill = {
  name: 'inspect',
  strikes: 1_000_000,
  strikesPlanted: 20_000,
  defects: Object.keys(inspectionPlants),
  async run(cases, seed, plant) {
    const properties =
      plant === undefined ? inspectionProperties(cases, seed) : await plantedProperties(plant, cases, seed);
    const problems = properties.flatMap(({ rule, check }) => {
      try {
        check();
        return [];
      } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`); // the minimized failing paste
        return [`it is not so that ${rule}`];
      }
    });
    return { count: `${cases} generated pastes`, problems };
  },
};

const budgetDefects: readonly BudgetDefect[] = [
  'window_60',
  'ignores_penalty',
  'calls_in_parallel',
  'trusts_slow_calls',
  'forgets_the_killed',
];

const budget: Drill = {
  name: 'budget',
  strikes: 200_000,
  strikesPlanted: 300,
  defects: budgetDefects,
  run(histories, seed, defect) {
    let sent = 0;
    let wrong = 0;
    for (let history = 0; history < histories; history += 1) {
      const result = simulateSchedule({
        seed: seed + history,
        calls: 15 + (history % 25),
        limit: 5,
        defect: budgetDefects.find((one) => one === defect),
      });
      sent += result.sent;
      wrong += result.overBudget + result.inPenalty;
    }
    const problems = wrong > 0 ? [`${wrong} calls over budget or inside a penalty`] : [];
    return { count: `${histories} histories, ${sent} calls`, problems };
  },
};

/** Prints one line per fault and caller: the slowest answer, and the class at each call. */
const faults: Drill = {
  name: 'faults',
  waits: true,
  strikes: faultTable.length,
  strikesPlanted: faultTable.length,
  defects: Object.keys(faultPlants),
  async run(count, seed, plant) {
    const tell = (line: string) => void process.stdout.write(`${line}\n`);
    const { trials, problems } = await (plant === undefined
      ? runFaultDrill({ trials: chosenFaults(count, seed), portals: 3, tell })
      : runPlantedFaultDrill(plant));
    return { count: `${trials} trials`, problems: problems.slice(0, 10) };
  },
};

/** Runs a drill of the watch, from the sources or from a copy with the defect. */
async function watched(
  drill: keyof typeof watchPlants,
  plant: string | undefined,
  run: (modules: WatchModules) => Promise<{ checks: number; problems: string[] }>,
): Promise<Drilled> {
  const plants: Record<string, Patch[]> = watchPlants[drill];
  const { checks, problems } = await withPlant(plant === undefined ? [] : (plants[plant] ?? []), run);
  return { count: `${checks} checks`, problems: problems.slice(0, 10) };
}

/** RingCentral rejects our own app for an hour; the number is that of clinics. */
const appSecret: Drill = {
  name: 'app-secret',
  strikes: 500,
  strikesPlanted: 8,
  defects: Object.keys(watchPlants['app-secret']),
  run: (clinics, seed, plant) => watched('app-secret', plant, (it) => it.runWrongSecretDrill({ clinics, seed })),
};

/** Our app is missing a scope for an hour, with that many clinics. */
const missingScope: Drill = {
  name: 'missing-scope',
  strikes: 500,
  strikesPlanted: 8,
  defects: Object.keys(watchPlants['missing-scope']),
  run: (clinics, seed, plant) => watched('missing-scope', plant, (it) => it.runMissingScopeDrill({ clinics, seed })),
};

/** One JWT is revoked among that many clinics. */
const revoked: Drill = {
  name: 'revoked',
  strikes: 500,
  strikesPlanted: 8,
  defects: Object.keys(watchPlants.revoked),
  run: (clinics, seed, plant) => watched('revoked', plant, (it) => it.runRevokedDrill({ clinics, seed })),
};

/** That many transient faults at a hundred clinics. */
const transients: Drill = {
  name: 'transients',
  strikes: 10_000,
  strikesPlanted: 200,
  defects: Object.keys(watchPlants.transients),
  run: (faults, seed, plant) =>
    watched('transients', plant, (it) =>
      it.runTransientDrill({ clinics: Math.min(100, Math.ceil(faults / 20)), seed, faults }),
    ),
};

/** Twelve ways to lose a connection, over that many days. */
const decays: Drill = {
  name: 'decays',
  strikes: 400,
  strikesPlanted: 20,
  defects: Object.keys(watchPlants.decays),
  run: (days, _seed, plant) =>
    watched('decays', plant, (it) => it.runDecayDrill({ unitDays: days / 40, only: detectedBy[plant ?? ''] })),
};

/** That many clinics are due at once, without people and with two submissions a minute. */
const sweep: Drill = {
  name: 'sweep',
  strikes: 10_000,
  strikesPlanted: 60,
  defects: Object.keys(watchPlants.sweep),
  run: (tenants, seed, plant) =>
    watched('sweep', plant, (it) =>
      it.runSweepDrill({
        tenants,
        seed,
        ...(plant === undefined ? { tell: (line) => void process.stdout.write(`${line}\n`) } : { onlyBusy: true }),
      }),
    ),
};

/** For a day, that many jobs use tokens, while RingCentral allows five sessions per user. */
const sessions: Drill = {
  name: 'sessions',
  strikes: 100,
  strikesPlanted: 20,
  defects: Object.keys(watchPlants.sessions),
  async run(jobs, seed, plant) {
    const database = await aScratchDatabase();
    const patches: Patch[] =
      plant === undefined ? [] : ((watchPlants.sessions as Record<string, Patch[]>)[plant] ?? []);
    const untilProblem = plant !== undefined;
    const run = (it: WatchModules) => it.runSessionDrill({ jobs, seed, untilProblem, databaseUrl: database.url });
    const { asks, uses, presses, calls, putOff, problems } = await withPlant(patches, run).finally(database.release);
    const count = `${asks} asks, ${putOff} put off, ${uses} uses, ${presses} presses, ${calls} calls of the token endpoint`;
    return { count, problems: problems.slice(0, 10) };
  },
};

export const drills: readonly Drill[] = [
  submit,
  processes,
  workerKills,
  inspect,
  budget,
  faults,
  appSecret,
  missingScope,
  revoked,
  transients,
  decays,
  sweep,
  sessions,
  faxes,
  replace,
  disconnect,
  lifeKills,
  ...tokenDrills,
  webhooks,
];
