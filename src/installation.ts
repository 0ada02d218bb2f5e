import type { Config } from './config.js';
import { migrate, migrationState, openDatabase, type Knex, type OpenOptions } from './platform/database/database.js';
import { openingAdvice, openingProblem } from './platform/database/opening-problem.js';
import type { Logger } from './platform/log.js';
import { SealingKeyError } from './platform/sealing/sealing.js';
import { realWorld } from './platform/world.js';
import type { Addition } from './app/process.js';
import { createPortal, type Portal } from './portal.js';

/** Why this installation cannot be used; `problem` follows the name of a setting. */
export class InstallationProblem extends Error {
  constructor(
    readonly setting: 'DATABASE_URL' | 'SEALING_KEYS_FILE',
    readonly problem: string,
  ) {
    super(`${setting} ${problem}`);
  }
}

const ahead = 'is ahead of this version: run the version that migrated it';
const behind = 'is behind this version: run "latchkey migrate"';

/** @throws {InstallationProblem} if the database cannot be opened or is of a later version */
async function stateOf(db: Knex): Promise<'current' | 'behind'> {
  const state = await migrationState(db).catch((error: unknown) => {
    throw new InstallationProblem('DATABASE_URL', openingProblem(error));
  });
  if (state === 'ahead') throw new InstallationProblem('DATABASE_URL', ahead);
  return state;
}

function opened(url: string, options: OpenOptions): Knex {
  try {
    return openDatabase(url, options);
  } catch (error) {
    throw new InstallationProblem('DATABASE_URL', openingProblem(error));
  }
}

/**
 * Brings the database to this version. Creates the file of an SQLite database.
 *
 * @throws {InstallationProblem} if it cannot be opened, is of a later version, or its user may not change it
 */
export async function migrateDatabase(url: string): Promise<void> {
  const db = opened(url, { takesLong: true });
  try {
    if ((await stateOf(db)) === 'behind') await migrate(db);
  } catch (error) {
    const advice = error instanceof InstallationProblem ? undefined : openingAdvice(error);
    throw advice ? new InstallationProblem('DATABASE_URL', `cannot be migrated: ${advice}`) : error;
  } finally {
    await db.destroy();
  }
}

/**
 * The portal of this installation. Nothing is started, and no database is created.
 *
 * @throws {InstallationProblem} if its database or its keys cannot be used
 */
export async function openPortal(config: Config, log: Logger, added: readonly Addition[] = []): Promise<Portal> {
  const db = opened(config.DATABASE_URL, { mustExist: true });
  try {
    if ((await stateOf(db)) === 'behind') throw new InstallationProblem('DATABASE_URL', behind);
    return await createPortal(config, { db, world: realWorld, log }, added);
  } catch (error) {
    await db.destroy();
    throw error instanceof SealingKeyError ? new InstallationProblem('SEALING_KEYS_FILE', error.message) : error;
  }
}
