import fc from 'fast-check';
import { BYTE_ORDER_MARK, csvLine } from '../../../src/clinic-files/csv/cells.js';
import { checkedRows, surveyFile, type RowValues } from '../../../src/clinic-files/csv/check-file.js';
import { importColumns } from '../../../src/clinic-files/csv/columns.js';
import { UnreadableFile } from '../../../src/clinic-files/csv/file-problem.js';

/** In pieces, so that letters and line ends are cut apart. */
const inPieces = (bytes: Uint8Array, size = 7) =>
  async function* () {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
  };

async function read(bytes: Uint8Array, limits = { mostBytes: 10_000_000, mostRows: 1000 }, size?: number) {
  const file = inPieces(bytes, size);
  const facts = await surveyFile(file, limits);
  const rows = [];
  for await (const row of checkedRows(file, facts, ['production', 'biz'])) rows.push(row);
  return rows;
}
const readText = (text: string, encoding: BufferEncoding = 'utf8') => read(Buffer.from(text, encoding));

async function problemIn(bytes: Uint8Array, limits?: { mostBytes: number; mostRows: number }) {
  try {
    await read(bytes, limits, 4096);
  } catch (error) {
    if (error instanceof UnreadableFile) return error.problem;
    throw error;
  }
  return undefined;
}

const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const north = { external_ref: 'N-1', name: 'Clínica Norte', admin_email: 'ana@norte.example' };
const rest = { language: 'es', time_zone: 'America/Denver', environment: '' };
const oneRow = [{ line: 2, values: { ...north, ...rest }, problems: [] }];
const text =
  'external_ref,name,admin_email,language,time_zone\r\nN-1,Clínica Norte,Ana@Norte.example,ES,America/Denver\r\n';

it.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16 LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 BE', swapped(Buffer.from(`\ufeff${text}`, 'utf16le'))],
  ['semicolons', Buffer.from(text.replaceAll(',', ';'))],
  ['tabs, and lines that end with CR', Buffer.from(text.replaceAll(',', '\t').replaceAll('\r\n', '\r'))],
  ['no line end, and quotes around all', Buffer.from(text.trim().replaceAll(/[^,\r\n]+/g, '"$&"'))],
  ['an empty column of the spreadsheet', Buffer.from(text.replaceAll('\r\n', ',\r\n'))],
])('reads a file with %s', async (_what, bytes) => {
  expect(await read(bytes)).toEqual(oneRow);
});

it('finds columns by their names, in any order and case, and does not read what only the export says', async () => {
  const rows = await readText('State,NAME,since,External_Ref,cause\nfailing,North,2026-01-01,N-1,not_granted\n');
  expect(rows).toEqual([
    {
      line: 2,
      values: { external_ref: 'N-1', name: 'North', admin_email: '', language: '', time_zone: '', environment: '' },
      problems: [],
    },
  ]);
});

it('keeps line breaks, quotes and separators within a cell apart, and counts lines as an editor does', async () => {
  const rows = await readText('external_ref,name\n\n1,"The ""Best"", Clinic"\n2,"two\nlines"\n3,"Third"\n');
  expect(rows.map(({ line, values, problems }) => [line, values.name, problems])).toEqual([
    [3, 'The "Best", Clinic', []],
    [4, 'two\nlines', [{ column: 'name', code: 'control_characters' }]],
    [6, 'Third', []],
  ]);
});

it('names every problem of every row, with line and column', async () => {
  const head = 'external_ref,name,admin_email,language,time_zone,environment';
  const rows = await readText(
    [
      head,
      'a,A,,,,',
      ',,no-address,fr,Etc/GMT+7,sandbox',
      `${'r'.repeat(101)},${'n'.repeat(201)},,,,`,
      'a,Twin,,,,',
      'b,B,,,',
      'c,Comma, Inc.,,,,,',
      'erased-7,E,,,,',
    ].join('\n'),
  );
  expect(rows.map(({ line, problems }) => [line, problems])).toEqual([
    [2, [{ column: 'external_ref', code: 'repeated' }]],
    [
      3,
      [
        { column: 'name', code: 'missing' },
        { column: 'external_ref', code: 'missing' },
        { column: 'environment', code: 'unknown' },
        { column: 'language', code: 'unknown' },
        { column: 'admin_email', code: 'email' },
        { column: 'time_zone', code: 'unknown' },
      ],
    ],
    [
      4,
      [
        { column: 'name', code: 'too_long' },
        { column: 'external_ref', code: 'too_long' },
      ],
    ],
    [5, [{ column: 'external_ref', code: 'repeated', number: 2 }]],
    [6, [{ column: null, code: 'cells', number: 5 }]],
    [7, [{ column: null, code: 'cells', number: 8 }]],
    [8, [{ column: 'external_ref', code: 'taken' }]],
  ]);
});

