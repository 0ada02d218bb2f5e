import { faultPlants } from './fault-drill-plants.js';
import { faultTable, places, type FaultRow, type Place } from './fault-table.js';
import { aScratchDatabase } from '../../support/database/scratch-database.js';
import { FaultStage, type Trial } from './fault-trial.js';
import type { Method } from '../../faults/faulted-clinic.js';
import { withPlanted } from '../source-copy.js';

export type FaultDrillOptions = {
  /** the faults and their calls; faults that cannot happen at a call are omitted */
  trials: [row: FaultRow, places: readonly Place[]][];
  /** how the clinics connect; default both ways */
  methods?: readonly Method[];
  /** how many portals work in parallel, each with a separate database; default 1 */
  portals?: number;
  tell: (line: string) => void;
};
const bothMethods: readonly Method[] = ['jwt', 'authorization_code'];
export type FaultDrillResult = { trials: number; problems: string[] };

/** Every fault of the table at every call, or `count` of them in an order derived from `seed`. */
export function chosenFaults(count: number, seed: number): FaultDrillOptions['trials'] {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0); // Numerical Recipes' generator
  const rows = [...faultTable];
  while (rows.length > count) rows.splice(next() % rows.length, 1);
  return rows.map((row) => [row, places]);
}

/** Plays each fault for both methods and callers, prints a line for each in the table's order, and judges the results. */
export async function runFaultDrill(options: FaultDrillOptions): Promise<FaultDrillResult> {
  const { trials, methods = bothMethods, portals = 1, tell } = options;
  const result: FaultDrillResult = { trials: 0, problems: [] };
  const waiting = trials.map((trial, index) => ({ trial, index }));
  const lines = new Map<number, string[]>();
  let told = 0;
  const work = async () => {
    const database = await aScratchDatabase();
    const stage = await FaultStage.open(database.url === undefined ? {} : { databaseUrl: database.url });
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        lines.set(next.index, await judged(stage, next.trial, methods, result));
        for (let ready = lines.get(told); ready; ready = lines.get(told)) {
          ready.forEach(tell);
          told += 1;
        }
      }
    } finally {
      await stage.close();
      await database.release();
    }
  };
  await Promise.all(Array.from({ length: portals }, work));
  return result;
}

async function judged(
  stage: FaultStage,
  [row, at]: FaultDrillOptions['trials'][number],
  methods: readonly Method[],
  result: FaultDrillResult,
) {
  const lines: string[] = [];
  for (const method of methods) {
    const trials: Trial[] = [];
    for (const place of at) trials.push(...(await stage.try(row, place, method)));
    const found = await stage.secretsFound();
    for (const caller of ['submit', 're-check'] as const) {
      const mine = trials.filter((trial) => trial.caller === caller);
      const problems = mine.flatMap((trial) => trial.problems.map((problem) => `at ${trial.place}: ${problem}`));
      problems.push(...found);
      result.trials += mine.length;
      result.problems.push(...problems.map((problem) => `${row.name}, ${method}, ${caller}, ${problem}`));
      lines.push(lineOf(row, `${caller}, ${nameOf[method]}`, mine, problems));
    }
  }
  return lines;
}

const nameOf: Record<Method, string> = { jwt: 'JWT', authorization_code: 'sign-in' };

/** The result of a fault for one caller and method: class, call and time. */
function lineOf({ name }: FaultRow, caller: string, trials: Trial[], problems: string[]): string {
  const classes = new Map<string, Place[]>();
  for (const { verdict, place } of trials) classes.set(verdict, [...(classes.get(verdict) ?? []), place]);
  const said = [...classes].map(([verdict, at]) => `${verdict} (${at.join(', ')})`).join('; ');
  const slowest = Math.max(...trials.map(({ ms }) => ms));
  const judged = problems.length === 0 ? 'ok' : `FAILED: ${problems.join('; ')}`;
  return `${name.padEnd(36)}${caller.padEnd(19)}${`${slowest} ms`.padStart(8)}  ${judged}  ${said}`;
}

/** The trials that detect a defect, on a copy of the sources with it. */
export function runPlantedFaultDrill(plant: string): Promise<FaultDrillResult> {
  const { patches, trials, method = 'jwt' } = faultPlants[plant] ?? { patches: [], trials: [] };
  const chosen = trials.map(([name, place]): [FaultRow, Place[]] => {
    const row = faultTable.find((one) => one.name === name);
    if (!row) throw new Error(`there is no fault ${name}`);
    return [row, [place]];
  });
  return withPlanted(patches, ['faults/fault-drill'], (copy: { runFaultDrill: typeof runFaultDrill }) =>
    copy.runFaultDrill({ trials: chosen, methods: [method], tell: () => undefined }),
  );
}
