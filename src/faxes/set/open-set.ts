import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeStateFolder, preparePrivateFile, RUN_STATE, STATE_FOLDER } from './folder-lock.js';
import { historyOf } from './line-history.js';
import { overviewOf } from './overview.js';
import { pulledSet, type PulledSet } from './pulled-set.js';
import { rebuild } from './rebuild.js';
import { salvage } from './salvage.js';
import { SET_VERSION } from './set-schema.js';
import { onFolder } from '../documents/folder-error.js';

/** From how many documents, and what was read from damaged sets: faxes without a document, and gaps. */
export type Rebuilt = { documents: number; unfinished: number; gaps: number; wasDamaged: boolean };

/** `rebuilt`: null if the set was there and sound, or if the folder never had one. */
export type OpenedSet = { set: PulledSet; rebuilt: Rebuilt | null };

const SET = 'pulled.db';
const DAMAGED = `${SET}.damaged-`;

/**
 * Opens the set of a folder, which must exist. A set that is lost or damaged is rebuilt from the JSON files and from what
 * can be read of damaged ones, which are kept beside it. Only who holds the lock of the folder may call this.
 *
 * @throws {FolderError}
 */
export const openSet = (dir: string, now: () => Date): Promise<OpenedSet> =>
  onFolder(async () => {
    const folder = makeStateFolder(dir);
    const db = (await openSound(join(folder, SET))) ?? (await setAside(join(folder, SET), now()));
    try {
      const isComplete = db.pragma('user_version', { simple: true }) === SET_VERSION;
      const set = pulledSet(db);
      if (!set.isDurable()) throw Object.assign(new Error('a pragma is ignored'), { code: 'SQLITE_PRAGMA' });
      if (isComplete) return { set, rebuilt: null };
      const damaged = readdirSync(folder).filter((name) => name.startsWith(DAMAGED) && !/-(wal|shm)$/.test(name));
      for (const name of damaged.sort().reverse()) salvageFrom(join(folder, name), db);
      const documents = await rebuild(set, dir);
      db.pragma(`user_version = ${SET_VERSION}`);
      const wasDamaged = damaged.length > 0;
      const isNew = !existsSync(join(folder, RUN_STATE)) && !wasDamaged && documents === 0;
      return { set, rebuilt: isNew ? null : { documents, ...set.unfinishedAndGaps(), wasDamaged } };
    } catch (error) {
      db.close();
      throw error;
    }
  });

/** What can be asked of a set that only its reader uses. */
export type ReadSet = Pick<PulledSet, 'knownLines' | 'countsOf' | 'unfinishedOf' | 'gapsOf' | 'documents' | 'close'>;

/**
 * Opens the set of a folder in which nothing can be written, without the lock and without side files.
 *
 * @throws {FolderError} `EROFS` if it cannot be read without writing: a run was killed, or it must be rebuilt
 */
export const readSet = (dir: string): Promise<ReadSet> =>
  onFolder(() => {
    const path = join(dir, STATE_FOLDER, SET);
    closeSync(openSync(path, 'r')); // says whether it is missing or another user's
    const db = new Database(path, { readonly: true });
    try {
      if (db.pragma('user_version', { simple: true }) !== SET_VERSION) throw new Error('not complete');
      return { ...historyOf(db), ...overviewOf(db), close: () => void db.close() };
    } catch {
      db.close();
      throw Object.assign(new Error('it needs to be written'), { code: 'EROFS' });
    }
  });

/** Null if the file is damaged. */
async function openSound(path: string): Promise<Database.Database | null> {
  // The log of a set that is gone belongs to nothing.
  if (!existsSync(path)) for (const log of ['-wal', '-shm']) await rm(path + log, { force: true });
  preparePrivateFile(path);
  const db = new Database(path, { timeout: 5000 });
  try {
    db.pragma('journal_mode = wal');
    db.pragma('synchronous = full');
    if (db.pragma('quick_check(1)', { simple: true }) === 'ok') return db;
  } catch (error) {
    const isDamage = /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code));
    if (!isDamage) {
      db.close();
      throw error;
    }
  }
  db.close();
  return null;
}

async function setAside(path: string, now: Date): Promise<Database.Database> {
  const aside = `${path}.damaged-${now.toISOString().replace(/\W/g, '')}`;
  await rename(path, aside);
  // Its log holds what was written last.
  if (existsSync(`${path}-wal`)) await rename(`${path}-wal`, `${aside}-wal`);
  const db = await openSound(path);
  if (!db) throw Object.assign(new Error('a new set is damaged'), { code: 'SQLITE_CORRUPT' });
  return db;
}

function salvageFrom(path: string, db: Database.Database): void {
  const damaged = new Database(path, { readonly: true });
  try {
    salvage(damaged, db);
  } finally {
    damaged.close();
  }
}
