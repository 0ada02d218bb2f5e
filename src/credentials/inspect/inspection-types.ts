import type { Secret } from '../../platform/secret.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { Repair } from './repairs.js';

/** Why a paste is refused, in order of precedence: of several reasons the first is told. */
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

/** What the payload says, as far as it may be told. */
export type Findings = {
  /** `exp` of a payload that was read, of a rejected JWT too; null if it has none, or one in 2090 or later: never. */
  readonly expiresAt: Date | null;
  /** Where the JWT belongs by its `iss` and `aud`. Where these two disagree, the one that is not as expected. */
  readonly environment: Environment | null;
  /** `iss`, if it is a URL or a host name of at most 100 printable characters. */
  readonly issuer: string | null;
};

/** What may be told of a paste. It has no place for the secret or for any part of it. */
export type Inspection = Findings & {
  readonly outcome: 'ok' | 'rejected';
  readonly code: InspectionCode;
  readonly repairs: readonly Repair[];
  readonly warnings: readonly InspectionWarning[];
  /** Characters of the JWT as far as it was found, else of the paste: for "we saw 412 characters". */
  readonly seenLength: number;
};

type Accepted = {
  readonly inspection: Inspection & { readonly outcome: 'ok'; readonly code: 'ok' };
  /** The repaired JWT, to be sealed. */
  readonly assertion: Secret;
  /**
   * `sub`, the owner's extension id. Nobody has vouched for it: shown as a hint, never used for authorisation or to
   * choose a tenant (SEC-24). Not enumerable, so that it is in no JSON and no log.
   */
  readonly ownerId: string;
};
type Rejected = {
  readonly inspection: Inspection & { readonly outcome: 'rejected'; readonly code: RejectionCode };
  readonly assertion?: undefined;
};

/** An inspection and, apart from it, what it is about. Only an accepted paste gives its JWT away. */
export type Inspected = (Accepted | Rejected) & {
  /** SHA-256 of the repaired JWT in hex; null unless the paste holds a single JWT with all of its parts. */
  readonly fingerprint: () => string | null;
};

export type InspectOptions = {
  readonly now: Date;
  /** The environment of the tenant. Sandbox and live never mix; between `production` and `biz` there is a warning. */
  readonly environment: Environment;
  /** The client ID of the ISV's app, to know it by sight; any 22 characters alone are taken for one anyway. */
  readonly clientId?: string | undefined;
};
