import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { migrate, openDatabase, type Knex } from '../../src/platform/database.js';
import { Secret } from '../../src/platform/secret.js';
import { realWorld } from '../../src/platform/world.js';
import { createAuthBudget } from '../../src/ringcentral/auth-budget.js';
import { fixedSecret } from '../../src/ringcentral/client-secret.js';
import { createRingCentralClient } from '../../src/ringcentral/ringcentral-client.js';

const log = { warn: () => undefined, error: () => undefined };

describe('the client against the emulator', () => {
  let emulator: Emulator;
  let db: Knex;

  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.listen();
    db = openDatabase('sqlite::memory:');
    await migrate(db);
  });
  afterEach(async () => {
    await emulator.close();
    await db.destroy();
  });

  function aClinic() {
    const app = emulator.addApp();
    const account = emulator.addAccount();
    const extension = emulator.addExtension({ accountId: account.id });
    const { jwt, jti } = emulator.createJwt({ extensionId: extension.id, clientIds: [app.clientId] });
    const budget = createAuthBudget({ db, world: realWorld, log, scope: 'app', perMinute: 5 });
    const secret = { current: fixedSecret(app.secret!) };
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

  it('mints a token, sees whose it is and reads its fax line', async () => {
    const { client, mint, extension, account, budget } = aClinic();
    const minted = await mint();
    await budget.settled();
    expect(minted).toMatchObject({
      kind: 'accepted',
      value: { ownerId: extension.id, scopes: ['ReadAccounts', 'ReadMessages'] },
    });
    if (minted.kind !== 'accepted') return;
    const access = { accessToken: minted.value.accessToken, environment: 'production' } as const;
    expect(await client.identity(access)).toMatchObject({
      kind: 'accepted',
      value: { extensionId: extension.id, accountId: account.id },
    });
    expect(await client.accountNames(access)).toMatchObject({ companyName: account.companyName });
    expect(await client.listExtensions(access)).toMatchObject({ kind: 'accepted', value: { complete: true } });
    expect(await client.probeFaxLine(access, extension.id)).toMatchObject({ kind: 'accepted', value: null });
    await budget.settled();
    await client.close();
  });
});
