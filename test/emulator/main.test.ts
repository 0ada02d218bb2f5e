import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';

it('runs alone on any free port, prints its address, and ends on SIGTERM', async () => {
  const env = { ...process.env, EMULATOR_PORT: '0', NODE_OPTIONS: '' };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/emulator/main.ts'], { env });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /RINGCENTRAL_SERVER_URL +(http:\/\/127\.0\.0\.1:\d+)\n/.exec(said.toString())?.[1] ?? '';
  expect((await fetch(`${url}/restapi`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('listens on another address and answers to other host names only when configured', async () => {
  const told = { EMULATOR_PORT: '0', EMULATOR_HOST: '0.0.0.0', EMULATOR_ALLOWED_HOSTS: 'other, RingCentral.test' };
  const env = { ...process.env, ...told, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/emulator/main.ts'], { env });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /RINGCENTRAL_SERVER_URL +(http:\/\/127\.0\.0\.1:\d+)\n/.exec(said.toString())?.[1] ?? '';
  const answerTo = (host: string) =>
    new Promise<number>((resolve, reject) => {
      get(`${url}/restapi`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).on('error', reject);
    });
  expect([await answerTo('ringcentral.test'), await answerTo('evil.example')]).toEqual([200, 421]);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
