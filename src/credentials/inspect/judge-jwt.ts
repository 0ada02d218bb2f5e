import {
  type Environment,
  environmentOfAudience,
  environmentOfIssuer,
  isLive,
} from '../../ringcentral/environments.js';
import { isHostName } from './host-name.js';
import type { Findings, InspectOptions, InspectionCode, InspectionWarning } from './inspection-types.js';
import { type JsonObject, decodeObject, isRsa, isUnsecured, issuerOfCut, rsaSignatureLengths } from './read-jwt.js';

/** `owner` is `sub`, and only set for an accepted JWT. */
export type Judgement = Findings & {
  readonly code: InspectionCode;
  readonly warnings: readonly InspectionWarning[];
  readonly owner: string | null;
};

const favourMs = 60_000;
const soonMs = 30 * 24 * 3_600_000;
const neverFrom = Date.UTC(2090, 0, 1);

type Read = { header: JsonObject | null; claims: JsonObject | null; issuer: unknown; parts: readonly string[] };

/**
 * Reads the parts. A payload counts only if it is complete; of a cut payload only the issuer is kept, and only if it
 * is not RingCentral.
 */
function readParts(jwt: string): Read {
  const parts = jwt.split('.');
  const header = decodeObject(parts[0] ?? '');
  const claims = isEncrypted(header, parts) ? null : decodeObject(parts[1] ?? '');
  const cut = claims === null && parts.length === 2 ? issuerOfCut(parts[1] ?? '') : null;
  return { header, claims, issuer: claims === null ? cut : claims['iss'], parts };
}

/**
 * Judges a repaired JWT by its own claims. The signature is not checked, and keys that the JWT contains or refers to
 * (`jwk`, `jku`, `x5u`) are ignored.
 *
 * @param damage the damage that the repair found inside the JWT
 */
export function judgeJwt(jwt: string, damage: 'masked' | 'illegal' | null, options: InspectOptions): Judgement {
  const read = readParts(jwt);
  const { claims, issuer } = read;
  const environment = environmentOf(claims, options.environment);
  const code = codeOf(read, damage, environment, options);
  const expires = expiryOf(claims);
  const warnings: InspectionWarning[] = [];
  if (code === 'ok' && expires !== null && expires - options.now.getTime() <= soonMs) warnings.push('expires_soon');
  if (code === 'ok' && environment !== options.environment) warnings.push('environment_differs');
  return {
    code,
    warnings,
    expiresAt: expires === null || expires >= neverFrom ? null : dateOf(expires),
    environment,
    issuer: claims !== null || code === 'foreign_jwt' ? printableIssuer(issuer) : null,
    owner: code === 'ok' && typeof claims?.['sub'] === 'string' ? claims['sub'] : null,
  };
}

/** The first problem in order of precedence. */
function codeOf(
  read: Read,
  damage: 'masked' | 'illegal' | null,
  environment: Environment | null,
  { now, environment: expected }: InspectOptions,
): InspectionCode {
  const { header, claims, issuer, parts } = read;
  if (damage === 'masked') return 'masked';
  if (isEncrypted(header, parts)) return 'encrypted_jwt';
  if (damage === 'illegal') return 'illegal_characters';
  if (isTruncated(read)) return typeof issuer === 'string' && !isRingCentral(issuer) ? 'foreign_jwt' : 'truncated';
  if (header === null || claims === null) return 'undecodable';
  if (isUnsecured(header['alg'])) return 'unsigned_jwt';
  if (!isRingCentral(issuer)) return 'foreign_jwt';
  if (environment === null || !isCredential(header, claims)) return 'not_a_credential';
  if (isLive(environment) !== isLive(expected)) return 'wrong_environment';
  return codeOfTimes(claims, now);
}

function codeOfTimes(claims: JsonObject, now: Date): InspectionCode {
  const notBefore = claims['nbf']; // RingCentral's JWTs have no nbf; ignore it if it is not a number
  if (typeof notBefore === 'number' && notBefore * 1000 > now.getTime() + favourMs) return 'not_yet_valid';
  const expires = expiryOf(claims);
  return expires !== null && now.getTime() >= expires + favourMs ? 'expired' : 'ok';
}

