import languageCommon from '@zxcvbn-ts/language-common';

export const SHORTEST_PASSWORD = 15;
/** Far above 128, so that a passphrase fits; a limit, so that no one sends a book. */
export const LONGEST_PASSWORD = 1000;

export type PasswordProblem = 'missing' | 'too_short' | 'too_long' | 'common' | 'guessable';

const common: ReadonlySet<string> = new Set(languageCommon.dictionary['passwords-common']);

/**
 * NIST SP 800-63B-4 §3.1.1.2: checks the length, a list of common passwords, and words that an attacker would try
 * first here; has no rules about kinds of characters. The password is used unchanged and checked as a whole; each code
 * point counts as one character.
 *
 * @param words the email address, names and product names that alone do not make a password
 */
export function judgePassword(password: string, words: readonly string[]): PasswordProblem | undefined {
  if (password === '') return 'missing';
  if (isCommon(password)) return 'common';
  const length = countCodePoints(password);
  if (length < SHORTEST_PASSWORD) return 'too_short';
  if (length > LONGEST_PASSWORD) return 'too_long';
  return madeOf(words, password) ? 'guessable' : undefined;
}

/** On the list; or a listed password repeated; or a listed password surrounded only by digits and signs. */
function isCommon(password: string): boolean {
  const folded = password.toLowerCase();
  const core = folded.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');
  return [folded, shortestUnit(folded), shortestUnit(core)].some((text) => common.has(text));
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

/** 'abcabcab' → 'abc'. Linear (the failure function of Knuth, Morris and Pratt). */
function shortestUnit(text: string): string {
  const borders = [0];
  for (let i = 1, k = 0; i < text.length; i += 1) {
    while (k > 0 && text[i] !== text[k]) k = borders[k - 1] ?? 0;
    if (text[i] === text[k]) k += 1;
    borders.push(k);
  }
  return text.slice(0, text.length - (borders[text.length - 1] ?? 0));
}

/** Whether fewer than eight letters remain after the known words are removed. */
function madeOf(words: readonly string[], password: string): boolean {
  const parts = words
    .flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= 3)
    .sort((a, b) => b.length - a.length);
  const folded = password.toLowerCase();
  const left = parts.reduce((text, part) => text.replaceAll(part, ' '), folded);
  return left !== folded && countCodePoints(left.replace(/[^\p{L}]+/gu, '')) < 8;
}

/** Counts code points: every UTF-16 unit except the second half of a pair. */
const countCodePoints = (text: string): number =>
  text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g) ?? []).length;
