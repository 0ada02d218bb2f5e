import type { RefusalCause, TransientCause } from './outcome.js';

/** The API no longer accepts the token. Not a cause by itself: after a 401 the caller mints once and retries. */
type TokenRow = 'token_rejected';

/** What answered. `after_mint`: the API rejected a token that RingCentral had issued a moment before. */
export type Place = 'token' | 'api' | 'after_mint';

export type CatalogueRow = {
  codes: readonly string[];
  cause: RefusalCause | TransientCause | TokenRow;
  where: Place | 'token and api';
};

/**
 * Every error code that we interpret; `docs/ringcentral.md` says how sure each is. Rows match by code, because
 * RingCentral says that its texts may change. If an answer holds codes of several rows, the first row wins, so an outage
 * of RingCentral comes before any other cause, and a fault of our own app before one of the clinic.
 */
export const errorCatalogue: readonly CatalogueRow[] = [
  { codes: ['CMN-301', 'CMN-302', 'CMN-303', 'CMN-304', 'CMN-310'], cause: 'rate_limited', where: 'token and api' },
  { codes: ['CMN-201', 'CMN-211', 'MaintenanceMode'], cause: 'ringcentral_unavailable', where: 'token and api' },
  {
    codes: [
      'OAU-146',
      'OAU-153',
      'OAU-251',
      'OAU-250',
      'OAU-123',
      'OAU-134',
      'OAU-112',
      'OAU-125',
      'OAU-111',
      'OAU-165',
      'OAU-116',
      'OAU-117',
      'OAU-120',
      'OAU-121',
      'OAU-127',
      'OAU-151',
    ],
    cause: 'app_misconfigured',
    where: 'token',
  },
  { codes: ['OAU-473'], cause: 'app_not_permitted', where: 'token' },
  // At the token endpoint only. If it names another permission, the cause is the same as for an API call.
  { codes: ['CMN-408'], cause: 'third_party_access_missing', where: 'token' },
  { codes: ['OAU-141', 'OAU-136', 'OAU-232', 'OAU-236'], cause: 'owner_inactive', where: 'token' },
  { codes: ['OAU-142', 'OAU-222'], cause: 'account_inactive', where: 'token' },
  { codes: ['OAU-105', 'OAU-163', 'OAU-119'], cause: 'wrong_user_type', where: 'token' },
  { codes: ['OAU-167'], cause: 'account_restricted', where: 'token' },
  { codes: ['OAU-147', 'OAU-148'], cause: 'owner_locked', where: 'token' },
  { codes: ['OAU-331', 'OAU-345', 'OAU-347'], cause: 'credential_damaged', where: 'token' },
  { codes: ['OAU-210', 'OAU-211', 'OAU-213'], cause: 'credential_rejected', where: 'token' },
  // Only an authorization code gets these: it is wrong, too old, used before, or was made for another request.
  { codes: ['OAU-106', 'OAU-108', 'OAU-109', 'OAU-110'], cause: 'sign_in_again', where: 'token' },
  {
    codes: [
      'AGW-401',
      'AGW-402',
      'TokenInvalid',
      'TokenExpired',
      'OAU-149',
      'OAU-213',
      'OAU-127',
      'OAU-128',
      'OAU-129',
      'OAU-151',
      'CMN-405',
    ],
    cause: 'token_rejected',
    where: 'api',
  },
  // The owner may be inactive, or the token may be old: a new token tells.
  { codes: ['OAU-136', 'OAU-141', 'OAU-232', 'OAU-236', 'OAU-142', 'OAU-222'], cause: 'token_rejected', where: 'api' },
  { codes: ['OAU-232', 'OAU-236', 'CMN-405', 'OAU-136', 'OAU-141'], cause: 'owner_inactive', where: 'after_mint' },
  { codes: ['OAU-142', 'OAU-222'], cause: 'account_inactive', where: 'after_mint' },
  { codes: ['CMN-401'], cause: 'scope_missing', where: 'api' },
  { codes: ['CMN-419', 'CMN-404', 'CMN-402'], cause: 'extension_not_visible', where: 'api' },
  // The extension no longer exists: the same fix as for one that is not visible.
  { codes: ['CMN-102'], cause: 'extension_not_visible', where: 'api' },
  { codes: ['CMN-408'], cause: 'permission_missing', where: 'api' },
];

/** OAuth `error` values that mean a fault of our app, used if no code of the table matches (RFC 6749 §5.2). */
export const appErrors: readonly string[] = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type'];

/** OAuth `error` values that mean an outage of RingCentral, whatever the status (RFC 6749 §4.1.2.1). */
export const outageErrors: readonly string[] = ['temporarily_unavailable', 'service_unavailable', 'server_error'];

/** The first row that holds one of the codes, or undefined: an unknown code stays unclassified. */
export const catalogueRow = (codes: readonly string[], place: Place): CatalogueRow | undefined =>
  errorCatalogue.find(({ where, codes: ofRow }) => where.includes(place) && ofRow.some((code) => codes.includes(code)));
