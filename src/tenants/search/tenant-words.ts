/** Longer words are cut, because PostgreSQL cannot index a text of several thousand bytes. */
const LONGEST_WORD = 64;

/** Letters that Unicode does not decompose, as people type them without their key. */
const plain: Record<string, string> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ł: 'l',
  þ: 'th',
  // What lower case makes of the last sigma of a word, which a prefix would end with too early.
  ς: 'σ',
};

/** Without upper case, accents and what cannot be seen. The migration that fills the table has a copy. */
function folded(text: string): string {
  // Upper case makes SS of ß, and I of ı; ẞ must be ß before.
  const oneCase = text.normalize('NFKD').toLowerCase().toUpperCase().toLowerCase().normalize('NFKD');
  return oneCase
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\p{M}\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[æœøđðħłþς]/gu, (letter) => plain[letter] ?? letter);
}

const chunksOf = (text: string): string[] =>
  folded(text)
    .split(/\s+/u)
    .filter((chunk) => chunk !== '');

const partsOf = (chunk: string): string[] => chunk.split(/\p{P}+/u).filter((part) => part !== '');
const cut = (word: string): string => Array.from(word).slice(0, LONGEST_WORD).join('');

/**
 * The words by whose beginning a text is found. "St. Mary-North" has `st`, `marynorth` and `north`: it is found by
 * "mary", "mary-north", "north", and also by "marynorth".
 */
export function wordsOf(...texts: readonly string[]): string[] {
  const words = texts.flatMap(chunksOf).flatMap((chunk) => {
    const parts = partsOf(chunk);
    return parts.length === 0 ? [chunk] : parts.map((_part, index) => parts.slice(index).join(''));
  });
  return [...new Set(words.map(cut))];
}

/**
 * What must be the beginning of some word, each of it, for a clinic to match what a person typed; the longest first.
 * Empty if nothing that could be found was typed.
 */
export function termsOf(typed: string): string[] {
  const terms = new Set(chunksOf(typed).map((chunk) => cut(partsOf(chunk).join('') || chunk)));
  // What begins with "river" begins with "riv" too.
  const needed = [...terms].filter((term) => ![...terms].some((other) => other !== term && other.startsWith(term)));
  return needed.sort((a, b) => b.length - a.length);
}
