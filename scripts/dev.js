/**
 * `npm run dev`: the demo (made-up clinics, emulator, mailbox), started again whenever a source, view or style changes.
 * Uses the same PORT, EMULATOR_PORT and MAILBOX_PORT as `npm run demo`.
 */
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const QUIET_MS = 200; // an editor or a checkout writes many files at once

/** @type {import('node:child_process').ChildProcess | undefined} The build of the CSS, then the demo. */
let child;
let ending = false;
let wanted = false;
/** @type {NodeJS.Timeout | undefined} */
let timer;

function run(/** @type {string[]} */ args, /** @type {(code: number | null) => void} */ then) {
  child = spawn(process.execPath, args, { cwd, stdio: 'inherit' });
  child.once('exit', (code) => {
    child = undefined;
    if (ending) process.exit(0);
    if (wanted) start();
    else then(code);
  });
}

function start() {
  wanted = false;
  // As `npm run demo`, but without npm and a shell, so that signals reach the demo itself.
  run(['scripts/build-css.js', '--if-stale'], () =>
    run(['--import', 'tsx', 'src/demo.ts'], (code) =>
      console.log(`The demo ended with ${code}. It starts again when a source changes.`),
    ),
  );
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (wanted || ending) return;
    wanted = true;
    if (child) child.kill('SIGTERM');
    else start();
  }, QUIET_MS);
}

for (const folder of ['src', 'views', 'styles', 'migrations', 'public'])
  if (existsSync(`${cwd}/${folder}`))
    watch(`${cwd}/${folder}`, { recursive: true }, (_event, name) => {
      if (folder !== 'public' || !name?.startsWith('build')) changed();
    });

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => {
    if (ending) process.exit(1);
    ending = true;
    if (child) child.kill('SIGTERM');
    else process.exit(0);
  });

start();
