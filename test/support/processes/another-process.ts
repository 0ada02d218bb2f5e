import type { Authenticate } from '../../../src/app/api-app.js';
import { parseConfig } from '../../../src/config.js';
import { createLogger } from '../../../src/platform/log.js';
import { realWorld } from '../../../src/platform/world.js';
import { createPortal, type Portal } from '../../../src/portal.js';
import type { TestPortal } from '../portal.js';

/**
 * Behaves like another process of the same installation, with the role api unless others are asked for: it shares only database, keys and clock.
 * It uses the connections of the first portal, because two SQLite writers in one process would wait for each other
 * forever; so close it last.
 */
export async function anotherProcess(test: TestPortal, authenticate?: Authenticate, roles = 'api'): Promise<Portal> {
  const parsed = parseConfig({ ...test.env, ROLES: roles }, (path) => path);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { clock } = test;
  const runtime = {
    db: test.db,
    world: { ...realWorld, now: clock },
    log: createLogger('debug', { write: (line: string) => void test.logs.push(line) }),
    databaseTime: () => Promise.resolve(clock().getTime()),
  };
  return createPortal(parsed.config, runtime, [], authenticate);
}
