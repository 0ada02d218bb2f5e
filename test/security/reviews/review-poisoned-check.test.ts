// Also on PostgreSQL: failed leases are counted.
import { setImmediate as tick } from 'node:timers/promises';
import { checkQueue } from '../../../src/connections/checks/check-queue.js';
import { checkWorker } from '../../../src/connections/checks/check-worker.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { SealingKeyMissingError, SealingOpenError } from '../../../src/platform/sealing/sealing.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../../support/credential-rows.js';

let db: Knex;
afterEach(() => db.destroy());

it.each<[string, Error, string, number[]]>([
  ['a credential with a missing key', new SealingKeyMissingError('no key'), 'key_missing', [10, 10, 10, 15, 60, 60]],
  ['a ciphertext that was changed', new SealingOpenError('changed'), 'ciphertext_damaged', [10, 10, 10, 15, 60, 60]],
  ['a check that fails for another reason', new Error('a defect'), 'defect', [0.5, 1, 5, 15, 60, 60]],
])(
  '%s is retried at growing intervals, shows why, and delays no other check',
  async (_what, error, because, minutes) => {
    let now = aNow;
    db = await aDatabase();
    let ids = 0;
    const world = {
      now: () => now,
      newId: () => `id-${(ids += 1)}`,
      randomBytes: (size: number) => Buffer.alloc(size),
      wait: (_milliseconds: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          signal?.addEventListener('abort', () => {
            resolve();
          });
        }),
    };
    const made: string[] = [];
    for (const tenantId of ['bad', 'good']) {
      await addTenantRow(db, tenantId);
      await addCredentialRow(db, tenantId, tenantId);
      const request = {
        trigger: 'submission',
        priority: 'interactive',
        requestedBy: null,
        dueAt: aNow,
        inconclusiveStreak: 0,
      } as const;
      await checkQueue(db, world)
        .forTenant(tenantId)
        .add({ credentialId: tenantId, ...request });
    }
    const run = async ({ id, tenantId }: { id: string; tenantId: string }) => {
      await tick();
      if (tenantId === 'bad') throw error;
      made.push(tenantId);
      await checkQueue(db, world).forTenant(tenantId).finish(id);
      return 'asked' as const;
    };
    const log = createLogger('silent');
    const worker = checkWorker({ db, world, log, runner: { run }, workerId: 'one', leaseMs: 20_000, concurrency: 1 });
    const turn = async () => {
      await worker.startDue(() => undefined);
      await worker.idle();
    };
    for (const [before, wait] of minutes.entries()) {
      for (let turns = 0; turns < 3; turns += 1) await turn();
      const open = await checkQueue(db, world).forTenant('bad').openFor('bad');
      const dueAt = new Date(now.getTime() + wait * 60_000);
      expect(open).toMatchObject({ leaseUntil: null, dueAt, failedClaims: before + 1, failedBecause: because });
      now = dueAt;
    }
    expect(made).toEqual(['good']);
  },
);
