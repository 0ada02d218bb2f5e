import type { ApiOutcome, Inconclusive, Refused } from '../../ringcentral/catalogue/outcome.js';
import type { FaxLine } from './fax-line-store.js';

const PROBES_AT_ONCE = 4;

type Probed = { line: FaxLine; outcome: ApiOutcome<null> };

/**
 * Probes a few lines at a time. If RingCentral is failing or asks us to wait, the remaining lines are skipped: the
 * result can no longer be an acceptance, each call may be slow, and a call during a penalty restarts the penalty.
 */
export async function probeAll(
  lines: FaxLine[],
  probe: (line: FaxLine) => Promise<ApiOutcome<null>>,
): Promise<Probed[]> {
  const results: Probed[] = [];
  const rest = [...lines];
  const worker = async () => {
    for (let line = rest.shift(); line; line = rest.shift()) {
      const outcome = await probe(line);
      results.push({ line, outcome });
      if (outcome.kind === 'inconclusive' || outcome.kind === 'token_rejected') rest.length = 0;
    }
  };
  await Promise.all(Array.from({ length: PROBES_AT_ONCE }, worker));
  return results;
}

export function withOutcomes(lines: FaxLine[], probed: Probed[], at: Date): FaxLine[] {
  const outcomes = new Map(probed.map(({ line, outcome }) => [line.extensionId, outcome]));
  return lines.map((line) => {
    const outcome = outcomes.get(line.extensionId);
    if (!outcome || outcome.kind === 'token_rejected') return line;
    const readable = { accepted: 'yes', refused: 'no', inconclusive: 'unknown' } as const;
    return {
      ...line,
      readable: readable[outcome.kind],
      cause: outcome.kind === 'accepted' ? null : outcome.cause,
      probedAt: at,
    };
  });
}

/** A refusal outweighs an outage, and both outweigh a success of another line. */
export function worstOf(probed: Probed[]): { line: FaxLine; outcome: Refused | Inconclusive } | undefined {
  const of = (kind: 'refused' | 'inconclusive') => probed.find(({ outcome }) => outcome.kind === kind);
  return (of('refused') ?? of('inconclusive')) as { line: FaxLine; outcome: Refused | Inconclusive } | undefined;
}
