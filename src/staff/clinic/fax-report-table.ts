import type { ConnectionView } from '../../connections/connection-view.js';
import { fillTexts, lastFetchedAt, quietNotes } from '../../connections/pages/fax-report-texts.js';
import { faxesLostAt } from '../../connections/health/faxes-lost.js';
import type { ReportedLine } from '../../fax-reports/fax-report-types.js';
import { fillOf } from '../../fax-reports/mailbox.js';
import type { Cell, Row, Table } from '../../platform/http/content.js';
import { dateOnly, exactTime, shownTime, wholeNumber } from '../../platform/http/view-helpers.js';
import type { ClinicFacts } from './clinic-evidence.js';

/** When faxes were last fetched and, while the connection does not work, from when on they are lost. */
export function faxRows(view: ConnectionView, { t, clock }: ClinicFacts): Row[] {
  const { faxReport, connection, shown } = view;
  if (!view.active) return [];
  const fetchedAt = lastFetchedAt(view);
  const texts = t.staff.tenant.faxes;
  const lostAt = faxesLostAt(connection.health, faxReport);
  return [
    {
      key: texts.fetched,
      value: fetchedAt ? { time: shownTime(fetchedAt, clock) } : faxReport ? texts.notEvery : texts.noRun,
    },
    ...(shown.state === 'failing'
      ? [{ key: lostAt > clock.now ? texts.lostAfter : texts.lostSince, value: dateOnly(lostAt, clock) }]
      : []),
  ];
}

/** What the last complete run said of each line; null if no run was reported. */
export function faxesPart(view: ConnectionView, facts: ClinicFacts): { table: Table; notes: string[] } | null {
  const { t, clock } = facts;
  const { faxReport, lines } = view;
  if (!faxReport) return null;
  const { caption, empty, columns } = t.staff.tenant.faxes;
  const number = (value: number) => wholeNumber(value, t.common.lang);
  const waiting = (count: number, oldest: Date | null): Cell => ({
    text: number(count),
    ...(oldest ? { note: t.staff.tenant.faxes.oldest(exactTime(oldest, clock)) } : {}),
  });
  const rows = lines.flatMap((line): Cell[][] => {
    const found = faxReport.lines.find(({ extensionId }) => extensionId === line.extensionId);
    if (!found || !line.selected) return [];
    return [
      [
        { text: t.connections.lines.name(line.name, line.extensionNumber), note: line.extensionId },
        { time: shownTime(found.completedAt, clock) },
        mailboxCell(found, facts),
        waiting(found.pending, found.oldestPendingAt),
        waiting(found.failed, found.oldestFailedAt),
        number(found.lost),
        number(found.gaps),
      ],
    ];
  });
  const head = [
    columns.line,
    columns.run,
    columns.mailbox,
    columns.pending,
    columns.failed,
    columns.lost,
    columns.gaps,
  ];
  return { table: { caption, empty, head, rows }, notes: quietNotes(view, facts) };
}

function mailboxCell(line: ReportedLine, facts: ClinicFacts): Cell {
  const texts = facts.t.staff.tenant.faxes;
  const fill = fillOf(line);
  if (!fill) return texts.notCounted;
  const text = texts.of200(wholeNumber(fill.messages, facts.t.common.lang));
  return fill.level === 'fine' ? text : { text, note: fillTexts(line, facts).join(' ') };
}
