import { createEmulator } from '../src/emulator/emulator.js';
import { addClinic } from '../test/support/clinics.js';

/**
 * RingCentral in a separate process: `upstream.ts <clinics> <delayMs>`. Prints one line of JSON with its address and
 * one JWT per clinic, with the account that it acts in.
 */
const [clinics = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const emulator = createEmulator({ limits: 'generous', delayMs });
const { clientId, secret } = emulator.addApp();
const made = Array.from({ length: clinics }, () => {
  const { accountId, serviceUserId: extensionId } = addClinic(emulator);
  return { accountId, jwt: emulator.createJwt({ extensionId, clientIds: [clientId] }).jwt };
});
const [jwts, accountIds] = [made.map(({ jwt }) => jwt), made.map(({ accountId }) => accountId)];
const serverUrl = await emulator.listen();
console.log(JSON.stringify({ ringcentral: { serverUrl, clientId, clientSecret: secret }, jwts, accountIds }));
