import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackedClient, run, tsc } from './packed-client.js';
import { aStubPortal, aToken, key, type StubPortal } from './stub-portal.js';

const MOST_WAIT_MS = 120_000;

describe('the client from the tarball of the package, without any other package', () => {
  let portal: StubPortal;
  let folder: string;
  let scratch: string;
  beforeAll(async () => {
    portal = await aStubPortal();
    ({ folder, scratch } = await installPackedClient());
  }, MOST_WAIT_MS);
  afterAll(async () => {
    await portal.close();
    rmSync(folder, { recursive: true });
  });

  it('plain Node imports it and gets a token with it', async () => {
    expect(readdirSync(join(scratch, 'node_modules'))).toEqual(['latchkey']);
    portal.will({ status: 200, body: aToken() });
    writeFileSync(
      join(scratch, 'job.mjs'),
      `import { latchkeyClient } from 'latchkey/client';
       const client = latchkeyClient({ url: ${JSON.stringify(portal.url)}, apiKey: ${JSON.stringify(key)} });
       const answer = await client.accessToken('ref:EHR-1001', { purpose: 'nightly-faxes' });
       process.stdout.write(JSON.stringify(answer));`,
    );
    expect(JSON.parse(await run(scratch, [process.execPath, 'job.mjs']))).toEqual({ kind: 'token', token: aToken() });
  });

  it('its types need no library but the language, and refuse a wrong use', async () => {
    const check = (name: string, end: string) => {
      const start = `import { latchkeyClient } from 'latchkey/client';
        const client = latchkeyClient({ url: 'https://portal.isv.example', apiKey: 'k' });
        export const answer = await client.accessToken('ref:EHR-1001');`;
      writeFileSync(join(scratch, name), start + end);
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2023'];
      return run(scratch, [process.execPath, tsc, ...options, name]);
    };
    await check('good.mts', "export const text: string = answer.kind === 'token' ? answer.token.access_token : '';");
    await expect(check('wrong.mts', 'export const text = answer.token.access_token;')).rejects.toThrow('TS2339');
  });

  it('nothing else of the package can be imported', async () => {
    writeFileSync(join(scratch, 'inside.mjs'), "await import('latchkey/dist/client/calls.js');");
    await expect(run(scratch, [process.execPath, 'inside.mjs'])).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
