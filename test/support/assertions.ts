import { createHash } from 'node:crypto';

/** The current day in the tests. */
export const today = new Date('2026-11-21T09:00:00.000Z');
const seconds = (iso: string): number => Date.parse(iso) / 1000;

export const aHeader = { kid: 'EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0', typ: 'JWT', alg: 'RS256' };
/** A credential that never expires, as the console creates it by default: `exp` is `iat` + 2,147,483,647. */
export const someClaims = {
  aud: 'https://platform.ringcentral.com/restapi/oauth/token',
  sub: '63304567004',
  iss: 'https://platform.ringcentral.com',
  exp: seconds('2026-07-25T17:20:00Z') + 2_147_483_647,
  iat: seconds('2026-07-25T17:20:00Z'),
  jti: 'EXAMPLEjtiEXAMPLEjti00',
};

export const encodePart = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');
export const encodeJson = (value: unknown): string => encodePart(JSON.stringify(value));

/** 256 bytes derived from a word, in place of an RSA-2048 signature. Nothing is really signed. */
export function aSignature(word = 'EXAMPLE', bytes = 256): string {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) =>
    createHash('sha256').update(`${word}${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes).toString('base64url');
}

/** `undefined` omits a member; a string instead of an object is encoded unchanged. */
export type AssertionOverrides = {
  header?: Record<string, unknown> | string;
  claims?: Record<string, unknown> | string;
  signature?: string;
};

/** A synthetic JWT credential with the real shape and length (683–707 characters); its key ids contain EXAMPLE. */
export function anAssertion({ header = {}, claims = {}, signature = aSignature() }: AssertionOverrides = {}): string {
  const first = typeof header === 'string' ? encodePart(header) : encodeJson({ ...aHeader, ...header });
  const second = typeof claims === 'string' ? encodePart(claims) : encodeJson({ ...someClaims, ...claims });
  return `${first}.${second}.${signature}`;
}

const of = (domain: string) => ({
  iss: `https://platform.${domain}`,
  aud: `https://platform.${domain}/restapi/oauth/token`,
});
export const bizClaims = of('ringcentral.biz');
export const sandboxClaims = of('devtest.ringcentral.com');

/** `text` in lines of `width` characters. */
export const wrap = (text: string, width: number, end = '\n'): string =>
  (text.match(new RegExp(`[^]{1,${width}}`, 'g')) ?? []).join(end);
