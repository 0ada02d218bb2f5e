/**
 * `npm test`: builds the CSS if it is stale, sees to a browser and to PostgreSQL, then runs jest with the arguments given.
 * A machine without them fails here by name: a test that was skipped proves nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
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

const args = process.argv.slice(2);
const chosen = (/** @type {string} */ name) => args.some((arg) => arg === name || arg.startsWith(`${name}=`));

run(process.execPath, 'scripts/build-css.js', '--if-stale');
installMissing();
seeToBrowser();
nameDatabases(findPostgres(process.env) ?? fail(noPostgres));
// Twice the cores this is measured on: what waits for processes, time-outs and browsers leaves them free.
const workers =
  chosen('--maxWorkers') || chosen('-w') || chosen('--runInBand') || chosen('-i') ? [] : ['--maxWorkers=4'];
const reporters =
  chosen('--reporters') || chosen('--json') ? [] : ['--reporters=default', '--reporters=./scripts/test-count.js'];

// `--reporters` takes every bare word after it, so another option ends its list.
const options = [...reporters, '--passWithNoTests=false', ...workers];

const child = spawn(process.execPath, [jest, ...options, ...args], { cwd: root, stdio: 'inherit' });
// A signal from the terminal reaches jest too; this process waits for it, so that its exit code is the one reported.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
child.on('error', () => fail('jest could not be started'));
child.on('exit', (code) => process.exit(code ?? 1));
