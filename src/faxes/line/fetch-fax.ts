import { stateAfter, worstOf, type FaxState, type Outcome } from '../rules/verdict.js';
import { onFolder } from '../documents/folder-error.js';
import { findStored, removeReplaced, storeDocument, type Wanted } from '../documents/store-document.js';
import type { Attachment, FaxLine, MailboxCalls } from '../fax-types.js';
import type { OpenFax, PulledSet } from '../set/pulled-set.js';

export type FetchTools = {
  calls: MailboxCalls;
  set: PulledSet;
  /** The folder of the pull. */
  dir: string;
};

/** The line can ask for nothing more in this run. */
export type Over = { kind: 'over'; reason: string };
/**
 * Fetches what is missing of one fax and notes what came of it. One bad fax is no reason to stop.
 *
 * @param at the time of the run
 */
export async function fetchFax(line: FaxLine, fax: OpenFax, at: string, tools: FetchTools): Promise<FaxState | Over> {
  const outcome = await fetchParts(line, fax, at, tools, tools.set.storedAttachments(line, fax.id));
  if (outcome.kind === 'over') return outcome;
  const state = stateAfter(fax, outcome, at);
  tools.set.setState(line, fax.id, state);
  return state;
}

/**
 * Fetches all documents of a fax again, also of one that is done or lost. What is there stays as it is if that fails.
 *
 * @throws {FolderError}
 */
export const fetchAgain = (line: FaxLine, fax: OpenFax, at: string, tools: FetchTools): Promise<Outcome | Over> =>
  onFolder(async () => {
    const outcome = await fetchParts(line, { ...fax, attachments: [] }, at, tools, null);
    const isBetter = outcome.kind === 'done' || !['done', 'lost'].includes(fax.verdict);
    if (outcome.kind !== 'over' && isBetter) tools.set.setState(line, fax.id, stateAfter(fax, outcome, at));
    return outcome;
  });

/** @param stored the attachments that need not be fetched; null: none, not even those that are on the disk */
async function fetchParts(
  line: FaxLine,
  fax: OpenFax,
  at: string,
  tools: FetchTools,
  stored: Set<string> | null,
): Promise<Outcome | Over> {
  const present = fax.attachments.length > 0 ? fax : await withAttachments(line, fax, tools);
  if ('kind' in present) return present;
  const outcomes: Outcome[] = [];
  for (const attachment of present.attachments.filter(({ id }) => !stored?.has(id))) {
    const outcome = await fetchDocument(line, present, attachment, at, tools, stored === null);
    if (outcome.kind === 'over') return outcome;
    outcomes.push(outcome);
  }
  return worstOf(outcomes);
}

/** A fax may be listed before its document is made: it is asked for by its id, also when no window shows it anymore. */
async function withAttachments(
  line: FaxLine,
  fax: OpenFax,
  { calls, set }: FetchTools,
): Promise<OpenFax | Outcome | Over> {
  const answer = await calls.message(line, fax.id);
  if (answer.kind === 'over') return answer;
  if (answer.kind === 'gone') return { kind: 'gone' };
  if (answer.kind === 'refused') return { kind: 'failed', reason: `refused ${answer.code ?? answer.status}` };
  if (answer.kind === 'inconclusive') return { kind: 'failed', reason: answer.reason };
  const { availability, attachments, record } = answer.fax;
  if (availability === 'purged') return { kind: 'purged' };
  if (attachments.length === 0) return { kind: 'pending' };
  return { ...fax, attachments: set.addAttachments(line, { ...answer.fax, id: fax.id }), record };
}

async function fetchDocument(
  line: FaxLine,
  fax: OpenFax,
  attachment: Attachment,
  at: string,
  { calls, set, dir }: FetchTools,
  isAgain: boolean,
): Promise<Outcome | Over> {
  const wanted: Wanted = {
    line,
    messageId: fax.id,
    attachmentId: attachment.id,
    createdAt: fax.createdAt,
    firstListedAt: fax.firstListedAt,
    told: attachment.size,
    record: fax.record,
  };
  const found = isAgain ? null : await findStored(dir, wanted);
  const ask = (from: number) => calls.document(line, fax.id, attachment, { from });
  const result = found ?? (await storeDocument(dir, wanted, ask, at));
  if (result.kind !== 'stored') return result;
  const { path, size, sha256 } = result;
  const before = isAgain ? set.documentPath(line, fax.id, attachment.id) : null;
  set.addDocument(line, fax.id, { attachmentId: attachment.id, path, size, sha256 }, at);
  await removeReplaced(dir, before, result);
  return { kind: 'done' };
}
