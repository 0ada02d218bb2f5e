import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inspectFolder } from '../../../src/faxes/run/inspect-folder.js';
import { openSet } from '../../../src/faxes/set/open-set.js';
import { attachmentOf, line } from '../model-mailbox.js';
import { Bench, DAY } from '../support.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

const set = () => join(bench.dir, '.latchkey/pulled.db');

/** Overwrites one page of the set: the `nth` of a table or index, in the order of the file. */
function damage(name: string, nth: number): void {
  bench.end();
  const db = new Database(set());
  const pages = db
    .prepare<[string], { pageno: number }>('select pageno from dbstat where name = ? order by pageno')
    .all(name);
  const size = Number(db.pragma('page_size', { simple: true }));
  db.close();
  const file = openSync(set(), 'r+');
  writeSync(file, Buffer.alloc(size, 0xee), 0, size, (pages.at(nth)!.pageno - 1) * size);
  closeSync(file);
}

async function pullWithGap(): Promise<void> {
  bench.mailbox.rules = { cap: 2, drops: 'oldest', dropsAre: 'hidden', countsDeleted: false };
  bench.mailbox.add({ id: '5', attachments: [] });
  bench.mailbox.add({ id: '6', availability: 'purged' });
  await bench.pull({ cap: 2 });
  bench.mailbox.now += DAY / 2;
  for (const id of ['7', '8', '9']) bench.mailbox.add({ id });
  expect(await bench.pull({ cap: 2 })).toMatchObject({ pending: 1, lost: 1, gaps: 1, fetched: 2 });
}

/** What `faxes status` prints and notes. */
async function status(): Promise<{ said: unknown[]; noted: string[] }> {
  const said: unknown[] = [];
  const noted: string[] = [];
  const around = {
    world: { now: bench.now, wait: () => Promise.resolve() },
    clock: () => 0,
    uptime: () => 0,
    signal: new AbortController().signal,
    screen: { columns: () => null, write: () => undefined },
    say: (text: string) => void said.push(JSON.parse(text)),
    note: (text: string) => void noted.push(text),
  };
  expect(await inspectFolder('status', bench.dir, around)).toBe(0);
  return { said, noted };
}

it('a damaged set still says which faxes are pending or lost, and its gaps', async () => {
  await pullWithGap();
  bench.end();
  const before = await status();
  damage('messages_created', 0);
  const { said, noted } = await status();
  expect(noted).toEqual([
    'the set was lost or damaged: rebuilt from 2 documents; read from the damaged set: faxes that are not there: 2, gaps: 1; other faxes that were pending, failed or lost, and gaps, are forgotten',
  ]);
  expect(said).toEqual([
    { ...(before.said[0] as object), last_complete_at: null, fill: null },
    ...before.said.slice(1),
  ]);
  expect(said.slice(3)).toEqual([
    {
      external_ref: 'clinic-1',
      extension_id: '63304567004',
      gap_from: '2026-10-31T02:00:00.000Z',
      gap_to: '2026-11-30T14:12:30.000Z',
      since: '2026-11-30T02:00:00.000Z',
    },
  ]);
  // The window of 30 days begins again, so that nothing is missed, and a fax that came meanwhile is fetched.
  bench.mailbox.messages[0]!.attachments = [attachmentOf('5')];
  bench.mailbox.messages[0]!.isHidden = false;
  bench.mailbox.messages[0]!.availability = 'alive';
  expect(await bench.pull({ cap: 2 })).toMatchObject({ fetched: 1, pending: 0, lost: 1, gaps: 1 });
});

it('rows on both sides of the damage are read', async () => {
  bench.mailbox.rules.cap = 1000;
  for (let id = 100; id < 400; id += 1) bench.mailbox.add({ id: String(id), attachments: [] });
  await bench.pull();
  damage('messages', 4);
  const { rebuilt, set } = await openSet(bench.dir, bench.now);
  expect(rebuilt!.unfinished).toBeGreaterThan(200);
  expect(rebuilt!.unfinished).toBeLessThan(300);
  expect(set.message(line, '100')).toMatchObject({ verdict: 'pending', record: { from: { name: 'Planted Patient' } } });
  expect(set.message(line, '399')).toMatchObject({ verdict: 'pending' });
  set.close();
});

it('a row that the damage made nonsense of is not copied', async () => {
  for (const id of ['5', '6', '7']) bench.mailbox.add({ id, attachments: [] });
  await bench.pull();
  bench.end();
  const db = new Database(set());
  db.exec("update messages set attachments = '[{' where message = '5'");
  db.exec("update messages set created_at = '../2026' where message = '6'");
  db.close();
  damage('messages_created', 0);
  const { rebuilt, set: opened } = await openSet(bench.dir, bench.now);
  expect(rebuilt).toMatchObject({ unfinished: 1 });
  opened.close();
});

it('a fax whose documents are all there is done, whatever the damaged set says', async () => {
  bench.mailbox.add({ id: '5', attachments: [attachmentOf('5'), attachmentOf('6')] });
  bench.mailbox.add({ id: '7', attachments: [attachmentOf('7'), attachmentOf('8')] });
  await bench.pull();
  bench.end();
  const db = new Database(set());
  db.exec("update messages set verdict = 'failed', reason = 'ended_early'");
  db.close();
  rmSync(join(bench.dir, 'clinic-1/63304567004/2026/11/7-8.json'));
  damage('messages_created', 0);
  const { rebuilt, set: opened } = await openSet(bench.dir, bench.now);
  expect(rebuilt).toMatchObject({ documents: 3, unfinished: 1 });
  expect(opened.message(line, '7')).toMatchObject({ verdict: 'failed' });
  opened.close();
});

it('a rebuilding that was interrupted reads the damaged set again', async () => {
  await pullWithGap();
  damage('messages_created', 0);
  (await openSet(bench.dir, bench.now)).set.close();
  const db = new Database(set());
  db.exec('delete from messages; delete from gaps');
  db.pragma('user_version = 0');
  db.close();
  const { rebuilt, set: opened } = await openSet(bench.dir, bench.now);
  expect(rebuilt).toEqual({ documents: 2, unfinished: 2, gaps: 1, wasDamaged: true });
  opened.close();
});

it('a set that is gone is named even if no document was there, and a new folder is not', async () => {
  const empty = 'no fax line was read into this folder yet: run "faxes pull", or check --to';
  expect((await status()).noted).toEqual([empty]);
  for (const end of ['', '-wal', '-shm']) rmSync(`${set()}${end}`, { force: true });
  expect((await status()).noted).toEqual([
    'the set was lost or damaged: rebuilt from 0 documents; all faxes that were pending, failed or lost, and gaps, are forgotten',
    empty,
  ]);
  expect((await status()).noted).toEqual([empty]);
});

it('a set of which nothing can be read is rebuilt all the same', async () => {
  await pullWithGap();
  bench.end();
  writeFileSync(set(), Buffer.alloc(20_000, 'damage'));
  expect((await status()).noted[0]).toMatch(
    /^the set was lost or damaged: rebuilt from 2 documents; .*not there: 0, gaps: 0/,
  );
});
