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

/** Every word is 40 % longer, rounded up: its first vowel is drawn out, so that no blank helps it to wrap. */
const longer = (word: string): string => {
  const accented = word.replace(/[a-z]/gi, (letter) => accents[letter] ?? letter);
  const extra = 'ö'.repeat(Math.ceil(word.length * 0.4));
  return accented.replace(/[áéíöüÿ]|$/i, (vowel) => vowel + extra);
};

/** Codes of programs among the texts: what a page does by them must stay. */
const codes = new Set(['lang', 'with']);

/** The strings a function was given, and those in what it was given. */
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

/** What is given to a text (names, times, addresses) stays as it is; the rest is drawn out and put in brackets. */
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

/** English as a language whose words are 40 % longer, with every text in brackets of its own. */
export const pseudoTexts: Texts = pseudo(english);

/** What stands outside every bracket, texts within texts included. */
export function outsideBrackets(text: string): string {
  const inner = text.replaceAll(/⟦[^⟦⟧]*⟧/g, '');
  return inner === text ? text : outsideBrackets(inner);
}
