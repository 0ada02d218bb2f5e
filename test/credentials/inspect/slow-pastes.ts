import { anAssertion } from '../../support/assertions.js';

const jwt = anAssertion();
const [header = '', payload = ''] = jwt.split('.');

/** Texts that could make a parser start over again and again when they are repeated. */
const units = [
  'e', 'ey', 'eyJ', 'e y J ', 'eyJ.', 'eyJ ', 'eyJhbGciOi ', 'eyJhIjoxfQ! ', '.', 'a.', 'a.b.c ', 'a.b.c.d.e ', ' ', '\u00A0', '=', '=\n', '= ', '=2E',
  '%', '%25', '%2E', '&#46;', '&amp;', '&', '\\', '\\"', '\\u002e', '\\\n', '> ', '>\n', '<', '<a ', '<a>', '"', '`', '```', '{', '[ ', '{"a":"', ':', 'a: ', 'a=', 'a&a=',
  'Bearer ', 'curl ', '*', '•', '...', '…', '\u200B', 'U0pD', 'https://', '-', '_', 'word ', `${header}.`, `${header} `, `${header}.${payload}.`,
]; // prettier-ignore

/** Lines that each begin with another mark of a quotation, all of them twice. */
function quotedByMany(bytes: number): string {
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
  const writers = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => `${a}${b}${c}> `)));
  const lines = writers.slice(0, Math.floor(bytes / 12)).join('\n');
  return `${lines}\n${lines}`.padEnd(bytes, 'x');
}

const repeated = (unit: string, bytes: number): string => {
  const text = unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));
  return text + 'x'.repeat(bytes - Buffer.byteLength(text));
};

export type SlowPaste = {
  name: string;
  paste: string;
  /** bytes that are one text again and again */ repeatedBytes: number;
};

/** Hostile pastes of exactly this many bytes: one repeated text, alone, after a JWT and before one; many marks. */
export const slowPastes = (bytes: number): SlowPaste[] => [
  { name: 'lines quoted by many writers', paste: quotedByMany(bytes), repeatedBytes: bytes },
  ...units.flatMap((unit) => {
    const besideJwt = bytes - jwt.length;
    const rest = repeated(unit, besideJwt);
    const name = JSON.stringify(unit.length > 20 ? `${unit.slice(0, 9)}…${unit.slice(-9)}` : unit);
    return [
      { name, paste: repeated(unit, bytes), repeatedBytes: bytes },
      { name: `a JWT and ${name}`, paste: jwt + rest, repeatedBytes: besideJwt },
      { name: `${name} and a JWT`, paste: rest + jwt, repeatedBytes: besideJwt },
    ];
  }),
];
