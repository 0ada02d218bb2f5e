import { auditStore } from '../../../src/audit/audit-store.js';
import { credentialService } from '../../../src/credentials/credential-service.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { aDatabase, addTenantRow, aNow } from '../../support/credential-rows.js';

let db: Knex;
afterEach(() => db.destroy());

it('SEC-28: a paste above the rate limit is not inspected, so that pastes cannot keep the portal busy', async () => {
  db = await aDatabase();
  await addTenantRow(db, 'north');
  let ids = 0;
  let inspections = 0;
  const world = {
    now: () => aNow,
    newId: () => `id-${(ids += 1)}`,
    randomBytes: (size: number) => Buffer.alloc(size),
    wait: () => Promise.resolve(),
  };
  const never = () => Promise.reject(new Error('nothing here is a credential'));
  const credentials = credentialService({
    transaction: transactionOn(db),
    world,
    sealer: { seal: never },
    clientIdFor: () => {
      inspections += 1; // only the inspection calls this
      return 'EXAMPLEclientId_000001';
    },
    onSubmitted: never,
    onRepeated: never,
    onEnded: never,
  });
  const tenant = { id: 'north', environment: 'production' } as const;
  const submit = () => credentials.submit({ tenant, paste: 'no credential', by: { personId: 'alice' }, origin: {} });
  for (let count = 0; count < 30; count += 1) expect((await submit()).kind).toBe('rejected');
  expect((await submit()).kind).toBe('limited');
  expect(inspections).toBe(30);
  expect(await auditStore(db, world).forTenant('north').newest(100)).toHaveLength(30);
});
