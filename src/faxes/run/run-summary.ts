import type { LineResult } from '../fax-types.js';
import { exitOf } from '../rules/verdict.js';
import type { ClinicResult } from './clinic-pull.js';

const LONGEST_MINUTES = 24 * 60;

/** One line of JSON for each line of each clinic, and for each clinic without one. It names no one. */
export const jsonLines = (results: readonly ClinicResult[]): string[] =>
  results.flatMap(({ externalRef, problem, fixOwner, lines }) => {
    const of = { external_ref: externalRef };
    if (lines.length === 0) return [JSON.stringify({ ...of, problem: problem ?? 'no_fax_line', fix_owner: fixOwner })];
    return lines.map((line) => JSON.stringify({ ...of, ...membersOf(line, problem) }));
  });

const membersOf = (line: LineResult, problem: string | null) => ({
  extension_id: line.line.extensionId,
  listed: line.listed,
  new: line.new,
  fetched: line.fetched,
  pending: line.pending,
  failed: line.failed,
  lost: line.lost,
  gaps: line.gaps,
  oldest_pending_at: line.oldestPendingAt,
  oldest_failed_at: line.oldestFailedAt,
  fill: line.fill,
  unusually_quiet: line.isUnusuallyQuiet,
  problem: line.problem ?? problem,
});

/** The last line: the whole run. */
export function totalLine(results: readonly ClinicResult[], endedAt: Date): string {
  const lines = results.flatMap((result) => result.lines);
  const sum = (of: (line: LineResult) => number) => lines.reduce((total, line) => total + of(line), 0);
  return JSON.stringify({
    clinics: results.length,
    pulled: results.filter(isPulled).length,
    not_pulled: results.filter((result) => !isPulled(result)).length,
    new: sum((line) => line.new),
    fetched: sum((line) => line.fetched),
    pending: sum((line) => line.pending),
    failed: sum((line) => line.failed),
    lost: sum((line) => line.lost),
    gaps: sum((line) => line.gaps),
    ended_at: endedAt.toISOString(),
    next_run_at: new Date(endedAt.getTime() + nextRunMs(results)).toISOString(),
  });
}

/** When to run again, so that the busiest mailbox does not drop a fax: at most a day. */
export const nextRunMs = (results: readonly ClinicResult[]): number =>
  60_000 * Math.min(LONGEST_MINUTES, ...results.flatMap(({ lines }) => lines.map((line) => line.nextRunMinutes)));

const isPulled = ({ problem }: ClinicResult): boolean => problem === null;

/** 0: all; 1: some clinics need a look; 2: nothing could run. */
export function exitCodeOf(results: readonly ClinicResult[]): 0 | 1 | 2 {
  const wanted = results.filter(({ isExpected }) => !isExpected);
  if (wanted.every(isPulled)) return wanted.some(({ lines }) => lines.some((line) => exitOf(line) === 1)) ? 1 : 0;
  return wanted.some(({ lines }) => lines.some(({ isComplete }) => isComplete)) ? 1 : 2;
}
