import { checkQueue, type CheckRequest } from '../../../src/connections/checks/check-queue.js';
import { checkWorker } from '../../../src/connections/checks/check-worker.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { outboxReader, outboxWriter, type Delivery } from '../../../src/platform/outbox.js';
import { generateSealingKeys, privateKeySealing, type Opener } from '../../../src/platform/sealing/sealing.js';
import { realWorld } from '../../../src/platform/world.js';
import { addCredentialRow, addTenantRow, aDatabase } from '../../support/credential-rows.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LEASE_MS = 20_000;

describe('somebody sets the clock while two workers are at it', () => {
  let db: Knex;
  let virtual: ReturnType<typeof createVirtualWorld>;
  const world = () => ({ ...realWorld, ...virtual.world });
  const elapsedMinutes = () => virtual.elapsed() / MINUTE_MS;

  beforeEach(async () => {
    db = await aDatabase();
    virtual = createVirtualWorld(db);
  });
  afterEach(() => db.destroy());

  async function due(tenantId: string, inMs = 0): Promise<void> {
    await addTenantRow(db, tenantId);
    await addCredentialRow(db, tenantId, tenantId);
    const dueAt = new Date(virtual.world.now().getTime() + inMs);
    await checkQueue(db, virtual.world)
      .forTenant(tenantId)
      .add({ credentialId: tenantId, trigger: 'schedule', lane: 'background', requestedBy: null, dueAt, tries: 0 });
  }

  /** Two workers look every `lookMs` and take 45 seconds for a check, until `minutes` have passed. */
  async function checksIn(minutes: number, setClock: { afterMs: number; byMs: number }, lookMs = 1000) {
    const begun: { tenantId: string; minute: number }[] = [];
    const run = async ({ id, tenantId }: CheckRequest) => {
      begun.push({ tenantId, minute: Math.floor(elapsedMinutes()) });
      await virtual.world.wait(45_000);
      await checkQueue(db, virtual.world).forTenant(tenantId).finish(id);
      return 'asked' as const;
    };
    const log = createLogger('silent');
    const common = { db, world: world(), log, runner: { run }, leaseMs: LEASE_MS, concurrency: 8 };
    const looking = ['one', 'two'].map(async (workerId) => {
      const worker = checkWorker({ ...common, workerId, steady: virtual.clock.steady });
      while (elapsedMinutes() < minutes) {
        await worker.turn(() => undefined);
        await virtual.world.wait(lookMs);
      }
      await worker.idle();
    });
    const setting = virtual.world.wait(setClock.afterMs).then(() => virtual.setClock(setClock.byMs));
    await virtual.run(Promise.all([...looking, setting]));
    return begun;
  }

  it('forward a day: no claim is taken away, and what comes due by it is checked once', async () => {
    for (const tenantId of ['a', 'b', 'c']) await due(tenantId);
    await due('tonight', 8 * HOUR_MS);
    // There is a look before the claims are renewed.
    const begun = await checksIn(3, { afterMs: 5_500, byMs: 24 * HOUR_MS });
    expect(begun.map(({ tenantId }) => tenantId).sort()).toEqual(['a', 'b', 'c', 'tonight']);
  });

  it('back an hour: no claim is taken away, and what is due is checked once, by the new time', async () => {
    for (const tenantId of ['a', 'b', 'c']) await due(tenantId);
    await due('later', 2 * MINUTE_MS);
    const begun = await checksIn(64, { afterMs: 5_500, byMs: -HOUR_MS }, 15_000);
    expect(begun.map(({ tenantId }) => tenantId).sort()).toEqual(['a', 'b', 'c', 'later']);
    expect(begun.at(-1)).toEqual({ tenantId: 'later', minute: 62 });
  });

  it('forward a day: what a dead worker had is taken over all the same', async () => {
    await due('a');
    expect(await checkQueue(db, virtual.world).claim('killed', LEASE_MS)).toMatchObject({ tenantId: 'a' });
    const begun = await checksIn(1, { afterMs: 3_500, byMs: 24 * HOUR_MS });
    expect(begun).toEqual([{ tenantId: 'a', minute: 0 }]);
  });

  it('forward a day: a mail that is on its way is not sent a second time', async () => {
    const sealing = await privateKeySealing((await generateSealingKeys()).privateJwks);
    await outboxWriter(sealing, world())(db, { kind: 'mail', tenantId: null, payload: 'synthetic' });
    const opener: Opener = { open: (jwe, context) => virtual.during(sealing.open(jwe, context)) };
    let sent = 0;
    const deliver = async (): Promise<Delivery> => {
      sent += 1;
      await virtual.world.wait(30_000);
      return { kind: 'delivered' };
    };
    const looking = ['one', 'two'].map(async (workerId) => {
      const reader = outboxReader(db, opener, world(), workerId, virtual.clock.steady);
      while (elapsedMinutes() < 2) {
        await reader.deliverDue(deliver);
        await virtual.world.wait(1000);
      }
    });
    const setting = virtual.world.wait(5_500).then(() => virtual.setClock(24 * HOUR_MS));
    await virtual.run(Promise.all([...looking, setting]));
    expect(sent).toBe(1);
  });
});
