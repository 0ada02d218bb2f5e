const HOUR_MS = 3_600_000;
/** So late a fax may appear with a `creationTime` of before. */
const OVERLAP_MS = 48 * HOUR_MS;
const FIRST_MS = 30 * 24 * HOUR_MS;
/** Clocks may differ by this much. */
const MOST_AHEAD_MS = 300_000;

export type Window = { dateFrom: string; dateTo: string };

/**
 * The period that a listing covers.
 *
 * @param at now, by RingCentral's clock if it told the time
 * @param lastCompleteAt the end of the last complete listing; one in the future was written by a clock that was wrong,
 *   so that it is not known when that listing was
 * @param since from when on at the latest, if a person said so
 */
export function windowOf(at: string, lastCompleteAt: string | null, since: string | null): Window {
  const now = Date.parse(at);
  const last = lastCompleteAt === null ? null : Date.parse(lastCompleteAt);
  const usual = last === null || last > now + MOST_AHEAD_MS ? now - FIRST_MS : Math.min(last, now) - OVERLAP_MS;
  const from = since === null ? usual : Math.min(usual, Date.parse(since));
  return { dateFrom: new Date(from).toISOString(), dateTo: new Date(now).toISOString() };
}

/**
 * Whether RingCentral's answer tells a time that is long past, as an answer that something in between kept does: it is
 * far before the last complete listing, and our clock does not agree. If our clock agrees, the listing had a wrong time.
 */
export const isLongPast = (at: string, lastCompleteAt: string | null, now: string): boolean =>
  lastCompleteAt !== null &&
  Date.parse(lastCompleteAt) - Date.parse(at) > OVERLAP_MS &&
  Math.abs(Date.parse(now) - Date.parse(at)) > OVERLAP_MS;

export type Gap = { from: string; to: string };
type Mailbox = {
  /** How many messages it may have held at once since the last complete listing, deleted ones included. */
  mostMessages: number;
  cap: number;
  /** Whether a message is alive in it that is older than everything the listing may have missed. */
  holdsOlder: boolean;
  /** The `creationTime` of its oldest alive fax; null without one. */
  oldestAliveAt: string | null;
};

/**
 * The period in which the mailbox may have dropped faxes that no listing showed. It drops the oldest messages first:
 * the one with the oldest `creationTime`, or the one that arrived first, which is not known. So an older message that
 * is still there proves that nothing was dropped. An alive fax may itself have arrived late, hence the overlap at the
 * end.
 */
export function gapIn({ dateFrom, dateTo }: Window, mailbox: Mailbox): Gap | null {
  const { mostMessages, cap, holdsOlder, oldestAliveAt } = mailbox;
  if (mostMessages < cap || holdsOlder) return null;
  const last = oldestAliveAt === null ? Infinity : Date.parse(oldestAliveAt) + OVERLAP_MS;
  return { from: dateFrom, to: new Date(Math.min(last, Date.parse(dateTo))).toISOString() };
}
