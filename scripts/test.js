/**
 * `npm test` and, with `--full` first, `npm run test:full`: builds the CSS if it is stale, finds a browser and
 * PostgreSQL, then runs jest with the given arguments; twice for the full ring, see jest.config.js. If either is
 * missing it fails and names what is missing: a skipped test proves nothing. Ends with one line that counts all tests:
 * `12 passed, 0 failed`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './find-browser.js';
import { findPostgres, noPostgres } from './postgres.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

/** @returns {never} */
function fail(/** @type {string} */ message) {
  console.error(message);
  process.exit(1);
}

function run(/** @type {string} */ program, /** @type {string[]} */ ...args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) fail(`${program} could not be started`);
  if (status !== 0) process.exit(status ?? 1);
}

/** As root on Debian what is missing is installed. */
function installMissing() {
  const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  const hasBrowser = findBrowser(process.env, { whole: true }) ?? process.env.CHROMIUM_PATH;
  if (isRootOnDebian && !(hasBrowser && findPostgres(process.env))) run('bash', '.ci/setup');
}

function seeToBrowser() {
  if (findBrowser(process.env, { whole: true })) return;
  if (process.env.CHROMIUM_PATH) fail('The tests need a browser: CHROMIUM_PATH names no program that can be run.');
  fail(
    'The tests need a browser: install the package chromium (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

/** What the run is about, in its first line. */
function nameDatabases(/** @type {string} */ folder) {
  const Sqlite = createRequire(import.meta.url)('better-sqlite3');
  const [{ version }] = new Sqlite(':memory:').prepare('select sqlite_version() as version').all();
  const said = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`Databases: SQLite ${version} and ${said.replace('postgres (PostgreSQL)', 'PostgreSQL')}`);
}

const full = process.argv[2] === '--full';
const args = process.argv.slice(full ? 3 : 2);
const chosen = (/** @type {string} */ name) => args.some((arg) => arg === name || arg.startsWith(`${name}=`));

run(process.execPath, 'scripts/build-css.js', '--if-stale');
installMissing();
seeToBrowser();
nameDatabases(findPostgres(process.env) ?? fail(noPostgres));
// Twice the cores this is measured on: what waits for processes, time-outs and browsers leaves them free.
const workers =
  chosen('--maxWorkers') || chosen('-w') || chosen('--runInBand') || chosen('-i') ? [] : ['--maxWorkers=4'];
const counting = !(chosen('--reporters') || chosen('--json'));
const reporters = counting ? ['--reporters=default', '--reporters=./scripts/test-count.js'] : [];

// `--reporters` consumes every bare word after it, so another option ends its list. One of the rings may have no test.
const options = [...reporters, `--passWithNoTests=${full}`, ...workers];
const folder = mkdtempSync(join(tmpdir(), 'latchkey-count-'));
const counts = join(folder, 'counts');

/** @returns {Promise<number>} the exit code of jest */
const jestOn = (/** @type {string} */ ring) =>
  new Promise((resolve) => {
    const env = { ...process.env, TEST_RING: ring, TEST_COUNTS: counts };
    const child = spawn(process.execPath, [jest, ...options, ...args], { cwd: root, stdio: 'inherit', env });
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    // A signal from the terminal reaches jest too; this process waits for jest, so that jest's exit code is reported.
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, pass);
    child.on('error', () => fail('jest could not be started'));
    child.on('exit', (code) => resolve(code ?? 1));
  });

/** The last line: the counts of each run of jest, added up. @returns how many tests there were */
function tellCounts() {
  const runs = existsSync(counts) ? readFileSync(counts, 'utf8').trim().split('\n') : [];
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const line of runs) for (const [name, count] of Object.entries(JSON.parse(line))) sum[name] += count;
  console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
  return sum.passed + sum.failed;
}

let code = await jestOn('whole');
if (full && code === 0) code = await jestOn('rest');
const found = counting ? tellCounts() : undefined;
rmSync(folder, { recursive: true });
process.exitCode = found === 0 ? 1 : code;
