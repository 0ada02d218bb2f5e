import { createEmulator } from './emulator.js';
import { seedExample } from './seed.js';

/**
 * `npm run emulator`: RingCentral alone, with the example data, for an ISV's own tests. Ends on SIGTERM or SIGINT.
 */
async function main(): Promise<void> {
  const { EMULATOR_PORT = '4000', EMULATOR_HOST: host = '127.0.0.1', EMULATOR_ALLOWED_HOSTS = '' } = process.env;
  const { EMULATOR_SSO_PORT = '' } = process.env;
  const [port, ssoPort] = [Number(EMULATOR_PORT), Number(EMULATOR_SSO_PORT)];
  for (const [name, one] of Object.entries({ EMULATOR_PORT: port, EMULATOR_SSO_PORT: ssoPort })) {
    if (Number.isInteger(one) && one >= 0 && one <= 65_535) continue;
    console.error(`${name}: must be a port number, 0 for any free one`);
    process.exitCode = 1;
    return;
  }
  const allowedHosts = EMULATOR_ALLOWED_HOSTS.toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const emulator = createEmulator({ allowedHosts });
  const { app, signInApp, clinics } = seedExample(emulator);
  const listening = new URL(await emulator.listen(port, host));
  // 0.0.0.0 means all interfaces and cannot be used as a URL host.
  if (host === '0.0.0.0') listening.hostname = '127.0.0.1';
  const url = listening.origin;
  const sso = EMULATOR_SSO_PORT === '' ? '' : `\n  Company sign-in    ${await emulator.listenSso(ssoPort, host)}`;
  const { serviceUser } = clinics.riverside;
  console.log(`RingCentral emulator. Everything in it is made up.

  RINGCENTRAL_SERVER_URL     ${url}
  RINGCENTRAL_CONSOLE_URL    ${url}
  RINGCENTRAL_CLIENT_ID      ${app.clientId}
  RINGCENTRAL_CLIENT_SECRET  ${app.secret ?? ''}
  RINGCENTRAL_CODE_CLIENT_ID      ${signInApp.clientId}   (returns people to ${signInApp.redirectUris.join(' or ')})
  RINGCENTRAL_CODE_CLIENT_SECRET  ${signInApp.secret ?? ''}

  Its own pages      ${url}/emulator
  Developer Console  ${url}/console
  Make a JWT         ${url}/console/my-credentials/create?client_id=${app.clientId}
  Control API        ${url}/emulator/control/requests   (docs/emulator.md)${sso}

A JWT without the console:
  curl -s ${url}/emulator/control/jwts -H 'content-type: application/json' \\
    -d '{"extensionId":"${serviceUser.id}","clientIds":["${app.clientId}"]}'
`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void emulator.close());
}

await main();
