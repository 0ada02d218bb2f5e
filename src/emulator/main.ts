import { createEmulator } from './emulator.js';
import { seedExample } from './seed.js';

/** `npm run emulator`: RingCentral alone, with the example world, for an ISV's own tests. Ends on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const port = Number(process.env['EMULATOR_PORT'] ?? 4000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error('EMULATOR_PORT: must be a port number, 0 for any free one');
    process.exitCode = 1;
    return;
  }
  const emulator = createEmulator();
  const { app, clinics } = seedExample(emulator);
  const url = await emulator.listen(port);
  const { admin } = clinics.riverside;
  console.log(`RingCentral emulator. Everything in it is made up.

  RINGCENTRAL_SERVER_URL     ${url}
  RINGCENTRAL_CONSOLE_URL    ${url}
  RINGCENTRAL_CLIENT_ID      ${app.clientId}
  RINGCENTRAL_CLIENT_SECRET  ${app.secret ?? ''}

  Developer Console  ${url}/console
  Make a JWT         ${url}/console/my-credentials/create?client_id=${app.clientId}
  Control API        ${url}/emulator/control/requests

A JWT without the console:
  curl -s ${url}/emulator/control/jwts -H 'content-type: application/json' \\
    -d '{"extensionId":"${admin.id}","clientIds":["${app.clientId}"]}'
`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void emulator.close());
}

await main();
