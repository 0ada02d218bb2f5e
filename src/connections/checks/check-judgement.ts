import type { Credential } from '../../credentials/credential-types.js';
import { isDoubtful, keepsPaste } from '../health/causes.js';
import type { Connection } from '../health/connection-store.js';
import type { OurAppKind } from '../health/incident-store.js';
import { serves, type Verdict } from '../health/health.js';
import type { Pins } from '../proof/pins.js';
import { isTooShort } from '../proof/code-exchange.js';
import { ended, type Judged } from '../proof/judged.js';
import type { RefreshToken } from '../../tokens/refresh/refresh-token-types.js';
import { catalogueRow } from '../../ringcentral/catalogue/error-catalogue.js';
import type { AppAnswer } from './app-check.js';
import type { Control } from './rejections.js';

export const isChecked = ({ status }: Credential): boolean => status === 'pending' || status === 'active';

export const pinsFor = (credential: Credential, connection: Connection | undefined): Pins => ({
  // A replacement may act as another user of the same account; the credential in use must not change its user, unless
  // staff approved the other one.
  ownerId:
    credential.status === 'active' ? (connection?.approvedOwnerId ?? connection?.identity?.ownerId ?? null) : null,
  accountId: connection?.identity?.accountId ?? null,
  approvedAccountId: connection?.approvedAccountId ?? null,
});

/** The result while RingCentral refuses our own app and was asked a moment ago. */
export const notAsked = (waitsFor: OurAppKind): Judged =>
  ended({ kind: 'inconclusive', cause: causeOfOurApp[waitsFor] }, { step: 'incident' });

const causeOfOurApp = { app: 'app_misconfigured', scope: 'scope_missing' } as const;

/**
 * Which incident of our own app a result shows or waits for; null if none. A scope that a new token has is not missing:
 * then the refusal concerns that clinic only.
 */
export function ourAppIncident({ verdict, scopes }: Judged): OurAppKind | null {
  if (verdict.kind === 'accepted') return null;
  if (verdict.cause === causeOfOurApp.app) return 'app';
  return verdict.cause === causeOfOurApp.scope && scopes !== 'held' ? 'scope' : null;
}

export const isKnownToWork = ({ status }: Credential, connection: Connection | undefined): boolean =>
  status === 'active' && connection !== undefined && serves(connection.health);

/** A paste or sign-in of a clinic that no credential serves: it comes before all that waits. */
export const isFirstPaste = ({ status }: Credential, connection: Connection | undefined): boolean =>
  status === 'pending' && !(connection && serves(connection.health));

/**
 * A credential that worked is refused for the second time. This is believed, unless many credentials are refused at
 * once.
 */
export function isAboutToFail(
  credential: Credential,
  connection: Connection | undefined,
  { verdict }: Judged,
  confirmMs: number,
  at: Date,
): boolean {
  const serving = connection?.health.serving;
  if (credential.status !== 'active' || verdict.kind !== 'refused' || !isDoubtful(verdict.cause)) return false;
  return serving?.state === 'suspect' && at.getTime() - Date.parse(serving.since) >= confirmMs;
}

/** The code of a sign-in does not live until the incident is over: the person signs in again then. */
export const codeNotAsked = (waitsFor: OurAppKind): Judged => ({
  ...ended({ kind: 'refused', cause: causeOfOurApp[waitsFor] }, { step: 'incident' }),
  isSpent: true,
});

/**
 * A refusal of our own app at the token endpoint whose code the catalogue does not hold: only an invalid assertion can
 * confirm it. An invalid assertion says nothing about the API.
 */
export const isAppInDoubt = ({ verdict, detail: { codes = [], step } }: Judged): boolean =>
  step === 'mint' &&
  verdict.kind === 'refused' &&
  verdict.cause === 'app_misconfigured' &&
  catalogueRow(codes, 'token') === undefined;

