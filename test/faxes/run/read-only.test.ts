import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inspectFolder } from '../../../src/faxes/run/inspect-folder.js';
import { Bench } from '../support.js';

const NOBODY = 65_534;
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

/** Runs work as a user who may write nothing in the folder, although it is theirs. */
async function readOnly<T>(work: () => Promise<T>): Promise<T> {
  const entries = readdirSync(bench.dir, { recursive: true, withFileTypes: true });
  const paths = [bench.dir, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  const isRoot = process.geteuid?.() === 0;
  const files = new Set(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)));
  for (const path of paths) {
    if (isRoot) chownSync(path, NOBODY, NOBODY);
    chmodSync(path, files.has(path) ? 0o400 : 0o500);
  }
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    for (const path of paths) chmodSync(path, 0o700);
  }
}

async function inspect(what: 'status' | 'verify') {
  const said: unknown[] = [];
  const noted: string[] = [];
  const code = await inspectFolder(what, bench.dir, {
    world: { now: bench.now, wait: () => Promise.resolve() },
    clock: () => 0,
    uptime: () => 0,
    signal: new AbortController().signal,
    screen: { columns: () => null, write: () => undefined },
    say: (text) => void said.push(JSON.parse(text)),
    note: (text) => void noted.push(text),
  });
  return { code, said, noted };
}

it('status and verify read a folder in which nothing can be written', async () => {
  bench.mailbox.add({ id: '5' });
  bench.mailbox.add({ id: '6', attachments: [] });
  await bench.pull();
  bench.end();
  const [status, verify] = [await inspect('status'), await inspect('verify')];
  expect(status.said).toHaveLength(2);
  expect(await readOnly(() => inspect('status'))).toEqual(status);
  expect(await readOnly(() => inspect('verify'))).toEqual(verify);
  expect(verify).toEqual({ code: 0, said: [{ ok: 1, taken_away: 0, damaged: 0 }], noted: [] });
});

it.each([
  ['was left by a run that was killed', (db: Database.Database) => void db.pragma('journal_mode = wal')],
  ['is not rebuilt to its end', (db: Database.Database) => void db.pragma('user_version = 0')],
])('a set that %s cannot be read without writing, and the message says what to do', async (_what, change) => {
  await bench.pull();
  bench.end();
  const db = new Database(join(bench.dir, '.latchkey/pulled.db'));
  change(db);
  db.close();
  expect(await readOnly(() => inspect('status'))).toEqual({
    code: 2,
    said: [],
    noted: ['the folder cannot be used: EROFS: it is read-only; mount its disk for writing'],
  });
});

it('a read-only folder without a set is no empty set', async () => {
  expect(await readOnly(() => inspect('status'))).toEqual({
    code: 2,
    said: [],
    noted: ['the folder cannot be used: ENOENT: it does not exist, or is gone; make it, or mount its disk'],
  });
});
