// Only on SQLite: what the examples print; the calls they make have tests of their own on PostgreSQL.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aFaultedClinic } from '../faults/faulted-clinic.js';
import { idleWorker } from '../support/idle-worker.js';
import { TestPortal } from '../support/portal.js';
import { root } from '../views/render.js';
import { installPackedClient, run } from './packed-client.js';

const MOST_WAIT_MS = 120_000;
const guide = readFileSync(join(root, 'docs/api.md'), 'utf8');
const examplesIn = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);

describe('the examples of docs/api.md, run against a portal', () => {
  let test: TestPortal;
  let folder: string;
  let scratch: string;
  let ownerId: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    ({ folder, scratch } = await installPackedClient());
    test = await TestPortal.start();
    const clinic = await aFaultedClinic(test);
    await test.db('tenants').where({ id: clinic.tenantId }).update({ external_ref: 'EHR-1001' });
    await clinic.paste();
    await clinic.pageWhen({ state: 'healthy' });
    ({ ownerId } = clinic);
    await test
      .db('tenants')
      .where({ id: await test.addTenant('South Clinic') })
      .update({ external_ref: 'EHR-1002' });
    const wanted = { name: 'Nightly faxes', purpose: 'jobs', scopes: ['tokens:issue', 'tenants:read'] };
    const made = await test.portal.services.apiKeys.make(
      { ...wanted, tenantRefs: null, expires: '' },
      { actor: { kind: 'command_line' } },
    );
    if (!made.ok) throw new Error(JSON.stringify(made));
    await idleWorker(test); // the list of events has only those that have their number
    env = { LATCHKEY_URL: test.url, LATCHKEY_API_KEY: made.key.reveal() };
  }, MOST_WAIT_MS);
  afterAll(async () => {
    await test.close();
    rmSync(folder, { recursive: true });
  });

  const started = (name: string, text: string, ...program: string[]): Promise<string> => {
    writeFileSync(join(scratch, name), text);
    return run(scratch, [...program, name], env);
  };

  it('there are two in shell, two in TypeScript and one in Python', () => {
    expect(['sh', 'ts', 'python'].map((language) => examplesIn(language).length)).toEqual([2, 2, 1]);
  });

  it('the first in shell prints a token', async () => {
    const answer = JSON.parse(await started('token.sh', examplesIn('sh')[0] ?? '', 'sh', '-eu')) as object;
    expect(answer).toMatchObject({ token_type: 'Bearer', owner_id: ownerId, server_url: test.emulator.url });
  });

  it('the second in shell calls RingCentral with it', async () => {
    const user = JSON.parse(await started('call.sh', examplesIn('sh')[1] ?? '', 'sh', '-eu')) as { id: unknown };
    expect(String(user.id)).toBe(ownerId);
  });

  it('the one in TypeScript for events prints each of them', async () => {
    const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href;
    const said = await started('events.mts', examplesIn('ts')[1] ?? '', process.execPath, '--import', tsx);
    expect(said).toMatch(/^connection\.connected EHR-1001 null$/m);
  });

  it('the one in TypeScript for jobs calls RingCentral for each clinic, or says why not', async () => {
    const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href;
    const said = await started('job.mts', examplesIn('ts')[0] ?? '', process.execPath, '--import', tsx);
    expect(said.split('\n').sort()).toEqual([`EHR-1001 200 ${ownerId}`, 'EHR-1002 is not connected']);
  });

  it('the one in Python calls RingCentral', async () => {
    expect(await started('job.py', examplesIn('python')[0] ?? '', 'python3')).toBe(`EHR-1001 200 ${ownerId}`);
  });

  it('the clinic sees each use with its purpose', async () => {
    const rows = await test.db('audit_events').where({ action: 'token.issued' }).select<{ detail: string }[]>('detail');
    const purposes = rows.map(({ detail }) => (JSON.parse(detail) as { purpose: string }).purpose);
    expect(purposes.sort()).toEqual(['jobs', 'nightly-faxes', 'nightly-faxes', 'nightly-faxes']);
  });
});
