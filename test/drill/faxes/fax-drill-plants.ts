import type { Patch } from '../source-copy.js';

const window = 'src/faxes/rules/window.ts';
const listing = 'src/faxes/line/listing.ts';

/** Defects that lose a fax silently on some schedule of arrivals. */
export const schedulePlants: Record<string, Patch[]> = {
  'a cursor decides what is new, and not the set': [
    {
      file: window,
      find: 'Math.min(last, now) - OVERLAP_MS',
      replace: 'last',
    },
  ],
  'only one page is read': [
    { file: listing, find: 'page >= paging.totalPages ||', replace: 'page >= 1 || paging.totalPages < 1 ||' },
  ],
  'deleted faxes are ignored': [
    { file: listing, find: "= ['alive', 'deleted', 'purged'];", replace: "= ['alive', 'purged'];" },
  ],
  'a gap is not reported': [
    {
      file: window,
      find: 'if (mostMessages < cap || holdsOlder) return null;',
      replace: 'if (mostMessages >= 0) return null;',
    },
  ],
};

/** Defects that lose or split a document only if a process dies at the wrong time. */
export const faxKillPlants: Record<string, Patch[]> = {
  'the set is written before the rename': [
    {
      file: 'src/faxes/documents/store-document.ts',
      find: 'await rename(part, join(dir, path));',
      replace: 'setTimeout(() => void rename(part, join(dir, path)).catch(() => undefined), 1500);',
    },
  ],
  'a document is written in its own place': [
    {
      file: 'src/faxes/documents/store-document.ts',
      find: 'const part = join(dir, `${stem}.part`);',
      replace: 'const part = join(dir, `${stem}.pdf`);',
    },
  ],
};

export const faxPlants: Record<string, Patch[]> = { ...schedulePlants, ...faxKillPlants };
