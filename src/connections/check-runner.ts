import { actorOf, type Actor } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { CredentialKeeper } from '../credentials/credential-service.js';
import type { Credential } from '../credentials/credential-types.js';
import { iso, takeTurn, type Knex, type Transaction } from '../platform/database.js';
import type { World } from '../platform/world.js';
import type { Environment } from '../ringcentral/environments.js';
import type { CanaryResult, NegativeControl } from '../ringcentral/negative-control.js';
import { isDoubtful, keepsPaste } from './causes.js';
import { checkQueue, type CheckRequest } from './check-queue.js';
import { checkStore } from './check-store.js';
import { canaryStep, notYet, withCanary } from './canary-step.js';
import { connectionStore, type Connection } from './connection-store.js';
import type { ConnectionWriter } from './connection-writer.js';
import { nextReminderAt } from './expiry-schedule.js';
import { faxLineStore } from './fax-line-store.js';
import { neverConnected, nextHealth, serves, type Verdict } from './health.js';
import type { OwnerWatch } from './owner-watch.js';
import type { PortalIncidents } from './portal-incidents.js';
import { pinsViolation, type Pins } from './pins.js';
import type { Proof, ProofSubject } from './proof.js';
import type { Control, RejectionControl } from './rejections.js';
import { nextCheck } from './schedule.js';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: World;
  credentials: CredentialKeeper;
  environmentOf: (tenantId: string) => Promise<Environment>;
  prove: (subject: ProofSubject) => Promise<Proof>;
  /** In milliseconds; the interval of checks depends on how many tenants there are. */
  intervals: { checkEveryMs: (db: Knex) => Promise<number>; confirmMs: number };
  writer: ConnectionWriter;
  incidents: PortalIncidents;
  owners: OwnerWatch;
  control: RejectionControl;
  /** Another app of the ISV; null where there is none. */
  canary: NegativeControl | null;
};

type Facts = {
  startedAt: Date;
  spread: number;
  environment: Environment;
  control?: Control;
  canary?: CanaryResult | null;
};

/** How long a check at least is put off that nobody waits for while our own app is refused, in milliseconds. */
const WITHHELD_MS = 5 * 60_000;

/**
 * Whether RingCentral was asked. `noRoomBefore`: our own budget did not let it; nothing was written, and the request is
 * still claimed.
 */
export type Ran = 'asked' | 'not_asked' | { noRoomBefore: Date };

type Judged = Extract<Proof, { kind: 'done' }>;

/**
 * Makes one claimed check: opens the credential, proves it, and writes verdict, health, fate of the credential, trace
 * and next check in one transaction. A crash before that leaves the claim to run out, and the check is made again.
 */
