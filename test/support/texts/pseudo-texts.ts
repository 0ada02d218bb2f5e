import { english, type Texts } from '../../../src/texts/texts.js';

const accents: Record<string, string> = {
  a: 'á',
  c: 'ç',
  e: 'é',
  i: 'í',
  n: 'ñ',
  o: 'ö',
  u: 'ü',
  y: 'ÿ',
  A: 'Á',
  C: 'Ç',
  E: 'É',
  I: 'Í',
  N: 'Ñ',
  O: 'Ö',
  U: 'Ü',
};

/** Makes a word 40 % longer, rounded up, by repeating its first vowel, so that no space helps it to wrap. */
const longer = (word: string): string => {
  const accented = word.replace(/[a-z]/gi, (letter) => accents[letter] ?? letter);
  const extra = 'ö'.repeat(Math.ceil(word.length * 0.4));
  return accented.replace(/[áéíöüÿ]|$/i, (vowel) => vowel + extra);
};

/** Codes for programs among the texts, which must not change because pages depend on them. */
const codes = new Set(['lang', 'with']);

/** All strings in the arguments of a function. */
const stringsIn = (given: unknown): string[] =>
  typeof given === 'string'
    ? [given]
    : typeof given === 'object' && given !== null
      ? Object.values(given).flatMap(stringsIn)
      : [];

function disguise(text: string, data: string[]): string {
  if (text === '') return '';
  const longestFirst = data.filter((it) => it !== '').sort((a, b) => b.length - a.length);
  const found = longestFirst.find((it) => text.includes(it));
  if (found === undefined) return text.replaceAll(/[a-z]+/gi, longer);
  return text
    .split(found)
    .map((part) => disguise(part, longestFirst))
    .join(found);
}

/** Arguments of a text (names, times, addresses) stay unchanged; the rest is made longer and put in brackets. */
function pseudo<T>(value: T, data: string[] = []): T {
  if (typeof value === 'string') return (value === '' ? '' : `⟦${disguise(value, data)}⟧`) as T;
  if (typeof value === 'function')
    return ((...given: unknown[]) =>
      pseudo((value as unknown as (...all: unknown[]) => unknown)(...given), given.flatMap(stringsIn))) as T;
  if (Array.isArray(value)) return value.map((it: unknown) => pseudo(it, data)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [
    key,
    codes.has(key) ? inner : pseudo(inner, data),
  ]);
  return Object.fromEntries(entries) as T;
}

/** English with words 40 % longer and every text in brackets. */
export const pseudoTexts: Texts = pseudo(english);

/** The text outside all brackets, including nested ones. */
export function outsideBrackets(text: string): string {
  const inner = text.replaceAll(/⟦[^⟦⟧]*⟧/g, '');
  return inner === text ? text : outsideBrackets(inner);
}
