import { causeText, type PageFacts } from './cause-page.js';
import type { Cause } from '../health/causes.js';
import type { ConnectionView } from '../connection-view.js';
import type { FaxLine } from '../proof/fax-line-store.js';
import { unanswered, type Health } from '../health/health.js';
import { lastFetchedText, reportTexts } from './fax-report-texts.js';

/** With more lines than this, those that are not selected are collapsed. */
const MOST_UNFOLDED = 10;
/** If a line is why a check failed, a line that was read this shortly before was read by the same check. */
const PROOF_LASTS_MS = 5 * 60_000;
const causesOfLines: readonly Cause[] = ['extension_not_visible', 'permission_missing'];

/**
 * The lines as checkboxes; only their results while a check runs, so that a refresh of the page loses no input, and for
 * a person who may not choose.
 */
export function linesPart(view: ConnectionView, facts: PageFacts) {
  const { t, tenantId } = facts;
  const texts = t.connections.lines;
  const lines = [...view.lines].sort((a, b) => Number(b.selected) - Number(a.selected));
  const heading = view.connection.health.serving.state === 'failing' ? texts.headingBefore : texts.heading;
  if (lines.length === 0) return { heading, fetched: null, kind: 'none' as const, text: texts.none };
  const result = (line: FaxLine) =>
    [lineResult(line, view.connection.health, facts), ...reportTexts(line, view, facts)].join(' ');
  // While it does not work, the first sentences of the page say it.
  const fetched = view.shown.state === 'failing' ? null : lastFetchedText(view, facts);
  const name = (line: FaxLine) => texts.name(line.name, line.extensionNumber);
  if (view.checking || facts.isViewer)
    return {
      heading,
      fetched,
      kind: 'results' as const,
      caption: texts.legend,
      head: [texts.columns.line, texts.columns.result],
      rows: lines.filter(({ selected }) => selected).map((line) => [name(line), result(line)]),
    };
  const items = lines.map((line) => ({
    value: line.extensionId,
    text: name(line),
    hint: result(line),
    checked: line.selected,
  }));
  const common = { name: 'extension_id', small: true };
  const folds = items.length > MOST_UNFOLDED;
  const open = folds ? items.filter(({ checked }, index) => checked || index < MOST_UNFOLDED) : items;
  const folded = items.slice(open.length);
  return {
    heading,
    fetched,
    kind: 'form' as const,
    action: `/tenants/${tenantId}/connection/fax-lines`,
    chosen: { ...common, id: 'fax-lines', legend: texts.legend, hint: texts.hint, items: open },
    more:
      folded.length > 0
        ? { ...common, id: 'more-lines', legend: texts.more, summary: texts.more, items: folded }
        : null,
    button: { text: texts.save, variant: 'secondary' },
  };
}

/** The result of reading this line, in one or two sentences. */
export function lineResult(line: FaxLine, health: Health, { t, isv }: Pick<PageFacts, 't' | 'isv'>): string {
  const texts = t.connections.lines;
  if (!line.selected) return texts.notRead;
  if (!line.listed) return texts.gone;
  if (line.readable === 'yes') {
    const { serving } = health;
    if (unanswered(health) && serving.state !== 'failing') return texts.lastReadable;
    if (serving.state !== 'failing') return texts.readable;
    const readSince = Date.parse(serving.since) - PROOF_LASTS_MS;
    const sameCheck = causesOfLines.includes(serving.cause) && (line.probedAt?.getTime() ?? 0) >= readSince;
    return sameCheck ? texts.readable : texts.wasReadable;
  }
  if (line.readable === 'unknown') return texts.unsure;
  if (line.readable === null) return texts.unproved;
  if (line.cause === null) return texts.unreadable;
  const facts = { isv: isv.isvName, app: isv.appName, expires: null, unexpired: false, unanswered: false };
  const why: Partial<Record<Cause, string>> = texts.why;
  return `${texts.unreadable} ${why[line.cause] ?? `${causeText(t, line.cause).title(facts)}.`}`;
}
