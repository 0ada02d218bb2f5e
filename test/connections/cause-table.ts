import type { Cause, FixOwner } from '../../src/connections/health/causes.js';

type Row = [cause: Cause, fixOwner: FixOwner, refusedPaste: 'kept' | 'destroyed' | 'serves'];

/** Every cause with who must fix it and what becomes of a refused paste. Written by hand, so tests can rely on it. */
export const causeTable: readonly Row[] = [
  ['app_not_permitted', 'tenant', 'kept'],
  ['third_party_access_missing', 'tenant', 'kept'],
  ['owner_inactive', 'tenant', 'kept'],
  ['account_inactive', 'tenant', 'kept'],
  ['wrong_user_type', 'tenant', 'destroyed'],
  ['owner_locked', 'nobody', 'kept'],
  ['account_restricted', 'ringcentral', 'kept'],
  ['credential_damaged', 'tenant', 'destroyed'],
  ['credential_expired', 'tenant', 'destroyed'],
  ['credential_rejected', 'tenant', 'destroyed'],
  ['sign_in_again', 'tenant', 'destroyed'],
  ['session_too_short', 'tenant', 'destroyed'],
  ['permission_missing', 'tenant', 'kept'],
  ['extension_not_visible', 'tenant', 'kept'],
  ['scope_missing', 'isv', 'kept'],
  ['app_misconfigured', 'isv', 'kept'],
  ['not_confirmed', 'tenant', 'kept'],
  ['account_mismatch', 'isv', 'kept'],
  ['account_shared', 'isv', 'kept'],
  ['no_fax_line', 'tenant', 'serves'],
  ['mailbox_filling', 'tenant', 'serves'],
  ['expires_soon', 'tenant', 'serves'],
  ['old_credential_alive', 'tenant', 'serves'],
  ['environment_differs', 'tenant', 'serves'],
  ['rate_limited', 'ringcentral', 'kept'],
  ['ringcentral_unavailable', 'ringcentral', 'kept'],
  ['unreachable', 'isv', 'kept'],
  ['unclassified', 'isv', 'kept'],
];
