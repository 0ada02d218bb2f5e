import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A defect to plant: a text of the sources and what stands there instead. */
export type Patch = { file: string; find: string; replace: string };

/**
 * Compiles `src` into `<folder>/dist`, so that processes start fast and a defect can be planted without touching the
 * sources. Views, migrations and packages are the project's own.
 *
 * @throws {Error} where a patch's text is not found exactly once: a plant that hits nothing would prove nothing
 */
export function compileCopy(folder: string, patches: readonly Patch[] = []): void {
  const source = join(root, 'src');
  const pending = new Set(patches);
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    let text = readFileSync(join(source, file), 'utf8');
    for (const patch of patches.filter((one) => one.file === `src/${file}`)) {
      const found = text.split(patch.find).length - 1;
      if (found !== 1) throw new Error(`${patch.file} holds ${found} times: ${patch.find}`);
      text = text.replace(patch.find, () => patch.replace);
      pending.delete(patch);
    }
    const { code } = transformSync(text, {
      filename: file,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
      swcrc: false,
    });
    const target = join(folder, 'dist', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  for (const { file } of pending) throw new Error(`there is no ${file}`);
  for (const name of ['views', 'migrations', 'public', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
}
