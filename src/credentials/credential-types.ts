import type { Environment, OurApp } from '../ringcentral/environments.js';

/** How a clinic gives us access: by a JWT that it pastes, or by a RingCentral sign-in (RFC 6749 §4.1). */
export type Method = 'jwt' | 'authorization_code';

/** The app of ours with which RingCentral accepts a credential. */
export const appOf = ({ method }: Pick<Credential, 'method'>): OurApp => (method === 'jwt' ? 'jwt' : 'sign_in');

/** `retired`: a JWT that is no longer used. It is kept for a week, and only its death check opens it. */
export type CredentialStatus = 'pending' | 'active' | 'retired' | 'destroyed';

/** Why a credential's ciphertext was destroyed. */
export type Destruction =
  | 'superseded'
  | 'refused'
  /** A person said that its account is not the clinic's. */
  | 'not_ours'
  | 'expired_unproved'
  | Retirement['because']
  /** A person wanted a retired JWT destroyed before it was proved dead. */
  | 'on_request'
  /** RingCentral refused a retired JWT, so it cannot be used any more. */
  | 'proved_dead'
  /** A retired JWT was kept for a week, and RingCentral may still accept it. */
  | 'not_proved_dead';

/** What RingCentral said to a death check. `refused`: as it refuses a deleted JWT; one refusal is no proof. */
export type DeathAnswer = 'works' | 'refused' | 'unclear';

/** What is known of a JWT since it is no longer used. */
export type Retirement = {
  at: Date;
  because: 'replaced' | 'disconnected';
  /** When a person last said that it was deleted at RingCentral, and who. */
  saidDeleted: { at: Date; by: string } | null;
  /** The last death check; `cause` is null if RingCentral accepted the JWT. */
  tried: { at: Date; answer: DeathAnswer; cause: string | null } | null;
  /** The first of refusals in a row by which it may be dead. */
  refusedSince: Date | null;
  provedDeadAt: Date | null;
  /** When RingCentral accepted another JWT with our app, which shows that the refusals are about this one. */
  appWorkedAt: Date | null;
};

/** Whether RingCentral refused a retired JWT as often as its death needs, so that only another JWT is missing as a proof. */
export const isRefusedAgain = ({ tried, refusedSince }: Pick<Retirement, 'tried' | 'refusedSince'>): boolean =>
  tried?.answer === 'refused' && refusedSince !== null && tried.at > refusedSince;

/** What a death check found. */
export type Tried = Pick<Retirement, 'refusedSince' | 'provedDeadAt' | 'appWorkedAt'> & {
  tried: NonNullable<Retirement['tried']>;
};

/** A sealed secret of a connection, without the secret itself. */
export type Credential = {
  id: string;
  tenantId: string;
  method: Method;
  status: CredentialStatus;
  /** SHA-256 of the JWT or of the authorization code. */
  fingerprint: string;
  /** The client ID of the app with which the person signed in; null for a JWT. */
  clientId: string | null;
  /** The member who pasted it or signed in, or who made the link through which it was pasted. */
  submittedBy: string;
  submittedAt: Date;
  /** Null if it does not expire by itself: RingCentral writes a year of 2090 or later, or limits no session. */
  expiresAt: Date | null;
  environment: Environment;
  /** When a pending or retired credential is destroyed. */
  keptUntil: Date | null;
  /** The next expiry reminder to its people; null if there is none. */
  remindAt: Date | null;
  destroyedAt: Date | null;
  destroyedBecause: Destruction | null;
  /** Null if it was never retired. */
  retirement: Retirement | null;
};
