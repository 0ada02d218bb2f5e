import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

/** The folder of this code, which is that of the project or of a compiled copy. */
const here = fileURLToPath(new URL('../..', import.meta.url));
const isCopy = import.meta.url.endsWith('.js');
/** The project, also for code that runs in a copy of it: a copy has a link to the project's migrations. */
const root = dirname(realpathSync(join(here, 'migrations')));
/** The compiled files without a defect, by name: many copies are made in a run, and few files of them differ. */
const compiledFiles = new Map<string, string>();

/** A defect to plant: a text of the sources and its replacement. */
export type Patch = { file: string; find: string; replace: string };

/** A folder of the project, and the folder for its compiled copy. */
type Tree = { from: string; to: string };
/** The sources with the code that tests them, in folders of the same names. */
export const sourcesAndTests: readonly Tree[] = ['src', 'test'].map((tree) => ({ from: tree, to: tree }));

/**
 * Compiles `src` into `<folder>/dist`, or other trees elsewhere, so that processes start fast and a defect can be
 * planted without touching the sources. Views, migrations and packages are those of the project. Code that runs in such
 * a copy compiles only the files with the defect: the others are links to its own.
 *
 * @throws {Error} unless a patch's text is found exactly once, because a plant without effect would prove nothing
 */
export function compileCopy(
  folder: string,
  patches: readonly Patch[] = [],
  trees: readonly Tree[] = [{ from: 'src', to: 'dist' }],
): void {
  const pending = new Set(patches);
  const made = new Set<string>();
  for (const { from, to } of trees)
    for (const name of readdirSync(join(root, from), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const file = `${from}/${name}`;
      const mine = patches.filter((one) => one.file === file);
      for (const patch of mine) pending.delete(patch);
      const target = join(folder, to, asCompiled(name));
      if (!made.has(dirname(target))) mkdirSync(dirname(target), { recursive: true });
      made.add(dirname(target));
      if (isCopy && mine.length === 0) linkSync(join(here, asCompiled(file)), target);
      else writeFileSync(target, mine.length > 0 ? compiled(file, mine) : compiledAsItIs(file));
    }
  for (const { file } of pending) throw new Error(`there is no ${file}`);
  for (const name of ['views', 'migrations', 'public', 'scripts', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
}

/**
 * Imports modules of `test/drill` from a compiled copy of the sources and the test code that has the defects, and runs
 * `work` with everything they export while the copy exists.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names what its modules export
export async function withPlanted<Modules, Result>(
  patches: readonly Patch[],
  modules: readonly string[],
  work: (exported: Modules) => Result | Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-planted-'));
  try {
    compileCopy(folder, patches, sourcesAndTests);
    const exported = {};
    for (const name of modules)
      Object.assign(exported, await import(pathToFileURL(join(folder, 'test/drill', `${name}.js`)).href));
    return await work(exported as Modules);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function patched(text: string, { file, find, replace }: Patch): string {
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`${file} holds ${found} times: ${find}`);
  return text.replace(find, () => replace);
}

const compiled = (file: string, patches: readonly Patch[]): string =>
  transformSync(patches.reduce(patched, readFileSync(join(root, file), 'utf8')), {
    filename: basename(file),
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
    swcrc: false,
  }).code;

function compiledAsItIs(file: string): string {
  const known = compiledFiles.get(file) ?? compiled(file, []);
  compiledFiles.set(file, known);
  return known;
}

const asCompiled = (name: string): string => name.replace(/\.ts$/, '.js');
