import { decodePaste } from './decode-paste.js';
import { type Candidate, findJwts, isMask } from './find-jwts.js';
import { peelPaste } from './peel-paste.js';
import type { Repair } from './repairs.js';

/** What a paste turned out to hold. */
export type RepairedPaste = {
  /** None, one, or several different ones; each the original byte for byte, unless there is `damage` in the one. */
  readonly jwts: readonly string[];
  readonly damage: Candidate['damage'];
  /** The text with its encodings undone, and the token that it wraps: both to tell what else it is. */
  readonly text: string;
  readonly core: string;
  readonly repairs: ReadonlySet<Repair>;
};

/** Of JWTs of which one is the beginning of the other only one can be meant: the whole one. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const longestFirst = [...candidates].sort((a, b) => b.jwt.length - a.jwt.length);
  const different: Candidate[] = [];
  for (const candidate of longestFirst) {
    if (!different.some(({ jwt }) => jwt.startsWith(candidate.jwt))) different.push(candidate);
  }
  return different;
}

const hasWords = /[\p{L}\p{N}]/u;

/** What stands around all of them, and between one and the next. */
function peelAll(text: string, candidates: readonly Candidate[]): Set<Repair> {
  const first = candidates[0];
  const last = candidates.at(-1);
  if (first === undefined || last === undefined) return new Set();
  const repairs = peelPaste(text.slice(0, first.start), text.slice(last.end));
  candidates.slice(1).forEach((candidate, index) => {
    const between = text.slice(candidates[index]?.end ?? 0, candidate.start);
    const words = between.search(hasWords);
    if (words !== -1) peelPaste(between.slice(words), '').forEach((repair) => repairs.add(repair));
  });
  return repairs;
}

/** The longest run of characters that ids and tokens are made of, and whether it is all there is besides wrapping. */
function readCore(text: string): { core: string; repairs: Set<Repair> } {
  let core = { run: '', index: 0 };
  for (const { 0: run, index } of text.matchAll(/[A-Za-z0-9_-]+/g))
    if (run.length > core.run.length) core = { run, index };
  const repairs = peelPaste(text.slice(0, core.index), text.slice(core.index + core.run.length));
  return repairs.has('surrounding_text') ? { core: '', repairs: new Set() } : { core: core.run, repairs };
}

const isAllMasks = (text: string): boolean => {
  const shown = text.replace(/\s/g, '');
  return shown.length >= 3 && Array.from(shown).every((character) => isMask(character));
};

/**
 * Finds the JWT in a paste and takes off everything that is not part of it.
 * Nothing is guessed: two different JWTs stay `several`, a character that no JWT has stays `illegal`. Look-alikes
 * (full-width letters, typographic hyphens) are not translated back, since an editor's change cannot be known.
 *
 * @param paste at most 16,384 bytes; the time taken is linear in it
 */
export function repairPaste(paste: string): RepairedPaste {
  const { text: decoded, repairs } = decodePaste(paste);
  const text = decoded.trim();
  const candidates = findJwts(decoded);
  const different = distinct(candidates);
  const masks = candidates.length === 0 && isAllMasks(text);
  const { core, repairs: around } =
    candidates.length === 0 ? readCore(decoded) : { core: '', repairs: peelAll(decoded, candidates) };
  around.forEach((repair) => repairs.add(repair));
  different[0]?.gaps.forEach((repair) => repairs.add(repair));
  if (different.length === 1 && candidates.length > 1) repairs.add('duplicate');
  return {
    jwts: masks ? [''] : different.map(({ jwt }) => jwt),
    damage: masks ? 'masked' : (different[0]?.damage ?? null),
    text,
    core,
    repairs,
  };
}
