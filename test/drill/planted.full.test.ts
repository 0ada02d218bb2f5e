import { runScript } from '../support/processes/processes.js';

/** The drills whose planted runs end within minutes. The others kill processes hundreds of times. */
const drills = ['inspect', 'budget', 'faults', 'app-secret', 'revoked', 'transients', 'decays', 'sweep', 'sessions'];
const laterOnly = ['submit', 'processes', 'worker-kills'];
const drill = (...args: string[]) => runScript('test/drill/main.ts', { args });

it('every drill is here, or is left to `npm run drill -- --plant`', async () => {
  const { stdout } = await drill('--help');
  const known = /one of: (.+)/.exec(stdout)?.[1]?.split(', ');
  expect(known?.sort()).toEqual([...drills, ...laterOnly].sort());
});

it.each(drills)(
  'the drill %s notices every defect that is planted for it',
  async (name) => {
    const { code, stdout } = await drill('--only', name, '--seed', '20261121', '--plant');
    const results = stdout.split('\n').filter((line) => line.includes(', planted "'));
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter((line) => !line.includes(', ok, '))).toEqual([]);
    expect(code).toBe(0);
  },
  600_000,
);
