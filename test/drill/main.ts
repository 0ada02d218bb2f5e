import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Drill, Drilled } from './drill-types.js';
import { drills } from './drills.js';

const usage = `npm run drill -- [--only NAME] [--kills N] [--seed N] [--plant]

  --only NAME  one of: ${drills.map(({ name }) => name).join(', ')}
  --kills N    how many times the drill strikes; the default differs by drill
  --seed N     repeats the strikes of this seed
  --plant      plants the defects of each drill: exits with 0 only if all are noticed
  DATABASE_URL=postgres://… runs the process drills on that server, in a schema that is deleted afterwards
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n${usage}`);
  process.exit(2);
}

function asked() {
  const options = {
    only: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string' },
    plant: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

const number = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : fail(`--${name} must be a whole number from 1`);
};

/** Prints one line per drill: what it did and how often, the result, and the duration. */
async function tell(name: string, work: () => Promise<Drilled> | Drilled): Promise<boolean> {
  const startedAt = performance.now();
  const { count, problems } = await work();
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const result = problems.length === 0 ? 'ok' : `FAILED: ${problems.join('; ')}`;
  process.stdout.write(`${name}: ${count}, ${result}, ${seconds} s\n`);
  return problems.length === 0;
}

async function strike(drill: Drill, strikes: number | undefined, seed: number): Promise<boolean> {
  return tell(drill.name, () => drill.run(strikes ?? drill.strikes, seed));
}

async function plant(drill: Drill, strikes: number | undefined, seed: number): Promise<boolean> {
  let all = true;
  for (const defect of drill.defects) {
    const noticed = await tell(`${drill.name}, planted "${defect}"`, async () => {
      const { count, problems } = await drill.run(strikes ?? drill.strikesPlanted, seed, defect);
      const found = problems.length > 0;
      return {
        count: found ? `${count}, noticed: ${problems.join('; ')}` : count,
        problems: found ? [] : ['not noticed'],
      };
    });
    all &&= noticed;
  }
  return all;
}

/** Runs each drill in a separate process: those that wait one after another, and the others in parallel with them. */
async function inTwoLanes(chosen: readonly Drill[]): Promise<boolean> {
  const lane = async (drills: readonly Drill[]) => {
    let held = true;
    for (const { name } of drills) {
      const good = await inItsOwnProcess(name);
      held &&= good;
    }
    return held;
  };
  const both = await Promise.all([
    lane(chosen.filter(({ waits }) => waits)),
    lane(chosen.filter(({ waits }) => !waits)),
  ]);
  return both.every((held) => held);
}

/** Passes on its output in whole lines. */
async function inItsOwnProcess(name: string): Promise<boolean> {
  const [, script = ''] = process.argv;
  const options = ['--only', name, '--seed', String(from)];
  if (kills !== undefined) options.push('--kills', kills);
  if (plants) options.push('--plant');
  const child = spawn(process.execPath, [...process.execArgv, script, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<boolean>((resolve) => child.once('close', (code) => resolve(code === 0)));
  let isTold = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (/^seed \d+$/.test(line)) continue;
    process.stdout.write(`${line}\n`);
    isTold ||= line.startsWith(name);
  }
  const held = await exited;
  if (!isTold) process.stdout.write(`${name}: FAILED: the process ended without a result\n`);
  return held;
}

const { only, kills, seed, plant: plants, help } = asked();
if (help) {
  process.stdout.write(usage);
  process.exit(0);
}
const names = only?.split(',') ?? drills.map(({ name }) => name);
const unknown = names.filter((wanted) => !drills.some(({ name }) => name === wanted));
if (unknown.length > 0) fail(`unknown drill ${unknown.join(', ')}`);
const chosen = drills.filter(({ name }) => names.includes(name));
const strikes = number('kills', kills);
const from = number('seed', seed) ?? Math.floor(Math.random() * 1e9);
process.stdout.write(`seed ${from}\n`);
const [first] = chosen;
const held = first && chosen.length === 1 ? (plants ? plant : strike)(first, strikes, from) : inTwoLanes(chosen);
process.exitCode = (await held) ? 0 : 1;
