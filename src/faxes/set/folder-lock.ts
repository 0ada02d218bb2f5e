import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onFolder } from '../documents/folder-error.js';

export const STATE_FOLDER = '.latchkey';
/** Made by the first run in a folder. */
export const RUN_STATE = 'run.db';

/** The pull's own folder in `dir`, which must exist: a disk that is not mounted must not become a second, empty set. */
export function makeStateFolder(dir: string): string {
  const folder = join(dir, STATE_FOLDER);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  }
  return folder;
}

/** Creates a file for SQLite that only its owner can read; SQLite gives its log files the same mode. */
export const preparePrivateFile = (path: string): void => closeSync(openSync(path, 'a', 0o600));

/**
 * Locks a folder for one pull; null if another holds the lock. The kernel drops the lock together with the process, so
 * nothing has to be cleaned up after a kill.
 *
 * @throws {FolderError}
 */
export const lockFolder = (dir: string): Promise<{ release: () => void } | null> =>
  onFolder(() => {
    const path = join(makeStateFolder(dir), 'lock.db');
    preparePrivateFile(path);
    const db = new Database(path, { timeout: 0 });
    try {
      db.pragma('journal_mode = delete');
      db.exec('begin exclusive');
    } catch (error) {
      db.close();
      if (/^SQLITE_BUSY/.test(String((error as { code?: unknown }).code))) return null;
      throw error;
    }
    return { release: () => void db.close() };
  });
