import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { World } from '../../platform/world.js';

/** 32 random bytes in base64url, for links and cookies that grant access by themselves. */
export const newToken = (world: Pick<World, 'randomBytes'>): string => world.randomBytes(32).toString('base64url');

/** The stored form of such a token. It has 256 random bits, so a plain SHA-256 cannot be reversed by search. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Rejects anything that cannot be one of our tokens before it costs a query. */
export const looksLikeToken = (text: string): text is string => /^[A-Za-z0-9_-]{43}$/.test(text);

/**
 * Hashes with a key derived (RFC 5869) from a 32-byte key. For values that have too few random bits for a plain hash
 * or must not be guessable from outside. A copy of the database alone does not allow a search.
 *
 * @param purpose must be unique for each use
 */
export function keyedHash(key: Buffer, purpose: string): (...parts: string[]) => string {
  const derived = Buffer.from(hkdfSync('sha256', key, '', `latchkey ${purpose}`, 32));
  return (...parts) => createHmac('sha256', derived).update(JSON.stringify(parts)).digest('base64url');
}
