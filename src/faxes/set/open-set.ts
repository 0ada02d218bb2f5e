import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeStateFolder, preparePrivateFile } from './folder-lock.js';
import { pulledSet, type PulledSet } from './pulled-set.js';
import { rebuild } from './rebuild.js';
import { SET_VERSION } from './set-schema.js';
import { onFolder } from '../documents/folder-error.js';

export type OpenedSet = {
  set: PulledSet;
  /** How many documents the set was rebuilt from; null if it was there and sound. */
  rebuilt: number | null;
};

/**
 * Opens the set of a folder, which must exist. A set that is lost or damaged is rebuilt from the JSON files; a damaged
 * one is kept beside it. Only who holds the lock of the folder may call this.
 *
 * @throws {FolderError}
 */
export const openSet = (dir: string, now: () => Date): Promise<OpenedSet> =>
  onFolder(async () => {
    const path = join(makeStateFolder(dir), 'pulled.db');
    const db = (await openSound(path)) ?? (await setAside(path, now()));
    try {
      const isComplete = db.pragma('user_version', { simple: true }) === SET_VERSION;
      const set = pulledSet(db);
      if (!set.isDurable()) throw Object.assign(new Error('a pragma is ignored'), { code: 'SQLITE_PRAGMA' });
      if (isComplete) return { set, rebuilt: null };
      const rebuilt = await rebuild(set, dir);
      db.pragma(`user_version = ${SET_VERSION}`);
      return { set, rebuilt };
    } catch (error) {
      db.close();
      throw error;
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
  const db = await openSound(path);
  if (!db) throw Object.assign(new Error('a new set is damaged'), { code: 'SQLITE_CORRUPT' });
  return db;
}
