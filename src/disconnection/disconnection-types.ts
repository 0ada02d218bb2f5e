import type { Credential, CredentialStatus } from '../credentials/credential-types.js';

/** Who disconnected: a person of the clinic or of the ISV, a program of the ISV, or an operator on the server. */
export type DisconnectedBy = 'clinic' | 'staff' | 'program' | 'operator';

/**
 * What came of a disconnection, the best first. Each says what was proved and no more.
 *
 * - `nothing_kept`: there was no credential left to destroy.
 * - `never_exchanged`: a person signed in, and RingCentral was never sent the code, so that there was no session.
 * - `proved_dead`: RingCentral refused every JWT, and accepted another with our app; each was destroyed.
 * - `revoked`: RingCentral said that it ended the session of the sign-in.
 * - `not_revoked`: the refresh token of the sign-in was destroyed, but RingCentral did not say that it ended the session.
 * - `refused`: RingCentral refused a JWT again and again until it was destroyed, and nothing showed that our app works.
 * - `destroyed_on_request`: a JWT was destroyed before that was proved, because a person wanted it.
 * - `not_proved_dead`: a JWT was destroyed, and RingCentral may still accept it.
 * - `used_again`: the same JWT was given again and is in use.
 */
export const results = [
  'nothing_kept',
  'never_exchanged',
  'proved_dead',
  'revoked',
  'not_revoked',
  'refused',
  'destroyed_on_request',
  'not_proved_dead',
  'used_again',
] as const;
export type Result = (typeof results)[number];

export type Receipt = { text: string; at: Date; result: Result };

export type ErasedReceipt = Pick<Receipt, 'at' | 'result'>;

export type Disconnection = {
  id: string;
  tenantId: string;
  at: Date;
  by: DisconnectedBy;
  accountId: string | null;
  /** When the last session that cannot be revoked ends by itself; null without one. */
  sessionsEndBy: Date | null;
  /** null until it is over, and once its text is erased */
  receipt: Receipt | null;
  /** What stays of a receipt whose text was erased with the clinic's names. */
  erasedReceipt: ErasedReceipt | null;
  credentials: ({ id: string; was: CredentialStatus } & Sessions)[];
};

/** How many sessions of a credential RingCentral said that it ended, and how many it did not. */
export type Sessions = {
  revoked: number;
  notRevoked: number;
  /** The code of a sign-in was never sent, so that there was no session. */
  neverExchanged?: boolean;
};

/** One credential of a disconnection, as it is now. */
export type EndedCredential = { was: CredentialStatus; credential: Credential } & Sessions;

/** Everything that a page or a receipt may say. */
export type Outcome = {
  disconnection: Disconnection;
  credentials: EndedCredential[];
  /** Whether a session still waits to be revoked. */
  isRevoking: boolean;
};