/** The result after an invalid assertion was tried: if RingCentral accepts our app, the refusal is that clinic's. */
export function withAppAnswer(proof: Judged, answer: AppAnswer): Judged {
  if (answer === 'refused') return proof;
  if (answer === 'accepted') return { ...proof, verdict: { kind: 'refused', cause: 'unclassified' } };
  const detail = { ...proof.detail, step: 'incident' } as const;
  return { ...proof, verdict: { kind: 'inconclusive', cause: 'app_misconfigured' }, detail };
}

/** An account may limit its sessions while one is in use: that is said before the session ends. */
export function withSessionLimits(proof: Judged, signIn: RefreshToken | undefined): Judged {
  const { verdict } = proof;
  if (!signIn || verdict.kind !== 'accepted') return proof;
  const { idleSeconds, beganAt, sessionEndsAt } = signIn;
  const endsInSeconds = sessionEndsAt && (sessionEndsAt.getTime() - beganAt.getTime()) / 1000;
  if (!isTooShort({ idleSeconds, endsInSeconds })) return proof;
  return { ...proof, verdict: { kind: 'accepted', warnings: [...verdict.warnings, 'session_too_short'] } };
}

/**
 * If RingCentral refuses our own app or it lacks a scope, that says nothing about a credential in use. Neither does a refusal that the
 * unchanged control credential gets too: that is one incident, not a failure of every tenant.
 */
export function aboutThis(credential: Credential, proof: Judged, control: Control): Judged {
  const { verdict } = proof;
  if (credential.status !== 'active' || verdict.kind !== 'refused') return proof;
  if (ourAppIncident(proof) !== null) return { ...proof, verdict: { kind: 'inconclusive', cause: verdict.cause } };
  if (control === 'not_needed' || control === 'works') return proof;
  const detail = { ...proof.detail, step: 'control' } as const;
  return { ...proof, verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' }, detail };
}

/** What becomes of a credential that was checked. */
export type Fate = 'serves' | 'activated' | 'kept' | 'destroyed';

export function fateOf(credential: Credential, { verdict, isSpent }: Pick<Judged, 'verdict' | 'isSpent'>): Fate {
  if (credential.status === 'active') return 'serves';
  if (verdict.kind === 'accepted') return 'activated';
  if (isSpent) return 'destroyed';
  if (verdict.kind === 'inconclusive') return 'kept';
  return keepsPaste(verdict.cause) ? 'kept' : 'destroyed';
}

export function connectionAfter(connection: Connection, { verdict, identity }: Judged, now: Date): Connection {
  const checked = { ...connection, checkedAt: now, withheld: withheldAfter(connection, verdict, identity) };
  if (verdict.kind !== 'accepted' || !identity) return checked;
  return {
    ...checked,
    approvedOwnerId: null, // the accepted user is the pinned one from now on
    connectedAt: connection.connectedAt ?? now,
    // If RingCentral did not return the name this time, the known name stays.
    identity: { ...identity, accountName: identity.accountName ?? knownAccountName(connection, identity.accountId) },
  };
}

/** An acceptance of the credential in use does not approve the account that another credential waits for. */
function withheldAfter(
  { withheld, health }: Connection,
  verdict: Verdict,
  identity: Judged['identity'],
): Connection['withheld'] {
  // A mismatch of the credential in use is not shown to staff before it is confirmed.
  if (health.pending === null && health.serving.state === 'suspect') return withheld;
  if (isWithheld(verdict) && identity) {
    const { accountId, ownerId, ownerName, accountName } = identity;
    return { accountId, ownerId, ownerName, accountName };
  }
  return verdict.kind !== 'inconclusive' && health.pending === null ? null : withheld;
}

/** The owner is unknown or not approved: its token was revoked or forgotten, and is not stored. */
export const isForeign = ({ verdict, detail }: Judged): boolean =>
  isWithheld(verdict) || (verdict.kind !== 'accepted' && detail.step !== 'fax_lines' && detail.step !== 'scopes');

export const isWithheld = (verdict: Verdict): boolean =>
  verdict.kind === 'refused' && ['account_mismatch', 'account_shared'].includes(verdict.cause);

const knownAccountName = ({ identity }: Connection, accountId: string): string | null =>
  identity?.accountId === accountId ? identity.accountName : null;
