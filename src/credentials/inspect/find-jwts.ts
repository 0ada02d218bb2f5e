import { nonBreaking } from './decode-paste.js';
import { isAddress } from './host-name.js';
import { beginsHeader, decodeObject, wholeSignatures } from './read-jwt.js';
import type { Repair } from './repairs.js';

/**
 * The text found where a JWT begins. `jwt` is joined without the gaps; if the JWT is damaged, it holds the part that
 * was readable.
 */
export type Candidate = {
  readonly start: number;
  readonly end: number;
  readonly jwt: string;
  readonly damage: 'masked' | 'illegal' | null;
  /** The kinds of gap that were skipped inside the JWT. */
  readonly gaps: ReadonlySet<Repair>;
};

const jwtCharacters = /[A-Za-z0-9_.-]*/y;
const partCharacters = /[A-Za-z0-9_-]+/y;
const lastTwoParts = /\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?!\.?[A-Za-z0-9_-])/y;
const gap = /\s*=[ \t]*\n\s*|\s+/y;
const beginning = /e(?:\s|=\n)*y(?:\s|=\n)*J/g;
const masks = '•●∙⋅·*＊∗×…⋯█▓▒░▪■□○◦⚫\u2B24\u25C9';

const maskAhead = new RegExp(`^(?:[${masks}]{2}|…|\\.{3})`, 'u');

const isJwtCharacter = (character: string | undefined): boolean =>
  character !== undefined && /^[A-Za-z0-9_-]$/.test(character);
export const isMask = (character: string | undefined): boolean => character !== undefined && masks.includes(character);

const matchAt = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
};

/** Whether a JOSE header begins here, with or without gaps in it. */
const headerBeginsAt = (text: string, at: number): boolean =>
  text[at] === 'e' && beginsHeader(text.slice(at, at + 40).replace(/[\s=]/g, ''));

/** The position of the next JWT if it is glued to this one; -1 if there is none. */
function headerWithin(text: string, from: number, to: number): number {
  for (let at = text.indexOf('e', from); at !== -1 && at < to; at = text.indexOf('e', at + 1)) {
    if (headerBeginsAt(text, at)) return at;
  }
  return -1;
}

/** Reads one candidate from its first character. The JWT's own header determines where it ends. */
class Reader {
  #at: number;
  #jwt = '';
  #end: number;
  #dots = 0;
  #part = '';
  #lengths: readonly number[] = [];
  #fiveParts = false;
  #damage: Candidate['damage'] = null;
  readonly #gaps = new Set<Repair>();

  constructor(
    private readonly text: string,
    private readonly start: number,
  ) {
    this.#at = start;
    this.#end = start;
  }

