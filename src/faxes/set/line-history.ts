import type Database from 'better-sqlite3';
import type { FaxLine } from '../fax-types.js';
import type { Fill, HourCount } from '../rules/fill.js';
import type { Gap } from '../rules/window.js';

/** What a line looks like as of now. Lost faxes and gaps are never forgotten. */
export type LineCounts = {
  /** Never asked for, or not there yet. */
  pending: number;
  failed: number;
  lost: number;
  gaps: number;
  oldestPendingAt: string | null;
  oldestFailedAt: string | null;
};

/** What the set remembers of lines: complete listings, fill, gaps, and when faxes came. */
export function historyOf(db: Database.Database) {
  const ofLine = 'account = @account and extension = @extension';
  const sql = {
    lastComplete: db.prepare<object, { last_complete_at: string | null }>(
      `select last_complete_at from lines where ${ofLine}`,
    ),
    run: db.prepare(
      `insert into lines values (@account, @extension, @externalRef, @completeAt, @at, @fill)
       on conflict do update set external_ref = @externalRef, last_run_at = @at, fill = coalesce(@fill, fill),
       last_complete_at = coalesce(@completeAt, last_complete_at)`,
    ),
    fill: db.prepare('insert or replace into fills values (@account, @extension, @at, @fill)'),
    oldFills: db.prepare(`delete from fills where ${ofLine} and at < @before`),
    fills: db.prepare<object, Fill>(`select at, messages from fills where ${ofLine} and at >= @from order by at`),
    hours: db.prepare<object, HourCount>(
      `select substr(created_at, 1, 13) as hour, count(*) as faxes from messages
       where ${ofLine} and created_at >= @from group by 1 order by 1`,
    ),
    days: db.prepare<object, { day: string }>(
      `select distinct substr(created_at, 1, 10) as day from messages
       where ${ofLine} and created_at >= @from and created_at <= @to order by 1`,
    ),
    oldestAlive: db.prepare<object, { at: string | null }>(
      `select min(created_at) as at from messages
       where ${ofLine} and created_at >= @dateFrom and pass >= @pass and availability = 'alive'`,
    ),
    listed: db.prepare<object, { listed: number }>(
      `select count(*) as listed from messages where ${ofLine} and pass >= @pass`,
    ),
    verdicts: db.prepare<object, { verdict: string; faxes: number; oldest: string }>(
      `select verdict, count(*) as faxes, min(since) as oldest from messages
       where ${ofLine} and verdict <> 'done' group by 1`,
    ),
    gaps: db.prepare<object, { from_at: string; to_at: string; since: string }>(
      `select from_at, to_at, since from gaps where ${ofLine}`,
    ),
    dropGap: db.prepare(`delete from gaps where ${ofLine} and from_at = @from_at`),
    gap: db.prepare('insert into gaps values (@account, @extension, @from, @to, @since)'),
  };
  const keyOf = ({ accountId, extensionId }: FaxLine) => ({ account: accountId, extension: extensionId });

  return {
    lastCompleteAt: (line: FaxLine): string | null => sql.lastComplete.get(keyOf(line))?.last_complete_at ?? null,

    /** A run over a line has ended. `completeAt`: the end of its listing, if that is complete. */
    noteRun: db.transaction(
      (line: FaxLine, run: { at: string; completeAt: string | null; fill: number | null }, keepFrom: string) => {
        const key = keyOf(line);
        sql.run.run({ ...key, externalRef: line.externalRef, ...run });
        if (run.fill !== null) sql.fill.run({ ...key, at: run.at, fill: run.fill });
        sql.oldFills.run({ ...key, before: keepFrom });
      },
    ),

    /** Notes a gap. It becomes one with gaps that it touches, and keeps the time when the first of them was seen. */
    noteGap: db.transaction((line: FaxLine, gap: Gap, at: string): void => {
      const key = keyOf(line);
      const touching = sql.gaps.all(key).filter(({ from_at, to_at }) => from_at <= gap.to && to_at >= gap.from);
      for (const { from_at } of touching) sql.dropGap.run({ ...key, from_at });
      const least = (texts: string[]): string => texts.sort()[0] ?? at;
      const from = least([gap.from, ...touching.map(({ from_at }) => from_at)]);
      const to = [gap.to, ...touching.map(({ to_at }) => to_at)].sort().at(-1);
      sql.gap.run({ ...key, from, to, since: least([at, ...touching.map(({ since }) => since)]) });
    }),

    gapsOf: (line: FaxLine): (Gap & { since: string })[] =>
      sql.gaps.all(keyOf(line)).map(({ from_at: from, to_at: to, since }) => ({ from, to, since })),

    fillsSince: (line: FaxLine, from: string): Fill[] => sql.fills.all({ ...keyOf(line), from }),
    hoursSince: (line: FaxLine, from: string): HourCount[] => sql.hours.all({ ...keyOf(line), from }),
    daysBetween: (line: FaxLine, from: string, to: string): string[] =>
      sql.days.all({ ...keyOf(line), from, to }).map(({ day }) => day),

    /** Of the faxes that passes from `pass` on showed. */
    oldestAliveAt: (line: FaxLine, dateFrom: string, pass: number): string | null =>
      sql.oldestAlive.get({ ...keyOf(line), dateFrom, pass })?.at ?? null,
    listedSince: (line: FaxLine, pass: number): number => sql.listed.get({ ...keyOf(line), pass })?.listed ?? 0,

    countsOf(line: FaxLine): LineCounts {
      const rows = sql.verdicts.all(keyOf(line));
      const of = (...verdicts: string[]) => rows.filter(({ verdict }) => verdicts.includes(verdict));
      const sum = (found: { faxes: number }[]) => found.reduce((total, { faxes }) => total + faxes, 0);
      const oldest = (found: { oldest: string }[]) => found.map((row) => row.oldest).sort()[0] ?? null;
      const [pending, failed] = [of('open', 'pending'), of('failed')];
      return {
        pending: sum(pending),
        failed: sum(failed),
        lost: sum(of('lost')),
        gaps: sql.gaps.all(keyOf(line)).length,
        oldestPendingAt: oldest(pending),
        oldestFailedAt: oldest(failed),
      };
    },
  };
}
