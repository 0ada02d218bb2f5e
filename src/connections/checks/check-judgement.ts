import type { Credential } from '../../credentials/credential-types.js';
import { isDoubtful, keepsPaste } from '../health/causes.js';
import type { Connection } from '../health/connection-store.js';
import type { Verdict } from '../health/health.js';
import type { Pins } from '../proof/pins.js';
import type { Proof } from '../proof/proof.js';
import type { Control } from './rejections.js';

/** What a check found, as far as it came to an end. */
export type Judged = Extract<Proof, { kind: 'done' }>;

export const isChecked = ({ status }: Credential): boolean => status === 'pending' || status === 'active';

export const pinsFor = (credential: Credential, connection: Connection | undefined): Pins => ({
  // A replacement may act as another user of the same account; the one that serves may not change under us.
  ownerId: credential.status === 'active' ? (connection?.identity?.ownerId ?? null) : null,
  accountId: connection?.identity?.accountId ?? null,
  approvedAccountId: connection?.approvedAccountId ?? null,
});

/** What is answered while RingCentral refuses our own app and has just been asked. */
export const withheld: Judged = {
  kind: 'done',
  verdict: { kind: 'inconclusive', cause: 'app_misconfigured' },
  detail: { step: 'incident' },
  retryAfterMs: null,
  identity: null,
  owner: null,
  lines: null,
};

/** A credential that worked, refused for the second time: believed now, unless many are. */
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

/**
 * RingCentral's no to our own app says nothing about a credential that serves, and neither does one that it also says to
 * a credential which nobody touched: that is one trouble, not every tenant's.
 */
export function aboutThis(credential: Credential, proof: Judged, control: Control): Judged {
  const { verdict } = proof;
  if (credential.status !== 'active' || verdict.kind !== 'refused') return proof;
  if (verdict.cause === 'app_misconfigured')
    return { ...proof, verdict: { kind: 'inconclusive', cause: verdict.cause } };
  if (control === 'not_needed' || control === 'works') return proof;
  const detail = { ...proof.detail, step: 'control' } as const;
  return { ...proof, verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' }, detail };
}

/** What becomes of a credential that was checked. */
export type Fate = 'serves' | 'activated' | 'kept' | 'destroyed';

export function fateOf(credential: Credential, verdict: Verdict): Fate {
  if (credential.status === 'active') return 'serves';
  if (verdict.kind === 'accepted') return 'activated';
  if (verdict.kind === 'inconclusive') return 'kept';
  return keepsPaste(verdict.cause) ? 'kept' : 'destroyed';
}

export function connectionAfter(connection: Connection, { verdict, identity }: Judged, now: Date): Connection {
  const checked = { ...connection, checkedAt: now, held: heldAfter(connection, verdict, identity) };
  if (verdict.kind !== 'accepted' || !identity) return checked;
  return {
    ...checked,
    connectedAt: connection.connectedAt ?? now,
    // A name RingCentral did not tell this time is still the name.
    identity: { ...identity, accountName: identity.accountName ?? knownAccountName(connection, identity.accountId) },
  };
}

/** A yes to the credential that serves is none to the account for which another one waits. */
function heldAfter({ held, health }: Connection, verdict: Verdict, identity: Judged['identity']): Connection['held'] {
  if (isHeldBack(verdict) && identity) return { accountId: identity.accountId, ownerId: identity.ownerId };
  return verdict.kind !== 'inconclusive' && health.pending === null ? null : held;
}

/** Whom it acts as is not known, or not approved: its token was ended, or lives an hour and is held by nobody. */
export const isForeign = ({ verdict, detail }: Judged): boolean =>
  isHeldBack(verdict) || (verdict.kind !== 'accepted' && detail.step !== 'fax_lines' && detail.step !== 'scopes');

export const isHeldBack = (verdict: Verdict): boolean =>
  verdict.kind === 'refused' && ['account_mismatch', 'account_shared'].includes(verdict.cause);

const knownAccountName = ({ identity }: Connection, accountId: string): string | null =>
  identity?.accountId === accountId ? identity.accountName : null;