const good = 'external_ref,name\n1,A\n';
it.each<[string, Uint8Array, object]>([
  ['nothing in it', Buffer.from(''), { code: 'empty' }],
  ['only a heading', Buffer.from('external_ref,name\n'), { code: 'no_rows' }],
  ['only empty rows', Buffer.from('external_ref,name\n,\n , \n'), { code: 'no_rows' }],
  ['another encoding', Buffer.from('external_ref,name\n1,Norte\n2,Clínica\n', 'latin1'), { code: 'encoding', line: 3 }],
  [
    'half a letter at its end',
    Buffer.from('external_ref,name\n1,A\n2,\u00e9').subarray(0, -1),
    { code: 'encoding', line: 3 },
  ],
  ['UTF-16 without a byte order mark', Buffer.from(good, 'utf16le'), { code: 'utf16_without_mark' }],
  ['a workbook in it', Buffer.from('PK\u0003\u0004 workbook', 'latin1'), { code: 'spreadsheet' }],
  ['a quote that is not closed', Buffer.from('external_ref,name\n1,A\n2,"B\n3,C\n'), { code: 'quote', line: 3 }],
  ['text after a quote', Buffer.from('external_ref,name\n1,"A"B\n'), { code: 'quote', line: 2 }],
  [
    'a row without an end',
    Buffer.from(`external_ref,name\n1,${'x'.repeat(70_000)}`),
    { code: 'row_too_long', line: 2 },
  ],
  [
    '10,000 columns',
    Buffer.from(`external_ref,name,${'x,'.repeat(9997)}x\n`),
    { code: 'too_many_columns', count: 10_000 },
  ],
  ['no reference', Buffer.from('name\nA\n'), { code: 'missing_columns', columns: ['external_ref'] }],
  [
    'a misspelled column',
    Buffer.from('external_ref,name,timezone\n1,A,UTC\n'),
    { code: 'unknown_columns', columns: ['timezone'] },
  ],
  ['a column twice', Buffer.from('external_ref,name,name\n1,A,B\n'), { code: 'repeated_columns', columns: ['name'] }],
  ['a picture in it', Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2]), { code: 'encoding', line: 1 }],
])('refuses a file with %s, and says where', async (_what, bytes, problem) => {
  expect(await problemIn(bytes)).toEqual(problem);
});

it('stops at the limits of bytes and rows', async () => {
  const bytes = Buffer.from(`external_ref,name\n${Array.from({ length: 11 }, (_, at) => `${at},A\n`).join('')}`);
  expect(await problemIn(bytes, { mostBytes: 20, mostRows: 100 })).toEqual({ code: 'too_big' });
  expect(await problemIn(bytes, { mostBytes: 1000, mostRows: 10 })).toEqual({ code: 'too_many_rows', most: 10 });
  expect(await problemIn(bytes, { mostBytes: 1000, mostRows: 11 })).toBeUndefined();
});

it.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
  ['\rx', "'\rx"],
  ['\uff1d1', "'\uff1d1"],
  ["'=1", "''=1"],
  ["'s-Hertogenbosch", "'s-Hertogenbosch"],
  ['North=1', 'North=1'],
])('SEC-45: a cell that a spreadsheet might calculate is written as text: %j', (cell, written) => {
  expect(csvLine([cell])).toBe(`"${written}"\r\n`);
});

const cell = fc.string({ unit: 'grapheme' }).map((text) => text.trim());
const formula = fc.tuple(fc.constantFrom("'", "''", '', '"'), fc.constantFrom('=', '+', '-', '@', '\uff1d'), cell);
const anyCell = fc.oneof(
  cell,
  formula.map((parts) => parts.join('').trim()),
  fc.constantFrom('a\r\nb', '"', '""', ';', ',,'),
);

it('what the export writes, the import reads as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyCell, anyCell), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      async (pairs, size) => {
        const wanted = pairs.map(([ref, name], at) => [`${ref}#${at}`, name]);
        const lines = [csvLine(importColumns), ...wanted.map((pair) => csvLine([...pair, '', '', '', '']))];
        const rows = await read(Buffer.from(BYTE_ORDER_MARK + lines.join('')), undefined, size);
        const found = rows.map(({ values }: { values: RowValues }) => [values.external_ref, values.name]);
        expect(found).toEqual(wanted);
      },
    ),
    { numRuns: 300 },
  );
});
