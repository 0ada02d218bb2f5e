import { actorOf, type Actor } from '../../audit/audit-events.js';
import { auditStore } from '../../audit/audit-store.js';
import type { CredentialKeeper } from '../../credentials/credential-service.js';
import type { Credential } from '../../credentials/credential-types.js';
import { iso, type Knex, type Transaction } from '../../platform/database/database.js';
import { lockFor } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import type { Environment } from '../../ringcentral/environments.js';
import {
  aboutThis,
  connectionAfter,
  fateOf,
  isAboutToFail,
  isChecked,
  isForeign,
  isHeldBack,
  pinsFor,
  withheld,
  type Judged,
} from './check-judgement.js';
import { checkQueue, type CheckRequest } from './check-queue.js';
import { checkStore } from './check-store.js';
import { connectionStore, emptyConnection, type Connection } from '../health/connection-store.js';
import type { ConnectionWriter } from '../health/connection-writer.js';
import { nextReminderAt } from '../health/expiry-schedule.js';
import { faxLineStore } from '../proof/fax-line-store.js';
import { evidenceAt, nextHealth, serves } from '../health/health.js';
import type { OwnerWatch } from '../proof/owner-watch.js';
import type { PortalIncidents } from './portal-incidents.js';
import { pinsViolation } from '../proof/pins.js';
import { forgetTokensOf, type SessionKeeper } from '../../tokens/session-keeper.js';
import type { Sealed } from '../../platform/sealing/sealing.js';
import type { Proof, ProofSubject } from '../proof/proof.js';
import type { Control, RejectionControl } from './rejections.js';
import { nextCheck } from './schedule.js';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: World;
  credentials: CredentialKeeper;
  environmentOf: (tenantId: string) => Promise<Environment>;
  prove: (subject: ProofSubject) => Promise<Proof>;
  tokens: Pick<SessionKeeper, 'seal' | 'holdSealed'>;
  /** In milliseconds; the interval of checks depends on how many tenants there are. */
  intervals: { checkEveryMs: (db: Knex) => Promise<number>; confirmMs: number };
  writer: ConnectionWriter;
  incidents: PortalIncidents;
  owners: OwnerWatch;
  control: RejectionControl;
};

type Facts = {
  startedAt: Date;
  spread: number;
  environment: Environment;
  control?: Control;
  /** The token of a credential that did not serve until now, to be kept if it does. */
  sealed?: Sealed | null;
};

/** How long a check at least is put off that nobody waits for while our own app is refused, in milliseconds. */
const WITHHELD_MS = 5 * 60_000;

/**
 * Whether RingCentral was asked. `noRoomBefore`: our own budget did not let it; nothing was written, and the request is
 * still claimed.
 */
export type Ran = 'asked' | 'not_asked' | { noRoomBefore: Date };

/**
 * Makes one claimed check: opens the credential, proves it, and writes verdict, health, fate of the credential, trace
 * and next check in one transaction. A crash before that leaves the claim to run out, and the check is made again.
 */
export const checkRunner = (deps: Deps) => {
  const { db, world } = deps;

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
    const mayAsk = await deps.incidents.mayAsk(db, environment);
    if (mayAsk === 'no') {
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
      credentialId,
      environment,
      issuedBy: credential.environment,
      expiresAt: credential.expiresAt,
      lane: request.lane === 'interactive' ? 'interactive' : 'background',
      since: request.requestedAt,
      pins: pinsFor(credential, connection),
      knownLines: await faxLineStore(db).forTenant(tenantId).all(),
      reuseSince: mayAsk === 'yes' ? await reuseSince(credential, connection, request) : null,
    });
    if (proof.kind !== 'done') {
      await deps.incidents.wasNotAsked(db, environment);
      if (proof.kind === 'wait') return { noRoomBefore: proof.until };
      await checkQueue(db, world).postpone(request, proof.until); // this owner's sessions; others need not wait
      return 'not_asked';
    }
    const control = isAboutToFail(credential, connection, proof, deps.intervals.confirmMs, world.now())
      ? await deps.control(db, environment)
      : 'not_needed';
    const sealed = credential.status === 'pending' && proof.by ? await deps.tokens.seal(proof.by.session) : null;
    const facts: Facts = { startedAt, spread, environment, control, sealed };
    if (proof.by?.isNew === false) await deps.incidents.wasNotAsked(db, environment);
    await deps.transaction((trx) => settle(trx, request, proof, facts));
    return proof.detail.step === 'local' || proof.by?.isNew === false ? 'not_asked' : 'asked';
  }

  /**
   * Nobody waits for this check and nothing is in doubt: a job's token may serve, if it was minted in the younger half of
   * the interval, and costs no call of the auth budget.
   */
  async function reuseSince({ status }: Credential, connection: Connection | undefined, { trigger }: CheckRequest) {
    if (status !== 'active' || trigger !== 'schedule' || connection?.health.serving.state !== 'working') return null;
    return new Date(world.now().getTime() - (await deps.intervals.checkEveryMs(db)) / 2);
  }

  async function settle(trx: Knex, request: CheckRequest, proved: Judged, facts: Facts) {
    const { startedAt, spread, environment, control = 'not_needed' } = facts;
    const { tenantId, credentialId } = request;
    const now = world.now();
    const queue = checkQueue(trx, world);
    await lockFor(trx, 'tenant', tenantId);
    // Another worker took over, or a newer paste took its place meanwhile: this answer is nobody's any more.
    if (!(await queue.stillHeld(request))) return;
    const credential = await deps.credentials.find(tenantId, credentialId, trx);
    if (!credential || !isChecked(credential)) return queue.forTenant(tenantId).finish(request.id);

    const before = (await connectionStore(trx).forTenant(tenantId).find()) ?? emptyConnection(tenantId, now);
    const judged = await judgePinsAgain(trx, credential, before, proved);
    // Approved while it was being checked: that no is nobody's any more, and what comes behind the pins was not tried.
    if (judged === 'approved') return queue.postpone(request, now);
    const proof = aboutThis(credential, judged, control);
    const { verdict } = proof;
    const fate = fateOf(credential, verdict);
    const health = nextHealth(
      before.health,
      credential.status === 'pending'
        ? { kind: 'pending_judged', verdict, kept: fate === 'kept' }
        : {
            kind: 'serving_checked',
            verdict,
            confirmMs: deps.intervals.confirmMs,
            ...(proof.by ? { mintedAt: iso(proof.by.session.mintedAt) } : {}),
          },
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
    if (proof.by?.isNew !== false) await deps.incidents.noteProof(trx, environment, proof);
    await deps.incidents.noteControl(trx, environment, control, judged);
    await queue.forTenant(tenantId).finish(request.id);
    // Whatever a job could do with a token of it, RingCentral has said that it should not.
    if (fate === 'serves' && health.serving.state === 'failing') await forgetTokensOf(trx, tenantId, credentialId);
    if (facts.sealed && proof.by && !isForeign(proof))
      await deps.tokens.holdSealed(trx, proof.by.session, facts.sealed);
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
        evidenceAt: evidenceAt(health),
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
    await lockFor(trx, 'account', accountId);
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
    await lockFor(trx, 'tenant', tenantId);
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
