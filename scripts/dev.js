/**
 * `npm run dev`: the demo (made-up clinics, emulator, mailbox), started again whenever a source, view or style changes.
 * Uses the same PORT, EMULATOR_PORT and MAILBOX_PORT as `npm run demo`.
 */
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const QUIET_MS = 200; // an editor or a checkout writes many files at once

/** @type {import('node:child_process').ChildProcess | undefined} */
let demo;
let ending = false;
let wanted = true;
/** @type {NodeJS.Timeout | undefined} */
let timer;

function start() {
  wanted = false;
  // The CSS is built by the demo's own command; npm is left out, so that signals reach the demo itself.
  const css = spawn(process.execPath, ['scripts/build-css.js', '--if-stale'], { cwd, stdio: 'inherit' });
  css.once('exit', () => {
    if (ending) return;
    demo = spawn(process.execPath, ['--import', 'tsx', 'src/demo.ts'], { cwd, stdio: 'inherit' });
    demo.once('exit', (code) => {
      demo = undefined;
      if (ending) process.exit(0);
      if (wanted) start();
      else console.log(`The demo ended with ${code}. It starts again when a source changes.`);
    });
  });
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (wanted) return;
    wanted = true;
    if (demo) demo.kill('SIGTERM');
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
    if (demo) demo.kill('SIGTERM');
    else process.exit(0);
  });

start();
