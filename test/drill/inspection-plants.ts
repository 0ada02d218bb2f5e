import type { inspectionProperties, Property } from './inspection-properties.js';
import { withPlanted, type Patch } from './source-copy.js';

/** Defects of the inspection that only some pastes reveal. */
export const inspectionPlants: Record<string, Patch[]> = {
  'takes the first of two different JWTs': [
    {
      file: 'src/credentials/inspect/inspect-assertion.ts',
      find: 'if (others.length > 0)',
      replace: 'if (others.length > 9)',
    },
  ],
  'does not say that the JWT was there twice': [
    { file: 'src/credentials/inspect/repair-paste.ts', find: "repairs.add('duplicate')", replace: 'repairs.size' },
  ],
  'drops a hyphen at the end of the signature': [
    {
      file: 'src/credentials/inspect/inspect-assertion.ts',
      find: 'return accepted(jwt, owner,',
      replace: "return accepted(jwt.replace(/-$/, ''), owner,",
    },
  ],
};

/** The rules for all pastes, on a copy of the sources with the defect. */
export const plantedProperties = (plant: string, runs: number, seed: number): Promise<Property[]> =>
  withPlanted(
    inspectionPlants[plant] ?? [],
    ['inspection-properties'],
    (copy: { inspectionProperties: typeof inspectionProperties }) => copy.inspectionProperties(runs, seed),
  );
