import { commonPasswords, shortestUnit, weightOf, withoutCommonWords, withoutRuns } from './password-patterns.js';

export const SHORTEST_PASSWORD = 15;
/** Far above 128, so that a passphrase fits; a limit, so that no one sends a book. */
export const LONGEST_PASSWORD = 1000;

export type PasswordProblem = 'missing' | 'too_short' | 'too_long' | 'common' | 'guessable' | 'pattern';

/** Less than this is soon guessed: the weight of eight letters. */
const LEAST_WEIGHT = 8;

/**
 * NIST SP 800-63B-4 §3.1.1.2: checks the length, a list of common passwords, words that an attacker would try first
 * here, and patterns (repetition, runs of the alphabet, of digits or of the keyboard); has no rules about kinds of
 * characters. The password is used unchanged and checked as a whole; each code point counts as one character.
 *
 * @param words the email address, names and product names that alone do not make a password
 */
export function judgePassword(password: string, words: readonly string[]): PasswordProblem | undefined {
  if (password === '') return 'missing';
  if (isCommon(password)) return 'common';
  const length = countCodePoints(password);
  if (length < SHORTEST_PASSWORD) return 'too_short';
  if (length > LONGEST_PASSWORD) return 'too_long';
  return problemOfParts(password.toLowerCase(), words);
}

/**
 * On the list; or a listed password repeated, surrounded by digits and signs, or with digits and signs between its
 * letters.
 */
function isCommon(password: string): boolean {
  const folded = password.toLowerCase();
  const core = folded.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');
  const letters = folded.replace(/[^\p{L}]+/gu, '');
  const withDigits = folded.replace(/[^\p{L}\p{N}]+/gu, '');
  return [folded, ...[folded, core, letters, withDigits].map(shortestUnit)].some((text) => commonPasswords.has(text));
}

/** Whether too little is left to guess after known words, common words and runs are removed. */
function problemOfParts(folded: string, words: readonly string[]): PasswordProblem | undefined {
  const own = withoutWords(words, folded);
  const rare = withoutCommonWords(own);
  const left = withoutRuns(rare);
  const isLittle = left !== folded && weightOf(left) < LEAST_WEIGHT;
  if (own !== folded && (isLittle || lettersIn(own) < LEAST_WEIGHT)) return 'guessable';
  if (isLittle) return rare === own ? 'pattern' : 'common';
  return shortestUnit(folded).length * 2 <= folded.length ? 'pattern' : undefined;
}

/** Checks a password that a person chooses. */
export type PasswordJudge = (
  person: { id: string; email: string; name: string },
  password: string,
) => Promise<PasswordProblem | undefined>;

/** Uses the names of the product, of the person and of their tenants as words. */
export const passwordJudge =
  (productWords: readonly string[], tenantsOf: (personId: string) => Promise<{ name: string }[]>): PasswordJudge =>
  async ({ id, email, name }, password) => {
    const tenants = (await tenantsOf(id)).map((tenant) => tenant.name);
    return judgePassword(password, [...productWords, email, name, ...tenants]);
  };

function withoutWords(words: readonly string[], folded: string): string {
  const parts = words
    .flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= 3)
    .sort((a, b) => b.length - a.length);
  return parts.reduce((text, part) => text.replaceAll(part, ' '), folded);
}

const lettersIn = (text: string): number => countCodePoints(text.replace(/[^\p{L}]+/gu, ''));

/** Counts code points: every UTF-16 unit except the second half of a pair. */
const countCodePoints = (text: string): number =>
  text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g) ?? []).length;
