import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasHash, newKey, newKeyId, readKey } from '../../src/api-keys/key-format.js';
import { realWorld } from '../../src/platform/world.js';
import { root } from '../views/render.js';

const aKey = () => {
  const id = newKeyId(realWorld);
  const { key, secretHash } = newKey(id, realWorld);
  return { id, text: key.reveal(), secretHash };
};

/** As an operator copies it into a secret scanner. */
function publishedPattern(): RegExp {
  const [, pattern = ''] = /`(lky_[^`]+)`/.exec(readFileSync(join(root, 'docs/operations.md'), 'utf8')) ?? [];
  return new RegExp(`^${pattern}$`);
}

describe('the format of an API key', () => {
  it('SEC-37: every key matches the published regular expression, has at most 255 characters, and is read back', () => {
    const published = publishedPattern();
    const ids = new Set<string>();
    for (let n = 0; n < 5000; n += 1) {
      const { id, text, secretHash } = aKey();
      expect(text).toMatch(published);
      expect(text).toHaveLength(53);
      const read = readKey(text);
      expect(read?.id).toBe(id);
      expect(hasHash(read?.secret ?? '', secretHash)).toBe(true);
      ids.add(text);
    }
    expect(ids.size).toBe(5000);
  });

  it('the checksum is the CRC-32 of all that is before it, in base62', () => {
    // Computed with Python's zlib.crc32: 0xc8c01327, 0xf147e762 and 0xd44bba77.
    for (const [id, secret, checksum] of [
      ['AAAAAAAAAA', 'B'.repeat(32), '3fvuit'],
      ['0123456789', '0123456789abcdefghijklmnopqrstuv', '4Px5Gs'],
      ['zzzzzzzzzz', 'z'.repeat(32), '3t2fO3'],
    ] as const) {
      expect(readKey(`lky_${id}_${secret}${checksum}`)).toEqual({ id, secret });
      expect(readKey(`lky_${id}_${secret}${checksum.split('').reverse().join('')}`)).toBeUndefined();
    }
  });

  it('a key in which any character was changed, left out or added is no key', () => {
    const { text } = aKey();
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'x' ? 'y' : 'x';
      expect(readKey(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
      expect(readKey(text.slice(0, at) + text.slice(at + 1))).toBeUndefined();
      expect(readKey(`${text.slice(0, at)}x${text.slice(at)}`)).toBeUndefined();
    }
    for (const odd of ['', 'lky_', ` ${text}`, `${text}\n`, text.toLowerCase(), text.replace('lky_', 'LKY_')])
      expect(odd === text ? undefined : readKey(odd)).toBeUndefined();
  });

  it('each digit is equally likely: the bytes that would make some of them more likely are skipped', () => {
    // Every byte once: 248 of them give each of the 62 digits four times, and 8 are skipped.
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    let at = 0;
    const randomBytes = (size: number) => {
      const given = Buffer.from(Array.from({ length: size }, (_, n) => bytes[(at + n) % 256] ?? 0));
      at += size;
      return given;
    };
    const counts = new Map<string, number>();
    // 248 digits and more, ten at a time.
    for (let n = 0; n < 62 * 4; n += 1)
      for (const digit of newKeyId({ randomBytes })) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect(counts.size).toBe(62);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(2);
  });

  it('SEC-35: what is stored is not the secret, and another secret does not match it', () => {
    const { text, secretHash } = aKey();
    expect(text).not.toContain(secretHash);
    expect(hasHash('0'.repeat(32), secretHash)).toBe(false);
    expect(secretHash).toHaveLength(43);
  });

  it('is printed by nothing but the line that reveals it', () => {
    const { key } = newKey('0123456789', realWorld);
    expect([String(key), JSON.stringify({ key })].join()).not.toContain('lky_');
  });
});
