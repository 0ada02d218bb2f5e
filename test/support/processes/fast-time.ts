import type { Patch } from '../../drill/source-copy.js';

const VARIABLE = 'FAST_TIME_FROM';

/**
 * Time that passes `factor` times faster, for everything that a compiled copy of the sources reads, waits for or tells:
 * windows, penalties, leases, pauses, spreads, the life of a token, `Date` headers. It passes in processes that are
 * started with `environment`, and for the caller who reads `now`, from `begin` on; before it is the machine's. What
 * the machine needs for its work is not made shorter.
 */
export function fastTime(factor: number) {
  let from: { machineMs: number; startMs: number } | null = null;
  const now = (): Date => {
    const machineMs = Date.now();
    return new Date(from ? from.startMs + (machineMs - from.machineMs) * factor : machineMs);
  };
  const patches: readonly Patch[] = [
    {
      file: 'src/platform/world.ts',
      find: 'export const realWorld: World = {\n  now: () => new Date(),',
      replace: `const fast = JSON.parse(process.env['${VARIABLE}'] ?? 'null');
const factor = fast ? ${factor} : 1;
export const fastNow = () =>
  new Date(fast ? fast.startMs + (Date.now() - fast.machineMs) * factor : Date.now());
export const realWorld: World = {
  now: fastNow,`,
    },
    {
      file: 'src/platform/world.ts',
      find: 'delay(milliseconds, undefined',
      replace: 'delay(milliseconds / factor, undefined',
    },
    {
      file: 'src/cli/fax-commands.ts',
      find: 'clock: () => performance.now()',
      replace: 'clock: () => realWorld.now().getTime()',
    },
    {
      file: 'src/app/frame.ts',
      find: "res.setHeader('X-Request-Id', requestId);",
      replace: "res.setHeader('X-Request-Id', requestId).setHeader('Date', fastNow().toUTCString());",
    },
    {
      file: 'src/app/frame.ts',
      find: "import { randomUUID } from 'node:crypto';",
      replace: "import { randomUUID } from 'node:crypto';\nimport { fastNow } from '../platform/world.js';",
    },
  ];
  return {
    patches,
    now,
    /** @param laterMs how much time passes at once */
    begin: (laterMs: number): void => {
      const machineMs = Date.now();
      from = { machineMs, startMs: machineMs + laterMs };
    },
    environment: (): Record<string, string> => ({ [VARIABLE]: JSON.stringify(from) }),
  };
}
