import type { Secret } from '../../platform/secret.js';
import type { World } from '../../platform/world.js';
import type { Environment } from '../../ringcentral/environments.js';
import type { Inconclusive, Refused, TokenRejected } from '../../ringcentral/catalogue/outcome.js';
import { missingScope } from '../../ringcentral/catalogue/scopes.js';
import { afterNewMint } from '../../ringcentral/clients/classify-answer.js';
import type { ApiClient } from '../../ringcentral/clients/ringcentral-types.js';
import type { RingCentralSessions } from '../../tokens/ringcentral-sessions.js';
import type { RingCentralSession, SessionsFull } from '../../tokens/token-types.js';
import type { Lane } from '../../ringcentral/auth-budget/auth-budget-types.js';
import type { CheckDetail } from '../health/check-types.js';
import type { Identity } from '../health/connection-store.js';
import type { FaxLine } from './fax-line-store.js';
import { probeAll, withOutcomes, worstOf } from './fax-line-probes.js';
import { linesToProbe, mergeFaxLines } from './fax-lines.js';
import type { Cause } from '../health/causes.js';
import type { Verdict } from '../health/health.js';
import { ended, unsuccessful, type Judged } from './judged.js';
import { pinsViolation, type Pins } from './pins.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EXPIRY_LEEWAY_MS = 60_000;

/** `isKept`: the session was kept, and RingCentral was not asked for it. */
type Begun = { session: RingCentralSession; requestId: string | null; isKept?: true };

export type ProofSubject = {
  /** null for a sign-in: its refresh token is not opened here */
  assertion: Secret | null;
  /** The session that the code of a sign-in has just begun, and RingCentral's answer to the code. */
  begun?: Begun;
  tenantId: string;
  credentialId: string;
  /** The environment of the tenant's account; decides which server to call. */
  environment: Environment;
  /** The environment that the credential's issuer names. */
  issuedBy: Environment;
  expiresAt: Date | null;
  lane: Exclude<Lane, 'broker'>;
  since: Date;
  pins: Pins;
  knownLines: FaxLine[];
  /** A stored token that was minted since then is sufficient evidence; null if only a new one is. */
  reuseSince: Date | null;
};

export type Proof = Judged | NotSent;

type NotSent =
  /** Nothing was sent: our own auth budget has no slot before `until`. */
  | { kind: 'wait'; until: Date }
  /**
   * Nothing was sent: one more session would end a session that a job uses, or a refresh its access token. At `until`
   * that is practically over.
   */
  | SessionsFull;

type Deps = {
  ringcentral: ApiClient;
  tokens: Pick<RingCentralSessions, 'mint' | 'kept' | 'openKept' | 'drop' | 'end'>;
  world: Pick<World, 'now'>;
  requiredScopes: string[];
  jobProbe: 'faxes' | 'none';
  isAccountOfAnother: (accountId: string, tenantId: string) => Promise<boolean>;
};

/**
 * Proves a credential by using it: mint, owner, scopes, each fax line. Writes only session records and holds no
 * transaction. The answer is data, whatever RingCentral does.
 */
export const prover =
  (deps: Deps) =>
  async (subject: ProofSubject): Promise<Proof> => {
    const now = deps.world.now();
    if (subject.expiresAt !== null && subject.expiresAt.getTime() + EXPIRY_LEEWAY_MS <= now.getTime())
      return ended(
        { kind: 'refused', cause: subject.assertion ? 'credential_expired' : 'sign_in_again' },
        { step: 'local' },
      );
    const kept = await proveByKept(deps, subject, subject.reuseSince);
    // Only a new token shows whether our app has lost the scope.
    const first = kept === null || isScopeMissing(kept) ? await proveByNew(deps, subject) : kept;
    if (first.kind !== 'token_rejected') return first;
    const known = verdictOn(first);
    if (known.kind === 'refused') return unsuccessful(known, 'identity');
    // The API rejected the token, which says nothing about the credential. Try one new token; after that, the problem
    // is RingCentral's.
    const second = await proveByMint(deps, subject);
    if (second.kind === 'done') return second;
    // If there is no room for that mint now, do not start over: that would mint again and again without a result.
    return unsuccessful(second.kind === 'token_rejected' ? verdictOn(second) : known, 'identity');
  };

/** A token that the API rejected; `isNew` if it was minted for this proof and has not named its owner yet. */
type Rejected = TokenRejected & { isNew: boolean };

/** Only the rejection of a new token, before it named its owner, can mean that the owner or account is inactive. */
function verdictOn({ isNew, ...rejected }: Rejected): Refused | Inconclusive {
  const verdict = afterNewMint(rejected);
  return isNew ? verdict : { ...verdict, kind: 'inconclusive', cause: 'ringcentral_unavailable', retryAfterMs: null };
}

