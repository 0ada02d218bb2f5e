import { actorOf, type Actor, type AuditEvent } from '../../audit/audit-events.js';
import { appOf, type Credential } from '../../credentials/credential-types.js';
import { iso } from '../../platform/database/database.js';
import type { Sealed } from '../../platform/sealing/sealing.js';
import { appNameOf, type AppName, type Environment } from '../../ringcentral/environments.js';
import type { RingCentralSession } from '../../tokens/token-types.js';
import type { Check } from '../health/check-types.js';
import type { Connection, Identity } from '../health/connection-store.js';
import { nextReminderAt } from '../health/expiry-schedule.js';
import { evidenceAt, nextHealth, serves } from '../health/health.js';
import { waitNameOf, type Closing } from '../health/incident-store.js';
import type { UnconfirmedAccount } from '../proof/confirmed-account-store.js';
import type { FaxLine } from '../proof/fax-line-store.js';
import type { OwnerFacts } from '../proof/owner-change.js';
import { pinsViolation } from '../proof/pins.js';
import type { Judged } from '../proof/judged.js';
import {
  aboutThis,
  connectionAfter,
  fateOf,
  isFirstPaste,
  isForeign,
  isWithheld,
  ourAppIncident,
  pinsFor,
  type Fate,
} from './check-judgement.js';
import type { CheckRequest } from './check-queue.js';
import type { Control } from './rejections.js';
import type { JustChecked } from './schedule.js';

/** What the transaction that writes a check has read while it holds the tenant's lock. */
export type Before = {
  request: Pick<CheckRequest, 'id' | 'trigger' | 'requestedBy' | 'handOffId' | 'inconclusiveStreak'>;
  credential: Credential;
  connection: Connection;
  /** Whether another tenant is connected to the proved account; false if the pins do not decide. */
  isOfAnother: boolean;
  /** Whether a person has said that the proved account is the tenant's; false if the pins do not decide. */
  isConfirmed: boolean;
};

/** The facts about a check besides its proof. */
export type Facts = {
  startedAt: Date;
  now: Date;
  /** Between 0 and 1: spreads the next check over the interval. */
  spread: number;
  environment: Environment;
  control: Control;
  /** How long a doubtful refusal waits to be confirmed, in milliseconds. */
  confirmMs: number;
  /** The sealed token of a credential that was not in use yet; it is kept if the credential is activated. */
  sealed: Sealed | null;
};

/** Everything that one check changes. */
export type Changes = {
  tenantId: string;
  credentialId: string;
  requestId: string;
  connection: Connection;
  /** Whether another credential replaced the one in use. */
  replaced: boolean;
  /** How an incident was ended, if this check ends one. */
  closing: Closing;
  /** null if the stored ones do not change. */
  faxLines: FaxLine[] | null;
  /** The account that a person must confirm first. */
  unconfirmed: Omit<UnconfirmedAccount, 'credentialId' | 'provedAt'> | null;
  /** Whether a colleague with a link pasted the credential. */
  byColleague: boolean;
  check: Omit<Check, 'id'>;
  audit: AuditEvent;
  /** What RingCentral returned about the user that the credential in use acts as. */
  owner: { ownerId: string; facts: OwnerFacts } | null;
  /** What the check says about the whole portal. `proof` is null if no call was made for it. */
  portal: { environment: Environment; app: AppName; proof: Judged | null; control: Control; judged: Judged };
  /** Whether the kept tokens of this credential are deleted. */
  forgetsTokens: boolean;
  /** The token to keep for jobs. */
  token: { session: RingCentralSession; sealed: Sealed } | null;
  fate: Fate;
  /** When people are reminded that an activated credential expires. */
  remindAt: Date | null;
  /** What determines the time of the next check; null if there is none. */
  next: { checked: JustChecked; waitsFor: string | null; now: Date; spread: number } | null;
};

/** Whether the pins decide this answer: it was accepted, or was refused only because of the pins. */
export const pinsDecide = (proof: Judged): proof is Judged & { identity: Identity } =>
  proof.identity !== null && (proof.verdict.kind === 'accepted' || isWithheld(proof.verdict));

/**
 * What a check changes, computed from what was stored before it and what RingCentral answered. The same inputs give the
 * same changes.
 *
 * @returns `ask_again` if staff approved the account meanwhile, because the steps after the pins were not tried
 */
