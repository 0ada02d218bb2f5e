import { aScratchDatabase } from '../../support/database/scratch-database.js';
import type { Drill, Drilled } from '../drill-types.js';
import type * as rotationDrill from '../rotation/rotation-drill.js';
import { runRotationKills } from '../rotation/rotation-kill-drill.js';
import { rotationKillPlants, rotationPlants } from '../rotation/rotation-plants.js';
import type * as callDrill from './token-call-drill.js';
import type * as crashDrill from './token-crash-drill.js';
import { runTokenKills } from './token-kill-drill.js';
import { tokenCallPlants, tokenCrashPlants, tokenKillPlants } from './token-plants.js';
import { withPlanted } from '../source-copy.js';

/** A process dies, or its machine sleeps, at each step of the issue of a token. */
const tokenCrashes: Drill = {
  name: 'token-crashes',
  strikes: 2000,
  strikesPlanted: 150,
  defects: Object.keys(tokenCrashPlants),
  async run(most, _seed, plant): Promise<Drilled> {
    const database = await aScratchDatabase();
    const patches = plant === undefined ? [] : (tokenCrashPlants[plant] ?? []);
    const options = { most, databaseUrl: database.url };
    const run = ({ runTokenCrashDrill }: typeof crashDrill) => runTokenCrashDrill(options);
    const { problems, ...done } = await withPlanted(patches, ['tokens/token-crash-drill'], run).finally(
      database.release,
    );
    const count = `${done.steps} steps, ${done.crashes} crashes and ${done.sleeps} sleeps, ${done.tokens} tokens`;
    return { count, problems };
  },
};

/** Three processes that issue tokens under load; two of them are killed. */
const tokenKills: Drill = {
  name: 'token-kills',
  waits: true,
  strikes: 100,
  strikesPlanted: 15,
  defects: Object.keys(tokenKillPlants),
  async run(kills, seed, plant): Promise<Drilled> {
    const database = await aScratchDatabase();
    const options = { kills, seed, plant, databaseUrl: database.url };
    const { problems, ...done } = await runTokenKills(options).finally(database.release);
    const waits = `${done.cutShort} after which a clinic waited for its token, for ${done.longestMs} ms at most`;
    return { count: `${kills} kills, ${waits}, ${done.asked} asks, ${done.tokens} tokens`, problems };
  },
};

/** For a day, that many jobs ask for tokens by the API. */
const tokenCalls: Drill = {
  name: 'token-calls',
  strikes: 100,
  strikesPlanted: 20,
  defects: Object.keys(tokenCallPlants),
  async run(jobs, seed, plant): Promise<Drilled> {
    const database = await aScratchDatabase();
    const patches = plant === undefined ? [] : (tokenCallPlants[plant] ?? []);
    const run = ({ runTokenCallDrill }: typeof callDrill) =>
      runTokenCallDrill({ jobs, seed, databaseUrl: database.url });
    const { asks, uses, perHour, problems } = await withPlanted(patches, ['tokens/token-call-drill'], run).finally(
      database.release,
    );
    const calls = `${perHour.usual.toFixed(2)} calls of RingCentral in an hour of a clinic`;
    const longer = `${perHour.longer.toFixed(2)} for tokens that live for 30 minutes`;
    return { count: `${jobs} jobs, ${asks} asks, ${uses} uses, ${calls}, ${longer}`, problems: problems.slice(0, 10) };
  },
};

/** A process dies at each step of the rotation of a refresh token; others rotate at once, or answer late. */
const rotation: Drill = {
  name: 'rotation',
  strikes: 1000,
  strikesPlanted: 1000,
  defects: Object.keys(rotationPlants),
  async run(most, _seed, plant): Promise<Drilled> {
    const database = await aScratchDatabase();
    const patches = plant === undefined ? [] : (rotationPlants[plant] ?? []);
    const run = ({ runRotationDrill }: typeof rotationDrill) => runRotationDrill({ most, databaseUrl: database.url });
    const { problems, ...done } = await withPlanted(patches, ['rotation/rotation-drill'], run).finally(
      database.release,
    );
    const count = `${done.steps} steps, ${done.crashes} crashes, ${done.rotations} rotations`;
    return { count, problems: problems.slice(0, 10) };
  },
};

/** Two processes that rotate refresh tokens are killed; after every fourth kill others go on when it is too late. */
const rotationKills: Drill = {
  name: 'rotation-kills',
  waits: true,
  strikes: 100,
  strikesPlanted: 20,
  defects: Object.keys(rotationKillPlants),
  async run(kills, seed, plant): Promise<Drilled> {
    const database = await aScratchDatabase();
    const patches = plant === undefined ? [] : (rotationKillPlants[plant] ?? []);
    const options = { kills, seed, patches, databaseUrl: database.url };
    const { rotations, cutShort, lost, problems } = await runRotationKills(options).finally(database.release);
    const tooLate = `${cutShort} of them cut short, ${lost} sign-ins lost after the grace period`;
    return { count: `${kills} kills of two processes, ${rotations} rotations, ${tooLate}`, problems };
  },
};

export const tokenDrills: readonly Drill[] = [tokenCrashes, tokenKills, tokenCalls, rotation, rotationKills];
