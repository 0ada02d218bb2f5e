import type { World } from '../../platform/world.js';

export const CODES_AT_ONCE = 10;
const SYMBOLS_A_CODE = 12;
/** Crockford's base 32: without I, L, O and U, so that characters are not confused on paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ONE = new RegExp(`^[${alphabet}]{${SYMBOLS_A_CODE}}$`);

/**
 * Ten codes of 60 random bits each, as `XXXX-XXXX-XXXX`. With ten codes and at most 100 consecutive wrong attempts, a
 * guess succeeds with a probability below 2^-49. A copy of the database does not contain the key of the hashes.
 */
export const newRecoveryCodes = (world: Pick<World, 'randomBytes'>): string[] =>
  Array.from({ length: CODES_AT_ONCE }, () =>
    grouped([...world.randomBytes(SYMBOLS_A_CODE)].map((byte) => alphabet[byte & 31]).join('')),
  );

/**
 * Reads a code as people type it: any case, spaces and hyphens anywhere, O for 0, I and L for 1.
 *
 * @returns the original code, or undefined if the text cannot be a code
 */
export function readRecoveryCode(typed: string): string | undefined {
  const symbols = typed
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return ONE.test(symbols) ? grouped(symbols) : undefined;
}

const grouped = (symbols: string): string => symbols.replaceAll(/.{4}(?=.)/g, '$&-');
