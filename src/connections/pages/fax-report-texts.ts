import type { FaxReport, ReportedLine } from '../../fax-reports/fax-report-types.js';
import { fetchedUpTo, fillOf, quietSince } from '../../fax-reports/mailbox.js';
import { usualGapDays } from '../../faxes/rules/fill.js';
import { dateOnly, exactTime, wholeNumber } from '../../platform/http/view-helpers.js';
import type { ConnectionView } from '../connection-view.js';
import type { FaxLine } from '../proof/fax-line-store.js';
import type { PageFacts } from './cause-page.js';

type Facts = Pick<PageFacts, 't' | 'clock'>;

const reportOf = (line: FaxLine, report: FaxReport | null): ReportedLine | undefined =>
  line.selected ? report?.lines.find(({ extensionId }) => extensionId === line.extensionId) : undefined;

/** Up to when the faxes of every line that is read were fetched; null if that is not known. */
export const lastFetchedAt = ({ lines, faxReport }: Pick<ConnectionView, 'lines' | 'faxReport'>): Date | null =>
  fetchedUpTo(
    lines.filter(({ selected }) => selected).map(({ extensionId }) => extensionId),
    faxReport?.lines ?? [],
  );

export function lastFetchedText(view: ConnectionView, { t, clock }: Facts): string | null {
  const at = lastFetchedAt(view);
  return at && t.connections.faxes.lastFetched(exactTime(at, clock));
}

/** How full the mailbox was, and when it is full; empty if it was never counted. */
export function fillTexts(line: Pick<ReportedLine, 'recent'>, { t, clock }: Facts): string[] {
  const texts = t.connections.faxes.mailbox;
  const fill = fillOf(line);
  if (!fill) return [];
  const said = texts[fill.level](wholeNumber(fill.messages, clock.language));
  if (fill.level !== 'filling' || fill.fullAt === null) return [said];
  const date = dateOnly(fill.fullAt, clock);
  return [said, fill.fullAt > clock.now ? texts.willBeFull(date) : texts.shouldBeFull(date)];
}

/** Everything that the last run said of a line; empty if no run was reported for the clinic. */
export function reportTexts(line: FaxLine, view: Pick<ConnectionView, 'lines' | 'faxReport'>, facts: Facts): string[] {
  const { t, clock } = facts;
  const texts = t.connections.faxes;
  const { faxReport } = view;
  if (!faxReport || !line.selected) return [];
  const found = reportOf(line, faxReport);
  if (!found) return [texts.lineNeverFetched];
  const left = found.pending + found.failed;
  const wereAllRead = Number(lastFetchedAt(view)) === Number(faxReport.completedAt);
  return [
    ...(wereAllRead ? [] : [texts.lineFetched(exactTime(found.completedAt, clock))]),
    ...fillTexts(found, facts),
    ...quietTexts(found, facts),
    ...(left > 0 ? [texts.left(left)] : []),
    ...(found.lost > 0 ? [texts.lost(found.lost)] : []),
    ...(found.gaps > 0 ? [texts.gaps] : []),
  ];
}

function quietTexts(line: ReportedLine, { t, clock }: Facts): string[] {
  const since = quietSince(line);
  const gap = usualGapDays(line.recent.days);
  const texts = t.connections.faxes;
  return since && gap !== null ? [texts.quiet(dateOnly(since, clock), texts.every(Math.round(gap)))] : [];
}

/** The lines whose mailboxes were filling up, each with its fill and the date on which it is full. */
export const fillingTexts = ({ lines, faxReport }: ConnectionView, facts: Facts): string[] =>
  lines.flatMap((line) => {
    const found = reportOf(line, faxReport);
    const isFilling = found && fillOf(found)?.level !== 'fine';
    const texts = isFilling ? fillTexts(found, facts) : [];
    return texts.length > 0 ? [`${nameOf(line, facts)}: ${texts.join(' ')}`] : [];
  });

/** The lines that are unusually quiet. */
export const quietNotes = ({ lines, faxReport }: ConnectionView, facts: Facts): string[] =>
  lines.flatMap((line) => {
    const found = reportOf(line, faxReport);
    const since = found && quietSince(found);
    const { quietNote } = facts.t.connections.faxes;
    return since ? [quietNote(nameOf(line, facts), dateOnly(since, facts.clock))] : [];
  });

const nameOf = (line: FaxLine, { t }: Facts): string => t.connections.lines.name(line.name, line.extensionNumber);
