import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSecret } from '../../../src/ringcentral/clients/client-secret.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'secret-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('is read again when its file changes, and stays in use while the file is being replaced', async () => {
  const path = join(directory, 'client-secret');
  const secret = fileSecret(path);
  await expect(secret()).rejects.toThrow('the client secret cannot be read');
  await writeFile(path, 'first\n');
  expect((await secret()).reveal()).toBe('first');
  await writeFile(path, 'other\n');
  await utimes(path, 1, 1);
  expect((await secret()).reveal()).toBe('other');
  await writeFile(path, '');
  expect((await secret()).reveal()).toBe('other');
  await rm(path);
  expect((await secret()).reveal()).toBe('other');
});
