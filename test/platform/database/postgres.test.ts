import { EventEmitter, once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import express from 'express';
import { startPostgres, type Postgres } from '../../../scripts/postgres.js';
import { iso, isUnavailable, migrate, openDatabase, transactionOn } from '../../../src/platform/database/database.js';
import { lockFor } from '../../../src/platform/database/lock.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { probes } from '../../../src/platform/http/probes.js';
import { takeSchema } from '../../../src/demo/postgres-schema.js';

/** A connection to the server that can be cut like a pulled plug: nothing comes through, and no side is told. */
async function aWayTo(url: string) {
  let isCut = false;
  const sockets = new Set<Socket>();
  const tcp = createTcpServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('data', (bytes) => !isCut && to.write(bytes));
      from.on('error', () => undefined).on('close', () => to.destroy());
    }
  }); // prettier-ignore
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as AddressInfo;
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    cut: () => (isCut = true),
    fix: () => (isCut = false),
    close: () => {
      for (const socket of sockets) socket.destroy();
      tcp.close();
    },
  };
}

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  await runAt(server.url, 'create database migrated');
  const db = openDatabase(urlOf('migrated'));
  await migrate(db);
  await db.destroy();
});
const urlOf = (name: string): string => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;

async function runAt(url: string, sql: string): Promise<void> {
  const db = openDatabase(url);
  await db.raw(sql);
  await db.destroy();
}

/** A migrated database of the server. */
async function aDatabase(name: string): Promise<string> {
  await runAt(server.url, `create database ${name} template migrated`);
  return urlOf(name);
}