const placeOf = ({ lane, tenantId, since }: ProofSubject) => ({
  lane,
  tenantId,
  since,
  maxWaitMs: lane === 'interactive' ? 20_000 : 0,
});

const proveByNew = (deps: Deps, subject: ProofSubject): Promise<Proof | Rejected> =>
  subject.begun ? proveByBegun(deps, subject, subject.begun) : proveByMint(deps, subject);

async function proveByMint(deps: Deps, subject: ProofSubject): Promise<Proof | Rejected> {
  const { credentialId, environment, assertion, pins } = subject;
  const ask = { ...placeOf(subject), credentialId, environment, assertion, pinnedOwnerId: pins.ownerId };
  const minted = await deps.tokens.mint(ask);
  if (minted.kind === 'wait') return minted;
  // One more session would end one that a job uses. Our stored token is less than an hour old and proves everything
  // except the mint.
  if (minted.kind === 'full') return (await proveByKept(deps, subject, new Date(0))) ?? minted;
  if (minted.kind === 'held') return { ...minted, kind: 'full' };
  if (minted.kind === 'foreign_owner') {
    const mismatch = ended({ kind: 'refused', cause: 'account_mismatch' }, { step: 'pins' });
    if (pins.accountId === null) return mismatch;
    // The session was ended before its account was asked for. If staff approve the user, the account is compared then.
    const names = { ownerName: null, ownerExtensionNumber: null, accountName: null };
    return { ...mismatch, identity: { ...minted.found, accountId: pins.accountId, ...names } };
  }
  // Another app obtained the refresh token than the one that is configured now. It is kept, and nothing was sent.
  if (minted.kind === 'refused' && minted.cause === 'app_misconfigured' && minted.status === 0)
    return { ...ended({ kind: 'inconclusive', cause: minted.cause }, { step: 'incident' }), retryAfterMs: HOUR_MS };
  // By what RingCentral said, it has ended the refresh token.
  if (minted.kind === 'refused' && minted.status === 0)
    return ended({ kind: 'refused', cause: minted.cause }, { step: 'local' });
  if (minted.kind === 'refused') {
    const refusal = withJwtFacts(unsuccessful(minted, 'mint'), minted.cause, subject, deps);
    return isScopeMissing(refusal) ? { ...refusal, scopes: 'missing' } : refusal;
  }
  if (minted.kind !== 'minted') return unsuccessful(minted, 'mint');
  return proveByBegun(deps, subject, minted);
}

async function proveByBegun(deps: Deps, subject: ProofSubject, minted: Begun): Promise<Judged | Rejected> {
  const proof = await proveBy(deps, subject, minted.session, minted.isKept ? null : minted);
  if (proof.kind !== 'done') return proof;
  const named = isScopeMissing(proof) && proof.detail.permission !== undefined ? [proof.detail.permission] : [];
  const missing = missingScope(minted.session.scopes, [...deps.requiredScopes, ...named]);
  return { ...proof, scopes: missing === undefined ? 'held' : 'missing' };
}

const isScopeMissing = (proof: Judged | Rejected): boolean =>
  proof.kind === 'done' && proof.verdict.kind === 'refused' && proof.verdict.cause === 'scope_missing';

/** RingCentral answers so to a JWT of another environment, or may (not known). */
const maybeElsewhere: readonly Cause[] = ['credential_damaged', 'credential_rejected', 'unclassified'];

/** Adds what the JWT says about itself, because RingCentral does not say why it refuses a JWT. */
function withJwtFacts(judged: Judged, cause: Cause, subject: ProofSubject, { world }: Pick<Deps, 'world'>): Judged {
  if (!maybeElsewhere.includes(cause) || subject.assertion === null) return judged;
  const { issuedBy, environment, expiresAt } = subject;
  const detail: CheckDetail = { ...judged.detail };
  if (issuedBy !== environment) detail.issuedBy = issuedBy;
  if (expiresAt === null || expiresAt > world.now()) detail.unexpired = true;
  return { ...judged, detail };
}

/** @returns null if no stored token was minted since then */
async function proveByKept(deps: Deps, subject: ProofSubject, since: Date | null): Promise<Judged | Rejected | null> {
  if (since === null || subject.pins.ownerId === null) return null;
  const kept = await deps.tokens.kept(subject.tenantId, subject.credentialId);
  const newest = kept.find(({ mintedAt, ownerId }) => mintedAt >= since && ownerId === subject.pins.ownerId);
  const session = newest && (await deps.tokens.openKept(subject.tenantId, newest));
  return session ? proveBy(deps, subject, session, null) : null;
}

