// Only on SQLite: no database is used.
import { readFileSync } from 'node:fs';
import { disconnectPlants } from './disconnect/disconnect-plants.js';
import { faxPlants } from './faxes/fax-drill-plants.js';
import { faultPlants } from './faults/fault-drill-plants.js';
import { inspectionPlants } from './inspection-plants.js';
import { killPlants, processPlants, workerPlants } from './kills/kill-drill-plants.js';
import { lifePlants } from './life/life-plants.js';
import { replaceLoadPlants, replacePlants } from './replace/replace-plants.js';
import { rotationPlants } from './rotation/rotation-plants.js';
import { tokenCallPlants, tokenCrashPlants, tokenKillPlants } from './tokens/token-plants.js';
import type { Patch } from './source-copy.js';
import { webhookPlants, webhookPlantsOnPostgres } from './webhooks/webhook-plants.js';
import { watchPlants } from './watch/watch-drill-plants.js';

const faults = Object.entries(faultPlants).map(([name, { patches }]): [string, Patch[]] => [name, patches]);
const disconnects = Object.entries(disconnectPlants).map(([name, { patches }]): [string, Patch[]] => [name, patches]);
const kills = [lifePlants, killPlants, processPlants, workerPlants, tokenCrashPlants, tokenKillPlants, tokenCallPlants];
const replaces = [replacePlants, replaceLoadPlants];
const watches = Object.values(watchPlants);
const others = [
  webhookPlants,
  webhookPlantsOnPostgres,
  rotationPlants,
  faxPlants,
  inspectionPlants,
  ...replaces,
  ...kills,
  ...watches,
];
const plants = [...faults, ...disconnects, ...others.flatMap((table) => Object.entries<Patch[]>(table))];

it.each(plants)('finds the text that it replaces: %s', (_name, patches) => {
  for (const { file, find } of patches) expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
});
