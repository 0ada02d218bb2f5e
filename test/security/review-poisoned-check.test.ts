import { setImmediate as tick } from 'node:timers/promises';
import { checkQueue } from '../../src/connections/check-queue.js';
import { checkWorker } from '../../src/connections/check-worker.js';
import type { Knex } from '../../src/platform/database.js';
import { createLogger } from '../../src/platform/log.js';
import { SealingOpenError } from '../../src/platform/sealing.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../support/credential-rows.js';

let db: Knex;
afterEach(() => db.destroy());

it.each<[string, Error, number]>([
  ['a credential that our keys do not open is looked at every ten minutes', new SealingOpenError('no key'), 600_000],
  ['a check that failed for another reason is made again in half a minute', new Error('a defect'), 30_000],
])('%s, and holds up nobody', async (_what, error, waitMs) => {
  db = await aDatabase();
  let ids = 0;
  const world = {
    now: () => aNow,
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
    const request = { trigger: 'submission', lane: 'interactive', requestedBy: null, dueAt: aNow, tries: 0 } as const;
    await checkQueue(db, world)
      .forTenant(tenantId)
      .add({ credentialId: tenantId, ...request });
  }
  const run = async ({ id, tenantId }: { id: string; tenantId: string }) => {
    await tick();
    if (tenantId === 'bad') throw error;
    made.push(tenantId);
    await checkQueue(db, world).forTenant(tenantId).finish(id);
  };
  const log = createLogger('silent');
  const worker = checkWorker({ db, world, log, runner: { run }, workerId: 'one', leaseMs: 20_000, concurrency: 1 });
  for (let turn = 0; turn < 3; turn += 1) {
    await worker.turn(() => undefined);
    await worker.idle();
  }
  expect(made).toEqual(['good']);
  const open = await checkQueue(db, world).forTenant('bad').openFor('bad');
  expect(open).toMatchObject({ leaseUntil: null, dueAt: new Date(aNow.getTime() + waitMs) });
});
