import type { Config } from './config.js';
import { migrationState, openDatabase, type Knex } from './platform/database/database.js';
import type { Logger } from './platform/log.js';
import { SealingKeyError } from './platform/sealing/sealing.js';
import { realWorld } from './platform/world.js';
import { createPortal, type Addition, type Portal } from './portal.js';

/** Why this installation cannot be used; `problem` follows the name of a setting. */
export class InstallationProblem extends Error {
  constructor(
    readonly setting: 'DATABASE_URL' | 'SEALING_KEYS_FILE',
    readonly problem: string,
  ) {
    super(`${setting} ${problem}`);
  }
}

const databaseProblems = {
  unreachable: 'cannot be opened',
  behind: 'is behind this version: run "latchkey migrate"',
  ahead: 'is ahead of this version: run the version that migrated it',
};

export const stateOf = (db: Knex) => migrationState(db).catch(() => 'unreachable' as const);

/**
 * The portal of this installation. Nothing is started.
 *
 * @throws {InstallationProblem} if its database or its keys cannot be used
 */
export async function openPortal(config: Config, log: Logger, added: readonly Addition[] = []): Promise<Portal> {
  const db = openDatabase(config.DATABASE_URL);
  try {
    const state = await stateOf(db);
    if (state !== 'current') throw new InstallationProblem('DATABASE_URL', databaseProblems[state]);
    return await createPortal(config, { db, world: realWorld, log }, added);
  } catch (error) {
    await db.destroy();
    throw error instanceof SealingKeyError ? new InstallationProblem('SEALING_KEYS_FILE', error.message) : error;
  }
}
