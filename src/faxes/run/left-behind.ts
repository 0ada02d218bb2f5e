import type { FaxLine } from '../fax-types.js';
import type { LineCounts } from '../set/line-history.js';
import type { PulledSet } from '../set/pulled-set.js';
import type { ClinicResult } from './clinic-pull.js';

/** A line that the run did not read, although faxes of it are not there. `problem`: why it was not read. */
export type LeftLine = LineCounts & { line: FaxLine; problem: string };

const keyOf = ({ accountId, extensionId }: FaxLine): string => `${accountId}|${extensionId}`;

/**
 * The lines with pending and failed faxes that the run did not read: of clinics that were not pulled, that are no longer
 * connected or no longer in the portal, and lines that their clinics no longer have read.
 *
 * @param externalRef the only clinic of the run, if it had one
 */
export function leftBehind(
  set: Pick<PulledSet, 'knownLines' | 'countsOf'>,
  results: readonly ClinicResult[],
  externalRef: string | undefined,
): LeftLine[] {
  const read = new Set(results.flatMap(({ lines }) => lines.map(({ line }) => keyOf(line))));
  const problems = new Map(results.map((result) => [result.externalRef, result.problem ?? 'line_not_read']));
  return set.knownLines().flatMap(({ line }) => {
    if (read.has(keyOf(line)) || (externalRef ?? line.externalRef) !== line.externalRef) return [];
    const counts = set.countsOf(line);
    const problem = problems.get(line.externalRef) ?? 'clinic_unknown';
    return counts.pending + counts.failed > 0 ? [{ line, ...counts, problem }] : [];
  });
}
