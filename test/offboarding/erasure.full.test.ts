import { transactionOn, type Knex, type Transaction } from '../../src/platform/database/database.js';
import { leftTenantStore } from '../../src/tenants/left-tenant-store.js';
import { erasure } from '../../src/offboarding/erasure.js';
import { aMigratedDatabase, everyRow } from '../support/database/databases.js';
import { createLogger } from '../../src/platform/log.js';
import { realWorld } from '../../src/platform/world.js';
import { holdings, idOf, plantEverywhere } from './support/planted.js';

/** What still says something of an erased clinic: ids, times, codes and counts. Written by hand. */
const stays = [
  'api_keys.id api_keys.expires_at api_keys.last_used_at api_keys.link_expires_at api_keys.made_at api_keys.revoked_at api_keys.scopes',
  'people.created_at people.unproved_since',
  'tenants.created_at tenants.environment tenants.offboarded_at tenants.offered_methods',
  'clinic_import_lines.id clinic_import_lines.state clinic_import_lines.environment clinic_import_lines.invited_at clinic_import_lines.planned',
  'disconnections.at disconnections.by disconnections.account_id disconnections.sessions_end_by disconnections.receipt_at',
  'events.at events.data events.id events.type',
  'webhook_deliveries.due_at webhook_deliveries.event_id webhook_deliveries.finished_at webhook_deliveries.made_at',
  'webhook_deliveries.state webhook_deliveries.tried_from webhook_deliveries.type',
  'webhook_attempts.at webhook_attempts.failure webhook_attempts.id',
  'disconnections.result disconnected_credentials.credential_id disconnected_credentials.was',
].flatMap((names) => names.split(' '));
/** Tables that stay as they are. */
const untouched = ['audit_events', 'auth_calls', 'staff', 'offboardings'];

describe('SEC-59: the erasure of a clinic, with a row in every table', () => {
  let db: Knex;
  beforeAll(async () => {
    db = await aMigratedDatabase();
  });
  afterAll(() => db.destroy());

  /** A clinic with a row in every table, whose erasure is due. */
  async function aDueClinic(whose: string): Promise<void> {
    await plantEverywhere(db, whose);
    const due = { erase_at: '2020-01-01T00:00:00.000Z', erasing_since: null, erased_at: null, counts: null };
    await db('offboardings')
      .where({ tenant_id: idOf(whose, 'tenants') })
      .update(due);
  }
  const erasing = (transaction: Transaction, held = holdings, isStaff = false) =>
    erasure({
      db,
      transaction,
      world: realWorld,
      log: createLogger('silent'),
      holdings: held,
      left: leftTenantStore,
      onceInvited: (trx, tenantId) => trx('invitations').where({ tenant_id: tenantId }).pluck('accepted_by'),
      isStaff: () => Promise.resolve(isStaff),
    });
  /** The planted values of a clinic that are still there. */
  async function leftOf(whose: string): Promise<string[]> {
    const found = Object.entries(await everyRow(db)).flatMap(([table, rows]) =>
      untouched.includes(table) || !holdings.some((held) => held.table === table)
        ? []
        : [...JSON.stringify(rows).matchAll(new RegExp(`${whose}\\.(\\w+\\.\\w+)`, 'g'))].map(([, name = '']) => name),
    );
    return [...new Set(found)].toSorted();
  }
  const rowsWith = async (whose: string) =>
    Object.fromEntries(
      Object.entries(await everyRow(db)).map(([table, rows]) => [
        table,
        rows.filter((row) => JSON.stringify(row).includes(whose)),
      ]),
    );

  it('leaves ids, times, codes and counts, and every row of another clinic as it was', async () => {
    await aDueClinic('north');
    await plantEverywhere(db, 'south');
    await db('offboardings')
      .where({ tenant_id: idOf('south', 'tenants') })
      .delete();
    const before = await rowsWith('south');
    await erasing(transactionOn(db))();
    expect(await leftOf('north')).toEqual(stays.toSorted());
    expect(await rowsWith('south')).toEqual(before);
    const [tombstone] = await db('offboardings').where({ tenant_id: idOf('north', 'tenants') });
    expect(tombstone).toMatchObject({ erased_at: expect.stringContaining('T') as unknown });
    expect(JSON.parse((tombstone as { counts: string }).counts)).toMatchObject({ credentials: 1, invitations: 1 });
    expect(
      await db('audit_events').where({ action: 'tenant.erased', tenant_id: idOf('north', 'tenants') }),
    ).toHaveLength(1);
  });

  it('leaves a person of another clinic, of one that may come back, and of the ISV everything', async () => {
    for (const [whose, table] of [
      ['elsewhere', 'memberships'],
      ['returning', 'ended_memberships'],
    ] as const) {
      await aDueClinic(whose);
      const row = { tenant_id: idOf('south', 'tenants'), person_id: idOf(whose, 'people'), role: 'member' };
      await db(table).insert({ ...row, created_at: 'then' });
      await erasing(transactionOn(db))();
      expect(await leftOf(whose)).toContain('people.email');
    }
    await aDueClinic('colleague');
    await erasing(transactionOn(db), holdings, true)();
    expect(await leftOf('colleague')).toContain('people.email');
  });

  it('finds a planted defect: a table whose rule was forgotten', async () => {
    await aDueClinic('forgotten');
    const without = holdings.filter(({ table }) => table !== 'fax_lines');
    await erasing(transactionOn(db), without)();
    expect(await leftOf('forgotten')).toContain('fax_lines.name');
  });

  it('goes on after a crash before or after any of its transactions, and ends as if there had been none', async () => {
    for (const when of ['before', 'after'] as const)
      for (let crashAt = 1, crashed = true; crashed; crashAt += 1) {
        crashed = false;
        const whose = `${when}${crashAt}x`;
        await aDueClinic(whose);
        let count = 0;
        const dying: Transaction = async (work) => {
          count += 1;
          if (crashed) throw new Error('the process is dead');
          if (count === crashAt && when === 'before') {
            crashed = true;
            throw new Error('a crash');
          }
          const done = await transactionOn(db)(work);
          if (count === crashAt) {
            crashed = true;
            throw new Error('a crash');
          }
          return done;
        };
        await erasing(dying)().catch(() => undefined);
        await erasing(transactionOn(db))();
        expect([whose, await leftOf(whose)]).toEqual([whose, stays.toSorted()]);
        const erased = { action: 'tenant.erased', tenant_id: idOf(whose, 'tenants') };
        expect(await db('audit_events').where(erased)).toHaveLength(1);
        if (crashAt > 200) throw new Error('it never ends');
      }
  }, 180_000); // each crash has an erasure of its own
});
