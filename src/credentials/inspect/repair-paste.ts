import { decodePaste } from './decode-paste.js';
import { type Candidate, findJwts, isMask } from './find-jwts.js';
import { peelPaste } from './peel-paste.js';
import type { Repair } from './repairs.js';

/** The result of searching a paste. */
export type RepairedPaste = {
  /**
   * None, one, or several different JWTs. Each equals the original byte for byte, unless a single one has `damage`.
   */
  readonly jwts: readonly string[];
  readonly damage: Candidate['damage'];
  /** The decoded text, for identifying a paste that is not a JWT. */
  readonly text: string;
  readonly repairs: ReadonlySet<Repair>;
};

/** If one JWT is the beginning of another, only the longer one is meant. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const longestFirst = [...candidates].sort((a, b) => b.jwt.length - a.jwt.length);
  const different: Candidate[] = [];
  for (const candidate of longestFirst) {
    if (!different.some(({ jwt }) => jwt.startsWith(candidate.jwt))) different.push(candidate);
  }
  return different;
}

const hasWords = /[\p{L}\p{N}]/u;

/** Peels the text around all JWTs and between them. */
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

const isAllMasks = (text: string): boolean => {
  const shown = text.replace(/\s/g, '');
  return shown.length >= 3 && Array.from(shown).every((character) => isMask(character));
};

/**
 * Finds the JWT in a paste and removes everything that is not part of it.
 * Nothing is guessed: two different JWTs stay `several`, and a character that no JWT contains stays `illegal`.
 * Look-alike characters (full-width letters, typographic hyphens) are not converted, because the original is unknown.
 *
 * @param paste at most 16,384 bytes; takes time linear in it
 */
export function repairPaste(paste: string): RepairedPaste {
  const { text, repairs } = decodePaste(paste);
  const candidates = findJwts(text);
  const different = distinct(candidates);
  const masks = candidates.length === 0 && isAllMasks(text);
  peelAll(text, candidates).forEach((repair) => repairs.add(repair));
  different[0]?.gaps.forEach((repair) => repairs.add(repair));
  if (different.length === 1 && candidates.length > 1) repairs.add('duplicate');
  return {
    jwts: masks ? [''] : different.map(({ jwt }) => jwt),
    damage: masks ? 'masked' : (different[0]?.damage ?? null),
    text,
    repairs,
  };
}