export const checkRunner = (deps: Deps) => {
  const { db, world } = deps;
  const canary = canaryStep(deps);

  async function run(request: CheckRequest): Promise<Ran> {
    const { tenantId, credentialId } = request;
    const credential = await deps.credentials.find(tenantId, credentialId);
    if (!credential || !isChecked(credential)) {
      await checkQueue(db, world).forTenant(tenantId).finish(request.id);
      return 'not_asked';
    }
    const startedAt = world.now();
    const environment = await deps.environmentOf(tenantId);
    const spread = world.randomBytes(1).readUInt8() / 255;
    if (!(await deps.incidents.mayAsk(db, environment))) {
      if (request.lane === 'interactive')
        // Somebody waits for an answer, and it is known.
        await deps.transaction((trx) => settle(trx, request, withheld, { startedAt, spread, environment }));
      else
        await checkQueue(db, world).postpone(request, new Date(startedAt.getTime() + (1 + 2 * spread) * WITHHELD_MS));
      return 'not_asked';
    }
    const connection = await connectionStore(db).forTenant(tenantId).find();
    const assertion = await deps.credentials.open(tenantId, credentialId);
    const proof = await deps.prove({
      assertion,
      tenantId,
      environment,
      issuedBy: credential.environment,
      expiresAt: credential.expiresAt,
      lane: request.lane === 'interactive' ? 'interactive' : 'background',
      since: request.requestedAt,
      pins: pinsFor(credential, connection),
      knownLines: await faxLineStore(db).forTenant(tenantId).all(),
    });
    if (proof.kind === 'wait') {
      await deps.incidents.wasNotAsked(db, environment);
      return { noRoomBefore: proof.until };
    }
    const control = isAboutToFail(credential, connection, proof, deps.intervals.confirmMs, world.now())
      ? await deps.control(db, environment)
      : 'not_needed';
    const trying = proof.verdict.kind === 'accepted' ? canary.begin(credential, environment, request, assertion) : null;
    const early = trying && (await canary.soon(trying));
    const facts: Facts = { startedAt, spread, environment, control, canary: early };
    await deps.transaction((trx) => settle(trx, request, proof, facts));
    if (trying && early === notYet) await canary.recordLate(credential, await trying);
    return proof.detail.step === 'local' ? 'not_asked' : 'asked';
  }

  async function settle(trx: Knex, request: CheckRequest, proved: Judged, facts: Facts) {
    const { startedAt, spread, environment, control = 'not_needed' } = facts;
    const { tenantId, credentialId } = request;
    const now = world.now();
    const queue = checkQueue(trx, world);
    await takeTurn(trx, 'tenant', tenantId);
    // Another worker took over, or a newer paste took its place meanwhile: this answer is nobody's any more.
    if (!(await queue.stillHeld(request))) return;
    const credential = await deps.credentials.find(tenantId, credentialId, trx);
    if (!credential || !isChecked(credential)) return queue.forTenant(tenantId).finish(request.id);

    const before = (await connectionStore(trx).forTenant(tenantId).find()) ?? emptyConnection(tenantId, now);
    const judged = await judgePinsAgain(trx, credential, before, proved);
    // Approved while it was being checked: that no is nobody's any more, and what comes behind the pins was not tried.
    if (judged === 'approved') return queue.postpone(request, now);
    const proof = aboutThis(credential, judged, control);
    const stands = facts.canary ? await canary.record(trx, credential, facts.canary) : credential.canary;
    const verdict = withCanary(proof.verdict, stands);
    const fate = fateOf(credential, verdict);
    const health = nextHealth(
      before.health,
      credential.status === 'pending'
        ? { kind: 'pending_judged', verdict, kept: fate === 'kept' }
        : { kind: 'serving_checked', verdict, confirmMs: deps.intervals.confirmMs },
      iso(now),
    );
    const replaced = fate === 'activated' && serves(before.health);
    // A colleague with a link has no name; whoever made the link did nothing.
    const by = request.handOffId === null ? request.requestedBy : null;
    const closing = { how: fate === 'activated' ? 'new_credential' : 'check', by } as const;
    await deps.writer.save(trx, connectionAfter({ ...before, health }, proof, now), { replaced, closing });
    if (proof.lines && verdict.kind !== 'inconclusive') await faxLineStore(trx).forTenant(tenantId).save(proof.lines);
    await checkStore(trx)
      .forTenant(tenantId)
      .append({
        id: world.newId(),
        credentialId,
        trigger: request.trigger,
        verdict: verdict.kind,
        cause: verdict.kind === 'accepted' ? null : verdict.cause,
        warnings: verdict.kind === 'accepted' ? verdict.warnings : [],
        detail: proof.detail,
        startedAt,
        finishedAt: now,
      });
    await auditStore(trx, world).append({
      action: 'credential.judged',
      actor: actorOfRequest(request),
      tenantId,
      target: credentialId,
      outcome: verdict.kind === 'accepted' ? 'ok' : verdict.kind,
      detail: {
        verdict: verdict.kind,
        cause: verdict.kind === 'accepted' ? null : verdict.cause,
        trigger: request.trigger,
      },
    });
    const isTheirs = credential.status === 'active' || fate === 'activated';
    if (isTheirs && !isHeldBack(verdict) && proof.identity && proof.owner)
      await deps.owners.note(trx, tenantId, { ownerId: proof.identity.ownerId, facts: proof.owner });
    await deps.incidents.noteProof(trx, environment, proof);
    await deps.incidents.noteControl(trx, environment, control, judged);
    await queue.forTenant(tenantId).finish(request.id);
    if (fate === 'destroyed') return deps.credentials.destroy(trx, tenantId, credentialId, 'refused');
    if (fate === 'activated') {
      const { retiredId } = await deps.credentials.activate(trx, tenantId, credentialId);
      await deps.credentials.setReminder(trx, tenantId, credentialId, nextReminderAt(credential.expiresAt, now));
      if (retiredId !== null) await queue.forTenant(tenantId).finishAllOf(retiredId);
    }
    const next = nextCheck(
      {
        status: fate === 'kept' ? 'pending' : 'active',
        verdict,
        tries: request.tries,
        retryAfterMs: proof.retryAfterMs,
        suspectSince: fate !== 'kept' && health.serving.state === 'suspect' ? new Date(health.serving.since) : null,
        expiresAt: credential.expiresAt,
      },
      { ...deps.intervals, checkEveryMs: await deps.intervals.checkEveryMs(trx) },
      now,
      spread,
    );
    await queue.forTenant(tenantId).add({ credentialId, requestedBy: null, ...next });
  }

  /** Two tenants may prove the same account at the same moment: only inside the transaction is the answer final. */
  async function judgePinsAgain(
    trx: Knex,
    credential: Credential,
    before: Connection,
    proof: Judged,
  ): Promise<Judged | 'approved'> {
    const wasHeld = isHeldBack(proof.verdict);
    if (!proof.identity || (proof.verdict.kind !== 'accepted' && !wasHeld)) return proof;
    const { accountId } = proof.identity;
    await takeTurn(trx, 'account', accountId);
    const shared = await connectionStore(trx).isAccountHeldByAnother(accountId, credential.tenantId);
    const violation = pinsViolation(proof.identity, pinsFor(credential, before), shared);
    if (!violation) return wasHeld ? 'approved' : proof;
    return { ...proof, verdict: { kind: 'refused', cause: violation }, detail: { step: 'pins' }, lines: null };
  }

  /**
   * Destroys what was kept long enough, reading `pageSize` of it at a time. What cannot be destroyed keeps nothing else
   * alive: `onError` is told, and it is tried again the next time.
   */
  async function destroyOverdue(pageSize: number, onError: (err: unknown, of: Credential) => void): Promise<void> {
    let last: Credential | undefined;
    do {
      const overdue = await deps.credentials.overdue(pageSize, last);
      for (const credential of overdue)
        await deps
          .transaction((trx) => destroyKept(trx, credential))
          .catch((err: unknown) => {
            onError(err, credential);
          });
      last = overdue.length === pageSize ? overdue.at(-1) : undefined;
    } while (last);
  }

  async function destroyKept(trx: Knex, { tenantId, id, status }: Credential): Promise<void> {
    await takeTurn(trx, 'tenant', tenantId);
    const current = await deps.credentials.find(tenantId, id, trx);
    if (current?.status !== status || current.keptUntil === null || current.keptUntil > world.now()) return;
    await deps.credentials.destroy(trx, tenantId, id, status === 'pending' ? 'expired_unproved' : 'replaced');
    await checkQueue(trx, world).forTenant(tenantId).finishAllOf(id);
    const connection = await connectionStore(trx).forTenant(tenantId).find();
    if (connection && status === 'pending') {
      const health = nextHealth(connection.health, { kind: 'pending_dropped' }, iso(world.now()));
      await deps.writer.save(trx, { ...connection, health, held: null });
    }
  }

  return { run, destroyOverdue };
};

