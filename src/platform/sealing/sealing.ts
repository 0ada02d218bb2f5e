import * as jose from 'jose';
import { Buffer } from 'node:buffer';

/**
 * What a ciphertext belongs to. The context is bound to it as additional data (RFC 7516 §5.1 step 14), so a
 * ciphertext that is moved to another row, tenant or purpose does not open.
 */
export type SealContext = { table: string; tenantId: string; rowId: string; purpose: string };

/** A flattened JWE (RFC 7516 §7.2.2) as JSON text, without its `aad` member. */
export type Sealed = { jwe: string; kid: string };

export type Sealer = { seal: (plaintext: string, context: SealContext) => Promise<Sealed> };
export type Opener = { open: (jwe: string, context: SealContext) => Promise<string> };
/** Seals with its first key and opens with each of them; `kids` names them in their order. */
export type KeyRing = Sealer & Opener & { kids: readonly string[] };

/** Unusable keys: the process must not start, because there is no plaintext path. Never contains key material. */
export class SealingKeyError extends Error {
  override name = 'SealingKeyError';
}

/** The ciphertext cannot be opened with our keys for this row. */
export class SealingOpenError extends Error {
  override name = 'SealingOpenError';
}

/** The secret was sealed with a key that we do not have; restoring the key makes it readable. */
export class SealingKeyMissingError extends SealingOpenError {
  override name = 'SealingKeyMissingError';
}

const wrapping = { OKP: 'ECDH-ES+A256KW', oct: 'A256GCMKW' } as const;
type KeyType = keyof typeof wrapping;
type Key = { kid: string; jwk: jose.JWK };

function aadOf({ table, tenantId, rowId, purpose }: SealContext): Uint8Array {
  const parts = [table, tenantId, rowId, purpose];
  // Otherwise two different contexts could produce the same bytes.
  if (parts.some((part) => part.includes('|'))) throw new SealingOpenError('a part of the context holds a |');
  return new TextEncoder().encode(parts.join('|'));
}

/** Such a key was typed, not generated. */
export const isOneByteRepeated = (key: Buffer): boolean => key.length > 1 && key.every((byte) => byte === key[0]);

