import { parseConfig } from '../../src/config.js';
import { openDatabase } from '../../src/platform/database.js';
import { createLogger } from '../../src/platform/log.js';
import { realWorld } from '../../src/platform/world.js';
import { createPortal, type Portal } from '../../src/portal.js';
import type { TestPortal } from './portal.js';

/** Another process of the same installation, with the role api: it shares nothing but database, keys and clock. */
export async function anotherProcess(test: TestPortal, databaseUrl: string): Promise<Portal> {
  const parsed = parseConfig({ ...test.env, ROLES: 'api' }, (path) => path);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { clock } = test;
  return createPortal(parsed.config, {
    db: openDatabase(databaseUrl),
    world: { ...realWorld, now: clock },
    log: createLogger('debug', { write: (line: string) => void test.logs.push(line) }),
    budgetClock: { shared: () => Promise.resolve(clock().getTime()), steady: () => clock().getTime() },
  });
}
