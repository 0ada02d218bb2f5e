import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../support/processes/processes.js';

const integrity = 'sha512-AAAA';

async function check(manifest: object, packages: object) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-lock-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  const child = startProcess(process.execPath, ['scripts/check-lock.js', folder]);
  const { code } = await child.exited;
  await rm(folder, { recursive: true });
  return { code, said: child.lines.stderr };
}

it('SEC-53: passes exact pins that both files agree on', async () => {
  const dependencies = { pg: '8.23.1' };
  const packages = { '': { dependencies }, 'node_modules/pg': { version: '8.23.1', integrity } };
  expect(await check({ dependencies }, packages)).toEqual({ code: 0, said: [] });
});

it.each([
  [
    'a range',
    { dependencies: { pg: '^8.23.1' } },
    { '': { dependencies: { pg: '^8.23.1' } }, 'node_modules/pg': { version: '8.23.1', integrity } },
    'dependencies: pg is not pinned to one version',
  ],
  ['an override with a range', { overrides: { pg: '>8' } }, { '': {} }, 'overrides: pg is not pinned to one version'],
  [
    'a package the lock file lacks',
    { devDependencies: { pg: '8.23.1' } },
    { '': {} },
    'devDependencies: pg differs between package.json and the lock file',
  ],
  [
    'a package that package.json lacks',
    {},
    { '': { dependencies: { pg: '8.23.1' } }, 'node_modules/pg': { version: '8.23.1', integrity } },
    'dependencies: pg differs between package.json and the lock file',
  ],
  [
    'another version installed',
    { dependencies: { pg: '8.23.1' } },
    { '': { dependencies: { pg: '8.23.1' } }, 'node_modules/pg': { version: '8.23.0', integrity } },
    'dependencies: the lock file holds another version of pg',
  ],
  [
    'an address',
    {},
    { '': {}, 'node_modules/pg': { version: '8.23.1', integrity, resolved: 'https://registry.example/pg.tgz' } },
    'node_modules/pg holds an address',
  ],
  [
    'a package without its hash',
    {},
    { '': {}, 'node_modules/pg': { version: '8.23.1' } },
    'node_modules/pg has no integrity hash',
  ],
])('refuses %s', async (_what, manifest, packages, problem) => {
  expect(await check(manifest, packages)).toEqual({ code: 1, said: [problem] });
});
