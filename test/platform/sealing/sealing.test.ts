import fc from 'fast-check';
import * as jose from 'jose';
import {
  generateSealingKeys,
  jwksOfSymmetricKeys,
  kidOf,
  privateKeySealing,
  publicKeySealer,
  SealingKeyError,
  SealingOpenError,
  symmetricSealing,
  type Opener,
  type SealContext,
  type Sealer,
} from '../../../src/platform/sealing/sealing.js';
import { anyText } from '../../support/texts/any-text.js';

const context: SealContext = { table: 'credentials', tenantId: 'north', rowId: 'row-1', purpose: 'assertion' };
type Keys = { keys: jose.JWK[] };
type Pair = { privateJwks: Keys; publicJwks: Keys };
const generate = async () => await generateSealingKeys();
const keyOf = (jwks: Keys, kty: string) => jwks.keys.find((key) => key.kty === kty)!;

let first: Pair;
let second: Pair;
let sealing: Sealer & Opener;
let symmetric: Sealer & Opener;

beforeAll(async () => {
  [first, second] = await Promise.all([generate(), generate()]);
  sealing = await privateKeySealing(first.privateJwks);
  symmetric = await symmetricSealing(first.privateJwks);
});

const both = [
  ['with the key pair', () => sealing],
  ['with the symmetric key', () => symmetric],
] as [string, () => Sealer & Opener][];