/** Whether this is a JWE in compact serialization (RFC 7516 §7.1), by its five parts or its header. */
const isEncrypted = (header: JsonObject | null, parts: readonly string[]): boolean =>
  parts.length === 5 || header?.['enc'] !== undefined;

/**
 * Whether the beginning or parts are missing, or the signature has a length that no RSA key produces. Other
 * algorithms are never accepted.
 */
function isTruncated({ header, claims, parts }: Read): boolean {
  const [first = '', , signature] = parts;
  const unsecured = isUnsecured(header?.['alg']);
  if (signature === undefined) return !(unsecured && claims !== null);
  if (header === null) return isEndOfHeader(first);
  if (signature === '') return !unsecured;
  return isRsa(header['alg']) && !rsaSignatureLengths.includes(signature.length);
}

/**
 * Whether the first part is the end of a header: without its beginning, it decodes once the right offset is skipped.
 */
function isEndOfHeader(part: string): boolean {
  const textFrom = (offset: number) => Buffer.from(part.slice(offset), 'base64url').toString('latin1');
  return !textFrom(0).startsWith('{') && [0, 1, 2, 3].some((offset) => /^[\x20-\x7E]+"\}$/.test(textFrom(offset)));
}

/** `exp` in milliseconds; null if it is missing or not a number. `1e400` counts as a number and means never. */
function expiryOf(claims: JsonObject | null): number | null {
  const expires = claims?.['exp'];
  return typeof expires === 'number' ? expires * 1000 : null;
}

/** Null if JavaScript cannot represent the date (before 271,821 BC). */
function dateOf(milliseconds: number): Date | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The audience, which may be a single value or a list (RFC 7519 §4.1.3). */
function audiencesOf(claims: JsonObject): string[] {
  const audience = claims['aud'];
  return (Array.isArray(audience) ? audience : [audience]).filter((one): one is string => typeof one === 'string');
}

/** One environment from the fixed table (SEC-25). If issuer and audience disagree, the unexpected one is returned. */
function environmentOf(claims: JsonObject | null, expected: Environment): Environment | null {
  const issuer = typeof claims?.['iss'] === 'string' ? environmentOfIssuer(claims['iss']) : null;
  if (claims === null || issuer === null) return null;
  const named = [issuer, ...audiencesOf(claims).map(environmentOfAudience)].filter((one) => one !== null);
  const otherSide = named.find((one) => isLive(one) !== isLive(expected));
  return otherSide ?? named.find((one) => one !== expected) ?? issuer;
}

/**
 * Whether the issuer is RingCentral: an issuer from the table, or another RingCentral host that issues no
 * credentials.
 */
function isRingCentral(issuer: unknown): boolean {
  if (typeof issuer !== 'string') return false;
  const host = /^https:\/\/([a-z\d.-]{1,100})\/?$/.exec(issuer)?.[1] ?? '';
  return environmentOfIssuer(issuer) !== null || /(?:^|\.)ringcentral\.(?:com|biz)$/.test(host);
}

/**
 * Whether `alg`, `aud`, `sub` and `exp` look like those of every credential seen so far; additional claims are
 * allowed.
 */
function isCredential(header: JsonObject, claims: JsonObject): boolean {
  const owner = claims['sub'];
  return (
    header['alg'] === 'RS256' &&
    audiencesOf(claims).some((audience) => environmentOfAudience(audience) !== null) &&
    typeof owner === 'string' &&
    /^\d+$/.test(owner) &&
    expiryOf(claims) !== null
  );
}

const printableUrl = /^https?:\/\/[\w.:[\]-]+(?:$|[/?#][!-~]*$)/i;

function printableIssuer(issuer: unknown): string | null {
  if (typeof issuer !== 'string' || issuer.length > 100) return null;
  if (printableUrl.test(issuer)) return URL.canParse(issuer) ? issuer : null;
  return isHostName(issuer) ? issuer : null;
}
