import fc from 'fast-check';
import { folderName } from '../../../src/faxes/documents/folder-name.js';

it.each([
  ['clinic-1', 'clinic-1'],
  ['a', 'a'],
  ['A', '=41'],
  ['..', '=2e=2e'],
  ['.latchkey', '=2elatchkey'],
  ['v1.2', 'v1.2'],
  ['ends.', 'ends=2e'],
  ['a/b', 'a=2fb'],
  ['a\\b', 'a=5cb'],
  ['a b', 'a=20b'],
  ['a=20b', 'a=3d20b'],
  ['con', '=63on'],
  ['CON', '=43=4f=4e'],
  ['nul.txt', '=6eul.txt'],
  ['com1', '=63om1'],
  ['console', 'console'],
  ['\u00e9', '=c3=a9'],
  ['e\u0301', 'e=cc=81'],
  ['', '=z'],
  ['\ud800', '=ud800'],
])('the folder of %j is %s', (ref, name) => {
  expect(folderName(ref)).toBe(name);
});

it('the folder of 100 four-byte characters has a name of at most 255 bytes, and another last character another name', () => {
  const [one, other] = ['\u{1f9b7}'.repeat(100), `${'\u{1f9b7}'.repeat(99)}\u{1f9b8}`].map(folderName);
  expect(one).toHaveLength(99 + 2 + 64);
  expect(one).toMatch(/^=f0=9f=a6=b7.*=h[0-9a-f]{64}$/);
  expect(other).not.toBe(one);
});

/** Ids as people make them, and as no one does. */
const refs = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'A',
      '.',
      '/',
      '=',
      '2',
      'e',
      '\u00e9',
      'e\u0301',
      '\u212b',
      '\u00c5',
      'ß',
      'ſ',
      '\ud800',
    ),
  }),
  fc.constantFrom('con', 'aux.a', '..', '.', 'com9', 'LPT1'),
);
/** What file systems may take for the same name. */
const folded = (name: string) => name.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKD');

it('different ids have different folders, whatever a file system does to case and Unicode forms', () => {
  fc.assert(
    fc.property(refs, refs, (one, other) => {
      expect(folded(folderName(one)) === folded(folderName(other))).toBe(one === other);
    }),
    { numRuns: 5000 },
  );
});

it('a name is one plain folder name of at most 255 bytes', () => {
  fc.assert(
    fc.property(refs, (ref) => {
      const name = folderName(ref);
      expect(name).toMatch(/^[a-z0-9_=-]([a-z0-9_.=-]*[a-z0-9_=-])?$/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/);
    }),
    { numRuns: 5000 },
  );
});
