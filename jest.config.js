import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const databases = join(root, 'test/support/database/databases.ts');
/** @type {Map<string, boolean>} */
const known = new Map([[databases, true]]);

/** Whether a file of the tests asks for a database, itself or through what it imports. */
function needsDatabase(/** @type {string} */ file) {
  const answer = known.get(file);
  if (answer !== undefined) return answer;
  known.set(file, false); // a circle adds nothing
  const imports = [...readFileSync(file, 'utf8').matchAll(/from '(\.{1,2}\/[^']+)\.js'/g)]
    .map(([, path]) => join(dirname(file), `${path}.ts`))
    .filter((path) => path.startsWith(join(root, 'test/')) && existsSync(path));
  const needs = imports.some(needsDatabase);
  known.set(file, needs);
  return needs;
}

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join(root, 'test', path));
const onDatabases = files.filter(needsDatabase);

const project = { testEnvironment: 'node', testRunner: '<rootDir>/scripts/test-file-runner.js', transform: {} };

/** Whatever touches the database runs on both kinds; the rest once. */
export default {
  testTimeout: 30_000,
  // A worker keeps the modules of every file it has run: beyond this it spends its time on collecting them.
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/scripts/longest-first.js',
  projects: [
    { ...project, displayName: 'once', testMatch: files.filter((file) => !onDatabases.includes(file)) },
    {
      ...project,
      displayName: 'SQLite',
      testMatch: onDatabases,
      globals: { databaseKind: 'sqlite' },
      globalSetup: '<rootDir>/scripts/sqlite-for-tests.js',
      globalTeardown: '<rootDir>/scripts/sqlite-for-tests-end.js',
    },
    {
      ...project,
      displayName: 'PostgreSQL',
      testMatch: onDatabases,
      globals: { databaseKind: 'postgres' },
      globalSetup: '<rootDir>/scripts/postgres-for-tests.js',
      globalTeardown: '<rootDir>/scripts/postgres-for-tests-end.js',
    },
  ],
};
