import { runScript, startScript, stopAllProcesses } from './processes.js';

const echo = 'test/support/scripts/echo.ts';

it('gives a child only the environment named, and waits for its lines', async () => {
  const child = startScript(echo, { env: { GREETING: 'hello' } });
  expect((await child.line(/^up (\w+) (\w+)/)).slice(1)).toEqual(['hello', 'undefined']);
  child.write('one\n');
  await child.line(/^heard one$/, { from: 'stderr' });
  child.write('two\n');
  await child.line(/^heard two$/, { from: 'stderr' });
  expect(child.lines).toEqual({ stdout: ['up hello undefined'], stderr: ['heard one', 'heard two'] });
  expect(await child.stop()).toEqual({ code: 3, signal: null });
});

it('kills without warning', async () => {
  const child = startScript(echo);
  await child.line(/^up/);
  expect(await child.kill9()).toEqual({ code: null, signal: 'SIGKILL' });
});

it('rejects a wait for a line that can no longer come, with what was said instead', async () => {
  const child = startScript(echo);
  await child.line(/^up/);
  const wait = expect(child.line(/^never/)).rejects.toThrow(
    /the process ended before it wrote \^never\nup no greeting/,
  );
  await child.kill9();
  await wait;
});

it('runs a script to its end', async () => {
  const { code, stderr } = await runScript('test/support/scripts/absent.ts');
  expect(code).toBe(1);
  expect(stderr).toContain('absent.ts');
});

it('leaves no child behind', async () => {
  const child = startScript(echo);
  await child.line(/^up/);
  await stopAllProcesses();
  expect(() => process.kill(child.pid, 0)).toThrow('ESRCH');
});