/** The answer that brought the token, if it was minted for this proof. */
type Mint = { requestId: string | null } | null;
const idOf = (answer: Mint): { requestId?: string } =>
  answer?.requestId == null ? {} : { requestId: answer.requestId };

async function proveBy(
  deps: Deps,
  subject: ProofSubject,
  session: RingCentralSession,
  mint: Mint,
): Promise<Judged | Rejected> {
  const isNew = mint !== null;
  const proof = await probe(deps, subject, session, mint);
  if (proof.kind === 'done') return { ...proof, by: { session, isNew } };
  await deps.tokens.drop(session);
  return { ...proof, isNew: isNew && proof.isIdentified !== true };
}

type Probed = Judged | (TokenRejected & { isIdentified?: true });

async function probe(deps: Deps, subject: ProofSubject, token: RingCentralSession, mint: Mint): Promise<Probed> {
  const { ringcentral } = deps;
  const app = subject.assertion ? ('jwt' as const) : ('sign_in' as const);
  const access = { accessToken: token.accessToken, environment: subject.environment, ownerId: token.ownerId, app };

  const who = await ringcentral.identity(access);
  if (who.kind === 'token_rejected') return who;
  if (who.kind !== 'accepted') return unsuccessful(who, 'identity');
  const answered = idOf(who);
  const found = { ownerId: token.ownerId, accountId: who.value.accountId };
  if (who.value.extensionId !== token.ownerId) {
    await deps.tokens.end(placeOf(subject), token);
    return ended({ kind: 'refused', cause: 'unclassified' }, { step: 'identity', ...answered });
  }
  const unnamed: Identity = {
    ...found,
    ownerName: who.value.name,
    ownerExtensionNumber: who.value.extensionNumber,
    accountName: null,
  };
  const { status, type, admin, roles } = who.value;
  const told = { identity: unnamed, owner: { status, type, admin, roles } };

  const shared = await deps.isAccountOfAnother(found.accountId, subject.tenantId);
  const violation = pinsViolation(found, subject.pins, shared);
  if (violation) {
    const accountName = await ringcentral.accountName(access); // for staff, who decide about the account
    // The token of an unapproved account is revoked, not stored. If the budget has no room for that, it expires within
    // an hour. That of a sign-in is forgotten: its refresh token stays, sealed, as a JWT that waits for approval does.
    await deps.tokens.end(placeOf(subject), token);
    const found = { ...told, identity: { ...unnamed, accountName } };
    return { ...ended({ kind: 'refused', cause: violation }, { step: 'pins', ...answered }), ...found };
  }
  const missing = missingScope(token.scopes, deps.requiredScopes);
  if (missing !== undefined) {
    const detail = { step: 'scopes', permission: missing, ...idOf(mint) } as const;
    return { ...ended({ kind: 'refused', cause: 'scope_missing' }, detail), ...told };
  }

  const [accountName, listed] = await Promise.all([
    ringcentral.accountName(access),
    deps.jobProbe === 'faxes' ? ringcentral.listExtensions(access) : null,
  ]);
  const known = { ...told, identity: { ...unnamed, accountName } };
  if (listed === null) return { ...ended(accepted(subject, deps, null), {}), ...known };
  if (listed.kind === 'token_rejected') return { ...listed, isIdentified: true };
  if (listed.kind !== 'accepted') return { ...unsuccessful(listed, 'fax_lines'), ...known };

  const lines = mergeFaxLines(subject.knownLines, listed.value.extensions, token.ownerId);
  const probed = await probeAll(linesToProbe(lines), (line) => ringcentral.probeFaxLine(access, line.extensionId));
  const rejected = probed.map(({ outcome }) => outcome).find((outcome) => outcome.kind === 'token_rejected');
  if (rejected) return { ...rejected, isIdentified: true };
  const judged = withOutcomes(lines, probed, deps.world.now());
  const failed = worstOf(probed);
  if (failed) {
    const proof = unsuccessful(failed.outcome, 'fax_lines');
    return { ...proof, detail: { ...proof.detail, extensionId: failed.line.extensionId }, ...known, lines: judged };
  }
  return { ...ended(accepted(subject, deps, judged), {}), ...known, lines: judged };
}

function accepted(subject: ProofSubject, deps: Deps, lines: FaxLine[] | null): Verdict {
  const warnings: Cause[] = [];
  if (lines !== null && !lines.some(({ selected }) => selected)) warnings.push('no_fax_line');
  const { expiresAt } = subject;
  if (expiresAt !== null && expiresAt.getTime() - deps.world.now().getTime() <= 30 * DAY_MS)
    warnings.push('expires_soon');
  if (subject.issuedBy !== subject.environment) warnings.push('environment_differs');
  return { kind: 'accepted', warnings };
}
