import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as decayDrill from './decay-drill.js';
import type * as sweepDrill from './sweep-drill.js';
import type * as watchDrill from './watch-drill.js';
import { compileCopy, type Patch } from './source-copy.js';

const runner = 'src/connections/check-runner.ts';
const worker = 'src/connections/check-worker.ts';
const policy = 'src/ringcentral/auth-budget-policy.ts';
const everybodyIsTried: Patch[] = [
  { file: worker, find: 'if (paceMs !== null) rest(line, world.now().getTime() + paceMs);', replace: '' },
  { file: worker, find: 'rest(line, ran.noRoomBefore.getTime());', replace: '' },
];

/** For each drill of the watch the defects that it must notice. */
export const watchPlants = {
  'app-secret': {
    "our app's trouble is every clinic's": [
      {
        file: 'src/connections/check-judgement.ts',
        find: "if (verdict.cause === 'app_misconfigured')",
        replace: 'if (false)',
      },
    ],
    'every clinic asks on its own': [
      {
        file: runner,
        find: "if (mayAsk === 'no') {",
        replace: 'if (false) {',
      },
    ],
  },
  revoked: {
    'a suspicion waits for the next day': [
      { file: 'src/connections/schedule.ts', find: 'if (checked.suspectSince) {', replace: 'if (false) {' },
    ],
  },
  transients: {
    'an outage is taken for a no': [
      { file: 'src/ringcentral/classify-answer.ts', find: 'status >= 500 || status < 200', replace: 'status < 200' },
    ],
  },
  decays: {
    'nobody is reminded on the last day': [
      {
        file: 'src/connections/expiry-schedule.ts',
        find: 'reminderDays = [30, 14, 7, 3, 1]',
        replace: 'reminderDays = [30, 14, 7, 3]',
      },
    ],
    'who was told is not told that it works again': [
      {
        file: 'src/connections/connection-writer.ts',
        find: 'if (closed) await notices.recovered(trx, closed, tenantId);',
        replace: '',
      },
    ],
    'a mail server that is away for a day loses the mail': [
      {
        file: 'src/platform/outbox.ts',
        find: '&& retryIn !== undefined',
        replace: '&& retryIn !== undefined && row.attempts < 4',
      },
    ],
  },
  sweep: {
    "the window is exactly RingCentral's": [
      { file: policy, find: 'WINDOW_MS = 62_000', replace: 'WINDOW_MS = 60_000' },
    ],
    'the round takes its calls as soon as it may, and the slot of people too': [
      { file: policy, find: 'newest + windowMs / shareOf(limit)', replace: '-Infinity' },
      { file: policy, find: 'Math.max(1, limit - 1)', replace: 'limit' },
      ...everybodyIsTried.slice(0, 1),
    ],
    'people stand in the line of the round': [
      {
        file: runner,
        find: "lane: request.lane === 'interactive' ? 'interactive' : 'background'",
        replace: "lane: 'background'",
      },
    ],
    'the round gets every second turn': [
      { file: policy, find: 'newest + windowMs / shareOf(limit)', replace: 'newest + (2 * windowMs) / shareOf(limit)' },
    ],
    'all who are due are tried one after another': everybodyIsTried,
  },
} satisfies Record<string, Record<string, Patch[]>>;

export type WatchModules = typeof watchDrill & typeof decayDrill & typeof sweepDrill;

/** Runs a drill from a copy of the sources that has the defect. */
export async function withPlant<Result>(
  patches: Patch[],
  run: (modules: WatchModules) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-watch-'));
  try {
    compileCopy(
      folder,
      patches,
      ['src', 'test/support', 'test/faults'].map((tree) => ({ from: tree, to: tree })),
    );
    const copied = (name: string) => import(pathToFileURL(join(folder, `test/support/${name}.js`)).href);
    const modules = {
      ...(await copied('watch-drill')),
      ...(await copied('decay-drill')),
      ...(await copied('sweep-drill')),
    } as WatchModules;
    return await run(modules);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
