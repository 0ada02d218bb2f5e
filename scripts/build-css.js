/** Compiles styles/app.scss to public/build/app.css. `--if-stale`: only if it is missing or older than its sources. */
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'public/build/app.css');

/** Milliseconds; 0 for a file that is not there. */
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The package's manifest changes with every version installed; this script and every Sass file count too. */
function sources() {
  const folder = join(root, 'styles');
  const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.scss'));
  const others = ['scripts/build-css.js', 'node_modules/govuk-frontend/package.json', 'node_modules/sass/package.json'];
  return [folder, ...sheets.map((name) => join(folder, name)), ...others.map((name) => join(root, name))];
}

const isStale = () => {
  const built = changedAt(target);
  return built === 0 || sources().some((path) => changedAt(path) > built);
};

if (!process.argv.includes('--if-stale') || isStale()) {
  const { compile } = await import('sass');
  const { css } = compile(join(root, 'styles/app.scss'), {
    loadPaths: [join(root, 'node_modules')],
    style: 'compressed',
    quietDeps: true,
  });
  mkdirSync(dirname(target), { recursive: true });
  // Renamed into place, so that two builds at once never leave half a file.
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, css);
  renameSync(draft, target);
}