export function decide(before: Before, proved: Judged, facts: Facts): Changes | 'ask_again' {
  const { request, credential, connection } = before;
  const { now, startedAt, environment, control, spread, sealed } = facts;
  const { id: credentialId, tenantId } = credential;
  const judged = judgePinsAgain(before, proved);
  if (judged === 'ask_again') return judged;
  const answered = aboutThis(credential, judged, control);
  const unconfirmed = unconfirmedIn(before, answered);
  const proof: Judged = unconfirmed ? { ...answered, verdict: { kind: 'refused', cause: 'not_confirmed' } } : answered;
  const { verdict } = proof;
  const cause = verdict.kind === 'accepted' ? null : verdict.cause;
  const fate = fateOf(credential, proof);
  const ours = ourAppIncident(proof);
  const app = appNameOf(environment, appOf(credential));
  const health = nextHealth(
    connection.health,
    credential.status === 'pending'
      ? { kind: 'pending_judged', verdict, kept: fate === 'kept' }
      : {
          kind: 'serving_checked',
          verdict,
          confirmMs: facts.confirmMs,
          ...(proof.by ? { mintedAt: iso(proof.by.session.mintedAt) } : {}),
        },
    iso(now),
  );
  const isTheirs = fate === 'serves' || fate === 'activated';
  return {
    tenantId,
    credentialId,
    requestId: request.id,
    connection: connectionAfter({ ...connection, health }, proof, now),
    replaced: fate === 'activated' && serves(connection.health),
    closing: {
      how: fate === 'activated' ? 'new_credential' : 'check',
      // A colleague with a link has no name, and the member who created the link did not act.
      by: request.handOffId === null ? request.requestedBy : null,
    },
    // What belongs to a company that no person has confirmed is not the clinic's yet.
    faxLines: verdict.kind === 'inconclusive' || unconfirmed ? null : proof.lines,
    unconfirmed,
    byColleague: request.handOffId !== null,
    check: {
      credentialId,
      trigger: request.trigger,
      verdict: verdict.kind,
      cause,
      warnings: verdict.kind === 'accepted' ? verdict.warnings : [],
      detail: proof.detail,
      startedAt,
      finishedAt: now,
    },
    audit: {
      action: 'credential.judged',
      actor: actorOfRequest(request),
      tenantId,
      target: credentialId,
      outcome: verdict.kind === 'accepted' ? 'ok' : verdict.kind,
      detail: { verdict: verdict.kind, cause, trigger: request.trigger },
    },
    owner:
      isTheirs && !isWithheld(verdict) && proof.identity && proof.owner
        ? { ownerId: proof.identity.ownerId, facts: proof.owner }
        : null,
    portal: { environment, app, proof: answered.by?.isNew === false ? null : answered, control, judged },
    forgetsTokens: fate === 'serves' && health.serving.state === 'failing',
    token: sealed && proof.by && !isForeign(answered) ? { session: proof.by.session, sealed } : null,
    fate,
    remindAt: fate === 'activated' ? nextReminderAt(credential.expiresAt, now) : null,
    next:
      fate === 'destroyed'
        ? null
        : {
            checked: {
              status: fate === 'kept' ? 'pending' : 'active',
              verdict,
              inconclusiveStreak: request.inconclusiveStreak,
              retryAfterMs: proof.retryAfterMs,
              suspectSince:
                fate !== 'kept' && health.serving.state === 'suspect' ? new Date(health.serving.since) : null,
              expiresAt: credential.expiresAt,
              evidenceAt: evidenceAt(health),
            },
            waitsFor: ours && waitNameOf(ours, app, isFirstPaste(credential, connection)),
            now,
            spread,
          },
  };
}

/** Everything works, but no person has said that the account is the clinic's. A credential in use acts in a confirmed one. */
function unconfirmedIn({ credential, isConfirmed }: Before, proof: Judged): Changes['unconfirmed'] {
  const { verdict, identity, owner, lines } = proof;
  if (credential.status !== 'pending' || isConfirmed || verdict.kind !== 'accepted' || !identity) return null;
  return { identity, owner, lines: lines ?? [], warnings: verdict.warnings };
}

/** The proof compared the pins without a lock; the answer is final only with the locks of tenant and account. */
function judgePinsAgain({ credential, connection, isOfAnother }: Before, proof: Judged): Judged | 'ask_again' {
  if (!pinsDecide(proof)) return proof;
  const violation = pinsViolation(proof.identity, pinsFor(credential, connection), isOfAnother);
  if (!violation) return isWithheld(proof.verdict) ? 'ask_again' : proof;
  return { ...proof, verdict: { kind: 'refused', cause: violation }, detail: { step: 'pins' }, lines: null };
}

const actorOfRequest = ({ requestedBy, handOffId }: Before['request']): Actor =>
  requestedBy === null ? { kind: 'portal' } : actorOf({ personId: requestedBy, handOffId: handOffId ?? undefined });
