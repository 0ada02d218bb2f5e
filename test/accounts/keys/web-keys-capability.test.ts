// Also on PostgreSQL: a migration that reads stored rows, and what the start writes.
import { readdirSync } from 'node:fs';
import { webKeysCapability } from '../../../src/accounts/keys/web-keys-capability.js';
import type { Foundation } from '../../../src/app/foundation.js';
import { migrate, openDatabase, transactionOn } from '../../../src/platform/database/database.js';
import { migrationsFolder } from '../../../src/platform/paths.js';
import { jwksOfSymmetricKeys, symmetricSealing } from '../../../src/platform/sealing/sealing.js';
import { realWorld } from '../../../src/platform/world.js';
import { anEmptyDatabaseUrl } from '../../support/database/databases.js';
import { TestPortal } from '../../support/portal.js';
import { aKey } from '../support.js';

describe('SEC-58: /readyz and the command line know the keys of the pages', () => {
  let test: TestPortal;
  beforeAll(async () => {
    test = await TestPortal.start();
  });
  afterAll(() => test.close());

  const ready = async () => (await test.visitor().get('/readyz')).status;
  const lines: string[] = [];
  const terminal = { say: (line: string) => void lines.push(line), fail: () => 1 as const };
  const forget = (name: string) => test.portal.runs.get('keys forget')?.({ name }, terminal);

  it('a start remembers its keys and refuses others; /readyz is not ready until they are forgotten', async () => {
    expect(await test.portal.begin()).toBeNull();
    expect(await test.db('key_checks').distinct().orderBy('name').pluck('name')).toEqual([
      'ACCOUNTS_KEY',
      'SESSION_SECRET',
    ]);
    expect([await test.portal.begin(), await ready()]).toEqual([null, 200]);
    await test.db('key_checks').update({ value: test.db.raw("name || ' of another installation'") });
    expect(await test.portal.begin()).toMatch(/^ACCOUNTS_KEY is not a key of this installation: /);
    expect(await ready()).toBe(503);
    expect(await forget('ACCOUNTS_KEY')).toBe(0);
    expect(await test.portal.begin()).toMatch(/^SESSION_SECRET is not a secret of this installation: /);
    expect(await ready()).toBe(503);
    expect(await forget('SESSION_SECRET')).toBe(0);
    expect([await test.portal.begin(), await ready()]).toEqual([null, 200]);
    expect(lines).toEqual([
      'People who lost their second factor: 0. They set up a new one when they sign in.',
      'All people were signed out.',
    ]);
  });

  it('a process without pages has nothing to check and cannot forget', async () => {
    const runtime = { db: test.db, world: realWorld };
    const { begin, checks, runs } = webKeysCapability(
      { runtime, transaction: transactionOn(test.db) } as Foundation,
      null,
    );
    expect([await begin(), checks()]).toEqual([null, []]);
    expect(await runs['keys forget']?.({ name: 'ACCOUNTS_KEY' }, terminal)).toBe(1);
  });
});

it('SEC-58: an upgrade writes down which key each second factor and each recovery code needs', async () => {
  const db = openDatabase(await anEmptyDatabaseUrl());
  const earlier = readdirSync(migrationsFolder).filter((name) => name.endsWith('.cjs') && name < '20261129_90');
  for (const name of earlier.sort()) await db.migrate.up({ name });
  const sealing = await symmetricSealing(await jwksOfSymmetricKeys([aKey(3)]));
  const { jwe } = await sealing.seal('EXAMPLE', { table: 'people', tenantId: '', rowId: 'sam', purpose: 'totp' });
  const person = { name: 'Sam', created_at: 'now' };
  await db('people').insert([
    { ...person, id: 'sam', email: 'sam@isv.example', totp_sealed: jwe, totp_confirmed_at: 'now' },
    { ...person, id: 'ann', email: 'ann@isv.example' },
  ]);
  await db('recovery_codes').insert({ person_id: 'sam', code_hash: 'x', created_at: 'now' });
  await migrate(db);
  expect(await db('people').orderBy('id').pluck('totp_kid')).toEqual([null, sealing.kids[0]]);
  expect(await db('recovery_codes').pluck('key_id')).toEqual([sealing.kids[0]]);
  await db.destroy();
}, 30_000);