const actorOfRequest = ({ requestedBy, handOffId }: CheckRequest): Actor =>
  requestedBy === null ? { kind: 'portal' } : actorOf({ personId: requestedBy, handOffId: handOffId ?? undefined });

export type CheckRunner = ReturnType<typeof checkRunner>;

export const emptyConnection = (tenantId: string, at: Date): Connection => ({
  tenantId,
  health: neverConnected(iso(at)),
  checkedAt: null,
  connectedAt: null,
  identity: null,
  held: null,
  approvedAccountId: null,
  known: null,
});

const isChecked = ({ status }: Credential): boolean => status === 'pending' || status === 'active';

const pinsFor = (credential: Credential, connection: Connection | undefined): Pins => ({
  // A replacement may act as another user of the same account; the one that serves may not change under us.
  ownerId: credential.status === 'active' ? (connection?.identity?.ownerId ?? null) : null,
  accountId: connection?.identity?.accountId ?? null,
  approvedAccountId: connection?.approvedAccountId ?? null,
});

/** What is answered while RingCentral refuses our own app and has just been asked. */
const withheld: Judged = {
  kind: 'done',
  verdict: { kind: 'inconclusive', cause: 'app_misconfigured' },
  detail: { step: 'incident' },
  retryAfterMs: null,
  identity: null,
  owner: null,
  lines: null,
};

/** A credential that worked, refused for the second time: believed now, unless many are. */
function isAboutToFail(
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
function aboutThis(credential: Credential, proof: Judged, control: Control): Judged {
  const { verdict } = proof;
  if (credential.status !== 'active' || verdict.kind !== 'refused') return proof;
  if (verdict.cause === 'app_misconfigured')
    return { ...proof, verdict: { kind: 'inconclusive', cause: verdict.cause } };
  if (control === 'not_needed' || control === 'works') return proof;
  const detail = { ...proof.detail, step: 'control' } as const;
  return { ...proof, verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' }, detail };
}

function fateOf(credential: Credential, verdict: Verdict): 'serves' | 'activated' | 'kept' | 'destroyed' {
  if (credential.status === 'active') return 'serves';
  if (verdict.kind === 'accepted') return 'activated';
  if (verdict.kind === 'inconclusive') return 'kept';
  return keepsPaste(verdict.cause) ? 'kept' : 'destroyed';
}

function connectionAfter(connection: Connection, { verdict, identity }: Judged, now: Date): Connection {
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

const isHeldBack = (verdict: Verdict): boolean =>
  verdict.kind === 'refused' && ['account_mismatch', 'account_shared'].includes(verdict.cause);

const knownAccountName = ({ identity }: Connection, accountId: string): string | null =>
  identity?.accountId === accountId ? identity.accountName : null;
