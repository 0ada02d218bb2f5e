/**
 * `npm run shots`: a picture of every page and state in both languages, at the width of a phone and of a desktop, light
 * and dark, in data/shots (emptied first). The pictures are made by the tests that visit every page. `--readme`: the
 * two pictures of the README instead.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const folder = 'data/shots';

function run(/** @type {string[]} */ ...args) {
  const env = { ...process.env, LATCHKEY_SHOTS: folder };
  const { status } = spawnSync(process.execPath, args, { cwd, env, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv.includes('--readme')) {
  run('scripts/build-css.js', '--if-stale');
  run('--import', 'tsx', 'test/shots/readme-pictures.ts');
} else {
  rmSync(`${cwd}/${folder}`, { recursive: true, force: true });
  const tests = ['test/journeys', 'test/emulator/control/control-pages.full.test.ts'];
  run('scripts/test.js', '--full', '--selectProjects', 'once', 'SQLite', '--', ...tests);
}
