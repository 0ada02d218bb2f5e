import { createHash } from 'node:crypto';
import { Secret } from '../../platform/secret.js';
import type { Inspected, InspectOptions, Inspection, InspectionCode, RejectionCode } from './inspection-types.js';
import { judgeJwt } from './judge-jwt.js';
import { nameOther } from './other-values.js';
import { repairPaste } from './repair-paste.js';
import { inOrder } from './repairs.js';

/** UTF-8 bytes. */
export const maxPasteBytes = 16_384;
/** Characters, all ASCII. RingCentral's JWTs have about 700. */
export const maxJwtLength = 8_192;

/**
 * Inspects a paste without trusting it: finds the JWT in it, repairs what copying changed, and reports what is wrong.
 * The signature is not checked, because RingCentral holds the key: the token exchange is the proof, and this only
 * saves the customer a round trip. Uses no network and no clock, takes time linear in the paste, and never throws.
 *
 * @param paste the pasted text, unchanged
 * @param options `now` is compared with `exp` and `nbf`, NumericDates in **seconds** (RFC 7519 §2), with 60 s in the
 *   JWT's favor: it is expired from `exp` + 60 s on
 * @returns the first problem in the order of {@link rejectionCodes}; the JWT itself only if there is no problem
 */
export function inspectAssertion(paste: string, options: InspectOptions): Inspected {
  if (paste.length > maxPasteBytes || Buffer.byteLength(paste, 'utf8') > maxPasteBytes) {
    return rejected('too_large', { seenLength: paste.length });
  }
  const repaired = repairPaste(paste);
  if (repaired.jwts.some((jwt) => jwt.length > maxJwtLength))
    return rejected('too_large', { seenLength: paste.length });
  const [jwt, ...others] = repaired.jwts;
  if (jwt === undefined || jwt === options.clientId) {
    const { code, repairs: around } = nameOther(repaired.text, options.clientId);
    const repairs = new Set([...repaired.repairs, ...around]);
    const told = code === 'empty' || code === 'not_a_jwt' ? [] : inOrder(repairs);
    return rejected(code, { repairs: told, seenLength: paste.length });
  }
  const repairs = inOrder(repaired.repairs);
  if (others.length > 0) return rejected('several_jwts', { repairs, seenLength: paste.length });
  const { code, owner, ...findings } = judgeJwt(jwt, repaired.damage, options);
  const details = { repairs, ...findings, seenLength: jwt.length };
  if (code !== 'ok' || owner === null) return rejected(code === 'ok' ? 'not_a_credential' : code, details, jwt);
  return accepted(jwt, owner, { outcome: 'ok', code, ...details });
}

type Details = Partial<Omit<Inspection, 'outcome' | 'code'>> & Pick<Inspection, 'seenLength'>;

/** Codes for which part of the JWT is missing, so that its fingerprint would be meaningless. */
const incomplete: ReadonlySet<InspectionCode> = new Set(['masked', 'illegal_characters', 'truncated']);

function rejected(code: RejectionCode, details: Details, jwt?: string): Inspected {
  const nothing = { repairs: [], warnings: [], expiresAt: null, environment: null, issuer: null };
  return {
    inspection: { outcome: 'rejected', code, ...nothing, ...details },
    fingerprint: () => (jwt === undefined || incomplete.has(code) ? null : sha256(jwt)),
  };
}

function accepted(jwt: string, owner: string, inspection: Inspection & { outcome: 'ok'; code: 'ok' }): Inspected {
  const inspected = { inspection, assertion: new Secret(jwt), fingerprint: () => sha256(jwt), ownerId: owner };
  return Object.defineProperty(inspected, 'ownerId', { enumerable: false });
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
