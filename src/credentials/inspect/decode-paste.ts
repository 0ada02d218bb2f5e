import type { Repair } from './repairs.js';
import { unquoteMail } from './unquote-mail.js';

/**
 * {@link decodePaste} turns NBSP and similar characters into this one and notes them; the reader skips it like a
 * blank.
 */
export const nonBreaking = '\u00A0';

const nonBreakings = /[\u00A0\u2007\u202F]/g;
// Control characters, soft hyphen, joiners, direction marks, fillers, variation selectors, byte order mark, tags; as
// ranges.
const invisibleRanges = [
  ['\\u0000-\\u0008', '\\u000E-\\u001F', '\\u007F-\\u0084', '\\u0086-\\u009F', '\\u00AD', '\\u034F', '\\u061C'],
  ['\\u115F\\u1160', '\\u17B4\\u17B5', '\\u180B-\\u180F', '\\u200B-\\u200F', '\\u202A-\\u202E', '\\u2060-\\u206F'],
  ['\\u3164', '\\uFE00-\\uFE0F', '\\uFEFF', '\\uFFA0', '\\uFFF9-\\uFFFB', '\\u{E0000}-\\u{E0FFF}'],
];
const invisibles = new RegExp(`[${invisibleRanges.flat().join('')}]`, 'gu');
const lineEnds = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

const lineBreakTags = /<w?br[ \t]{0,4}\/?>/gi;
const entity = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g;
const named: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: nonBreaking,
  shy: '\u00AD',
  zwnj: '\u200C',
  zwj: '\u200D',
  lrm: '\u200E',
  rlm: '\u200F',
  period: '.',
  lowbar: '_',
  equals: '=',
  colon: ':',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  lsaquo: '‹',
  rsaquo: '›',
  hellip: '…',
  bull: '•',
  middot: '·',
  NewLine: '\n',
  Tab: '\t',
};

const codePoint = (value: number, otherwise: string): string =>
  value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : otherwise;

const decodeEntity = (whole: string, decimal?: string, hex?: string, name?: string): string => {
  if (decimal !== undefined) return codePoint(Number.parseInt(decimal, 10), whole);
  if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), whole);
  return name !== undefined && Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
};

const fromHex = (digits: string): string => Buffer.from(digits.replace(/[%=]/g, ''), 'hex').toString('utf8');

const percents = /(?:%[0-9A-Fa-f][0-9A-Fa-f])+/g;

const shellContinuations = /[\\^][ \t]*\n/g;
const escapedQuotes = /\\(["'/])/g;
const jsonEscapes = /\\(?:u([0-9a-fA-F]{4})|([nrt]))/g;
const jsonBlanks: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: '\t' };

// A soft break ends a full line (76 characters, RFC 2045 §6.7 rule 5). After a short line it may be `NAME=`, so the
// JWT
// reader checks again from inside.
const softBreaks = /^([^\n]{60,})=[ \t]*\n/gm;
const anySoftBreak = /=[ \t]*\n/;
const quotedBytes = /(?:=[0-9A-F][0-9A-F])+/g;
const jwtBytes = /=(?:2E|2D|5F|3D)/g;
const tellingBytes = /=(?:2E|2D|5F|3D|09|0A|0D|20|[C-F][0-9A-F]=[89AB][0-9A-F])/;
const strayEquals = /=(?![0-9A-F]{2}|[ \t]*\n|[ \t]*$)/;

/**
 * Decodes quoted-printable (RFC 2045 §6.7). `CLIENT_ID=AB…` is not an encoded byte: unless the whole text looks
 * quoted-printable, only bytes that can occur in a JWT and its label are decoded.
 */
function decodeQuotedPrintable(text: string): string {
  if (!text.includes('=')) return text;
  const throughout = anySoftBreak.test(text) || (tellingBytes.test(text) && !strayEquals.test(text));
  return text.replace(softBreaks, '$1').replace(throughout ? quotedBytes : jwtBytes, fromHex);
}

type Step = readonly [Repair | null, (text: string) => string];
const unchanged: Step = [null, (text) => text];
/**
 * From the outside in, as a mail program adds them: quoting, transport encoding, HTML, and the encoding of the text
 * itself.
 */
const steps: readonly Step[] = [
  [null, (text) => text.replace(lineEnds, '\n')],
  ['invisible_characters', (text) => text.replace(invisibles, '')],
  ['mail_quote', unquoteMail],
  ['quoted_printable', decodeQuotedPrintable],
  [null, (text) => text.replace(lineBreakTags, '\n')],
  ['html_entities', (text) => text.replace(entity, decodeEntity)],
  ['url_encoding', (text) => text.replace(percents, fromHex)],
  [null, (text) => text.replace(shellContinuations, ' ').replace(escapedQuotes, '$1')],
  [
    'json',
    (text) =>
      text.replace(jsonEscapes, (whole, hex?: string, blank?: string) =>
        hex === undefined ? (jsonBlanks[blank ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
  ],
];

/** The maximum number of layers to undo, because a text may be encoded in itself any number of times. */
const mostLayers = 16;

/**
 * Undoes what mail programs, web pages and shells do to a whole text: encodings, quote marks at line starts, invisible
 * characters. No step can change a JWT, whose characters are letters, digits, `-`, `_` and `.` (RFC 7515 §2, §7.1).
 * After each step the outermost one is tried again, because one encoding may contain another.
 *
 * @returns the text with line feeds as line ends and NBSP for all non-breaking blanks, and the repairs that were made
 */
export function decodePaste(paste: string): { text: string; repairs: Set<Repair> } {
  const repairs = new Set<Repair>();
  let text = paste;
  for (let at = 0, layers = 0; at < steps.length && layers < mostLayers;) {
    const [repair, undo] = steps[at] ?? unchanged;
    const undone = undo(text);
    at = undone === text ? at + 1 : 0;
    if (undone === text) continue;
    if (repair !== null) repairs.add(repair);
    layers += 1;
    text = undone;
  }
  const plain = text.replace(nonBreakings, nonBreaking);
  if (plain.includes(nonBreaking)) repairs.add('invisible_characters');
  return { text: plain, repairs };
}
