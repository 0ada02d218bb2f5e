// Also on PostgreSQL: commits out of order, triggers, and the same numbers and hashes.
import { auditStore } from '../../src/audit/audit-store.js';
import { transactionOn, type Knex } from '../../src/platform/database/database.js';
import { noteSigner } from '../../src/platform/signed-notes/signed-note.js';
import { newSigningKey, readSigningKeys } from '../../src/platform/signed-notes/signing-keys.js';
import { realWorld } from '../../src/platform/world.js';
import { trailWorker } from '../../src/trail/trail-worker.js';
import { verifyDatabase } from '../../src/trail/verify-command.js';
import { aDatabaseUrl, isPostgres, openWatched } from '../support/database/databases.js';

let db: Knex;
let late: Knex;
beforeEach(async () => {
  const url = await aDatabaseUrl();
  [db, late] = [await openWatched(url), await openWatched(url)];
});
afterEach(async () => {
  await db.destroy();
  await late.destroy();
});

const origin = 'portal.example/audit';
const key = noteSigner(origin, (readSigningKeys(newSigningKey()) ?? [])[0] as never);
const act = (on: Knex, tenantId?: string) =>
  auditStore(on, realWorld).append({
    action: 'token.issued',
    actor: { kind: 'portal' },
    tenantId,
    outcome: 'ok',
    origin: { ip: '203.0.113.7' },
  });
const seal = (signers = [key], now = realWorld.now) =>
  trailWorker({ db, transaction: transactionOn(db), world: { ...realWorld, now }, signers, origin })();
const numbers = async () =>
  (await db('audit_events').orderBy('seq').select('leaf_index', 'tenant_id', 'tenant_seq')).map(
    (row: { leaf_index: number; tenant_id: string; tenant_seq: number }) => [
      row.leaf_index,
      row.tenant_id,
      row.tenant_seq,
    ],
  );
async function verified(older?: string) {
  const lines: string[] = [];
  const terminal = {
    say: (line: string) => void lines.push(line),
    fail: (...bad: string[]) => (lines.push(...bad), 1) as 1,
  };
  const code = await verifyDatabase(db, { trusted: [key.key], older }, terminal);
  return { code, first: lines[0] };
}
const good = (rows: number) => ({ code: 0, first: `good: ${rows} rows are exactly those that were sealed.` });
const newest = async () => (await db('audit_checkpoints').orderBy('size', 'desc').first<{ note: string }>('note')).note;
/** As someone who owns the database does. */
const withoutTriggers = async (change: () => Promise<unknown>) => {
  if (isPostgres) await db.raw('alter table audit_events disable trigger user');
  else for (const name of ['audit_no_update', 'audit_no_delete']) await db.raw(`drop trigger ${name}`);
  await change();
};

it('SEC-44: committed rows are numbered over all and within their clinic, and a late commit comes after', async () => {
  await act(db, 'north');
  if (isPostgres) {
    await transactionOn(late)(async (open) => {
      await act(open, 'north'); // inserted first, committed last
      await act(db, 'north');
      await seal();
    });
  } else {
    await act(db, 'north');
    await seal();
    await act(late, 'north');
  }
  await act(db);
  await act(db, 'south');
  await seal();
  const between = isPostgres
    ? [
        [2, 'north', 3],
        [1, 'north', 2],
      ]
    : [
        [1, 'north', 2],
        [2, 'north', 3],
      ];
  expect(await numbers()).toEqual([[0, 'north', 1], ...between, [3, null, null], [4, 'south', 1]]);
  expect(await verified()).toEqual(good(5));
  expect(await newest()).toMatch(/^portal\.example\/audit\n5\n[A-Za-z0-9+/]{43}=\n\n— portal\.example\/audit \S+\n$/);
});

it('SEC-44: the database refuses to change or delete a row, except to erase its sealed address', async () => {
  await act(db, 'north');
  const refused = /the audit is only appended to/;
  await expect(db('audit_events').update({ ip: null })).rejects.toThrow(refused);
  await seal();
  await expect(db('audit_events').update({ outcome: 'refused' })).rejects.toThrow(refused);
  await expect(db('audit_events').update({ ip: '198.51.100.1' })).rejects.toThrow(refused);
  await expect(db('audit_events').update({ leaf_index: 7 })).rejects.toThrow(refused);
  await expect(db('audit_events').delete()).rejects.toThrow(refused);
  await db('audit_events').update({ ip: null, ip_salt: null });
  expect(await verified()).toEqual(good(1));
});

it('SEC-44: audit verify finds what the owner of the database changed, and names the row', async () => {
  for (let n = 0; n < 6; n += 1) await act(db, 'north');
  await seal([]);
  expect(await newest()).toMatch(/^portal\.example\/audit\n6\n\S+\n$/); // without a key: unsigned
  for (let n = 0; n < 4; n += 1) await act(db, 'north');
  await seal();
  const old = await newest();
  expect(await verified(old)).toEqual(good(10));
  await withoutTriggers(() => db('audit_events').where({ leaf_index: 3 }).update({ outcome: 'refused' }));
  expect(await verified()).toEqual({ code: 1, first: 'bad: row 3: the row was changed after it was sealed' });
  await db('audit_events').where({ leaf_index: 3 }).update({ outcome: 'ok' });
  await db('audit_events').where('leaf_index', '>', 7).delete();
  expect(await verified()).toEqual({ code: 1, first: 'bad: row 8: rows are missing: a stored checkpoint has 10' });
  await db('audit_checkpoints').where({ size: 10 }).delete();
  expect(await verified()).toEqual({ code: 1, first: 'bad: row 8: the tree has 10 rows' });
  await db('audit_tree').delete();
  await db('audit_checkpoints').delete();
  await db('sequences').where({ name: 'audit' }).delete();
  await db('audit_events').update({
    leaf_index: null,
    tenant_seq: null,
    leaf_hash: null,
    ip_hash: null,
    ip_salt: null,
  });
  await seal(); // replaced as a whole and signed again
  expect(await verified()).toEqual(good(8));
  expect(await verified(old)).toEqual({ code: 1, first: 'bad: row 8: rows are missing: the given checkpoint has 10' });
});

it('after 30 days one checkpoint an hour is kept, and none is written when nothing is new', async () => {
  const at = async (time: string) => {
    await act(db);
    await seal([key], () => new Date(time));
    await seal([key], () => new Date(time));
  };
  for (const time of ['2026-01-01T10:05:00Z', '2026-01-01T10:50:00Z', '2026-01-01T11:00:00Z', '2026-02-01T00:00:00Z'])
    await at(time);
  expect(await db('audit_checkpoints').orderBy('size').pluck('size')).toEqual([2, 3, 4]);
});
