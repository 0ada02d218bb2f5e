import { createEmulator } from '../src/emulator/emulator.js';
import { addClinic } from '../test/support/clinics.js';

/**
 * RingCentral in a separate process: `upstream.ts <clinics> <delayMs>`. Prints one line of JSON with its address and
 * one JWT per clinic.
 */
const [clinics = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const emulator = createEmulator({ limits: 'generous', delayMs });
const { clientId, secret } = emulator.addApp();
const jwts = Array.from(
  { length: clinics },
  () => emulator.createJwt({ extensionId: addClinic(emulator).serviceUserId, clientIds: [clientId] }).jwt,
);
const serverUrl = await emulator.listen();
console.log(JSON.stringify({ ringcentral: { serverUrl, clientId, clientSecret: secret }, jwts }));