describe('on PostgreSQL', () => {
  let url: string;
  let db: Knex;
  beforeAll(async () => {
    url = await aDatabase('portal');
    db = openDatabase(url);
  });
  afterAll(() => db.destroy());

  it('all text columns compare byte by byte, whatever the language of the database', async () => {
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

  it('a 64-bit integer is returned as a number', async () => {
    const step = 3_000_000_000;
    const person = { id: randomUUID(), email: `${randomUUID()}@clinic.example`, name: 'Alice', created_at: 'x' };
    await db('people').insert({ ...person, totp_last_step: step });
    expect(await db('people').where({ id: person.id }).first('totp_last_step')).toEqual({ totp_last_step: step });
    expect(await db('people').where({ id: person.id }).count({ n: '*' })).toEqual([{ n: 1 }]);
    expect(await db('audit_events').where('seq', '<', 999_999_999_999_999)).toEqual([]);
  });

  it('finds nothing for a text with U+0000, and stores such a text without it', async () => {
    expect(await db('tenants').where({ id: 'a\0b' })).toEqual([]);
    const tenant = { id: randomUUID(), external_ref: randomUUID(), created_at: 'x' };
    await db('tenants').insert({ ...tenant, name: 'North\0Clinic' });
    expect(await db('tenants').where({ id: tenant.id }).first('name')).toEqual({ name: 'North\ufffdClinic' });
  });

  it('two transactions that deadlock both succeed', async () => {
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
    const holding = new EventEmitter();
    let held = 0;
    const visit = (first: string, second: string) =>
      transactionOn(db)(async (trx) => {
        await trx('places').where({ name: first }).increment('visits', 1);
        held += 1;
        // Each holds its first row before it asks for the other's; a repeated one need not wait.
        if (held === 1) await once(holding, 'both');
        else holding.emit('both');
        await trx('places').where({ name: second }).increment('visits', 1);
      });
    await Promise.all([visit('north', 'south'), visit('south', 'north')]);
    expect(broken).toBe(1);
    expect(await db('places').pluck<number[]>('visits')).toEqual([2, 2]);
  });

  it('waits until a commit is on disk, even if the server does not by default', async () => {
    const reset = await db.raw<{ rows: [{ reset_val: string }] }>(
      `select reset_val from pg_settings where name = 'synchronous_commit'`,
    );
    expect(reset.rows[0].reset_val).toBe('off');
    const shown = await db.raw<{ rows: [object] }>('show synchronous_commit');
    expect(shown.rows[0]).toEqual({ synchronous_commit: 'on' });
  });

  it.each([
    ['a statement', false, { statement_timeout: '30s' }],
    ['a statement of a migration', true, { statement_timeout: '0' }],
  ])('%s has enough time', async (_what, takesLong, expected) => {
    const handle = openDatabase(url, { takesLong });
    const shown = await handle.raw<{ rows: [object] }>('show statement_timeout');
    expect(shown.rows[0]).toEqual(expected);
    await handle.destroy();
  });

  it('a statement that takes too long fails as retryable, and its connection works again', async () => {
    const hasty = openDatabase(`${url}?statement_timeout=100`);
    const error: unknown = await hasty.raw('select pg_sleep(30)').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: '57014' });
    expect(isUnavailable(error)).toBe(true);
    expect(await hasty('tenants').where({ id: 'absent' })).toEqual([]);
    await hasty.destroy();
  });

  it('an answer that does not come in time, or a lost connection, fails as retryable', async () => {
    const hasty = openDatabase(`${url}?query_timeout=100`);
    const late: unknown = await hasty.raw('select pg_sleep(2)').catch((reason: unknown) => reason);
    expect(late).toMatchObject({ message: expect.stringMatching(/ - Query read timeout$/) as string });
    expect(isUnavailable(late)).toBe(true);
    await hasty.destroy();
    expect(isUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isUnavailable(new Error('select 1 - Connection was never asked for'))).toBe(false);
  });

  it('a process that hangs in a transaction does not block others forever', async () => {
    const still = openDatabase(`${url}?idle_in_transaction_session_timeout=100`);
    await db('tenants').insert({ id: 'held', external_ref: 'held', name: 'Held', created_at: 'x' });
    const cut = transactionOn(still)(async (trx) => {
      await trx('tenants').where({ id: 'held' }).update({ name: 'never' });
      await db('tenants').where({ id: 'held' }).update({ name: 'Free' }); // waits until the lock is released
      await trx('tenants').select();
    });
    await expect(cut.catch((error: unknown) => isUnavailable(error))).resolves.toBe(true);
    expect(await still('tenants').where({ id: 'held' }).first('name')).toEqual({ name: 'Free' });
    await still.destroy();
  });

  it('waiting for a server that silently became unreachable ends after the answer timeout', async () => {
    const way = await aWayTo(url);
    const far = openDatabase(`${way.url}?query_timeout=300`);
    try {
      await far('tenants').first();
      way.cut();
      const error: unknown = await transactionOn(far)((trx) => trx('tenants').first()).catch(
        (reason: unknown) => reason,
      );
      expect(isUnavailable(error)).toBe(true);
      way.fix();
      expect(await far('tenants').where({ id: 'absent' })).toEqual([]); // not over the connection that was lost
    } finally {
      way.close();
      await far.destroy();
    }
  });

  it('transactions with the same lock run one after the other', async () => {
    const order: string[] = [];
    const turn = (name: string, of: string) =>
      transactionOn(db)(async (trx) => {
        await lockFor(trx, 'tenant', of);
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

describe('a schema that a database lends', () => {
  let url: string;
  let admin: Knex;
  beforeAll(async () => {
    url = await aDatabase('lending');
    admin = openDatabase(url);
    await admin('tenants').insert({ id: 'ours', external_ref: 'ours', name: 'Ours', created_at: 'x' });
  });
  afterAll(() => admin.destroy());
  const schemas = () => admin('pg_namespace').where('nspname', 'like', 'demo%').orderBy('nspname').pluck('nspname');
  /** Migrated, with one tenant. */
  async function filled(url: string): Promise<string[]> {
    const db = openDatabase(url);
    await migrate(db);
    await db('tenants').insert({ id: 'theirs', external_ref: 'theirs', name: 'Theirs', created_at: 'x' });
    const ids = await db('tenants').pluck<string[]>('id');
    await db.destroy();
    return ids;
  }

  it('begins empty each time, has separate tables, and does not change those of a portal beside it', async () => {
    for (let time = 0; time < 2; time += 1) {
      const lent = await takeSchema(url, 'demo', false);
      expect(lent.name).toBe('demo');
      expect(await filled(lent.url)).toEqual(['theirs']);
      await lent.release();
    }
    expect(await admin('tenants').pluck('id')).toEqual(['ours']);
    expect(await schemas()).toEqual(['demo']); // to look at
  });

  it('a second user at the same time, and a temporary one, get another schema that is dropped afterwards', async () => {
    const first = await takeSchema(url, 'demo', false);
    await filled(first.url);
    const others = [await takeSchema(url, 'demo', false), await takeSchema(url, 'demo', true)];
    for (const { url } of others) expect(await filled(url)).toEqual(['theirs']);
    expect(new Set([first, ...others].map(({ name }) => name)).size).toBe(3);
    for (const { release } of others) await release();
    expect(await schemas()).toEqual(['demo']);
    await first.release();
  });

  it('is refused if someone else created it, and its content stays', async () => {
    await admin.raw('create schema demo_theirs');
    await admin.raw('create table demo_theirs.faxes (id text)');
    const refused = takeSchema(url, 'demo_theirs', false);
    await expect(refused).rejects.toThrow(/^DATABASE_URL has a schema demo_theirs already, which is not ours to empty/);
    expect(await admin('demo_theirs.faxes').select()).toEqual([]);
    await admin.raw('drop schema demo_theirs cascade');
  });

  it('is refused in one line, without the address, to a user without permission and without a server', async () => {
    await admin.raw(`create user limited password 'synthetic-password-17'`);
    const limited = Object.assign(new URL(url), { username: 'limited', password: 'synthetic-password-17' }).href;
    await expect(takeSchema(limited, 'demo', true)).rejects.toThrow(/^DATABASE_URL names a user who may not make/);
    const nowhere = 'postgres://portal:synthetic-password-17@127.0.0.1:1/portal';
    await expect(takeSchema(nowhere, 'demo', true)).rejects.toThrow(
      /^DATABASE_URL cannot be opened: no server listens [^/@]*\(ECONNREFUSED\)$/,
    );
  });
});

describe('when PostgreSQL is restarted or away', () => {
  let db: Knex;
  let web: Server;
  let url: string;
  beforeAll(async () => {
    db = openDatabase(await aDatabase('restarted'));
    web = createServer(express().use(probes(db, () => Promise.resolve(true))));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/readyz`;
  });
  afterAll(async () => {
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    await db.destroy();
  });

  it('a running statement fails as retryable, and the next one works', async () => {
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

  it('nothing of an interrupted transaction is kept, and the process survives', async () => {
    const cut = transactionOn(db)(async (trx) => {
      await trx('tenants').insert({ id: 'cut', external_ref: 'cut', name: 'Cut', created_at: iso(new Date()) });
      await server.restart();
      await trx('tenants').select();
    });
    await expect(cut.catch((error: unknown) => isUnavailable(error))).resolves.toBe(true);
    expect(await db('tenants').select()).toEqual([]);
  });

  it('a request gets 503 during the outage', async () => {
    expect((await fetch(url)).status).toBe(200);
    await server.stop(); // the last test of this file
    const asked = Date.now();
    expect((await fetch(url)).status).toBe(503);
    expect(Date.now() - asked).toBeLessThan(10_000);
    await expect(db('tenants').catch((error: unknown) => isUnavailable(error))).resolves.toBe(true);
  });
});
