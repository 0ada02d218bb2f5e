import { createEmulator, type Emulator } from '../../../src/emulator/emulator.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { realWorld } from '../../../src/platform/world.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import { fixedSecret } from '../../../src/ringcentral/clients/client-secret.js';
import { createRingCentralClient } from '../../../src/ringcentral/clients/ringcentral-client.js';
import { aMigratedDatabase } from '../../support/database/databases.js';

const log = { warn: () => undefined, error: () => undefined };

describe('the client against the emulator', () => {
  let emulator: Emulator;
  let db: Knex;

  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.listen();
    db = await aMigratedDatabase();
  });
  afterEach(async () => {
    await emulator.close();
    await db.destroy();
  });

  function aClinic(secrets: { current?: string; previous?: string } = {}) {
    const app = emulator.addApp();
    const account = emulator.addAccount();
    const extension = emulator.addExtension({ accountId: account.id });
    const { jwt, jti } = emulator.createJwt({ extensionId: extension.id, clientIds: [app.clientId] });
    const budget = createAuthBudget({ db, world: realWorld, log, scope: 'app', perMinute: 5 });
    const secret = {
      current: fixedSecret(secrets.current ?? app.secret!),
      previous: secrets.previous === undefined ? undefined : fixedSecret(secrets.previous),
    };
    const client = createRingCentralClient({
      apps: { production: { clientId: app.clientId, secret, serverUrl: emulator.url } },
      requiredScopes: ['ReadAccounts', 'ReadMessages'],
      budget,
      world: realWorld,
      userAgent: 'Latchkey/0.0.0',
    });
    const mint = () =>
      client.mint({ assertion: new Secret(jwt), environment: 'production', lane: 'interactive', tenantId: 'north' });
    return { app, account, extension, jti, budget, client, mint };
  }

  it('mints a token, identifies its user and reads the fax line', async () => {
    const { client, mint, extension, account, budget } = aClinic();
    const minted = await mint();
    await budget.settled();
    expect(minted).toMatchObject({
      kind: 'accepted',
      value: { ownerId: extension.id, scopes: ['ReadAccounts', 'ReadMessages'] },
    });
    if (minted.kind !== 'accepted') return;
    const access = { accessToken: minted.value.accessToken, environment: 'production', ownerId: extension.id } as const;
    expect(await client.identity(access)).toMatchObject({
      kind: 'accepted',
      value: { extensionId: extension.id, accountId: account.id },
    });
    expect(await client.accountName(access)).toBe(account.companyName);
    expect(await client.listExtensions(access)).toMatchObject({ kind: 'accepted', value: { complete: true } });
    expect(await client.probeFaxLine(access, extension.id)).toMatchObject({ kind: 'accepted', value: null });
    await budget.settled();
    await client.close();
  });

  it('reads what RingCentral says about the user, and null where the format is unknown', async () => {
    const { client, mint, extension } = aClinic();
    const minted = await mint();
    if (minted.kind !== 'accepted') throw new Error(minted.kind);
    const access = { accessToken: minted.value.accessToken, environment: 'production', ownerId: extension.id } as const;
    const said = async (set?: Record<string, unknown>) => {
      if (set) emulator.faults.add({ kind: 'changed_members', set, count: 1 });
      const answer = await client.identity(access);
      if (answer.kind !== 'accepted') throw new Error(answer.kind);
      const { status, type, admin, roles } = answer.value;
      return { status, type, admin, roles };
    };
    const standard = { id: '3', name: 'Standard' };
    expect(await said()).toEqual({ status: 'Enabled', type: 'User', admin: false, roles: [standard] });
    emulator.setRole(extension.id, 'super_admin');
    expect(await said()).toMatchObject({ admin: true, roles: [{ id: '1', name: 'Super Admin' }] });
    expect(await said({ status: 7, type: '', permissions: { admin: { enabled: 'yes' } }, roles: {} })).toEqual({
      status: null,
      type: null,
      admin: null,
      roles: null,
    });
    expect((await said({ roles: [{ id: '1' }, { displayName: 'No id' }] })).roles).toBeNull();
    expect((await said({ roles: [{ id: 1, displayName: 'x'.repeat(101) }] })).roles).toEqual([{ id: '1', name: null }]);
    expect((await said({ roles: Array.from({ length: 51 }, () => ({ id: '1' })) })).roles).toBeNull();
    await client.close();
  });

  const doctor = { environment: 'production', lane: 'interactive', tenantId: null } as const;

  it('recognizes a credential that does not permit our app', async () => {
    const { app, jti, client, mint } = aClinic();
    emulator.forbidApp(jti, app.clientId);
    expect(await mint()).toMatchObject({ kind: 'refused', cause: 'app_not_permitted', codes: ['OAU-473'] });
    await client.close();
  });

  it('finds out with an invalid assertion whether our app is set up', async () => {
    const { app, client } = aClinic();
    expect(await client.probeApp(doctor)).toMatchObject({ kind: 'accepted', value: { codes: ['OAU-331'] } });
    emulator.updateApp(app.clientId, { grants: [] });
    expect(await client.probeApp(doctor)).toMatchObject({ cause: 'app_misconfigured', codes: ['OAU-251'] });
    emulator.setAppSecret(app.clientId, 'another');
    expect(await client.probeApp(doctor)).toMatchObject({ cause: 'app_misconfigured', codes: ['OAU-146'] });
    emulator.removeApp(app.clientId);
    expect(await client.probeApp(doctor)).toMatchObject({ cause: 'app_misconfigured', codes: ['OAU-153'] });
    await client.close();
  });

  it('tries the previous secret once, and first from then on if it works', async () => {
    const { client, mint, budget } = aClinic({ current: 'not there yet', previous: emulator.addApp().secret! });
    expect(await mint()).toMatchObject({ kind: 'refused', codes: ['OAU-146'] });
    const app = emulator.world.apps.get('EXAMPLEclientId_000002')!;
    emulator.setAppSecret(app.clientId, 'EXAMPLEsecretEXAMPLEsecretEXAMPLEsecret00001');
    expect(await mint()).toMatchObject({ kind: 'accepted' });
    await budget.settled();
    expect(await db('auth_calls').where({ state: 'sent' })).toHaveLength(4);
    expect(await mint()).toMatchObject({ kind: 'accepted' });
    await budget.settled();
    expect(await db('auth_calls').where({ state: 'sent' })).toHaveLength(5);
    await client.close();
  });

  it('ends a session, after which the API no longer accepts its token', async () => {
    const { client, mint, extension } = aClinic();
    const minted = await mint();
    if (minted.kind !== 'accepted') throw new Error('it should have been accepted');
    const access = { accessToken: minted.value.accessToken, environment: 'production', ownerId: extension.id } as const;
    const revoked = await client.revoke({ token: access.accessToken, ...doctor });
    expect(revoked).toMatchObject({ kind: 'accepted', value: null });
    expect(await client.identity(access)).toMatchObject({ kind: 'token_rejected', status: 401 });
    await client.close();
  });

  it('says when to ask again instead of calling RingCentral a sixth time', async () => {
    const { app, jti, client, mint } = aClinic();
    emulator.forbidApp(jti, app.clientId);
    for (let call = 0; call < 5; call += 1) expect(await mint()).toMatchObject({ kind: 'refused' });
    const before = Date.now();
    const sixth = await client.probeApp({ ...doctor, maxWaitMs: 0 });
    if (sixth.kind !== 'wait') throw new Error('it should have been told to wait');
    expect(sixth.until.getTime()).toBeGreaterThan(before + 50_000);
    await client.close();
  });
});