  read(): Candidate {
    while (this.#step());
    return { start: this.start, end: this.#end, jwt: this.#jwt, damage: this.#damage, gaps: this.#gaps };
  }

  /** Whether header, payload and a signature of the right length for its `alg` have been read. */
  get #whole(): boolean {
    return this.#dots === 2 && this.#lengths.includes(this.#part.length);
  }

  #step(): boolean {
    const character = this.text[this.#at];
    if (character === undefined) return false;
    const run = matchAt(partCharacters, this.text, this.#at);
    if (run !== '') return this.#take(run);
    if (character === '.') return this.#dot();
    if (isMask(character)) return this.#masked();
    const between = matchAt(gap, this.text, this.#at);
    if (between !== '') return this.#cross(between);
    return this.#foreign();
  }

  #take(run: string): boolean {
    const glued = this.#dots < 2 ? -1 : headerWithin(this.text, this.#at, this.#at + run.length);
    const taken = glued === -1 ? run : this.text.slice(this.#at, glued);
    this.#jwt += taken;
    this.#part += taken;
    this.#at += taken.length;
    if (taken !== '') this.#end = this.#at;
    return glued === -1;
  }

  #dot(): boolean {
    const dots = matchAt(/\.+/y, this.text, this.#at).length;
    if (dots >= 3) return this.#masked();
    if (this.#dots === 2 && !this.#goesOnAsJwe()) return false; // the end of a sentence
    if (this.#dots >= 4 || (this.#dots > 2 && dots > 1)) return false;
    if (this.#dots === 0) this.#readHeader();
    this.#jwt += '.';
    this.#dots += 1;
    this.#part = '';
    this.#at += 1;
    this.#end = this.#at;
    return true;
  }

  #readHeader(): void {
    const header = decodeObject(this.#part);
    this.#lengths = wholeSignatures(header?.['alg']);
    this.#fiveParts = header?.['enc'] !== undefined;
  }

  /** A JWE in compact serialization has five parts (RFC 7516 §7.1); its last three are not empty. */
  #goesOnAsJwe(): boolean {
    if (this.#fiveParts) return true;
    return matchAt(lastTwoParts, this.text, this.#at) !== '' && !headerBeginsAt(this.text, this.#at + 1);
  }

  #masked(): boolean {
    const emphasis = matchAt(/\*{1,3}(?!\*)/y, this.text, this.#at);
    if (this.#whole && emphasis !== '' && this.text.slice(0, this.start).endsWith(emphasis)) return false;
    this.#damage = 'masked';
    this.#at += matchAt(/\S*/y, this.text, this.#at).length;
    this.#end = this.#at;
    return false;
  }

  #cross(between: string): boolean {
    const next = this.#at + between.length;
    if (this.#whole) return false;
    if (maskAhead.test(this.text.slice(next, next + 3))) {
      this.#at = next;
      return this.#masked();
    }
    if (!this.#continuesAt(next)) return false;
    if (between.includes('=')) this.#gaps.add('quoted_printable');
    else if (/[^\u00A0]/.test(between)) this.#gaps.add('whitespace');
    else if (between.includes(nonBreaking)) this.#gaps.add('invisible_characters');
    this.#at = next;
    return true;
  }

  #continuesAt(next: number): boolean {
    const run = matchAt(jwtCharacters, this.text, next);
    if (run === '') return false;
    if (headerBeginsAt(this.text, next) && (this.#dots !== 1 || this.#part !== '')) return false;
    if (this.#dots < 2 || this.#fiveParts) return true;
    const length = this.#part.length + (run.split('.')[0] ?? '').length;
    const smallest = this.#lengths[0] ?? 0;
    // Beyond the usual length, only the signature of a longer key continues, and it continues in long lines, not in
    // words.
    return length <= smallest || (run.length >= 20 && this.#lengths.some((whole) => length <= whole));
  }

  /** Handles a character that no JWT contains: either the end of this JWT or damage in the middle of it. */
  #foreign(): boolean {
    if (this.#whole) return false;
    const odd = matchAt(/[^\sA-Za-z0-9_.-]{1,3}/y, this.text, this.#at);
    const next = this.#at + odd.length;
    const run = matchAt(jwtCharacters, this.text, next);
    if (!this.#isInside(odd, run, next)) return false;
    this.#damage = 'illegal';
    this.#jwt += odd;
    this.#part += odd;
    this.#at = next;
    this.#end = next;
    return true;
  }

  #isInside(odd: string, run: string, next: number): boolean {
    const inSignature = this.#dots === 2;
    const length = this.#part.length + (run.split('.')[0] ?? '').length;
    const fits = inSignature && (this.#lengths.includes(length) || this.#lengths.includes(length + odd.length));
    if (/^["'`’”].+/.test(odd)) return false; // a closing quote and the text after it
    if (run === '') return fits && !/["'`’”»›<>)\]},&\\]/.test(odd);
    if (headerBeginsAt(this.text, next)) return false;
    if (/^[&;,?]$/.test(odd) && /^\w{1,40}=/.test(this.text.slice(next, next + 41))) return false;
    return fits || run.length >= 16 || (this.#dots < 2 && run.includes('.'));
  }
}

/** Where the first part begins, if the `eyJ` at `at` is a payload after a header that begins differently. */
function startOf(text: string, at: number, from: number): number | null {
  if (at > from && isJwtCharacter(text[at - 1])) return headerBeginsAt(text, at) ? at : null; // otherwise a coincidence
  if (text[at - 1] !== '.' || headerBeginsAt(text, at)) return at;
  let header = at - 1;
  while (header > from && isJwtCharacter(text[header - 1])) header -= 1;
  return header < at - 1 && text[header - 1] !== '.' ? header : at;
}

/** Whether a candidate is more than the letters `eyJ`: its header must be readable. */
const isSolid = ({ jwt }: Candidate): boolean => decodeObject(jwt.split('.')[0] ?? '') !== null;

/** An odd character before something that is not the beginning of a header replaced the header's first letters. */
function spoiltInFront(text: string, candidate: Candidate): Candidate {
  const odd = /[^\s\w.:=&?"'`´‘’“”«»‹›<>()[\]{},;/-]$/.test(text.slice(0, candidate.start).slice(-1));
  return odd && !isSolid(candidate) && !candidate.jwt.startsWith('eyJ')
    ? { ...candidate, damage: 'illegal' }
    : candidate;
}

/** Finds a text of three parts that does not begin like a JWT: the longest one if it is long, or the whole text. */
function findOtherParts(text: string): Candidate | null {
  let best: { start: number; length: number } | null = null;
  for (const { 0: run, index } of text.matchAll(/[A-Za-z0-9_.-]+/g)) {
    const parts = run.replace(/\.$/, '').split('.');
    const partsOfJwt = (parts.length === 3 || parts.length === 5) && parts.every((part) => part !== '');
    const endOfJwt = parts.length === 2 && (parts[1]?.length ?? 0) >= 300;
    const long = run.length >= 40 || run === text.trim();
    if ((partsOfJwt || endOfJwt) && long && !isAddress(run) && run.length > (best?.length ?? 0))
      best = { start: index, length: run.length };
  }
  return best === null ? null : new Reader(text, best.start).read();
}

/**
 * Returns the JWTs in a decoded text, in order. Takes time linear in the text. The length that the `alg` gives the
 * signature separates a gap inside a JWT from its end, so words after a wrapped JWT are not read as its last line.
 */
export function findJwts(text: string): Candidate[] {
  const candidates: Candidate[] = [];
  let from = 0;
  beginning.lastIndex = 0;
  for (let match = beginning.exec(text); match !== null; match = beginning.exec(text)) {
    const start = startOf(text, match.index, from);
    if (start === null) continue;
    if (match[0] !== 'eyJ' && !headerBeginsAt(text, match.index)) continue; // an ordinary word
    const candidate = spoiltInFront(text, new Reader(text, start).read());
    candidates.push(candidate);
    from = Math.max(candidate.end, match.index + 3);
    beginning.lastIndex = from;
  }
  const solid = candidates.filter(isSolid);
  if (solid.length > 0) return solid;
  const longest = candidates.reduce<Candidate | null>(
    (best, one) => (one.jwt.length > (best?.jwt.length ?? 0) ? one : best),
    null,
  );
  const found = longest ?? findOtherParts(text);
  return found === null ? [] : [found];
}
