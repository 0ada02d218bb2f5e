import { parseArgs } from 'node:util';
import { stopAllProcesses } from '../test/support/processes/processes.js';
import { broker } from './broker.js';
import { faxes } from './faxes.js';
import { isWithin, limitOf, measure, measureOnce, type Bench, type SingleRun } from './harness.js';
import { inspect } from './inspect.js';
import { list } from './list.js';
import { overview } from './overview.js';
import { search } from './search.js';
import { submit } from './submit.js';
import { sweep } from './sweep.js';

const benches: readonly (Bench | SingleRun)[] = [submit, sweep, list, search, overview, inspect, broker, faxes];

const usage = `npm run bench -- [--only NAME] [--rounds N] [--json]

${benches.map((bench) => `  ${bench.name}: ${bench.about} (${limitOf(bench)})`).join('\n')}

  --json       one object a line: {"name","ratio","aa","floor","rounds"}
               ratio   p50 of ours over p50 of the bare work, measured in the same rounds; where it says "at least",
                       the speed of ours over that of the bare work
               aa      p50 of the bare work over itself; outside 0.95-1.05 the run is void;
                       null where the other side is worked out
               floor   a ratio between this and 1 cannot be told from 1 in this run (from resampled A/A)
  DATABASE_URL=postgres://… measures on that server, in a schema that is deleted afterwards.
  Exits with 1 if a run is void or a figure is beyond its limit.
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n${usage}`);
  process.exit(2);
}

function asked() {
  const options = {
    only: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { only, rounds, json, help } = asked();
if (help) {
  process.stdout.write(usage);
  process.exit(0);
}
const chosen = benches.filter(({ name }) => only === undefined || only === name);
if (chosen.length === 0)
  fail(`unknown bench ${String(only)}; available: ${benches.map(({ name }) => name).join(', ')}`);
if (rounds !== undefined && !/^[1-9]\d{0,4}$/.test(rounds)) fail('--rounds must be a whole number from 1');

for (const bench of chosen) {
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const run =
    'once' in bench
      ? measureOnce(bench, tell)
      : measure(bench, rounds === undefined ? bench.rounds : Number(rounds), tell);
  // A run that fails leaves no process behind.
  const measured = await run.finally(stopAllProcesses);
  const { also, ...told } = measured;
  const { name, ratio, aa, floor } = told;
  const isVoid = aa !== null && !(aa >= 0.95 && aa <= 1.05);
  const isBeyond = !isWithin(ratio, bench);
  if (json) process.stdout.write(`${JSON.stringify(told)}\n`);
  else
    process.stdout.write(
      `${name}: ratio ${ratio} (${limitOf(bench)}), ${aa === null ? 'one run' : `A/A ${aa}, floor ${floor}, ${measured.rounds} rounds`}\n`,
    );
  for (const { name: what, value, most } of also) tell(`${name}: ${what} ${value} (at most ${most})`);
  if (isVoid) tell(`${name}: void, the machine was not steady enough (A/A ${aa})`);
  else if (isBeyond) tell(`${name}: the ratio is not ${limitOf(bench)}`);
  if (isVoid || isBeyond || also.some(({ value, most }) => !(value <= most))) process.exitCode = 1;
}
