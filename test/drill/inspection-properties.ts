import { inspect } from 'node:util';
import fc from 'fast-check';
import { inspectAssertion, maxPasteBytes } from '../../src/credentials/inspect/inspect-assertion.js';
import { type Inspected, rejectionCodes } from '../../src/credentials/inspect/inspection-types.js';
import { allRepairs, type Repair } from '../../src/credentials/inspect/repairs.js';
import { anyText } from '../support/texts/any-text.js';
import { aHeader, encodeJson, someClaims, today, wrap } from '../support/assertions.js';

export type Property = { rule: string; check: () => void };

const read = (paste: string): Inspected => inspectAssertion(paste, { now: today, environment: 'production' });

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const head = `${encodeJson(aHeader)}.`;

/** A JWT shaped like a credential, derived from one number; cheap enough for a million of them. */
function jwtOf(seed: number): string {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const characters: string[] = [];
  for (let i = 0; i < 342; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    characters.push(alphabet.charAt(state >>> 26));
  }
  const claims = { ...someClaims, sub: String(10_000_000 + (seed % 900_000_000)) };
  return `${head}${encodeJson(claims)}.${characters.join('')}`;
}

type Disguise = { repair: Repair; put: (text: string, n: number) => string };
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
const sprinkle = (text: string, width: number, what: string): string => wrap(text, width, what);

const widths = [64, 72, 76] as const;
const invisible = ['\u200B', '\u200D', '\u2060', '\u00AD', '\uFEFF', '\u00A0', '\u202F', '\u202A'] as const;
/** Changes inside the JWT. */
const inner: readonly Disguise[] = [
  {
    repair: 'whitespace',
    put: (text, n) => wrap(text, pick(widths, n), pick(['\n', '\r\n', ' \n', '\n  ', '\n\n'], n >> 2)),
  },
  {
    repair: 'whitespace',
    put: (text, n) => sprinkle(text, 1 + (n % 40), pick([' ', '\t', '\u2003', '\u2028'], n >> 6)),
  },
  { repair: 'invisible_characters', put: (text, n) => sprinkle(text, 1 + (n % 90), pick(invisible, n >> 7)) },
  { repair: 'duplicate', put: (text, n) => `${text}${pick(['\n', ' ', ', ', '\r\n\r\n'], n)}${text}` },
];

const quotePairs = ['""', "''", '“”', '‘’', '«»', '‹›', '``', '„“', '””'] as const;
const sentences: readonly (readonly [string, string])[] = [
  ['Hello, our key is ', ', thanks!'],
  ['Here is the JWT for the clinic in the north, made today:\n\n', '\n\nThanks, Ana'],
  ['Use ', ' (made by Ana). It starts with eyJ and has two dots.'],
  ['It is the text that starts with eyJ: ', ''],
  ['¿Es esta? ', ' — Añá, clínica'],
];
/** Text put around the JWT. */
const wrappers: readonly Disguise[] = [
  { repair: 'quotes', put: (text, n) => `${pick(quotePairs, n).charAt(0)}${text}${pick(quotePairs, n).charAt(1)}` },
  {
    repair: 'bearer_prefix',
    put: (text, n) => `${pick(['Bearer ', 'bearer ', 'Authorization: Bearer ', 'BEARER\t'], n)}${text}`,
  },
  {
    repair: 'label',
    put: (text, n) => `${pick(['JWT: ', 'RINGCENTRAL_JWT=', 'export RC_JWT=', 'assertion=', 'key = '], n)}${text}`,
  },
  {
    repair: 'label',
    put: (text, n) => `grant_type=urn:example&assertion=${text}${pick(['', '&client_id=EXAMPLE'], n)}`,
  },
  {
    repair: 'json',
    put: (text, n) =>
      JSON.stringify(pick([{ jwt: text }, { a: { jwt: text } }, [text], { id: 7, jwt: text }], n), null, n % 3),
  },
  {
    repair: 'curl',
    put: (text, n) =>
      `curl -X POST ${pick(["-d 'assertion=", "--data-urlencode '", "-H 'X-Jwt: "], n)}${text}' \\\n  https://platform.ringcentral.com`,
  },
  { repair: 'code_fence', put: (text, n) => `\`\`\`${pick(['', 'text', 'sh'], n)}\n${text}\n\`\`\`` },
  { repair: 'angle_brackets', put: (text, n) => pick([`<${text}>`, `<code>${text}</code>`, `< ${text} >`], n) },
  { repair: 'trailing_punctuation', put: (text, n) => `${text}${pick(['.', ',', ';', '!', '?'], n)}` },
  { repair: 'surrounding_text', put: (text, n) => `${pick(sentences, n)[0]}${text}${pick(sentences, n)[1]}` },
];

