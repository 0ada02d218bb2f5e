import languageCommon from '@zxcvbn-ts/language-common';

/** In order of use: the first ones are the most common. */
const ranked = languageCommon.dictionary['passwords-common'];
export const commonPasswords: ReadonlySet<string> = new Set(ranked);
/** Words that a guesser combines before others. Longer lists hold words that make good passphrases. */
const commonWords: ReadonlySet<string> = new Set(ranked.slice(0, 300).filter((word) => /^\p{L}{4,}$/u.test(word)));

/** Orders that people type without thinking: alphabet, digits, rows and columns of keyboards. */
const orders = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  ...['qwertyuiop', 'asdfghjklñ', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn'],
  ...['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik', '9ol'],
  '!@#$%^&*()',
];
/** For each order and direction: the pairs of characters that follow each other. */
const following: readonly ReadonlySet<string>[] = orders
  .flatMap((order) => [Array.from(order), Array.from(order).reverse()])
  .map((order) => new Set(order.slice(1).map((next, index) => `${order[index] ?? ''}${next}`)));

/** Shorter ones are parts of many words, such as `er` of "paper". */
const SHORTEST_RUN = 3;

/** Removes runs: at least three times the same character, or three that follow each other in one common order. */
export function withoutRuns(text: string): string {
  const characters = Array.from(text);
  const runFrom = (start: number, goesOn: (pair: string) => boolean): number => {
    let end = start + 1;
    while (end < characters.length && goesOn(`${characters[end - 1] ?? ''}${characters[end] ?? ''}`)) end += 1;
    return end - start;
  };
  let left = '';
  for (let at = 0; at < characters.length;) {
    const same = (characters[at] ?? '').repeat(2);
    const runs = [(pair: string) => pair === same, ...following.map((pairs) => (pair: string) => pairs.has(pair))];
    const longest = Math.max(...runs.map((goesOn) => runFrom(at, goesOn)));
    left += longest >= SHORTEST_RUN ? ' ' : (characters[at] ?? '');
    at += longest >= SHORTEST_RUN ? longest : 1;
  }
  return left;
}

/** Removes common words that stand alone, with or without digits at their ends. */
export const withoutCommonWords = (text: string): string =>
  text.replace(/[\p{L}\p{N}]+/gu, (part) => (commonWords.has(part.replace(/\p{N}/gu, '')) ? ' ' : part));

/** 'abcabcab' → 'abc'. Linear (the failure function of Knuth, Morris and Pratt). */
export function shortestUnit(text: string): string {
  const borders = [0];
  for (let i = 1, k = 0; i < text.length; i += 1) {
    while (k > 0 && text[i] !== text[k]) k = borders[k - 1] ?? 0;
    if (text[i] === text[k]) k += 1;
    borders.push(k);
  }
  return text.slice(0, text.length - (borders[text.length - 1] ?? 0));
}

/** How much is left to guess: a letter counts one; a digit, and each different sign, counts half. */
export function weightOf(text: string): number {
  const characters = Array.from(text).filter((character) => !/\s/u.test(character));
  const letters = characters.filter((character) => /\p{L}/u.test(character));
  const digits = characters.filter((character) => /\p{N}/u.test(character));
  const signs = new Set(characters.filter((character) => !/[\p{L}\p{N}]/u.test(character)));
  return letters.length + (digits.length + signs.size) / 2;
}
