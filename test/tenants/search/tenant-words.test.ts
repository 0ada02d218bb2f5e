import { createRequire } from 'node:module';
import fc from 'fast-check';
import { termsOf, wordsOf } from '../../../src/tenants/search/tenant-words.js';

const matches = (typed: string, ...texts: string[]): boolean => {
  const words = wordsOf(...texts);
  const terms = termsOf(typed);
  return terms.length > 0 && terms.every((term) => words.some((word) => word.startsWith(term)));
};

it.each([
  ['muñoz', 'Clinica Munoz'],
  ['MUNOZ', 'Clínica Muñoz'],
  ['munoz', 'Mun\u0303oz'],
  ['strasse', 'Praxis Straße 5'],
  ['STRAẞE', 'Praxis Strasse 5'],
  ['istanbul', 'İstanbul Kliniği'],
  ['sorensen', 'Sørensen'],
  ['ΟΔΟΣ', 'Οδοσαμο'],
  ['riv cli', 'Riverside Family Clinic'],
  ['clinic riverside', 'Riverside Family Clinic'],
  ["o'brien", 'O’Brien Dental'],
  ['brien', 'O’Brien Dental'],
  ['obrien', 'O’Brien Dental'],
  ['st. mary', 'St.Mary-North'],
  ['mary-north', 'St.Mary-North'],
  ['(north)', 'Clinic (North)'],
  ['שלום', 'מרפאת שָׁלוֹם'],
  ['שלום', '\u200eשלום\u200f'],
  ['🐾', '🐾 Vet'],
  ['👩🏽\u200d⚕', '👩🏽\u200d⚕\ufe0f Clinic'],
  ['河', '河岸診所'],
  ['ﬁne', 'Fine Clinic'],
  ['Ｆｉｎｅ', 'Fine Clinic'],
  ['<b>', '<b>Bold</b> Clinic'],
  ['!!!', '!!! Clinic'],
  ['north clinic', 'North\u00a0Clinic'],
])('"%s" finds "%s"', (typed, name) => {
  expect(matches(typed, name)).toBe(true);
});

it.each([
  ['verside', 'Riverside'],
  ['riverside dental', 'Riverside Family Clinic'],
  ['north', 'South'],
  ['clinics', 'Clinic'],
])('"%s" does not find "%s"', (typed, name) => {
  expect(matches(typed, name)).toBe(false);
});

it.each([
  ['EHR-17', true],
  ['ehr-1', true],
  ['17', true],
  ['ehr17', true],
  ['HR-17', false],
  ['ehr-2', false],
])('finds a clinic by the beginning of its own ID, "%s": %s', (typed, found) => {
  expect(matches(typed, 'North Clinic', 'EHR-17')).toBe(found);
});

it.each(['', '   ', '\t', '\u200b\u00ad', '\u0301', '\u202e'])(
  'finds nothing by %j, which is like an empty box',
  (typed) => {
    expect(termsOf(typed)).toEqual([]);
  },
);

it('asks for each beginning once, the longest first', () => {
  expect(termsOf('a riv river RIVER cl')).toEqual(['river', 'cl', 'a']);
});

it('cuts long words on both sides alike, also where Unicode makes one letter many', () => {
  const name = 'x'.repeat(200);
  expect(wordsOf(name)).toEqual(['x'.repeat(64)]);
  expect(matches(name, name)).toBe(true);
  const long = 'ﷺ'.repeat(200);
  for (const word of wordsOf(long)) expect(Buffer.byteLength(word)).toBeLessThanOrEqual(256);
  expect(matches(long, long)).toBe(true);
});

it('finds any text by itself, and by the beginning of its words', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }));
  fc.assert(
    fc.property(text, (name) => {
      if (termsOf(name).length > 0) expect(matches(name, name)).toBe(true);
      for (const word of wordsOf(name)) expect(matches(Array.from(word).slice(0, 2).join(''), name)).toBe(true);
    }),
  );
});

it('is what the migration made of the names that existed', async () => {
  const { up } = createRequire(import.meta.url)('../../../migrations/20261130_60_tenant_words.cjs') as {
    up: (knex: unknown) => Promise<void>;
  };
  const names = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), { numRuns: 200, seed: 1 });
  const tenants = [...names, 'Clínica Muñoz – St.Mary', 'ΟΔΟΣ Straße Łódź', ''].map((name, index) => ({
    id: `clinic-${String(index).padStart(4, '0')}`,
    name,
    external_ref: `EHR-${index}`,
  }));
  const written: { tenant_id: string; word: string }[] = [];
  await up(aDatabaseWith(tenants, written));
  expect(written).toEqual(
    tenants.flatMap(({ id, name, external_ref: ref }) => wordsOf(name, ref).map((word) => ({ tenant_id: id, word }))),
  );
});

/** As much of knex as the migration uses. */
function aDatabaseWith(tenants: readonly { id: string }[], written: object[]) {
  const table = (name: string) => {
    let after = '';
    const query = {
      where: (_column: string, _than: string, value: string) => ((after = value), query),
      orderBy: () => query,
      limit: (most: number) => ((query.most = most), query),
      most: 0,
      select: () => Promise.resolve(tenants.filter(({ id }) => id > after).slice(0, query.most)),
      insert: (rows: object[]) => Promise.resolve(void written.push(...rows)),
    };
    if (!['tenants', 'tenant_words'].includes(name)) throw new Error(name);
    return query;
  };
  return Object.assign(table, { schema: { createTable: () => Promise.resolve() } });
}
