import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, toItsEnd } from '../support/processes/processes.js';
import { root } from '../views/render.js';

export const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** Runs a program to its end. @returns its standard output @throws if it fails */
export async function run(
  cwd: string,
  [program = '', ...args]: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await toItsEnd(startProcess(program, args, { cwd, env, stdin: '' }));
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${stdout} ${stderr}`);
  return stdout;
}

/**
 * Builds the client, packs the package and unpacks the tarball where Node looks for it.
 *
 * @returns a folder to delete, and in it the scratch folder of a program that has this package and no other
 */
export async function installPackedClient(): Promise<{ folder: string; scratch: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-client-'));
  const built = join(folder, 'package');
  for (const path of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.client.json', 'src/client'])
    cpSync(join(root, path), join(built, path), { recursive: true });
  await run(built, [process.execPath, tsc, '-p', 'tsconfig.client.json']);
  const packed = await run(built, ['npm', 'pack', '--ignore-scripts', '--silent', '--cache', join(folder, 'cache')]);
  const scratch = join(folder, 'scratch');
  const installed = join(scratch, 'node_modules/latchkey');
  mkdirSync(installed, { recursive: true });
  await run(folder, ['tar', '-xzf', join(built, packed.trim()), '--strip-components=1', '-C', installed]);
  return { folder, scratch };
}
