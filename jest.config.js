import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Which tests run where:
 *
 * - `npx jest path`: on SQLite. With `--selectProjects PostgreSQL`: on PostgreSQL.
 * - `npm test` (TEST_RING=whole): all but `*.full.test.ts` on SQLite. On PostgreSQL those that say in a line
 *   `// Also on PostgreSQL: why` what can differ there.
 * - the rest of `npm run test:full` (TEST_RING=rest): everything that `npm test` does not run.
 *
 * A test that uses no database runs once. So does one that says in a line `// Only on SQLite: why` that nothing in it
 * depends on the database.
 */
const ring = process.env.TEST_RING;
const withPostgres = ring !== undefined || process.argv.includes('PostgreSQL');

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

const isFull = (/** @type {string} */ file) => file.endsWith('.full.test.ts');
const differsOnPostgres = (/** @type {string} */ file) =>
  /^\/\/ Also on PostgreSQL: ./m.test(readFileSync(file, 'utf8'));
const onlyOnSqlite = (/** @type {string} */ file) => /^\/\/ Only on SQLite: ./m.test(readFileSync(file, 'utf8'));

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join(root, 'test', path));
const inRing = files.filter((file) => ring === undefined || isFull(file) === (ring === 'rest'));
const onPostgres = files.filter((file) => {
  const inWhole = !isFull(file) && differsOnPostgres(file);
  return needsDatabase(file) && !onlyOnSqlite(file) && (ring === undefined || inWhole === (ring === 'whole'));
});

const shared = { testEnvironment: 'node', testRunner: '<rootDir>/scripts/test-file-runner.js', transform: {} };
const projects = [
  { ...shared, displayName: 'once', testMatch: inRing.filter((file) => !needsDatabase(file)) },
  {
    ...shared,
    displayName: 'SQLite',
    testMatch: inRing.filter(needsDatabase),
    globals: { databaseKind: 'sqlite' },
    globalSetup: '<rootDir>/scripts/sqlite-for-tests.js',
    globalTeardown: '<rootDir>/scripts/sqlite-for-tests-end.js',
  },
  {
    ...shared,
    displayName: 'PostgreSQL',
    testMatch: withPostgres ? onPostgres : [],
    globals: { databaseKind: 'postgres' },
    globalSetup: '<rootDir>/scripts/postgres-for-tests.js',
    globalTeardown: '<rootDir>/scripts/postgres-for-tests-end.js',
  },
];

export default {
  testSequencer: '<rootDir>/scripts/slow-tests-first.js',
  testTimeout: 30_000,
  // A worker keeps the modules of every file it has run: beyond this it spends its time on collecting them.
  workerIdleMemoryLimit: '1GB',
  // Without files jest would match what it matches by default.
  projects: projects.filter(({ testMatch }) => testMatch.length > 0),
};
