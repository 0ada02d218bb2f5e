import { setMaxListeners } from 'node:events';
import { latchkeyClient, LatchkeyError, TryLaterError } from '../../client/client.js';
import { createStreamedGet, type StreamNetwork } from '../../platform/outbound/streamed-get.js';
import type { Secret } from '../../platform/secret.js';
import { version } from '../../platform/version.js';
import type { World } from '../../platform/world.js';
import { rateLimiter } from '../calls/rate-limiter.js';
import { RunEnded, waitWithin } from '../calls/run-ended.js';
import { documentedLimits, type LimitMemory } from '../calls/user-limits.js';
import { FolderError, onFolder } from '../documents/folder-error.js';
import { pullLine } from '../line/pull-line.js';
import { lockFolder } from '../set/folder-lock.js';
import { openSet, type Rebuilt } from '../set/open-set.js';
import type { PulledSet } from '../set/pulled-set.js';
import type { ClinicResult, PullLine } from './clinic-pull.js';
import { leftBehind } from './left-behind.js';
import { portalWatch } from './portal-watch.js';
import { progressOn, type ProgressScreen } from './progress.js';
import { pullRun } from './pull-run.js';
import { openRunState, type RunState } from './run-state.js';
import { exitCodeOf, jsonLines, leftJsonLines, nextRunMs, notesOf, totalLine } from './run-summary.js';

export type PullOptions = {
  /** Exists. */
  folder: string;
  /** Only this clinic, by the ISV's own id. */
  externalRef?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** Runs again and again. */
  isWatching?: boolean;
};

/** Everything of the outside that a pull uses. */
export type PullSurroundings = {
  world: Pick<World, 'now' | 'wait'>;
  /** Milliseconds of a clock that no one sets. */
  clock: () => number;
  /** How long the machine has run, in milliseconds. */
  uptime: () => number;
  signal: AbortSignal;
  screen: ProgressScreen;
  /** A line of results, and a line about the run. */
  say: (line: string) => void;
  note: (line: string) => void;
  limits?: LimitMemory;
  network?: StreamNetwork;
};

export type PortalAccess = { url: string; apiKey: Secret };

/** Without `--until`. A night. */
const LONGEST_RUN_MS = 12 * 3_600_000;
/** How long a run waits for the first answer of the portal. */
const FIRST_ANSWER_MS = 120_000;
/** If nothing could run, what is wrong may be over soon. */
const AGAIN_MS = 900_000;

/**
 * Runs once, or with `isWatching` until it is stopped, unless nothing could run at first. Between two runs the folder is
 * free for other commands.
 *
 * @returns the exit code of the last run
 */
export async function pullInto(
  access: PortalAccess,
  options: PullOptions,
  around: PullSurroundings,
): Promise<0 | 1 | 2> {
  const { world, signal, note } = around;
  const isStopped = () => signal.aborted;
  setMaxListeners(0, signal); // each clinic that waits listens
  for (let runs = 1; ; runs += 1) {
    let waitMs = AGAIN_MS;
    const code = await inFolder(options.folder, around, async (opened) => {
      const done = await runOnce(access, options, around, opened);
      if (done.code !== 2) waitMs = nextRunMs(done.results);
      return done.code;
    });
    const isLast = !options.isWatching || isStopped() || (runs === 1 && code === 2);
    if (isLast || isBefore(options.until, world.now().getTime() + waitMs)) return code;
    note(`the next run begins at ${new Date(world.now().getTime() + waitMs).toISOString()}`);
    await world.wait(waitMs, signal);
    if (isStopped()) return code;
  }
}

const isBefore = (until: Date | undefined, time: number): boolean => until !== undefined && until.getTime() < time;

export type Opened = { set: PulledSet; state: RunState };

/**
 * Works on a folder alone.
 *
 * @param whenReadOnly what to do instead if nothing can be written in the folder
 * @returns 2 if the folder cannot be used, or another process uses it
 */
export async function inFolder(
  folder: string,
  around: Pick<PullSurroundings, 'world' | 'uptime' | 'note' | 'limits'>,
  work: (opened: Opened) => Promise<0 | 1 | 2>,
  whenReadOnly?: () => Promise<0 | 1 | 2>,
): Promise<0 | 1 | 2> {
  const { note } = around;
  const failed = (error: unknown): 2 => {
    if (!(error instanceof FolderError)) throw error;
    note(error.message);
    return 2;
  };
  try {
    const lock = await lockFolder(folder);
    if (!lock) {
      note('another command uses this folder: wait until it has ended');
      return 2;
    }
    try {
      return await inLockedFolder(folder, around, work);
    } finally {
      lock.release();
    }
  } catch (error) {
    const isReadOnly = error instanceof FolderError && error.isReadOnly();
    return isReadOnly && whenReadOnly ? onFolder(whenReadOnly).catch(failed) : failed(error);
  }
}

