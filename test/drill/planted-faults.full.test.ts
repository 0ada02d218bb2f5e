// Runs for 250 s
import { drill, noticesItsDefects, plantedDrills } from './planted-drills.js';

const laterOnly = [
  'submit',
  'processes',
  'worker-kills',
  'life-kills',
  'rotation-kills',
  'token-kills',
  'token-calls',
  'token-crashes',
  'rotation',
  'faxes',
];

it('every drill is here, or is left to `npm run drill -- --plant`', async () => {
  const { stdout } = await drill('--help');
  const known = /one of: (.+)/.exec(stdout)?.[1]?.split(', ');
  expect(known?.sort()).toEqual([...Object.values(plantedDrills).flat(), ...laterOnly].sort());
});

noticesItsDefects(plantedDrills.faults);