const quotedPrintable = (text: string): string => {
  const bytes = Array.from(Buffer.from(text, 'utf8'), (byte) =>
    byte === 10 || (byte >= 32 && byte < 127 && byte !== 61)
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
  return bytes
    .split('\n')
    .map((line) => (line.match(/(?:=..|[^=]){1,73}/g) ?? ['']).join('=\r\n'))
    .join('\r\n');
};
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '.': '&#46;',
  _: '&#x5F;',
};
/** Changes to the whole text on its way. */
const outer: readonly Disguise[] = [
  {
    repair: 'mail_quote',
    put: (text, n) =>
      text
        .split(/\r?\n/)
        .map((line) => `${pick(['> ', '>', '>> ', '> > '], n)}${line}`)
        .join('\n'),
  },
  {
    repair: 'html_entities',
    put: (text) => text.replace(/[&<>"._]/g, (character) => entities[character] ?? character),
  },
  { repair: 'url_encoding', put: (text) => encodeURIComponent(text).replaceAll('.', '%2E') },
  { repair: 'quoted_printable', put: (text) => quotedPrintable(text.replaceAll('.', '=2E').replaceAll('=2E', '.')) },
  { repair: 'whitespace', put: (text, n) => `${pick(['', ' ', '\n'], n)}${text}\n` },
];

type Choice = { which: number; n: number };
const choices = (kinds: readonly Disguise[], most: number) =>
  fc.array(fc.record({ which: fc.nat(kinds.length - 1), n: fc.nat(4095) }), { maxLength: most });
const wear = (kinds: readonly Disguise[], text: string, chosen: readonly Choice[]): string => {
  const once = new Map(chosen.map((choice) => [choice.which, choice]));
  return Array.from(once.values()).reduce((worn, { which, n }) => kinds[which]!.put(worn, n), text);
};

const codes: readonly string[] = [...rejectionCodes, 'ok'];
const keys = 'outcome,code,repairs,warnings,expiresAt,environment,issuer,seenLength';
const isIn = (list: readonly string[]) => (one: string) => list.includes(one);

/**
 * Every value is one of a closed list, a time, a number or an issuer, so no value can contain a part of the secret.
 */
function expectClosed({ inspection, assertion }: Inspected): void {
  const { outcome, code, repairs, warnings, expiresAt, environment, issuer, seenLength } = inspection;
  const holds =
    new Set(Object.keys(inspection)).size === keys.split(',').length &&
    keys.split(',').every((key) => key in inspection) &&
    (outcome === 'ok') === (code === 'ok') &&
    (outcome === 'ok') === (assertion !== undefined) &&
    codes.includes(code) &&
    repairs.every(isIn(allRepairs)) &&
    repairs.every((repair, at) => at === 0 || allRepairs.indexOf(repair) > allRepairs.indexOf(repairs[at - 1]!)) &&
    warnings.every(isIn(['expires_soon', 'environment_differs'])) &&
    (expiresAt === null || (expiresAt instanceof Date && !Number.isNaN(expiresAt.getTime()))) &&
    [null, 'production', 'biz', 'sandbox'].includes(environment) &&
    (issuer === null || /^[!-~]{1,100}$/.test(issuer)) &&
    Number.isInteger(seenLength);
  if (!holds) throw new Error(`not as the contract says: ${JSON.stringify(inspection)}`);
}

const fragments = [
  'eyJ', 'eyJraWQiOi', '.', '..', '...', ' ', '\n', '> ', '=\n', '=2E', '%2E', '&#46;', '&lt;', '\\u002e', '\\', '"', "'", '`', '```\n', '{"jwt":"',
  '"}', '<', '>', 'Bearer ', 'JWT: ', 'assertion=', '&', '=', 'curl -d ', '•', '*', '…', '\u200B', '\u00A0', '\uFFFD', '\uD800', 'Thanks', 'é', '!',
  head, encodeJson(someClaims), encodeJson({ alg: 'none' }), encodeJson({ enc: 'A256GCM' }), 'U0pDMTFQMDFQQVMw', 'https://', 'EXAMPLEclientId_000001',
] as const; // prettier-ignore

/** All rules for pastes, each checked on its share of `runs` generated pastes. */
export function inspectionProperties(runs: number, seed = 20261121): Property[] {
  const holds = <T extends unknown[]>(rule: string, share: number, property: fc.IPropertyWithHooks<T>): Property => ({
    rule,
    check: () => fc.assert(property, { numRuns: Math.ceil(runs * share), seed, includeErrorInReport: true }),
  });
  return [
    holds(
      'any composition of disguises returns the JWT byte for byte, names the repairs and prints no part of it',
      0.4,
      fc.property(
        fc.nat(), choices(inner, 2), choices(wrappers, 3), fc.boolean(), choices(outer, 2), fc.nat(677),
        (number, first, second, wrapped, third, at) => {
          const jwt = jwtOf(number);
          const around = wear(wrappers, wear(inner, jwt, first), second);
          const paste = wear(outer, wrapped && !around.includes('\\') ? wrap(around, 76) : around, third);
          fc.pre(Buffer.byteLength(paste) <= maxPasteBytes);
          const inspected = read(paste);
          expectClosed(inspected);
          const same = inspected.assertion?.reveal() === jwt;
          if (!same) throw new Error(`${inspected.inspection.code} ${inspected.inspection.repairs.join()}: ${JSON.stringify(paste)}`);
          if (paste !== jwt && inspected.inspection.repairs.length === 0) throw new Error(`no repair told of ${JSON.stringify(paste)}`);
          if (`${inspect(inspected, { showHidden: false })}${JSON.stringify(inspected)}`.includes(jwt.slice(at, at + 8))) throw new Error('leaks');
          const again = read(jwt).inspection;
          if (again.code !== 'ok' || again.repairs.length > 0) throw new Error('not idempotent');
        },
      ), // prettier-ignore
    ),
    holds(
      'no text makes it throw or return an undocumented value',
      0.3,
      fc.property(
        fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...fragments) }, anyText({ maxLength: 6 })), {
          maxLength: 14,
        }),
        (parts) => {
          expectClosed(read(parts.join('')));
        },
      ),
    ),
    holds(
      'a truncated JWT is never accepted',
      0.1,
      fc.property(fc.nat(), fc.nat(681), fc.nat(40), (number, at, front) => {
        const jwt = jwtOf(number);
        for (const paste of [jwt.slice(0, at % jwt.length), jwt.slice(Math.max(1, front))]) {
          const inspected = read(paste);
          expectClosed(inspected);
          if (inspected.assertion !== undefined) throw new Error(`cut at ${at}`);
        }
        if (at > 3 && read(jwt.slice(0, at % jwt.length)).inspection.code !== 'truncated')
          throw new Error(`not truncated at ${at}`);
      }),
    ),
    holds(
      'an illegal character in a JWT is never ignored',
      0.1,
      fc.property(fc.nat(), fc.nat(681), fc.constantFrom(...Array.from('!#$@+~^|é\uFFFD')), (number, at, odd) => {
        const jwt = jwtOf(number);
        const inspected = read(jwt.slice(0, at) + odd + jwt.slice(at + 1));
        expectClosed(inspected);
        if (inspected.inspection.code !== 'illegal_characters')
          throw new Error(`${inspected.inspection.code} with ${odd} at ${at}`);
      }),
    ),
    holds(
      'two different JWTs are never guessed between',
      0.1,
      fc.property(
        fc.nat(),
        choices(inner, 1),
        choices(wrappers, 1),
        fc.constantFrom('', ' ', '\n', '\n\n', ' and '),
        (number, first, second, between) => {
          const one = wear(inner, jwtOf(number), first);
          const other = wear(inner, jwtOf(number + 1), first);
          const { code } = read(wear(wrappers, `${one}${between}${other}`, second)).inspection;
          if (code !== 'several_jwts') throw new Error(code);
        },
      ),
    ),
  ];
}
