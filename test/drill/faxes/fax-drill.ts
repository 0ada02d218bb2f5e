import type { Drill, Drilled } from '../drill-types.js';
import { withPlanted } from '../source-copy.js';
import { faxKillPlants, faxPlants, schedulePlants } from './fax-drill-plants.js';
import { runFaxKills } from './fax-kill-drill.js';
import type * as scheduleDrill from './schedule-drill.js';

const SCHEDULES_PER_KILL = 100;

async function schedules(count: number, seed: number, plant?: string): Promise<Drilled> {
  const patches = plant === undefined ? [] : (schedulePlants[plant] ?? []);
  const run = ({ runScheduleDrill }: typeof scheduleDrill) => runScheduleDrill({ schedules: count, seed });
  const { problems, ...done } = await withPlanted(patches, ['faxes/schedule-drill'], run);
  const kinds = `${done.fetched} fetched, ${done.pending} pending, ${done.lost} lost, ${done.inGaps} in gaps`;
  return { count: `${count} schedules with ${done.faxes} faxes: ${kinds}`, problems };
}

async function kills(count: number, seed: number, plant?: string): Promise<Drilled> {
  const clinics = Math.max(6, count * 2);
  const faxesEach = Math.max(10, Math.floor(count / 2));
  const { problems, ...done } = await runFaxKills({ clinics, faxesEach, kills: count, seed, plant });
  const calls = `${done.documents} documents of ${clinics} clinics in ${done.contentCalls} calls`;
  return { count: `${count} kills, ${done.endedBefore} of them too late, ${calls}`, problems };
}

/**
 * The pull of faxes: real pulls that are killed so often, and a hundred times as many schedules of arrivals in virtual
 * time.
 */
export const faxes: Drill = {
  name: 'faxes',
  waits: true,
  strikes: 100,
  strikesPlanted: 8,
  defects: Object.keys(faxPlants),
  async run(count, seed, plant) {
    const parts: Drilled[] = [];
    if (plant === undefined || plant in faxKillPlants) parts.push(await kills(count, seed, plant));
    if (plant === undefined || plant in schedulePlants)
      parts.push(await schedules(count * SCHEDULES_PER_KILL, seed, plant));
    return {
      count: parts.map((part) => part.count).join('; '),
      problems: parts.flatMap(({ problems }) => problems).slice(0, 10),
    };
  },
};
