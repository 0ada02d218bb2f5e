/** Who can fix it. `nobody`: it resolves without action. */
export type FixOwner = 'tenant' | 'isv' | 'ringcentral' | 'nobody';

type CauseRow = {
  fixOwner: FixOwner;
  /**
   * What happens to a pasted JWT that was refused for this cause. `kept`: the fix is in RingCentral's console and the
   * JWT text stays the same, so a second paste is not needed. `destroyed`: the JWT itself is bad. `serves`: only a
   * warning.
   */
  paste: 'kept' | 'destroyed' | 'serves';
  /** True if one refusal of a working credential may be an error and must be confirmed before it is believed. */
  doubtful?: true;
};

/** Every cause that a state can have: stable codes shared by pages, mails, events and the API. */
export const causes = {
  app_not_permitted: { fixOwner: 'tenant', paste: 'kept' },
  third_party_access_missing: { fixOwner: 'tenant', paste: 'kept' },
  owner_inactive: { fixOwner: 'tenant', paste: 'kept' },
  account_inactive: { fixOwner: 'tenant', paste: 'kept' },
  wrong_user_type: { fixOwner: 'tenant', paste: 'destroyed' },
  owner_locked: { fixOwner: 'nobody', paste: 'kept' },
  account_restricted: { fixOwner: 'ringcentral', paste: 'kept' },
  credential_damaged: { fixOwner: 'tenant', paste: 'destroyed' },
  credential_expired: { fixOwner: 'tenant', paste: 'destroyed' },
  credential_rejected: { fixOwner: 'tenant', paste: 'destroyed', doubtful: true },
  sign_in_again: { fixOwner: 'tenant', paste: 'destroyed', doubtful: true },
  session_too_short: { fixOwner: 'tenant', paste: 'destroyed' },
  permission_missing: { fixOwner: 'tenant', paste: 'kept' },
  extension_not_visible: { fixOwner: 'tenant', paste: 'kept' },
  scope_missing: { fixOwner: 'isv', paste: 'kept' },
  app_misconfigured: { fixOwner: 'isv', paste: 'kept' },
  not_confirmed: { fixOwner: 'tenant', paste: 'kept' },
  account_mismatch: { fixOwner: 'isv', paste: 'kept', doubtful: true },
  account_shared: { fixOwner: 'isv', paste: 'kept' },
  no_fax_line: { fixOwner: 'tenant', paste: 'serves' },
  mailbox_filling: { fixOwner: 'tenant', paste: 'serves' },
  expires_soon: { fixOwner: 'tenant', paste: 'serves' },
  old_credential_alive: { fixOwner: 'tenant', paste: 'serves' },
  environment_differs: { fixOwner: 'tenant', paste: 'serves' },
  rate_limited: { fixOwner: 'ringcentral', paste: 'kept' },
  ringcentral_unavailable: { fixOwner: 'ringcentral', paste: 'kept' },
  unreachable: { fixOwner: 'isv', paste: 'kept' },
  unclassified: { fixOwner: 'isv', paste: 'kept', doubtful: true },
} as const satisfies Record<string, CauseRow>;

export type Cause = keyof typeof causes;

const row = (cause: Cause): CauseRow => causes[cause];

export const fixOwnerOf = (cause: Cause): FixOwner => row(cause).fixOwner;
export const keepsPaste = (cause: Cause): boolean => row(cause).paste !== 'destroyed';
export const isDoubtful = (cause: Cause): boolean => row(cause).doubtful === true;
/** Causes for which a single refusal may be an error. */
export const doubtfulCauses = (Object.keys(causes) as Cause[]).filter(isDoubtful);
export const isCause = (text: string): text is Cause => Object.hasOwn(causes, text);

/** If there are several warnings, the state names the first of these that requires action. */
export const warningOrder: readonly Cause[] = [
  'no_fax_line',
  'session_too_short',
  'mailbox_filling',
  'expires_soon',
  'old_credential_alive',
  'environment_differs',
];
