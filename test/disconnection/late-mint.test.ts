// Also on PostgreSQL: there a mint can wait for the owner's lock while a disconnection commits.
import { lockFor } from '../../src/platform/database/lock.js';
import { isPostgres } from '../support/database/databases.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { aConnectedClinic } from '../tokens/connected-clinic.js';
import { askAt, authenticate, statusWith } from '../tokens/jobs.js';

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate });
});
afterAll(() => test.close());

/** Holds the lock of the account's owner, as another mint does. @returns what releases it */
async function holdOwner(ownerId: string): Promise<() => Promise<void>> {
  let go = (): void => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  let begun = (): void => undefined;
  const isHeld = new Promise<void>((resolve) => (begun = resolve));
  const held = test.db.transaction(async (trx) => {
    await lockFor(trx, 'owner', `production ${ownerId}`);
    begun();
    await released;
  });
  await isHeld;
  return async () => {
    go();
    await held;
  };
}
const mintWaits = () =>
  eventually('the mint waits for the lock', async () => {
    const { rows } = await test.db.raw<{ rows: unknown[] }>(
      "select 1 from pg_locks where locktype = 'advisory' and not granted",
    );
    return rows.length > 0;
  });

it('a mint that asks for its session after the disconnection takes no other session from the receipt', async () => {
  const { tenantId } = await aConnectedClinic(test);
  const { body } = await askAt(test.url, tenantId);
  // As when its ciphertext cannot be opened: it is given up, and the session goes on.
  await test.db('access_token_secrets').where({ tenant_id: tenantId }).delete();
  await test.db('access_tokens').where({ tenant_id: tenantId }).update({ serves_until: null });
  const { owner_id: ownerId } = (await test.db('connections').where({ tenant_id: tenantId }).first()) as {
    owner_id: string;
  };
  const release = isPostgres ? await holdOwner(ownerId) : undefined;
  const begun = isPostgres ? askAt(test.url, tenantId) : undefined;
  if (begun) await mintWaits();
  const [id = ''] = await test.db('memberships').where({ tenant_id: tenantId }).pluck<string[]>('person_id');
  const by = { by: 'clinic', actor: { kind: 'person', id } } as const;
  await test.portal.services.disconnection.disconnect(tenantId, by);
  await release?.();
  expect((await (begun ?? askAt(test.url, tenantId))).status).toBe(409);
  await eventually('its session is revoked', async () => {
    test.portal.look();
    return (await test.db('ending_sessions').where({ tenant_id: tenantId })).length === 0;
  });
  const counted = await test
    .db('disconnected_credentials')
    .where({ tenant_id: tenantId })
    .pluck('sessions_not_revoked');
  expect([counted, await statusWith(test, body.access_token)]).toEqual([[1], 200]);
});
