// Also on PostgreSQL: the statements of the migration.
import { createRequire } from 'node:module';
import { openDatabase, type Knex } from '../../src/platform/database/database.js';
import { aDatabaseUrl } from '../support/database/databases.js';

type Migration = { up: (db: Knex) => Promise<void>; down: (db: Knex) => Promise<void> };
const migration = createRequire(import.meta.url)('../../migrations/20261201_70_overview.cjs') as Migration;

it('the migration fills the last 90 days: a day without a record is as the day before ended', async () => {
  const db = openDatabase(await aDatabaseUrl()); // not watched, as migrations are not
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  try {
    for (const id of ['a', 'b', 'c'])
      await db('tenants').insert({
        ...{ id, name: id, external_ref: id, environment: 'production', created_at: `${day(200)}T00:00:00.000Z` },
      });
    const rows: [string, number, string][] = [
      ['a', 150, 'healthy'], // before the first day
      ['a', 2, 'failing'],
      ['b', 3, 'pending'],
      ['b', 1, 'warning'],
      ['c', 1, 'healthy'],
      ['c', 0, 'disconnected'],
    ];
    await db('connection_days').insert(
      rows.map(([id, ago, state]) => ({ tenant_id: id, day: day(ago), state, rank: 1, last_state: state })),
    );
    await migration.down(db);
    await migration.up(db);
    const found = await db('connected_days').orderBy('day').select('day', 'connected', 'clinics');
    expect(found).toHaveLength(90);
    expect(found[0]).toEqual({ day: day(89), connected: 1, clinics: 1 });
    expect(found.slice(-4)).toEqual([
      { day: day(3), connected: 1, clinics: 2 },
      { day: day(2), connected: 0, clinics: 2 },
      { day: day(1), connected: 2, clinics: 3 },
      { day: day(0), connected: 1, clinics: 3 },
    ]);
  } finally {
    await db.destroy();
  }
});
