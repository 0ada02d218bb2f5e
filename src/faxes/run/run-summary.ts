import type { LineResult } from '../fax-types.js';
import { exitOf } from '../rules/verdict.js';
import type { ClinicResult } from './clinic-pull.js';
import type { LeftLine } from './left-behind.js';
import { folderProblem } from './pull-run.js';

const LONGEST_MINUTES = 24 * 60;

/** One line of JSON for each line of each clinic, and for each clinic without one. It names no one. */
export const jsonLines = (results: readonly ClinicResult[]): string[] =>
  results.flatMap(({ externalRef, problem, fixOwner, lines, shared }) => {
    const of = { external_ref: externalRef };
    const other = shared.map(({ extensionId, with: clinic }) =>
      JSON.stringify({ ...of, extension_id: extensionId, problem: 'shared_line', shared_with: clinic }),
    );
    if (lines.length + other.length === 0)
      return [JSON.stringify({ ...of, problem: problem ?? 'no_fax_line', fix_owner: fixOwner })];
    return [...lines.map((line) => JSON.stringify({ ...of, ...membersOf(line, problem) })), ...other];
  });

/** One line of JSON for each line that was not read, although faxes of it are not there. */
export const leftJsonLines = (left: readonly LeftLine[]): string[] =>
  left.map(({ line, problem, pending, failed, lost, gaps, oldestPendingAt, oldestFailedAt }) =>
    JSON.stringify({
      external_ref: line.externalRef,
      extension_id: line.extensionId,
      pending,
      failed,
      lost,
      gaps,
      oldest_pending_at: oldestPendingAt,
      oldest_failed_at: oldestFailedAt,
      problem,
    }),
  );

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
export function totalLine(results: readonly ClinicResult[], left: readonly LeftLine[], endedAt: Date): string {
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
    not_read_pending: left.reduce((total, { pending }) => total + pending, 0),
    not_read_failed: left.reduce((total, { failed }) => total + failed, 0),
    ended_at: endedAt.toISOString(),
    next_run_at: new Date(endedAt.getTime() + nextRunMs(results)).toISOString(),
  });
}

/** When to run again, so that the busiest mailbox does not drop a fax: at most a day. */
export const nextRunMs = (results: readonly ClinicResult[]): number =>
  60_000 * Math.min(LONGEST_MINUTES, ...results.flatMap(({ lines }) => lines.map((line) => line.nextRunMinutes)));

const isPulled = ({ problem }: ClinicResult): boolean => problem === null;

/** 0: all; 1: some clinics need a look; 2: clinics were not pulled, and no line was listed to its end. */
export function exitCodeOf(results: readonly ClinicResult[]): 0 | 1 | 2 {
  const wanted = results.filter(({ isExpected }) => !isExpected);
  if (wanted.every(isPulled)) return wanted.some(({ lines }) => lines.some((line) => exitOf(line) === 1)) ? 1 : 0;
  return wanted.some(({ lines }) => lines.some(({ isComplete }) => isComplete)) ? 1 : 2;
}

/** How many clinics have each problem, the most frequent first. */
function countsOf(results: readonly ClinicResult[]): string {
  const counts = new Map<string, number>();
  for (const { problem } of results) counts.set(problem ?? '', (counts.get(problem ?? '') ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([problem, count]) => `${problem}: ${count}`)
    .join(', ');
}

/** What a person needs to know at the end of a run. */
export function notesOf(results: readonly ClinicResult[], left: readonly LeftLine[] = []): string[] {
  const expected = results.filter(({ isExpected }) => isExpected);
  const folder = results.map(({ problem }) => folderProblem(problem)).find((error) => error !== null);
  const problems = results.filter(({ problem, isExpected }) => problem !== null && !isExpected);
  const unreported = results.filter(({ notReported }) => notReported !== null);
  const lines = [`${results.filter(({ problem }) => problem === null).length} of ${results.length} clinics pulled`];
  if (expected.length > 0) lines.push(`${expected.length} not connected yet, or no longer (${countsOf(expected)})`);
  if (folder) lines.push(folder.message);
  if (problems.length > 0) {
    lines.push(`${problems.length} not pulled to the end (${countsOf(problems)})`);
    lines.push('the page /docs/errors/<problem> of the portal explains a problem that the portal names');
  }
  const unknown = problems.filter(({ problem }) => problem === 'not_found').map(({ externalRef }) => externalRef);
  if (unknown.length > 0)
    lines.push(`the portal has no clinic with this id, or not for this key: ${unknown.join(', ')}`);
  if (unreported.length > 0)
    lines.push(`the portal did not accept ${unreported.length} reports: ${unreported[0]?.notReported ?? ''}`);
  const sum = (of: (line: LineResult) => number) =>
    results.flatMap((one) => one.lines).reduce((n, one) => n + of(one), 0);
  const [failed, lost] = [sum((line) => line.failed), sum((line) => line.lost)];
  if (failed + lost > 0)
    lines.push(`faxes that are not there: ${failed} failed, ${lost} lost; "faxes status" names them`);
  const gaps = sum((line) => line.gaps);
  if (gaps > 0)
    lines.push(`periods in which a full mailbox may have dropped faxes: ${gaps}; "faxes status" names them`);
  const unread = left.reduce((n, one) => n + one.pending + one.failed, 0);
  if (unread > 0) lines.push(`faxes that are not there, on lines that were not read: ${unread}`);
  return lines;
}
