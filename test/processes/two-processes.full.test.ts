import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { addClinic } from '../support/clinics.js';
import { aDatabaseUrl } from '../support/database/databases.js';
import { dataOf, type Visitor } from '../support/visits/visitor.js';
import { Installation, secretsOfTheWorker } from '../support/installation.js';
import { startScript, type RunningProcess } from '../support/processes/processes.js';

describe('web and worker as two processes on one database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-two-'));
  let emulator: Emulator;
  let installation: Installation;
  let clientSecret: string;
  let tenantId: string;
  let web: RunningProcess;
  let alice: Visitor;

  const start = async (role: 'web' | 'worker') => {
    const process = startScript('src/server.ts', { env: installation.environment[role] });
    const [, port] = await process.line(/"port":(\d+).*"msg":"listening"/);
    return { process, url: `http://127.0.0.1:${port}` };
  };
  const connection = async () => dataOf((await alice.get(`/tenants/${tenantId}/connection`)).text);
  const pasteAJwt = async () => {
    const { accountId, serviceUserId: extensionId } = addClinic(emulator);
    await installation.confirm([{ tenantId, accountId }]);
    const { jwt: assertion } = emulator.createJwt({ extensionId, clientIds: [...emulator.world.apps.keys()] });
    return alice.post(`/tenants/${tenantId}/credentials`, { assertion });
  };

  beforeAll(async () => {
    emulator = createEmulator();
    const app = emulator.addApp();
    clientSecret = app.secret ?? '';
    const ringcentral = { serverUrl: await emulator.listen(), clientId: app.clientId, clientSecret };
    installation = await Installation.create({ folder, databaseUrl: await aDatabaseUrl(), ringcentral, perMinute: 5 });
    [tenantId = ''] = await installation.addTenants(1);
    const started = await start('web');
    web = started.process;
    alice = installation.member.twin(started.url);
  });
  afterAll(async () => {
    await alice.close();
    await installation.member.close();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });

  it('needs no RingCentral secret and no private key to serve pages', () => {
    const { web: given } = installation.environment;
    for (const name of secretsOfTheWorker) expect(Object.keys(given)).not.toContain(name);
    expect(Object.values(given)).not.toContain(clientSecret);
    const { keys } = JSON.parse(readFileSync(given.SEALING_PUBLIC_KEYS_FILE ?? '', 'utf8')) as { keys: object[] };
    expect(keys).not.toEqual([]);
    for (const key of keys) for (const secret of ['d', 'k']) expect(Object.keys(key)).not.toContain(secret);
    expect(web.lines.stderr).toEqual([]);
  });

  it('accepts a paste while no worker runs, and judges it when one starts', async () => {
    const answer = pasteAJwt();
    let shown = await connection();
    while (shown['state'] !== 'pending') shown = await connection();
    expect(shown['cause']).toBe('');
    expect(emulator.requests).toEqual([]);
    const worker = await start('worker');
    expect((await answer).status).toBe(303);
    while (shown['state'] === 'pending') shown = await connection();
    expect(shown).toMatchObject({ state: 'healthy', cause: '', 'fix-owner': '' });
    await worker.process.stop();
  });

  it('answers a paste with its verdict while both run', async () => {
    const worker = await start('worker');
    const [otherTenant = ''] = await installation.addTenants(1);
    tenantId = otherTenant;
    expect(await pasteAJwt()).toMatchObject({
      status: 303,
      headers: { location: `/tenants/${tenantId}/connection` },
    });
    expect(await connection()).toMatchObject({ state: 'healthy' });
    expect((await fetch(`${worker.url}/tenants/${tenantId}/connection`)).status).toBe(404);
    expect(emulator.violations).toEqual([]);
    await worker.process.stop();
  });
});
