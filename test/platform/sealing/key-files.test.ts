import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFileError, writeKeyFiles } from '../../../src/platform/sealing/key-files.js';
import { privateKeySealing, publicKeySealer, symmetricSealing } from '../../../src/platform/sealing/sealing.js';

let folder: string;
let files: { privateFile: string; publicFile: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-keys-'));
  files = { privateFile: join(folder, 'private.json'), publicFile: join(folder, 'public.json') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

it('writes a working key pair, readable only by its owner', async () => {
  await writeKeyFiles(files);
  const context = { table: 't', tenantId: 'north', rowId: '1', purpose: 'p' };
  const { jwe } = await (await publicKeySealer(read(files.publicFile))).seal('secret', context);
  expect(await (await privateKeySealing(read(files.privateFile))).open(jwe, context)).toBe('secret');
  await symmetricSealing(read(files.privateFile));
  expect(statSync(files.privateFile).mode & 0o777).toBe(0o600);
  expect(statSync(files.publicFile).mode & 0o777).toBe(0o600);
});

it('puts only public keys into the public file', async () => {
  await writeKeyFiles(files);
  const { keys } = read(files.publicFile) as { keys: object[] };
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([['crv', 'kid', 'kty', 'x']]);
});

it.each(['privateFile', 'publicFile'] as const)(
  'never overwrites the %s, and leaves no incomplete pair',
  async (which) => {
    writeFileSync(files[which], 'precious');
    await expect(writeKeyFiles(files)).rejects.toThrow(`${files[which]} already exists and is not overwritten`);
    expect(readFileSync(files[which], 'utf8')).toBe('precious');
    const other = which === 'privateFile' ? 'publicFile' : 'privateFile';
    expect(existsSync(files[other])).toBe(false);
  },
);

it('refuses the same path for both', async () => {
  await expect(writeKeyFiles({ privateFile: files.privateFile, publicFile: files.privateFile })).rejects.toThrow(
    KeyFileError,
  );
  expect(existsSync(files.privateFile)).toBe(false);
});

it('names the file and the reason when a folder is missing', async () => {
  const privateFile = join(folder, 'absent', 'private.json');
  await expect(writeKeyFiles({ ...files, privateFile })).rejects.toThrow(`${privateFile} cannot be written (ENOENT)`);
  expect(existsSync(files.publicFile)).toBe(false);
});
