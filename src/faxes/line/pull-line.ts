import { fetchFax, type FetchTools } from './fetch-fax.js';
import { isUnusuallyQuiet, MAILBOX_CAP, nextRunMinutes } from '../rules/fill.js';
import { listLine, problemOf, type Listing } from './listing.js';
import { isWorthRetrying } from '../rules/verdict.js';
import { gapIn, isLongPast, windowOf, type Window } from '../rules/window.js';
import { onFolder } from '../documents/folder-error.js';
import type { FaxLine, LineProgress, LineResult, MailboxCalls } from '../fax-types.js';
import type { PulledSet } from '../set/pulled-set.js';

export type PullTools = FetchTools & {
  now: () => Date;
  /** False at once, or as soon as it is known, if the run is over: nothing is asked again then. */
  wait: (milliseconds: number) => Promise<boolean>;
  /** From when on the line is listed at the latest, as ISO 8601 UTC. */
  since: string | null;
  /** Only if it is not the 200 of RingCentral. */
  cap?: number;
  onProgress?: (progress: LineProgress) => void;
};

const RETRY_AFTER_MS = [30_000, 120_000, 600_000];
const DAY_MS = 86_400_000;
/** From so many days the rate of a line is worked out; its fill is kept as long. */
const RATE_DAYS = 14;
const QUIET_DAYS = 60;

/**
 * Brings a line up to date: lists it, fetches what is missing, oldest first, asks again for what is not there yet, and
 * says what can no longer be had. What RingCentral answers never makes it throw.
 *
 * @throws {FolderError} if nothing can be written: the run must end
 */
export const pullLine = (line: FaxLine, tools: PullTools): Promise<LineResult> => onFolder(() => pull(line, tools));

async function pull(line: FaxLine, tools: PullTools): Promise<LineResult> {
  const { calls, set, now, since, cap = MAILBOX_CAP } = tools;
  const counted = await calls.mailboxCount(line, { availability: ['alive'], dateTo: null });
  const isCounted = counted.kind === 'count';
  const lastCompleteAt = set.lastCompleteAt(line);
  const ours = now().toISOString();
  const told = (isCounted && counted.at) || ours;
  const isWrong = isLongPast(told, lastCompleteAt, ours);
  const at = isWrong ? ours : told;
  const fill = isCounted && !isWrong ? counted.messages : null;
  const obstacle = isWrong ? 'wrong_clock' : isCounted || counted.kind === 'inconclusive' ? null : problemOf(counted);
  const listing: Listing =
    obstacle === null
      ? await listLine(line, windowOf(at, lastCompleteAt, since), tools)
      : { isComplete: false, problem: obstacle, isOver: true, firstPass: Infinity, new: 0, unreadable: 0 };
  const gapProblem = listing.isComplete
    ? await noteGap(line, windowOf(at, lastCompleteAt, null), listing, cap, tools)
    : null;
  const isComplete = listing.isComplete && gapProblem === null;
  const { fetched, problem } = listing.isOver ? { fetched: 0, problem: null } : await fetchAll(line, at, tools);
  const before = (days: number) => new Date(Date.parse(at) - days * DAY_MS).toISOString();
  // The set cannot hold a record without an id: the window keeps it, so that every run counts it.
  const completeAt = isComplete && listing.unreadable === 0 ? at : null;
  set.noteRun(line, { at, completeAt, fill }, before(RATE_DAYS));
  const { failed, ...counts } = set.countsOf(line);
  return {
    line,
    at,
    isComplete,
    problem: listing.problem ?? gapProblem ?? problem,
    listed: listing.firstPass === Infinity ? 0 : set.listedSince(line, listing.firstPass),
    new: listing.new,
    fetched,
    failed: failed + listing.unreadable,
    ...counts,
    fill,
    isUnusuallyQuiet: isUnusuallyQuiet(set.daysBetween(line, before(QUIET_DAYS), at), at),
    nextRunMinutes: nextRunMinutes(set.hoursSince(line, before(RATE_DAYS)), set.fillsSince(line, before(RATE_DAYS))),
  };
}

/**
 * Notes a gap, if the mailbox may have dropped faxes between the listings. Asked after the listing: what is still there
 * now was there all the time. If it cannot be known, the listing does not count, so that the next run asks again.
 */
async function noteGap(
  line: FaxLine,
  window: Window,
  { firstPass }: Listing,
  cap: number,
  { calls, set }: { calls: MailboxCalls; set: PulledSet },
): Promise<string | null> {
  const older = await calls.mailboxCount(line, { availability: ['alive'], dateTo: window.dateFrom });
  if (older.kind !== 'count') return problemOf(older);
  const holdsOlder = older.messages > 0;
  if (holdsOlder) return null;
  // Purged messages may have been there together with the others, voicemails too. Those from before the window are
  // counted first, because a message that is purged meanwhile must not be taken off.
  const before = await calls.mailboxCount(line, { availability: ['purged'], dateTo: window.dateFrom });
  if (before.kind !== 'count') return problemOf(before);
  const all = await calls.mailboxCount(line, { availability: ['alive', 'deleted', 'purged'], dateTo: null });
  if (all.kind !== 'count') return problemOf(all);
  const mostMessages = all.messages - before.messages;
  const oldestAliveAt = set.oldestAliveAt(line, window.dateFrom, firstPass);
  const gap = gapIn(window, { mostMessages, cap, holdsOlder, oldestAliveAt });
  if (gap) set.noteGap(line, gap, window.dateTo);
  return null;
}

/** Asks for everything that is missing once, and up to three times more for what may come within minutes. */
async function fetchAll(
  line: FaxLine,
  at: string,
  tools: PullTools,
): Promise<{ fetched: number; problem: string | null }> {
  const { set, wait, onProgress } = tools;
  let fetched = 0;
  for (let round = 0; round <= RETRY_AFTER_MS.length; round += 1) {
    let open = countOpen(set, line);
    let isWorthIt = false;
    for (let fax = set.nextUnfinished(line, null); fax; fax = set.nextUnfinished(line, fax)) {
      onProgress?.({ line, open, fetched });
      if (round > 0 && !isWorthRetrying(fax, at)) continue;
      const state = await fetchFax(line, fax, at, tools);
      if ('kind' in state) return { fetched, problem: state.reason };
      open -= 1;
      if (state.verdict === 'done') fetched += 1;
      isWorthIt ||= isWorthRetrying(state, at);
    }
    onProgress?.({ line, open, fetched });
    const waitMs = RETRY_AFTER_MS[round];
    if (!isWorthIt || waitMs === undefined || !(await wait(waitMs))) break;
  }
  return { fetched, problem: null };
}

function countOpen(set: PulledSet, line: FaxLine): number {
  const { pending, failed } = set.countsOf(line);
  return pending + failed;
}