/** `kid` is the RFC 7638 thumbprint, so a key cannot be listed under another key's name. */
async function readKeys(jwks: unknown, kty: KeyType, needsPrivate: boolean): Promise<Key[]> {
  const { keys } = (jwks ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new SealingKeyError('the key file holds no JWKS');
  const ours = (keys as (jose.JWK | null)[]).filter((jwk) => jwk?.kty === kty) as jose.JWK[];
  if (ours.length === 0) throw new SealingKeyError(`the key file holds no ${kty} key`);
  return Promise.all(
    ours.map(async (jwk) => {
      if (kty === 'OKP' && jwk.crv !== 'X25519') throw new SealingKeyError('an OKP key is not on X25519');
      if (kty === 'oct' && Buffer.from(String(jwk.k), 'base64url').length !== 32)
        throw new SealingKeyError('an oct key is not 32 bytes long');
      if (isOneByteRepeated(Buffer.from(String(kty === 'oct' ? jwk.k : jwk.d), 'base64url')))
        throw new SealingKeyError('a key is one byte repeated');
      if (needsPrivate && kty === 'OKP' && jwk.d === undefined) throw new SealingKeyError('a private key is missing');
      const kid = await jose.calculateJwkThumbprint(jwk).catch(() => {
        throw new SealingKeyError('a key is incomplete');
      });
      if (jwk.kid !== kid) throw new SealingKeyError('a kid is not the thumbprint of its key');
      return { kid, jwk };
    }),
  );
}

function sealerFor(key: Key, kty: KeyType): Sealer {
  const publicPart: jose.JWK = { ...key.jwk };
  if (kty === 'OKP') delete publicPart.d;
  const imported = jose.importJWK(publicPart, wrapping[kty]);
  imported.catch(() => undefined); // reported by the first seal and by the startup check
  return {
    async seal(plaintext, context) {
      const { aad, ...jwe } = await new jose.FlattenedEncrypt(new TextEncoder().encode(plaintext))
        .setProtectedHeader({ alg: wrapping[kty], enc: 'A256GCM', kid: key.kid })
        .setAdditionalAuthenticatedData(aadOf(context))
        .encrypt(await imported);
      return { jwe: JSON.stringify(jwe), kid: key.kid };
    },
  };
}

/** Without these options, the decoder would drop a leading U+FEFF and replace invalid UTF-8 with U+FFFD. */
const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function openerFor(keys: Key[], kty: KeyType): Opener {
  const byKid = new Map(keys.map((key) => [key.kid, jose.importJWK(key.jwk, wrapping[kty])]));
  for (const imported of byKid.values()) imported.catch(() => undefined);
  return {
    async open(jwe, context) {
      try {
        const stored = JSON.parse(jwe) as jose.FlattenedJWE;
        const { plaintext } = await jose.flattenedDecrypt(
          { ...stored, aad: jose.base64url.encode(aadOf(context)) },
          async (header) => {
            const key = await byKid.get(header?.kid ?? '');
            if (!key) throw new SealingKeyMissingError('sealed with a key we do not have');
            return key;
          },
          { keyManagementAlgorithms: [wrapping[kty]], contentEncryptionAlgorithms: ['A256GCM'] },
        );
        return text.decode(plaintext);
      } catch (cause) {
        if (cause instanceof SealingOpenError) throw cause;
        throw new SealingOpenError('it does not open for this row', { cause });
      }
    },
  };
}

/** Proves at startup that sealed secrets can be opened, so that a wrong key pair is not discovered a year later. */
async function proveRoundTrip(sealer: Sealer, opener: Opener): Promise<void> {
  const context = { table: 'self-test', tenantId: '', rowId: '', purpose: 'start' };
  const { jwe } = await sealer.seal('round trip', context).catch((cause: unknown) => {
    throw new SealingKeyError('a key cannot seal', { cause });
  });
  const opened = await opener.open(jwe, context).catch(() => '');
  if (opened !== 'round trip') throw new SealingKeyError('the private key does not open what the public key seals');
}

/** Seals with the first X25519 key of a public or private JWKS. */
export async function publicKeySealer(jwks: unknown): Promise<Sealer> {
  const [first] = await readKeys(jwks, 'OKP', false);
  const sealer = sealerFor(first as Key, 'OKP');
  await sealer.seal('', { table: 'self-test', tenantId: '', rowId: '', purpose: 'start' }).catch((cause: unknown) => {
    throw new SealingKeyError('a key cannot seal', { cause });
  });
  return sealer;
}

/**
 * Seals with the first X25519 key of a private JWKS and opens with any of them. `kids` lists all its keys, including
 * those of other types.
 */
export async function privateKeySealing(jwks: unknown): Promise<Sealer & Opener & { kids: readonly string[] }> {
  const keys = await readKeys(jwks, 'OKP', true);
  const both = { ...sealerFor(keys[0] as Key, 'OKP'), ...openerFor(keys, 'OKP') };
  for (const key of keys) await proveRoundTrip(sealerFor(key, 'OKP'), both);
  const all = (jwks as jose.JSONWebKeySet).keys.flatMap(({ kid }) => kid ?? []);
  return { ...both, kids: all };
}

/**
 * Seals with the first `oct` key of a JWKS and opens with any of them; for access tokens and second-factor secrets.
 */
export async function symmetricSealing(jwks: unknown): Promise<KeyRing> {
  const keys = await readKeys(jwks, 'oct', true);
  const kids = keys.map(({ kid }) => kid);
  return { ...sealerFor(keys[0] as Key, 'oct'), ...openerFor(keys, 'oct'), kids };
}

/** The JWKS for `symmetricSealing` with 32-byte keys such as those of `ACCOUNTS_KEY`. */
export async function jwksOfSymmetricKeys(keys: readonly Buffer[]): Promise<jose.JSONWebKeySet> {
  const jwks = keys.map((key) => ({ kty: 'oct', k: key.toString('base64url') }) satisfies jose.JWK);
  return {
    keys: await Promise.all(jwks.map(async (jwk) => ({ ...jwk, kid: await jose.calculateJwkThumbprint(jwk) }))),
  };
}

/** The key that sealed a JWE. */
export const kidOf = (jwe: string): string | undefined =>
  jose.decodeProtectedHeader(JSON.parse(jwe) as jose.FlattenedJWE).kid;

/**
 * A new X25519 pair and a new `oct` key. `privateJwks` opens every secret, so keep it out of the database's backups.
 */
export async function generateSealingKeys(): Promise<{
  privateJwks: jose.JSONWebKeySet;
  publicJwks: jose.JSONWebKeySet;
}> {
  const pair = await jose.generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519', extractable: true });
  const jwk = await jose.exportJWK(pair.privateKey);
  const kid = await jose.calculateJwkThumbprint(jwk);
  const oct = await jose.exportJWK(await jose.generateSecret('A256GCMKW', { extractable: true }));
  const { d, ...publicJwk } = jwk;
  return {
    privateJwks: {
      keys: [
        { ...jwk, kid },
        { ...oct, kid: await jose.calculateJwkThumbprint(oct) },
      ],
    },
    publicJwks: { keys: [{ ...publicJwk, kid }] },
  };
}
