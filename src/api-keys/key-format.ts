import { hash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Secret } from '../platform/secret.js';
import type { World } from '../platform/world.js';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_LENGTH = 10;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
/** Bytes from here on would make the first digits more likely than the others. */
const FIRST_BIASED_BYTE = 256 - (256 % base62.length);

/** The form of every key, as docs/operations.md publishes it for secret scanners. */
const keyPattern = /^lky_([0-9A-Za-z]{10})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;
const idPattern = /^[0-9A-Za-z]{10}$/;

/** Random base62 digits, each equally likely. */
function randomDigits(world: Pick<World, 'randomBytes'>, length: number): string {
  let digits = '';
  while (digits.length < length)
    for (const byte of world.randomBytes(length))
      if (byte < FIRST_BIASED_BYTE && digits.length < length) digits += base62.charAt(byte % base62.length);
  return digits;
}

/** CRC-32 of all that is before it, in base62. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = base62.charAt(rest % base62.length) + digits;
    rest = Math.floor(rest / base62.length);
  }
  return digits;
}

/** The public part of a key that will be made. */
export const newKeyId = (world: Pick<World, 'randomBytes'>): string => randomDigits(world, PUBLIC_LENGTH);

export const looksLikeKeyId = (text: string): boolean => idPattern.test(text);

/** A new key with this public part, and what is stored of it. */
export function newKey(id: string, world: Pick<World, 'randomBytes'>): { key: Secret; secretHash: string } {
  const secret = randomDigits(world, SECRET_LENGTH);
  const text = `lky_${id}_${secret}`;
  return { key: new Secret(text + checksumOf(text)), secretHash: hashOfSecret(secret) };
}

/** @returns the parts of a key; undefined for a text that has another form or a wrong checksum */
export function readKey(text: string): { id: string; secret: string } | undefined {
  const [, id, secret, checksum] = keyPattern.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return checksum === checksumOf(text.slice(0, -CHECKSUM_LENGTH)) ? { id, secret } : undefined;
}

/** The secret has 190 random bits, so a plain SHA-256 cannot be reversed by search. */
const hashOfSecret = (secret: string): string => hash('sha256', secret, 'base64url');

/** Compares in constant time. */
export const hasHash = (secret: string, storedHash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOfSecret(secret)), Buffer.from(storedHash));
