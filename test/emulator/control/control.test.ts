import { createHash } from 'node:crypto';
import { aRingCentral, own, type Cast } from '../cast.js';
import { seedExample } from '../../../src/emulator/seed.js';
import { createEmulator } from '../../../src/emulator/emulator.js';

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral();
});
afterEach(() => cast.emulator.close());

const send = async (method: string, path: string, body?: unknown): Promise<[number, Record<string, string>]> => {
  const json = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${cast.url}/emulator/control${path}`, body === undefined ? { method } : json);
  const text = await response.text();
  return [response.status, text === '' ? {} : (JSON.parse(text) as Record<string, string>)];
};

it('builds its data over HTTP and changes it while a client is connected', async () => {
  const [, app] = await send('POST', '/apps', { name: 'Fax App' });
  const [, account] = await send('POST', '/accounts', { companyName: 'Harbor Dental Group' });
  const [, owner] = await send('POST', '/extensions', { accountId: account['id'], role: 'super_admin' });
  const [created, { jwt = '', jti = '' }] = await send('POST', '/jwts', { extensionId: owner['id'], clientIds: [] });
  const ask = async () => {
    const response = await cast.ask({ assertion: jwt }, cast.basic(app['clientId'], app['secret']));
    const body = (await response.json()) as { errors?: [{ errorCode: string }] };
    return body.errors?.[0].errorCode ?? response.status;
  };
  expect(created).toBe(201);
  expect(await ask()).toBe('OAU-473');
  await send('PUT', `/jwts/${jti}/permitted-apps/${app['clientId']}`);
  expect(await ask()).toBe(200);
  await send('PATCH', `/extensions/${owner['id']}`, { permissions: { ThirdPartyAppAccess: [] } });
  expect(await ask()).toBe('CMN-408');
  await send('PATCH', `/extensions/${owner['id']}`, {
    permissions: { ThirdPartyAppAccess: ['Self'] },
    status: 'Disabled',
  });
  expect(await ask()).toBe('OAU-141');
  await send('DELETE', '/limits');
  await send('DELETE', `/jwts/${jti}`);
  await send('PUT', '/answers/jwt_revoked', { code: 'OAU-999' });
  expect(await ask()).toBe('OAU-999');
  await send('POST', '/faults', { kind: 'status', count: 1 });
  expect(await ask()).toBe('CMN-999');
});

it('lists the requests received, and clears the list on request', async () => {
  for (let call = 0; call < 6; call += 1) await cast.ask();
  expect((await send('GET', '/token-calls'))[1]).toHaveLength(6);
  expect((await send('GET', '/violations'))[1]).toMatchObject([{ violation: 'over_budget', kind: 'token' }]);
  expect((await send('GET', '/requests'))[1]['5']).toMatchObject({ status: 429, errorCode: 'CMN-301', method: 'POST' });
  await send('POST', '/clock', { advanceSeconds: 60 });
  expect((await cast.ask()).status).toBe(200);
  await send('DELETE', '/log');
  expect((await send('GET', '/requests'))[1]).toEqual([]);
});

it('delivers, changes and shows faxes over HTTP', async () => {
  const { id: line } = cast.line;
  const [created, fax] = await send('POST', `/extensions/${line}/faxes`, {
    id: '9007199254740993001',
    from: { phoneNumber: '+12135550101', name: 'Synthetic Patient One' },
    attachments: [{}, { type: 'SourceDocument', format: 'tiff', padding: 1000 }],
    attachmentsAfterSeconds: 'never',
    documentAfterSeconds: 60,
    lateSeconds: 3600,
    omit: ['faxPageCount'],
  });
  expect([created, fax['id'], fax['createdAt']]).toEqual([201, '9007199254740993001', '2026-09-02T08:00:00.000Z']);
  await send('POST', '/messages', { extensionId: line, type: 'VoiceMail', createdAt: '2026-09-01T00:00:00Z' });
  await send('PATCH', '/messages/9007199254740993001', { availability: 'Deleted' });
  const [, messages] = (await send('GET', `/extensions/${line}/messages`)) as unknown as [number, object[]];
  expect(messages).toMatchObject([
    { id: '9007199254740993001', availability: 'Deleted', attachments: [{}, { type: 'SourceDocument' }] },
    { type: 'VoiceMail', availability: 'Alive' },
  ]);
  const { size, sha256 } = (messages[0] as { attachments: { size: number; sha256: string }[] }).attachments[1]!;
  const path = '/emulator/control/messages/9007199254740993001/content/9007199254740993002';
  const document = Buffer.from(await (await fetch(cast.url + path)).arrayBuffer());
  expect([document.length, createHash('sha256').update(document).digest('hex')]).toEqual([size, sha256]);
  await send('PATCH', '/settings', { mailboxes: { cap: 1, droppedAre: 'unlisted', capCountsDeleted: true } });
  await send('POST', `/extensions/${line}/faxes`, {});
  const [, left] = (await send('GET', `/extensions/${line}/messages`)) as unknown as [number, object[]];
  expect(left).toMatchObject([{ type: 'Fax', availability: 'Alive' }]);
  await send('PATCH', `/accounts/${cast.clinic.id}`, { keepsMessagesDays: 7 });
  await send('PATCH', `/extensions/${line}`, { faxFormat: 'tiff' });
  expect([cast.clinic.keepsMessagesDays, cast.line.faxFormat]).toEqual([7, 'tiff']);
});

it('names the members it does not understand', async () => {
  expect((await send('POST', '/apps', { colour: 'red' }))[0]).toBe(422);
  expect((await send('PATCH', '/extensions/1', { status: 'Disabled' }))[0]).toBe(404);
  expect(JSON.stringify(await send('GET', '/apps'))).not.toContain('EXAMPLEsecret');
});

it('seeds clinics with a service user whose JWT reads every fax line', async () => {
  const emulator = createEmulator({ limits: 'generous' });
  const { app, clinics } = seedExample(emulator);
  const { riverside } = clinics;
  expect([riverside.account['id'], riverside.serviceUser.id]).toEqual(['37439510', '63304567004']);
  expect(Object.keys(clinics)).toHaveLength(6);
  const { jwt } = emulator.createJwt({ extensionId: riverside.serviceUser.id, clientIds: [app.clientId] });
  const url = await emulator.listen();
  const fields = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt };
  const given = {
    method: 'POST',
    headers: cast.basic(app.clientId, app.secret ?? ''),
    body: new URLSearchParams(fields),
  };
  const { access_token: token } = (await (await fetch(`${url}/restapi/oauth/token`, given)).json()) as Record<
    string,
    string
  >;
  for (const { id } of riverside.faxLines) {
    const path = `${own.replace(/~$/, id)}/message-store?messageType=Fax&perPage=1`;
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token ?? ''}` } });
    expect(((await response.json()) as { records: unknown[] }).records).toHaveLength(1);
  }
  await emulator.close();
});

it('never reuses an id, whether chosen by the caller or by itself', () => {
  const emulator = createEmulator();
  emulator.addAccount({ id: '37439511', companyName: 'Seeded' });
  const accounts = Array.from({ length: 3 }, () => emulator.addAccount().id);
  expect(new Set([...accounts, '37439511']).size).toBe(4);
  emulator.addExtension({ accountId: '37439511', id: '63304567005', name: 'Seeded' });
  const extensions = Array.from({ length: 3 }, () => emulator.addExtension({ accountId: '37439511' }).id);
  expect(new Set([...extensions, '63304567005']).size).toBe(4);
});
