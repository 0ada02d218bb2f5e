import type { RefusalCause, TransientCause } from './outcome.js';

/** The API no longer accepts the token. Not a cause by itself: after a 401 the caller mints once and retries. */
type TokenRow = 'token_rejected';

/** What answered. `after_mint`: the API rejected a token that RingCentral had issued a moment before. */
export type Place = 'token' | 'api' | 'after_mint';

export type CatalogueRow = {
  codes: readonly string[];
  cause: RefusalCause | TransientCause | TokenRow;
  where: Place | 'token and api';
  /** the section of RingCentral's reference this was taken from */
  source: string;
  /** D: documented by RingCentral; S: seen in practice; I: inferred by us */
  confidence: 'D' | 'S' | 'I';
};

/**
 * Every error code that we interpret. Rows match by code, because RingCentral says that its texts may change. If an
 * answer holds codes of several rows, the first row wins, so an outage of RingCentral comes before any other cause, and
 * a fault of our own app before one of the clinic.
 */
export const errorCatalogue: readonly CatalogueRow[] = [
  {
    codes: ['CMN-301', 'CMN-302', 'CMN-303'],
    cause: 'rate_limited',
    where: 'token and api',
    source: '§3.4',
    confidence: 'D',
  },
  { codes: ['CMN-304', 'CMN-310'], cause: 'rate_limited', where: 'token and api', source: '§3.4', confidence: 'D' },
  {
    codes: ['CMN-201', 'CMN-211'],
    cause: 'ringcentral_unavailable',
    where: 'token and api',
    source: '§3.5',
    confidence: 'S',
  },
  {
    codes: ['MaintenanceMode'],
    cause: 'ringcentral_unavailable',
    where: 'token and api',
    source: '§3.5',
    confidence: 'S',
  },
  { codes: ['OAU-146'], cause: 'app_misconfigured', where: 'token', source: '§3.2 #4 wrong secret', confidence: 'D' },
  { codes: ['OAU-153'], cause: 'app_misconfigured', where: 'token', source: '§3.2 #3 client ID', confidence: 'S' },
  { codes: ['OAU-251'], cause: 'app_misconfigured', where: 'token', source: '§3.2 #1 JWT flow off', confidence: 'S' },
  { codes: ['OAU-250'], cause: 'app_misconfigured', where: 'token', source: '§3.2 #2 grant type', confidence: 'S' },
  { codes: ['OAU-123'], cause: 'app_misconfigured', where: 'token', source: '§3.2 #5 no client', confidence: 'S' },
  { codes: ['OAU-134'], cause: 'app_misconfigured', where: 'token', source: '§3.2 older codes', confidence: 'D' },
  { codes: ['OAU-112', 'OAU-125'], cause: 'app_misconfigured', where: 'token', source: '§3.2 older', confidence: 'D' },
  { codes: ['OAU-111'], cause: 'app_misconfigured', where: 'token', source: '§3.2 #23 duplicates', confidence: 'D' },
  { codes: ['OAU-165'], cause: 'app_misconfigured', where: 'token', source: '§3.2 #14 sandbox app', confidence: 'D' },
  { codes: ['OAU-116', 'OAU-117'], cause: 'app_misconfigured', where: 'token', source: '§3.2 ours', confidence: 'D' },
  { codes: ['OAU-120', 'OAU-121'], cause: 'app_misconfigured', where: 'token', source: '§3.2 ours', confidence: 'D' },
  { codes: ['OAU-127', 'OAU-151'], cause: 'app_misconfigured', where: 'token', source: '§3.2 ours', confidence: 'D' },
  { codes: ['OAU-473'], cause: 'app_not_permitted', where: 'token', source: '§3.2 #9, #10', confidence: 'S' },
  // At the token endpoint only. If it names another permission, the cause is the same as for an API call.
  { codes: ['CMN-408'], cause: 'third_party_access_missing', where: 'token', source: '§3.2 #16', confidence: 'S' },
  { codes: ['OAU-141', 'OAU-136'], cause: 'owner_inactive', where: 'token', source: '§3.2 #17', confidence: 'I' },
  { codes: ['OAU-232', 'OAU-236'], cause: 'owner_inactive', where: 'token', source: '§3.2 #17', confidence: 'I' },
  { codes: ['OAU-142'], cause: 'account_inactive', where: 'token', source: '§3.2 #18', confidence: 'S' },
  { codes: ['OAU-222'], cause: 'account_inactive', where: 'token', source: '§3.2 #18', confidence: 'D' },
  { codes: ['OAU-105', 'OAU-163'], cause: 'wrong_user_type', where: 'token', source: '§3.2 #19', confidence: 'D' },
  { codes: ['OAU-119'], cause: 'wrong_user_type', where: 'token', source: '§3.2 kind of user', confidence: 'D' },
  { codes: ['OAU-167'], cause: 'account_restricted', where: 'token', source: '§3.2 #20', confidence: 'S' },
  { codes: ['OAU-147', 'OAU-148'], cause: 'owner_locked', where: 'token', source: '§3.2 #21', confidence: 'D' },
  { codes: ['OAU-331'], cause: 'credential_damaged', where: 'token', source: '§3.2 #6', confidence: 'S' },
  { codes: ['OAU-345'], cause: 'credential_damaged', where: 'token', source: '§3.2 #7', confidence: 'S' },
  { codes: ['OAU-347'], cause: 'credential_damaged', where: 'token', source: '§3.2 #8', confidence: 'D' },
  { codes: ['OAU-210', 'OAU-211'], cause: 'credential_rejected', where: 'token', source: '§3.2 #12', confidence: 'D' },
  { codes: ['OAU-213'], cause: 'credential_rejected', where: 'token', source: '§3.2 #12', confidence: 'S' },
  { codes: ['AGW-401', 'AGW-402'], cause: 'token_rejected', where: 'api', source: '§3.7', confidence: 'S' },
  { codes: ['TokenInvalid', 'TokenExpired'], cause: 'token_rejected', where: 'api', source: '§3.7', confidence: 'S' },
  { codes: ['OAU-149', 'OAU-213'], cause: 'token_rejected', where: 'api', source: '§3.7', confidence: 'S' },
  { codes: ['OAU-127', 'OAU-128', 'OAU-129'], cause: 'token_rejected', where: 'api', source: '§3.7', confidence: 'D' },
  { codes: ['OAU-151', 'CMN-405'], cause: 'token_rejected', where: 'api', source: '§3.7', confidence: 'D' },
  // The owner may be inactive, or the token may be old: a new token tells.
  { codes: ['OAU-136', 'OAU-141'], cause: 'token_rejected', where: 'api', source: '§3.2 #17', confidence: 'I' },
  { codes: ['OAU-232', 'OAU-236'], cause: 'token_rejected', where: 'api', source: '§3.7', confidence: 'S' },
  { codes: ['OAU-142', 'OAU-222'], cause: 'token_rejected', where: 'api', source: '§3.2 #18', confidence: 'I' },
  { codes: ['OAU-232', 'OAU-236'], cause: 'owner_inactive', where: 'after_mint', source: '§3.7', confidence: 'S' },
  { codes: ['CMN-405'], cause: 'owner_inactive', where: 'after_mint', source: '§3.7', confidence: 'S' },
  { codes: ['OAU-136', 'OAU-141'], cause: 'owner_inactive', where: 'after_mint', source: '§3.2 #17', confidence: 'I' },
  {
    codes: ['OAU-142', 'OAU-222'],
    cause: 'account_inactive',
    where: 'after_mint',
    source: '§3.2 #18',
    confidence: 'I',
  },
  { codes: ['CMN-401'], cause: 'scope_missing', where: 'api', source: '§3.7 the app lacks it', confidence: 'D' },
  { codes: ['CMN-419'], cause: 'extension_not_visible', where: 'api', source: '§3.7 other users', confidence: 'D' },
  { codes: ['CMN-404', 'CMN-402'], cause: 'extension_not_visible', where: 'api', source: '§3.7', confidence: 'D' },
  // The extension no longer exists: the same fix as for one that is not visible.
  { codes: ['CMN-102'], cause: 'extension_not_visible', where: 'api', source: '§3.1, §3.7', confidence: 'I' },
  { codes: ['CMN-408'], cause: 'permission_missing', where: 'api', source: '§3.7 the role lacks it', confidence: 'S' },
];

/** OAuth `error` values that mean a fault of our app, used if no code of the table matches (RFC 6749 §5.2). */
export const appErrors: readonly string[] = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type'];

/** OAuth `error` values that mean an outage of RingCentral, whatever the status (RFC 6749 §4.1.2.1). */
export const outageErrors: readonly string[] = ['temporarily_unavailable', 'service_unavailable', 'server_error'];

/** The first row that holds one of the codes, or undefined: an unknown code stays unclassified. */
export const catalogueRow = (codes: readonly string[], place: Place): CatalogueRow | undefined =>
  errorCatalogue.find(({ where, codes: ofRow }) => where.includes(place) && ofRow.some((code) => codes.includes(code)));
