import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import type { Environment, JwtCredential } from './world-types.js';

/**
 * The `iss` of each environment; `aud` is its token endpoint (`.biz` is assumed). Never used as a network address.
 */
export const issuers: Record<Environment, string> = {
  production: 'https://platform.ringcentral.com',
  biz: 'https://platform.ringcentral.biz',
  sandbox: 'https://platform.devtest.ringcentral.com',
};

/** A credential without expiry has `exp` exactly this many seconds after `iat` (seen at RingCentral). */
export const neverExpiresSeconds = 2147483647;

const header = { kid: '8762f598d05944db86bf5ca978047608', typ: 'JWT', alg: 'RS256' };

export type Claims = { aud: unknown; sub: string; iss: unknown; exp: number; jti: string };
export type Reading =
  { kind: 'read'; claims: Claims } | { kind: 'not_a_jwt' | 'algorithm_unsupported' | 'signature_wrong' };

// eslint-disable-next-line no-restricted-syntax -- a key that takes long to make, for all emulators of a process
let ofThisProcess: KeyObject | undefined;

/** One RSA-2048 key per process, created on first use, so the repository holds no private key. */
export const processSigningKey = (): KeyObject =>
  (ofThisProcess ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Record<string, unknown> | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes and reads JWTs in RingCentral's key order. RS256 is deterministic, so no JWT is stored. */
export class JwtSigner {
  private readonly publicKey: KeyObject;

  constructor(private readonly privateKey: KeyObject) {
    this.publicKey = createPublicKey(privateKey);
  }

  write(credential: JwtCredential): string {
    const iss = issuers[credential.environment];
    const { extensionId: sub, expiresAt: exp, issuedAt: iat, jti } = credential;
    const signed = `${encode(header)}.${encode({ aud: `${iss}/restapi/oauth/token`, sub, iss, exp, iat, jti })}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), this.privateKey).toString('base64url')}`;
  }

  /** Checks structure, algorithm and signature, in this order. */
  read(assertion: string): Reading {
    const parts = assertion.split('.');
    const [head = '', body = '', signature = ''] = parts;
    const headerRead = decode(head);
    const claims = decode(body);
    if (parts.length !== 3 || !headerRead || !claims) return { kind: 'not_a_jwt' };
    if (headerRead['alg'] !== 'RS256') return { kind: 'algorithm_unsupported' };
    const signed = Buffer.from(`${head}.${body}`);
    const given = Buffer.from(signature, 'base64url');
    const exact = given.toString('base64url') === signature;
    if (!exact || !verify('sha256', signed, this.publicKey, given)) return { kind: 'signature_wrong' };
    const { aud, iss, sub, exp, jti } = claims;
    return { kind: 'read', claims: { aud, iss, sub: String(sub), exp: Number(exp), jti: String(jti) } };
  }

  jwks() {
    return { keys: [{ ...this.publicKey.export({ format: 'jwk' }), kid: header.kid, alg: header.alg, use: 'sig' }] };
  }
}

/** The `sub` of something that looks like a JWT, without verification; used only to choose a rate bucket. */
export function unverifiedSubject(assertion: string | undefined): string | undefined {
  const sub = decode(assertion?.split('.')[1] ?? '')?.['sub'];
  return typeof sub === 'string' ? sub : undefined;
}
