import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { startPostgres } from '../../scripts/postgres.js';
import { iso, isUnavailable, migrate, openDatabase, takeTurn, transactionOn } from '../../src/platform/database.js';
import type { Knex } from '../../src/platform/database.js';
import { probes } from '../../src/platform/http/probes.js';

type Postgres = Awaited<ReturnType<typeof startPostgres>>;

describe('on PostgreSQL', () => {
  let server: Postgres;
  let db: Knex;
  beforeAll(async () => {
    server = await startPostgres();
    db = openDatabase(server.url);
    await migrate(db);
  });
  afterAll(async () => {
    await db.destroy();
    await server.stop();
  });

  it('every text of ours compares byte by byte, whatever the language of the database', async () => {
    const {
      rows: [language],
    } = await db.raw<{ rows: unknown[] }>(`select 'a' < 'B' as alphabet, 'a' < 'B' collate "C" as bytes`);
    expect(language).toEqual({ alphabet: true, bytes: false });
    const others = await db('information_schema.columns')
      .where({ table_schema: 'public', data_type: 'text' })
      .andWhereRaw(`collation_name is distinct from 'C'`)
      .select('table_name', 'column_name');
    expect(others).toEqual([]);
    expect(await db('information_schema.columns').where({ table_schema: 'public', collation_name: 'C' })).not.toEqual(
      [],
    );
  });

  it('a whole number of 64 bits comes back as a number', async () => {
    const step = 3_000_000_000;
    const person = { id: randomUUID(), email: `${randomUUID()}@clinic.example`, name: 'Alice', created_at: 'x' };
    await db('people').insert({ ...person, totp_last_step: step });
    expect(await db('people').where({ id: person.id }).first('totp_last_step')).toEqual({ totp_last_step: step });
    expect(await db('people').where({ id: person.id }).count({ n: '*' })).toEqual([{ n: 1 }]);
    expect(await db('audit_events').where('seq', '<', 999_999_999_999_999)).toEqual([]);
  });

  it('finds nothing for a text with U+0000, and keeps such a text without it', async () => {
    expect(await db('tenants').where({ id: 'a\0b' })).toEqual([]);
    const tenant = { id: randomUUID(), external_ref: randomUUID(), created_at: 'x' };
    await db('tenants').insert({ ...tenant, name: 'North\0Clinic' });
    expect(await db('tenants').where({ id: tenant.id }).first('name')).toEqual({ name: 'North\ufffdClinic' });
  });

  it('two that wait for each other both get through', async () => {
    await db.schema.createTable('places', (table) => {
      table.text('name').primary();
      table.integer('visits');
    });
    await db('places').insert([
      { name: 'north', visits: 0 },
      { name: 'south', visits: 0 },
    ]);
    let broken = 0;
    db.on('query-error', ({ code }: { code?: string }) => (broken += code === '40P01' ? 1 : 0));
    const visit = (...names: string[]) =>
      transactionOn(db)(async (trx) => {
        for (const name of names) {
          await trx('places').where({ name }).increment('visits', 1);
          await trx.raw('select pg_sleep(0.1)');
        }
      });
    await Promise.all([visit('north', 'south'), visit('south', 'north')]);
    expect(broken).toBe(1);
    expect(await db('places').pluck<number[]>('visits')).toEqual([2, 2]);
  });

  it('one after the other has a turn, each to the end of its transaction', async () => {
    const order: string[] = [];
    const turn = (name: string, of: string) =>
      transactionOn(db)(async (trx) => {
        await takeTurn(trx, 'tenant', of);
        order.push(`${name} begins`);
        await trx.raw('select pg_sleep(0.1)');
        order.push(`${name} ends`);
      });
    await Promise.all([turn('a', 'north'), turn('b', 'north'), turn('c', 'south')]);
    for (const name of ['a', 'b'])
      expect(order.filter((step) => !step.startsWith('c')).indexOf(`${name} ends`)).toBe(
        order.filter((step) => !step.startsWith('c')).indexOf(`${name} begins`) + 1,
      );
    expect(order.slice(0, 2).every((step) => step.endsWith('begins'))).toBe(true); // another tenant does not wait
  });
});

describe('when PostgreSQL is restarted or away', () => {
  let server: Postgres;
  let db: Knex;
  let web: Server;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    db = openDatabase(server.url);
    await migrate(db);
    web = createServer(express().use(probes(db)));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/readyz`;
  });
  afterAll(async () => {
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    await db.destroy();
  });

  it('a statement under way fails as what may work later, and the next one works', async () => {
    const cut = db.raw('select pg_sleep(30)').then(
      () => 'done',
      (error: unknown) => error,
    );
    await new Promise((resolve) => db.once('query', resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await server.restart();
    const error = await cut;
    expect(error).toBeInstanceOf(Error);
    expect(isUnavailable(error)).toBe(true);
    expect(await db('tenants').select()).toEqual([]);
  });

  it('nothing of a transaction that was cut is kept, and the process lives', async () => {
    const cut = transactionOn(db)(async (trx) => {
      await trx('tenants').insert({ id: 'cut', external_ref: 'cut', name: 'Cut', created_at: iso(new Date()) });
      await server.restart();
      await trx('tenants').select();
    });
    await expect(cut.catch((error: unknown) => isUnavailable(error))).resolves.toBe(true);
    expect(await db('tenants').select()).toEqual([]);
  });

  it('a request is answered 503 while it is away', async () => {
    expect((await fetch(url)).status).toBe(200);
    await server.stop();
    const asked = Date.now();
    expect((await fetch(url)).status).toBe(503);
    expect(Date.now() - asked).toBeLessThan(10_000);
    await expect(db('tenants').catch((error: unknown) => isUnavailable(error))).resolves.toBe(true);
  });
});
