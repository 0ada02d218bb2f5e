import { spawn } from 'node:child_process';
import { once } from 'node:events';

it('stands alone on any free port, tells where, and ends on SIGTERM', async () => {
  const env = { ...process.env, EMULATOR_PORT: '0', NODE_OPTIONS: '' };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/emulator/main.ts'], { env });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /RINGCENTRAL_SERVER_URL +(http:\/\/127\.0\.0\.1:\d+)\n/.exec(said.toString())?.[1] ?? '';
  expect((await fetch(`${url}/restapi`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
