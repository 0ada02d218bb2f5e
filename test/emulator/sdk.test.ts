import ringcentral from '@ringcentral/sdk';
import { aRingCentral, own, type Cast } from './cast.js';

/** The package is CommonJS, so its class is the default export's default. */
const { SDK } = ringcentral;

let cast: Cast;
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous' });
  cast.emulator.updateApp(cast.app.clientId, { issueRefreshTokens: true });
});
afterEach(() => cast.emulator.close());

const aClient = (more: object = {}) =>
  new SDK({ server: cast.url, clientId: cast.app.clientId, clientSecret: cast.app.secret ?? '', ...more }).platform();

it('RingCentral’s own SDK signs in with a JWT, calls, refreshes and signs out, unchanged', async () => {
  const platform = aClient();
  await platform.login({ jwt: cast.jwt });
  const me = (await (await platform.get(own)).json()) as { id: number };
  expect(String(me.id)).toBe(cast.ana.id);
  cast.emulator.addMessage({ extensionId: cast.ana.id });
  const store = await platform.get(`${own}/message-store`, { messageType: 'Fax', direction: 'Inbound', perPage: 1 });
  const { records } = (await store.json()) as { records: { attachments: { uri: string }[] }[] };
  const content = await platform.get(records[0]?.attachments[0]?.uri ?? '');
  expect(content.headers.get('content-type')).toBe('application/pdf');
  const before = (await platform.auth().data()).access_token;
  await platform.refresh();
  expect((await platform.auth().data()).access_token).not.toBe(before);
  expect((await platform.get(own)).status).toBe(200);
  await platform.logout();
  expect(await platform.loggedIn()).toBe(false);
});

it('reads the reason why a JWT is refused', async () => {
  cast.emulator.forbidApp(cast.jti, cast.app.clientId);
  await expect(aClient().login({ jwt: cast.jwt })).rejects.toThrow(
    'The client [EXAMPLEclientId_000001] is not allowed to use this personal API Key',
  );
});

it('refreshes automatically when its token becomes unknown', async () => {
  const platform = aClient();
  await platform.login({ jwt: cast.jwt });
  const data = await platform.auth().data();
  await platform.auth().setData({ ...data, access_token: 'U0pDgone' });
  expect((await platform.get(own)).status).toBe(200);
});

it('works with discovery', async () => {
  const platform = aClient({ enableDiscovery: true });
  await platform.login({ jwt: cast.jwt });
  expect((await platform.get(own)).status).toBe(200);
  await platform.refresh();
  expect((await platform.logout()).status).toBe(200);
  await platform.initDiscovery(); // the logout started this; it must finish before the emulator closes
});
