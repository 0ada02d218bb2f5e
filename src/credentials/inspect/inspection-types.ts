import type { Secret } from '../../platform/secret.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { Repair } from './repairs.js';

/** Why a paste is refused, in order of precedence: if several reasons apply, the first one is reported. */
export const rejectionCodes = [
  'too_large',
  'empty',
  'url',
  'client_id',
  'client_secret_like',
  'access_token',
  'several_jwts',
  'masked',
  'encrypted_jwt',
  'illegal_characters',
  'truncated',
  'not_a_jwt',
  'undecodable',
  'unsigned_jwt',
  'foreign_jwt',
  'not_a_credential',
  'wrong_environment',
  'not_yet_valid',
  'expired',
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];
export type InspectionCode = RejectionCode | 'ok';
export type InspectionWarning = 'expires_soon' | 'environment_differs';

/** What the payload says, as far as it may be shown. */
export type Findings = {
  /**
   * `exp` of a readable payload, also of a rejected JWT. Null if there is none, or if it is in 2090 or later (never).
   */
  readonly expiresAt: Date | null;
  /**
   * The environment according to `iss` and `aud`. If the two disagree, the one that differs from the expected
   * environment.
   */
  readonly environment: Environment | null;
  /** `iss`, if it is a URL or a host name of at most 100 printable characters */
  readonly issuer: string | null;
};

/** What may be shown about a paste. The type has no field for the secret or any part of it. */
export type Inspection = Findings & {
  readonly outcome: 'ok' | 'rejected';
  readonly code: InspectionCode;
  readonly repairs: readonly Repair[];
  readonly warnings: readonly InspectionWarning[];
  /** The length of the JWT as far as it was found, otherwise of the paste: for "we saw 412 characters". */
  readonly seenLength: number;
};

type Accepted = {
  readonly inspection: Inspection & { readonly outcome: 'ok'; readonly code: 'ok' };
  /** The repaired JWT, ready to be sealed. */
  readonly assertion: Secret;
  /**
   * `sub`, the owner's extension id. It is unverified: shown as a hint, never used for authorization or to choose a
   * tenant (SEC-24). Not enumerable, so that it appears in no JSON and no log.
   */
  readonly ownerId: string;
};
type Rejected = {
  readonly inspection: Inspection & { readonly outcome: 'rejected'; readonly code: RejectionCode };
  readonly assertion?: undefined;
};

/** An inspection and, separately, the JWT it is about. Only an accepted paste gives access to its JWT. */
export type Inspected = (Accepted | Rejected) & {
  /** SHA-256 of the repaired JWT in hex; null unless the paste holds exactly one JWT with all of its parts. */
  readonly fingerprint: () => string | null;
};

export type InspectOptions = {
  readonly now: Date;
  /** The tenant's environment. Sandbox and live never mix; a mismatch of `production` and `biz` is a warning. */
  readonly environment: Environment;
  /** The client ID of the ISV's app, to recognize it. Any 22 characters alone are treated as a client ID anyway. */
  readonly clientId?: string | undefined;
};
