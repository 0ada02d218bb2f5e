import { readSet, type ReadSet } from '../set/open-set.js';
import { verifyFolder } from '../set/verify.js';
import { inFolder, type PullSurroundings } from './pull-into.js';

type Say = PullSurroundings['say'];
type Output = Pick<PullSurroundings, 'say' | 'note'>;

/** Prints what the folder holds, as JSON lines, also if it is read-only. Calls no one. @returns the exit code */
export function inspectFolder(what: 'status' | 'verify', folder: string, around: PullSurroundings): Promise<0 | 1 | 2> {
  const inspect = (set: ReadSet) =>
    what === 'status' ? Promise.resolve(status(set, around)) : verify(set, folder, around.say);
  return inFolder(
    folder,
    around,
    ({ set }) => inspect(set),
    async () => {
      const set = await readSet(folder);
      try {
        return await inspect(set);
      } finally {
        set.close();
      }
    },
  );
}

/** One line for each fax line, and then one for each of its faxes that is not there and for each of its gaps. */
function status(set: ReadSet, { say, note }: Output): 0 {
  const lines = set.knownLines();
  if (lines.length === 0) note('no fax line was read into this folder yet: run "faxes pull", or check --to');
  for (const { line, lastCompleteAt, lastRunAt, fill } of lines) {
    const of = { external_ref: line.externalRef, extension_id: line.extensionId };
    const { pending, failed, lost, gaps, oldestPendingAt, oldestFailedAt } = set.countsOf(line);
    const read = { last_complete_at: lastCompleteAt, last_run_at: lastRunAt };
    const oldest = { oldest_pending_at: oldestPendingAt, oldest_failed_at: oldestFailedAt };
    say(JSON.stringify({ ...of, ...read, pending, failed, lost, gaps, ...oldest, fill }));
    for (const { messageId, verdict, since, reason, createdAt } of set.unfinishedOf(line))
      say(JSON.stringify({ ...of, message_id: messageId, verdict, since, reason, created_at: createdAt }));
    for (const { from, to, since } of set.gapsOf(line))
      say(JSON.stringify({ ...of, gap_from: from, gap_to: to, since }));
  }
  return 0;
}

/** One line for each file that is not as it was fetched, and one for the whole folder. */
async function verify(set: ReadSet, folder: string, say: Say): Promise<0 | 1> {
  const counts = { ok: 0, taken_away: 0, damaged: 0 };
  for await (const { path, finding } of verifyFolder(set, folder)) {
    counts[finding] += 1;
    if (finding !== 'ok') say(JSON.stringify({ path, finding }));
  }
  say(JSON.stringify(counts));
  return counts.damaged > 0 ? 1 : 0;
}
