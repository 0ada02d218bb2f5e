import type { Window } from '../rules/window.js';
import type { Availability, FaxLine, ListedPage, MailboxCalls, Unanswered } from '../fax-types.js';
import type { PulledSet } from '../set/pulled-set.js';

export type Listing = {
  /** Every page of the last pass was read, and nothing was missing in it. */
  isComplete: boolean;
  /** Why it is not complete. */
  problem: string | null;
  /** Nothing more can be asked for on this line in this run. */
  isOver: boolean;
  /** The first pass of this listing. */
  firstPass: number;
  /** Faxes that were never listed before. */
  new: number;
  /** Records whose ids are no ids, in the last pass. */
  unreadable: number;
};

const everything: Availability[] = ['alive', 'deleted', 'purged'];
const PER_PAGE = 100;
/** A mailbox holds a few hundred messages; what says that it has more pages than this does not end. */
const MOST_PAGES = 500;
const MOST_PASSES = 8;

type Pass = { ids: number; total: number; unseen: number; unreadable: number };

/**
 * Lists a line until a whole pass over its pages shows no fax that was never seen, and as many messages as RingCentral
 * says there are. While pages are read, messages move between them; one pass may miss some.
 */
export async function listLine(
  line: FaxLine,
  window: Window,
  { calls, set }: { calls: MailboxCalls; set: PulledSet },
): Promise<Listing> {
  const listing: Listing = {
    isComplete: false,
    problem: null,
    isOver: false,
    firstPass: set.newPass(),
    new: 0,
    unreadable: 0,
  };
  for (let round = 0, pass = listing.firstPass; round < MOST_PASSES; round += 1, pass = set.newPass()) {
    const result = await readPass(line, window, pass, calls, set);
    listing.new += result.pass.unseen;
    listing.unreadable = result.pass.unreadable;
    if (result.problem)
      return { ...listing, problem: problemOf(result.problem), isOver: result.problem.kind !== 'inconclusive' };
    if (result.pass.unseen === 0 && result.pass.ids >= result.pass.total) return { ...listing, isComplete: true };
  }
  return { ...listing, problem: 'the list does not settle' };
}

async function readPass(
  line: FaxLine,
  window: Window,
  number: number,
  calls: MailboxCalls,
  set: PulledSet,
): Promise<{ pass: Pass; problem: Unanswered | null }> {
  const pass: Pass = { ids: 0, total: 0, unseen: 0, unreadable: 0 };
  const others = new Set<string>();
  for (let page = 1; ; page += 1) {
    const request = { ...window, page, perPage: PER_PAGE, availability: everything };
    const answer = await calls.page(line, request);
    if (answer.kind !== 'page') return { pass, problem: answer };
    const { faxes, paging } = answer;
    const noted = set.note(line, faxes, window.dateTo, number);
    const otherIds = answer.others.filter((id) => !others.has(id));
    for (const id of otherIds) others.add(id);
    pass.unseen += noted.filter((one) => one === 'new').length;
    pass.ids += noted.filter((one) => one !== 'seen').length + otherIds.length + answer.unreadable;
    pass.unreadable += answer.unreadable;
    pass.total = Math.max(pass.total, paging.totalElements);
    if (isLast(answer, page)) return { pass, problem: null };
    if (page >= MOST_PAGES) return { pass, problem: { kind: 'inconclusive', reason: 'the list does not end' } };
  }
}

const isLast = ({ faxes, others, unreadable, paging }: ListedPage, page: number): boolean =>
  page >= paging.totalPages || faxes.length + others.length + unreadable === 0;

export function problemOf(answer: Unanswered): string {
  return answer.kind === 'refused' ? `refused ${answer.code ?? answer.status}` : answer.reason;
}