describe.each(both)('SEC-31: sealed %s', (_how, sealed) => {
  it('opens unchanged, for any text', async () => {
    const text = anyText({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(text, async (plaintext) => {
        const { jwe } = await sealed().seal(plaintext, context);
        expect(await sealed().open(jwe, context)).toBe(plaintext);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(context) as (keyof SealContext)[])('does not open under another %s', async (part) => {
    const { jwe } = await sealed().seal('secret', context);
    await expect(sealed().open(jwe, { ...context, [part]: 'other' })).rejects.toThrow(SealingOpenError);
  });

  it.each(['', '\ufeffwith a byte order mark', '\u0000', 'Ünïcødé 接続 🔑'])(
    'opens %j unchanged',
    async (plaintext) => {
      const { jwe } = await sealed().seal(plaintext, context);
      expect(await sealed().open(jwe, context)).toBe(plaintext);
    },
  );

  it('rejects a context whose parts could be confused with those of another', async () => {
    const [one, two] = [
      { ...context, tenantId: 'a|b', rowId: 'c' },
      { ...context, tenantId: 'a', rowId: 'b|c' },
    ];
    await expect(sealed().seal('secret', one)).rejects.toThrow('holds a |');
    await expect(sealed().seal('secret', two)).rejects.toThrow('holds a |');
  });

  it('does not open after any single character was changed', async () => {
    const { jwe } = await sealed().seal('secret', context);
    for (let at = 0; at < jwe.length; at += 1) {
      const changed = jwe.slice(0, at) + (jwe[at] === 'A' ? 'B' : 'A') + jwe.slice(at + 1);
      const opened = await sealed()
        .open(changed, context)
        .catch((error: unknown) => error);
      // The last base64url character may have unused bits; no other difference may be accepted.
      if (opened === 'secret') expect(sameBytes(jwe, changed)).toBe(true);
      else expect(opened).toBeInstanceOf(SealingOpenError);
    }
  });

  it('never produces the same ciphertext twice', async () => {
    const { jwe: one } = await sealed().seal('secret', context);
    const { jwe: two } = await sealed().seal('secret', context);
    const parts = [one, two].map((jwe) => JSON.parse(jwe) as jose.FlattenedJWE);
    expect(parts[0]!.iv).not.toBe(parts[1]!.iv);
    expect(parts[0]!.ciphertext).not.toBe(parts[1]!.ciphertext);
    expect(parts[0]!.encrypted_key).not.toBe(parts[1]!.encrypted_key);
  });

  it('reveals nothing about the text or the key when it does not open', async () => {
    const { jwe } = await sealed().seal('secret', context);
    const error = await sealed()
      .open(jwe, { ...context, rowId: 'other' })
      .catch((caught: unknown) => caught as Error);
    expect(String(error)).toBe('SealingOpenError: it does not open for this row');
  });

  it.each(['', '{}', 'null', '[]', '"text"', 'not JSON', '{"protected":"e30"}'])('does not open %j', async (jwe) => {
    await expect(sealed().open(jwe, context)).rejects.toThrow(SealingOpenError);
  });
});

/** Whether two JWE texts represent the same bytes. */
function sameBytes(one: string, two: string): boolean {
  const bytes = (text: string) =>
    Object.entries(JSON.parse(text) as Record<string, string>).map(([name, part]) => [
      name,
      Buffer.from(part, 'base64url').toString('hex'),
    ]);
  return JSON.stringify(bytes(one)) === JSON.stringify(bytes(two));
}

describe('the format (RFC 7516 §7.2.2)', () => {
  it.each([
    ['with the key pair', () => sealing, 'ECDH-ES+A256KW', 'OKP'],
    ['with the symmetric key', () => symmetric, 'A256GCMKW', 'oct'],
  ] as const)('is a flattened JWE without its aad, %s', async (_how, sealed, alg, kty) => {
    const { jwe, kid } = await sealed().seal('secret', context);
    const parts = JSON.parse(jwe) as jose.FlattenedJWE;
    expect(Object.keys(parts).sort()).toEqual(['ciphertext', 'encrypted_key', 'iv', 'protected', 'tag']);
    const header = jose.decodeProtectedHeader(parts);
    expect(header).toMatchObject({ alg, enc: 'A256GCM', kid });
    expect(kid).toBe(await jose.calculateJwkThumbprint(keyOf(first.privateJwks, kty)));
    expect(Buffer.from(parts.iv!, 'base64url')).toHaveLength(12);
    expect(Buffer.from(parts.tag!, 'base64url')).toHaveLength(16);
    for (const word of Object.values(context)) expect(jwe).not.toContain(word);
  });

  it('opens with a JOSE library alone, so secrets do not depend on this code', async () => {
    const { jwe } = await sealing.seal('secret', context);
    const aad = jose.base64url.encode('credentials|north|row-1|assertion');
    const key = await jose.importJWK(keyOf(first.privateJwks, 'OKP'), 'ECDH-ES+A256KW');
    const { plaintext } = await jose.flattenedDecrypt({ ...(JSON.parse(jwe) as jose.FlattenedJWE), aad }, key);
    expect(new TextDecoder().decode(plaintext)).toBe('secret');
  });

  it.each([
    ['another algorithm', 'ECDH-ES', 'A256GCM'],
    ['another cipher', 'ECDH-ES+A256KW', 'A128GCM'],
  ])('does not open with %s, even with the right key', async (_what, alg, enc) => {
    const jwk = keyOf(first.publicJwks, 'OKP');
    const { aad: _aad, ...parts } = await new jose.FlattenedEncrypt(new TextEncoder().encode('forged'))
      .setProtectedHeader({ alg, enc, kid: jwk.kid! })
      .setAdditionalAuthenticatedData(new TextEncoder().encode(Object.values(context).join('|')))
      .encrypt(await jose.importJWK(jwk, alg));
    await expect(sealing.open(JSON.stringify(parts), context)).rejects.toThrow(SealingOpenError);
  });
});

describe('keys', () => {
  it('that are public seal secrets that only the private ones open', async () => {
    const { jwe } = await (await publicKeySealer(first.publicJwks)).seal('secret', context);
    expect(await sealing.open(jwe, context)).toBe('secret');
    await expect((await privateKeySealing(second.privateJwks)).open(jwe, context)).rejects.toThrow(SealingOpenError);
    expect(JSON.stringify(first.publicJwks)).not.toContain(keyOf(first.privateJwks, 'OKP').d);
  });

  it('are rotated: the first seals, all open', async () => {
    const { jwe: old, kid: oldKid } = await sealing.seal('old', context);
    const { jwe: oldSymmetric } = await symmetric.seal('old', context);
    const rotated = { keys: [...second.privateJwks.keys, ...first.privateJwks.keys] };
    const after = await privateKeySealing(rotated);
    const { jwe: fresh, kid } = await after.seal('fresh', context);
    expect(kid).toBe(keyOf(second.publicJwks, 'OKP').kid);
    expect(kid).not.toBe(oldKid);
    expect([await after.open(old, context), await after.open(fresh, context)]).toEqual(['old', 'fresh']);
    expect(await (await symmetricSealing(rotated)).open(oldSymmetric, context)).toBe('old');
    await expect(sealing.open(fresh, context)).rejects.toThrow('sealed with a key we do not have');
  });

  const one32 = (first: number) => Buffer.from(Array.from({ length: 32 }, (_, at) => first + at));

  it('SEC-33: from a single setting are rotated too', async () => {
    const old = await symmetricSealing(await jwksOfSymmetricKeys([one32(7)]));
    const { jwe } = await old.seal('secret', context);
    const both = await symmetricSealing(await jwksOfSymmetricKeys([one32(8), one32(7)]));
    const { jwe: fresh, kid } = await both.seal('fresh', context);
    expect([await both.open(jwe, context), await both.open(fresh, context)]).toEqual(['secret', 'fresh']);
    expect(both.kids).toEqual([kid, old.kids[0]]);
    expect([kidOf(jwe), kidOf(fresh)]).toEqual([old.kids[0], kid]);
  });

  it('from a single setting work too', async () => {
    const one = await symmetricSealing(await jwksOfSymmetricKeys([one32(7)]));
    const { jwe } = await one.seal('secret', context);
    const same = await symmetricSealing(await jwksOfSymmetricKeys([one32(7)]));
    const other = await symmetricSealing(await jwksOfSymmetricKeys([one32(8)]));
    expect(await same.open(jwe, context)).toBe('secret');
    await expect(other.open(jwe, context)).rejects.toThrow(SealingOpenError);
  });

  const okp = () => keyOf(first.privateJwks, 'OKP');
  const oct = () => keyOf(first.privateJwks, 'oct');
  const named = async (jwk: jose.JWK) => ({ ...jwk, kid: await jose.calculateJwkThumbprint(jwk) });
  const ed25519 = async () => {
    const { privateKey } = await jose.generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    return named(await jose.exportJWK(privateKey));
  };

  it.each<[string, () => unknown]>([
    ['nothing', () => ({})],
    ['null', () => null],
    ['text', () => 'text'],
    ['no list', () => ({ keys: 'x' })],
    ['an empty list', () => ({ keys: [] })],
    ['a list with null', () => ({ keys: [null] })],
    ['only the other type', () => ({ keys: [oct()] })],
    ['only the public half', () => first.publicJwks],
    ['no kid', () => ({ keys: [{ ...okp(), kid: undefined }] })],
    ["another key's kid", () => ({ keys: [{ ...okp(), kid: keyOf(second.publicJwks, 'OKP').kid }] })],
    ["another key's private half", () => ({ keys: [{ ...okp(), d: keyOf(second.privateJwks, 'OKP').d }] })],
    ['one byte repeated', () => ({ keys: [{ ...okp(), d: Buffer.alloc(32, 1).toString('base64url') }] })],
    ['an invalid private half', () => ({ keys: [{ ...okp(), d: 'AAAA' }] })],
    ['a wrong key after a right one', () => ({ keys: [okp(), { ...keyOf(second.privateJwks, 'OKP'), d: okp().d }] })],
    ['a key of another curve', async () => ({ keys: [await ed25519()] })],
  ])('are rejected at startup if the file contains %s', async (_what, jwks) => {
    const refused = privateKeySealing(await jwks());
    await expect(refused).rejects.toThrow(SealingKeyError);
    await expect(refused).rejects.not.toThrow(okp().d);
  });

  it.each<[string, () => unknown]>([
    ['a short one', async () => ({ keys: [await named({ kty: 'oct', k: Buffer.alloc(16).toString('base64url') })] })],
    [
      'one byte repeated',
      async () => ({ keys: [await named({ kty: 'oct', k: Buffer.alloc(32, 9).toString('base64url') })] }),
    ],
    ['a number', () => ({ keys: [{ ...oct(), k: 7 }] })],
    ['a key without its bytes', () => ({ keys: [{ ...oct(), k: undefined }] })],
    ["another key's kid", () => ({ keys: [{ ...oct(), kid: keyOf(second.privateJwks, 'oct').kid }] })],
  ])('that are symmetric are rejected at startup: %s', async (_what, jwks) => {
    await expect(symmetricSealing(await jwks())).rejects.toThrow(SealingKeyError);
  });

  it.each<[string, () => unknown]>([
    ['an invalid point', () => ({ keys: [{ ...keyOf(first.publicJwks, 'OKP'), x: 'AAAA' }] })],
    ['no point', () => ({ keys: [{ ...keyOf(first.publicJwks, 'OKP'), x: undefined }] })],
  ])('that are public are rejected at startup: %s', async (_what, jwks) => {
    await expect(publicKeySealer(await jwks())).rejects.toThrow(SealingKeyError);
  });
});
