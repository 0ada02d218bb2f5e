import { auditStore } from '../audit/audit-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import { signNote, type NoteSigner } from '../platform/signed-notes/signed-note.js';
import type { World } from '../platform/world.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import type { TextsIn } from '../texts/texts.js';
import { sessionsLeft, type SessionsLeft } from '../tokens/ending/ending-sessions.js';
import { outcomeOf } from './disconnection-service.js';
import { disconnectionStore } from './disconnection-store.js';
import type { Outcome, Receipt } from './disconnection-types.js';
import { receiptText } from './receipt-text.js';
import { isOver, resultOfAll } from './result.js';

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  tenants: ReadTenants;
  signers: readonly NoteSigner[];
  portal: string;
  isvName: string;
  textsIn: TextsIn;
  /** In the transaction that makes it. */
  onReceipt: (trx: Knex, outcome: Outcome, receipt: Receipt) => Promise<void>;
  onError: (error: unknown, of: { tenantId: string; id: string }) => void;
};

const AT_ONCE = 100;

/** Counts sessions of death checks that were not ended, because their process died. They end within the hour. */
async function withSessionsLeft(trx: Knex, outcome: Outcome, now: Date): Promise<Outcome> {
  const { tenantId, at: since } = outcome.disconnection;
  // One after the other: a transaction has one connection.
  const left: SessionsLeft[] = [];
  for (const { credential } of outcome.credentials)
    left.push(await sessionsLeft(trx, tenantId, credential.id, { since, now }));
  const ends = [outcome.disconnection.sessionsEndBy, ...left.flatMap(({ ends }) => ends)].filter((one) => one !== null);
  const sessionsEndBy = ends.length > 0 ? new Date(Math.max(...ends.map(Number))) : null;
  const credentials = outcome.credentials.map((one, of) => ({
    ...one,
    notRevoked: one.notRevoked + (left[of]?.uncounted ?? 0),
  }));
  return { ...outcome, disconnection: { ...outcome.disconnection, sessionsEndBy }, credentials };
}

/**
 * The worker's part: makes the receipt of each disconnection that is over, once. It is stored, so that it can be shown and
 * verified after the keys have changed. Without a key it says that it is unsigned.
 */
export const receiptMaker = (deps: Deps) => {
  const { db, world, tenants, signers } = deps;
  const inTenantLock = inLock(deps.transaction, 'tenant', (trx, tenantId) => ({
    store: disconnectionStore(trx).forTenant(tenantId),
    audit: auditStore(trx, world).forTenant(tenantId),
    find: () => tenants(trx).findEvenLeft(tenantId), // a clinic that was offboarded has a receipt too
    ...boundTo(trx, { outcomeOf, withSessionsLeft, onReceipt: deps.onReceipt }),
  }));

  const make = (tenantId: string, id: string): Promise<void> =>
    inTenantLock(tenantId, async ({ store, audit, find, outcomeOf, withSessionsLeft, onReceipt }) => {
      const [disconnection, tenant] = [await store.find(id), await find()];
      if (!disconnection || disconnection.receipt || !tenant) return;
      const known = await outcomeOf(disconnection);
      if (!isOver(known)) return;
      const madeAt = world.now();
      const outcome = await withSessionsLeft(known, madeAt);
      const text = receiptText({
        outcome,
        madeAt,
        portal: deps.portal,
        isvName: deps.isvName,
        tenantRef: tenant.externalRef,
        vkeys: signers.map(({ key }) => key.vkey),
        t: deps.textsIn(tenant.language),
      });
      const result = resultOfAll(outcome);
      const note = signers.length > 0 ? signNote(text, signers) : text;
      const receipt = { text: note, at: madeAt, result };
      if (!(await store.addReceipt(id, receipt))) return;
      await audit.append({
        action: 'receipt.made',
        actor: { kind: 'portal' },
        target: id,
        outcome: 'ok',
        detail: { result, signed: signers.length > 0 },
      });
      await onReceipt(outcome, receipt);
    });

  return async (): Promise<void> => {
    let after: string | undefined;
    for (;;) {
      const open = await disconnectionStore(db).open(AT_ONCE, after);
      for (const { tenantId, id } of open)
        await make(tenantId, id).catch((error: unknown) => deps.onError(error, { tenantId, id }));
      after = open.at(-1)?.id;
      if (open.length < AT_ONCE || after === undefined) return;
    }
  };
};
