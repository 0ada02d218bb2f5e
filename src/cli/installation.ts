import type { Terminal } from '../app/cli-command.js';
import { readConfig, type Config } from '../config.js';
import { migrationState, openDatabase } from '../platform/database/database.js';
import { createLogger } from '../platform/log.js';
import { SealingKeyError } from '../platform/sealing/sealing.js';
import { realWorld } from '../platform/world.js';
import { createPortal, type Addition, type Portal } from '../portal.js';

export async function withConfig(
  { fail }: Pick<Terminal, 'fail'>,
  work: (config: Config) => Promise<number>,
): Promise<number> {
  const parsed = readConfig();
  return parsed.ok ? work(parsed.config) : fail(...parsed.problems.map(({ name, problem }) => `${name} ${problem}`));
}

/** Runs `work` on this installation's portal without serving pages or starting a worker. */
export const withPortal = (
  terminal: Pick<Terminal, 'fail'>,
  added: readonly Addition[],
  work: (portal: Portal) => Promise<number>,
): Promise<number> =>
  withConfig(terminal, async (config) => {
    const { fail } = terminal;
    const db = openDatabase(config.DATABASE_URL);
    const state = await migrationState(db).catch(() => 'unreachable' as const);
    if (state !== 'current') {
      await db.destroy();
      if (state === 'unreachable') return fail('DATABASE_URL cannot be opened');
      if (state === 'ahead') return fail('DATABASE_URL is ahead of this version: run the version that migrated it');
      return fail('DATABASE_URL is behind this version: run "latchkey migrate"');
    }
    let portal: Portal;
    try {
      portal = await createPortal(config, { db, world: realWorld, log: createLogger('silent') }, added);
    } catch (error) {
      await db.destroy();
      if (error instanceof SealingKeyError) return fail(`SEALING_KEYS_FILE ${error.message}`);
      throw error;
    }
    try {
      return await work(portal);
    } finally {
      await portal.close();
    }
  });