const inLockedFolder: typeof inFolder = async (folder, { world, uptime, note, limits = documentedLimits }, work) => {
  const { set, rebuilt } = await openSet(folder, world.now);
  try {
    if (rebuilt) note(rebuiltText(rebuilt));
    const state = await onFolder(() => openRunState({ folder, now: world.now, uptime, limits }));
    try {
      return await onFolder(() => work({ set, state }));
    } finally {
      state.close();
    }
  } finally {
    set.close();
  }
};

const rebuiltText = ({ documents, unfinished, gaps, wasDamaged }: Rebuilt): string =>
  [
    `the set was lost or damaged: rebuilt from ${documents} documents`,
    ...(wasDamaged ? [`read from the damaged set: faxes that are not there: ${unfinished}, gaps: ${gaps}`] : []),
    `${wasDamaged ? 'other' : 'all'} faxes that were pending, failed or lost, and gaps, are forgotten`,
  ].join('; ');

/** Whether an error is the end of the run. */
function ended(error: unknown): true {
  if (error instanceof RunEnded) return true;
  throw error;
}

async function runOnce(access: PortalAccess, options: PullOptions, around: PullSurroundings, { set, state }: Opened) {
  const { world, clock, signal, screen, say, note, network } = around;
  const progress = progressOn(screen, world);
  const { portal, ...run } = aRun(access, options, { ...around, note: progress.note });
  const pull: PullLine = (line, calls, { onProgress }) =>
    pullLine(line, {
      calls,
      set,
      dir: options.folder,
      now: world.now,
      wait: (milliseconds) =>
        run.wait(milliseconds).then(
          () => true,
          (error: unknown) => !ended(error),
        ),
      since: options.since?.toISOString() ?? null,
      onProgress,
    });
  const getter = createStreamedGet({ world, userAgent: `Latchkey/${version}`, network });
  let results: ClinicResult[] = [];
  try {
    results = await pullRun({
      ...run,
      state,
      world,
      signal,
      get: getter.get,
      pullLine: pull,
      limiter: rateLimiter({ clock, wait: world.wait, store: state.limits }),
      externalRef: options.externalRef,
      onProgress: progress.show,
    });
  } catch (error) {
    await progress.end();
    note(whyNothing(error, portal.why()));
    return { code: 2 as const, results };
  } finally {
    await getter.close();
  }
  await progress.end();
  const left = leftBehind(set, results, options.externalRef);
  for (const line of [...jsonLines(results), ...leftJsonLines(left)]) say(line);
  say(totalLine(results, left, world.now()));
  for (const line of notesOf(results, left)) note(line);
  return { code: exitCodeOf(results), results };
}

/** The client of one run, and when the run ends. */
export function aRun(
  { url, apiKey }: PortalAccess,
  { until }: Pick<PullOptions, 'until'>,
  { world, clock, signal, note }: Pick<PullSurroundings, 'world' | 'clock' | 'signal' | 'note'>,
) {
  const startedAt = world.now().getTime();
  const offset = startedAt - clock();
  const lengthMs = until ? until.getTime() - startedAt : LONGEST_RUN_MS;
  const end = clock() + lengthMs;
  const wait = waitWithin({ clock, wait: world.wait, until: end, signal });
  // By a clock that no one sets while the run lasts.
  const now = () => clock() + offset;
  const firstEnd = Math.min(end, clock() + FIRST_ANSWER_MS);
  const portal = portalWatch({
    url,
    clock,
    until: (hasAnswered) => new Date((hasAnswered ? end : firstEnd) + offset).toISOString(),
    say: note,
  });
  async function waitForPortal(milliseconds: number): Promise<void> {
    const isTooLong = !portal.hasAnswered() && clock() + milliseconds > firstEnd;
    if (isTooLong) throw new TryLaterError(new Date(now() + milliseconds), null);
    await wait(milliseconds);
  }
  const client = latchkeyClient(
    { url, apiKey: apiKey.reveal(), maxWaitMs: Math.max(0, lengthMs) },
    { now, wait: waitForPortal, fetch: portal.fetch },
  );
  return { client, portal, until: end, wait };
}

/** @throws what is a defect */
function whyNothing(error: unknown, unreachable: string): string {
  if (error instanceof LatchkeyError) return error.message;
  if (error instanceof TryLaterError)
    return error.problem ? `the portal has no answer yet: ${error.problem.cause ?? error.problem.status}` : unreachable;
  if (error instanceof RunEnded) return error.reason === 'stopped' ? 'stopped' : unreachable;
  throw error;
}
