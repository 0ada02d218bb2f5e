import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { LimitStore } from '../calls/rate-limiter.js';
import { makeStateFolder, preparePrivateFile, RUN_STATE } from '../set/folder-lock.js';
import { documentedLimits, longestWindowMs, type LimitMemory } from '../calls/user-limits.js';

type RunStateOptions = {
  /** Exists, and is locked by this process. */
  folder: string;
  now: () => Date;
  /** How long the machine has run, in milliseconds: a clock that no one sets, and that other processes share. */
  uptime: () => number;
  /** What is assumed of the limits of a user of whom nothing is known. */
  limits?: LimitMemory;
};

/** As stored: when by both clocks, and whether the run had made its last call of the user; otherwise it was killed. */
type Kept = { at: number; up?: number; isOver: boolean; memory: LimitMemory };

/**
 * What a run leaves to the next one in `.latchkey/run.db`: how far the limits of each RingCentral user are spent, and
 * which clinic came last.
 *
 * @throws what the system or SQLite throws
 */
export function openRunState({ folder, now, uptime, limits = documentedLimits }: RunStateOptions) {
  const { db, wasDamaged } = openState(join(makeStateFolder(folder), RUN_STATE));
  const readUser = db.prepare<[string], { state: string }>('select state from users where owner_id = ?');
  const writeUser = db.prepare('insert or replace into users (owner_id, state) values (?, ?)');
  const readLast = db.prepare<[], { value: string }>("select value from facts where name = 'last_clinic'");
  const writeLast = db.prepare("insert or replace into facts (name, value) values ('last_clinic', ?)");

  const write = (ownerId: string, kept: Pick<Kept, 'isOver' | 'memory'>) =>
    void writeUser.run(ownerId, JSON.stringify({ at: now().getTime(), up: uptime(), ...kept }));

  /** At least so much time has passed: a clock may have been set, and the machine started again or be another one. */
  function passedSince({ at, up = Infinity }: Kept): number {
    const upNow = uptime();
    return Math.max(0, Math.min(now().getTime() - at, upNow >= up ? upNow - up : upNow));
  }

  function read(ownerId: string): LimitMemory {
    const row = readUser.get(ownerId);
    if (!row) return wasDamaged ? silentAfterKill(limits, 0) : limits;
    const kept = JSON.parse(row.state) as Kept;
    const { isOver, memory } = kept;
    const passedMs = passedSince(kept);
    const silentMs = Math.max(0, memory.silentMs - passedMs);
    if (!isOver) return silentAfterKill(memory, silentMs);
    const spent = memory.spent.map(({ kind, agoMs }) => ({ kind, agoMs: agoMs + passedMs }));
    return { ...memory, spent, silentMs };
  }

  const store: LimitStore = {
    recall: (ownerId) => {
      const memory = read(ownerId);
      write(ownerId, { isOver: false, memory });
      return memory;
    },
    keep: (ownerId, memory, isOver) => write(ownerId, { isOver, memory }),
  };
  return {
    limits: store,
    lastClinic: () => readLast.get()?.value ?? null,
    setLastClinic: (clinic: string): void => void writeLast.run(clinic),
    close: () => void db.close(),
  };
}

export type RunState = ReturnType<typeof openRunState>;

/** Which calls came before the kill is not known: all of them count, for a whole window. */
const silentAfterKill = (memory: LimitMemory, silentMs: number): LimitMemory => ({
  ...memory,
  spent: [],
  silentMs: Math.max(silentMs, longestWindowMs(memory)),
});

/** A state that cannot be read is made again: nothing of a fax is in it. */
function openState(path: string): { db: Database.Database; wasDamaged: boolean } {
  try {
    return { db: stateAt(path), wasDamaged: false };
  } catch (error) {
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code))) throw error;
    for (const end of ['', '-journal']) rmSync(path + end, { force: true });
    return { db: stateAt(path), wasDamaged: true };
  }
}

function stateAt(path: string): Database.Database {
  preparePrivateFile(path);
  const db = new Database(path);
  try {
    db.pragma('journal_mode = delete');
    db.pragma('synchronous = full');
    db.exec('create table if not exists users (owner_id text primary key, state text not null)');
    db.exec('create table if not exists facts (name text primary key, value text not null)');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
