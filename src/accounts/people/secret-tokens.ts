import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { World } from '../../platform/world.js';

/** 32 random bytes, base64url: for links and cookies that are as good as a key. */
export const newToken = (world: Pick<World, 'randomBytes'>): string => world.randomBytes(32).toString('base64url');

/** What is stored instead of such a token. It has 256 random bits, so a plain SHA-256 cannot be searched. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Tells a token of ours from anything else in its place, before it costs a query. */
export const looksLikeToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/**
 * Hashes under a key of its own, derived (RFC 5869) from a key of 32 bytes: for what has too few random bits for a plain
 * hash, or must not be told from outside. Whoever has only the database cannot search for it.
 *
 * @param purpose no two uses share one
 */
export function keyedHash(key: Buffer, purpose: string): (...parts: string[]) => string {
  const derived = Buffer.from(hkdfSync('sha256', key, '', `latchkey ${purpose}`, 32));
  return (...parts) => createHmac('sha256', derived).update(JSON.stringify(parts)).digest('base64url');
}
