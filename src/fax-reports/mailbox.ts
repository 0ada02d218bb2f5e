import { isUnusuallyQuiet, MAILBOX_CAP } from '../faxes/rules/fill.js';

/** From this many on, staff and the clinic are warned. */
export const FILLING_FROM = 150;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The pace is that of the last week, because weekends differ from other days. */
const PACE_MS = 7 * DAY_MS;
/** Counts closer together than this say little about the pace. */
const APART_MS = 12 * HOUR_MS;
/** A pace that was seen for a shorter time is not used. */
const LEAST_SPAN_MS = HOUR_MS;
/** Days with new faxes that are remembered. */
const MOST_DAYS = 30;
/** RingCentral's mailboxes keep faxes this long. */
const KEPT_DAYS = 30;

/**
 * What is remembered of a line from report to report. Times are ISO 8601 UTC, because the value is stored as it is.
 *
 * `fills`: how many messages were in the mailbox, oldest first. `days`: days of UTC with new faxes, oldest first.
 * `receivedAt`: the last run with a new fax; null before the first.
 */
export type Recent = { fills: { at: string; messages: number }[]; days: string[]; receivedAt: string | null };

export const nothingYet: Recent = { fills: [], days: [], receivedAt: null };

/** What is known of a line. `completedAt`: the last complete run. */
export type KnownLine = { completedAt: Date; pending: number; failed: number; recent: Recent };

/**
 * Up to when the faxes of all these lines were fetched: the oldest of their last complete listings. null if one was never
 * listed completely, or if there is no line.
 */
export function fetchedUpTo(
  extensionIds: readonly string[],
  lines: readonly (Pick<KnownLine, 'completedAt'> & { extensionId: string })[],
): Date | null {
  const times = extensionIds.map((id) => lines.find(({ extensionId }) => extensionId === id)?.completedAt);
  const known = times.filter((time) => time !== undefined);
  return known.length < times.length || known.length === 0 ? null : new Date(Math.min(...known.map(Number)));
}

const ms = (at: string): number => Date.parse(at);
const dayOf = (at: Date): string => at.toISOString().slice(0, 'yyyy-mm-dd'.length);

/**
 * Adds one run to what is remembered. A run that is reported twice counts once.
 *
 * @param messages how many messages were in the mailbox; null if that is not known
 * @param hasNew whether the run found a fax that no run before had found
 */
export function withRun(
  recent: Recent,
  { at, messages, hasNew }: { at: Date; messages: number | null; hasNew: boolean },
): Recent {
  const now = at.toISOString();
  const day = dayOf(at);
  return {
    fills: messages === null ? recent.fills : withFill(recent.fills, { at: now, messages }),
    days: hasNew ? [...new Set([...recent.days, day])].slice(-MOST_DAYS) : recent.days,
    receivedAt: hasNew ? now : recent.receivedAt,
  };
}

/** The newest count is always kept; between it and the oldest, counts that are some time apart. */
function withFill(fills: Recent['fills'], fill: Recent['fills'][number]): Recent['fills'] {
  const kept = fills.filter(({ at }) => at < fill.at && ms(at) >= ms(fill.at) - PACE_MS);
  const [before, last] = kept.slice(-2);
  if (before && last && ms(last.at) - ms(before.at) < APART_MS) kept.pop();
  return [...kept, fill];
}

/**
 * How many messages a mailbox gains in a day; null if too little is known. Only gains count: what people delete at once
 * says nothing about what arrives.
 */
export function gainPerDay({ fills }: Recent): number | null {
  const [first, last] = [fills[0], fills.at(-1)];
  if (!first || !last || ms(last.at) - ms(first.at) < LEAST_SPAN_MS) return null;
  const gained = fills.reduce(
    (sum, { messages }, n) => sum + Math.max(0, messages - (fills[n - 1] ?? first).messages),
    0,
  );
  return (gained * DAY_MS) / (ms(last.at) - ms(first.at));
}

/** `fullAt`: when the next message pushes out the oldest one, at the present pace; null if that cannot be told. */
export type Fill = { messages: number; at: Date; level: 'fine' | 'filling' | 'full'; fullAt: Date | null };

/** How full a mailbox was when it was last counted; null if it never was. */
export function fillOf({ recent }: Pick<KnownLine, 'recent'>): Fill | null {
  const last = recent.fills.at(-1);
  if (!last) return null;
  const { messages } = last;
  const at = new Date(last.at);
  if (messages >= MAILBOX_CAP) return { messages, at, level: 'full', fullAt: at };
  const gain = gainPerDay(recent);
  const fullAt = gain ? new Date(at.getTime() + ((MAILBOX_CAP - messages) / gain) * DAY_MS) : null;
  return { messages, at, level: messages >= FILLING_FROM ? 'filling' : 'fine', fullAt };
}

/**
 * Since when a line is unusually quiet, by the days on which runs found new faxes. Runs that did not take place say
 * nothing. null if it is not quiet, or if too little is known.
 */
export const quietSince = ({ completedAt, recent }: Pick<KnownLine, 'completedAt' | 'recent'>): Date | null =>
  recent.receivedAt !== null && isUnusuallyQuiet(recent.days, dayOf(completedAt)) ? new Date(recent.receivedAt) : null;

/**
 * When faxes of a line begin to be lost if no run fetches them. Everything that arrived before the last complete run is
 * fetched, so the first loss is a fax that arrived after it: it is purged by its age, or pushed out by as many newer
 * messages as a mailbox keeps. If a run left faxes behind, one of them may be the next that is pushed out.
 */
export function lossAt(line: KnownLine): Date {
  const after = (days: number) => line.completedAt.getTime() + days * DAY_MS;
  const gain = gainPerDay(line.recent);
  const pushedOut = gain ? after(MAILBOX_CAP / gain) : Infinity;
  const behind = line.pending + line.failed > 0 ? (fillOf(line)?.fullAt?.getTime() ?? Infinity) : Infinity;
  return new Date(Math.min(after(KEPT_DAYS), pushedOut, behind));
}
