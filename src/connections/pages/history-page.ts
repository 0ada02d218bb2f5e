import { dateOnly, dayAndMonth, type Clock } from '../../platform/http/view-helpers.js';
import type { Texts } from '../../texts/texts.js';
import { causeText } from './cause-page.js';
import type { StateAndCause } from '../health/connection-events.js';
import type { Past } from '../connection-view.js';
import { shownStates, type ShownState } from '../health/health.js';
import { historyRuns, type HistoryDay } from '../health/history.js';
import type { Incident } from '../health/incident-store.js';

type Facts = {
  t: Texts;
  clock: Clock;
  /** The name of the person who fixed something; undefined if the reader must not see it. */
  nameOf: (personId: string) => string | undefined;
};

const DAYS_A_PART = 30;
const COLUMN = 10;
const HEIGHT = 32;

/** Each state has a distinct shape, so that color is not needed. Drawn in a column that begins at `x`. */
const shapes: Record<ShownState, (x: number) => string> = {
  healthy: (x) => `M${x + 1} 2h8v28h-8z`,
  warning: (x) => `M${x + 5} 8l4 8v14h-8v-14z`,
  failing: (x) => `M${x + 1} 2h2l2 11 2-11h2l-3 14 3 14h-2l-2-11-2 11h-2l3-14z`,
  unverified: (x) => `M${x + 1} 2h8v28h-8zM${x + 3} 4v24h4v-24z`,
  pending: (x) => `M${x + 1} 22h8v2h-8zM${x + 1} 28h8v2h-8z`,
  disconnected: (x) => `M${x + 1} 28h8v2h-8z`,
  not_connected: (x) => `M${x + 4} 28h2v2h-2z`,
};

const stateText = ({ state, cause }: StateAndCause, t: Texts): string =>
  cause === null ? t.connections.states[state] : `${t.connections.states[state]}: ${causeText(t, cause).short}`;

/** Days are UTC days, whatever the reader's time zone. */
const dayText = (day: string, { language }: Clock, format = dateOnly): string =>
  format(new Date(`${day}T12:00:00.000Z`), { language, timeZone: 'UTC' });

/** The data of views/connections/history.ejs; null if there is nothing to show yet. */
export function historyPart({ days, incidents }: Past, facts: Facts) {
  const { t, clock } = facts;
  const texts = t.connections.history;
  const runs = historyRuns(days);
  if (runs.every(({ shown }) => shown.state === 'not_connected' || shown.state === 'pending')) return null;
  const counts = shownStates
    .map((state) => ({ state, count: days.filter(({ shown }) => shown?.state === state).length }))
    .filter(({ count }) => count > 0);
  return {
    heading: texts.heading(days.length),
    summary: counts.map(({ state, count }) => texts.days(t.connections.states[state], count)).join(', '),
    parts: partsOf(days, clock),
    width: DAYS_A_PART * COLUMN,
    height: HEIGHT,
    legend: counts.map(({ state }) => ({ state, text: t.connections.states[state], path: shapes[state](0) })),
    days: {
      summary: texts.asTable,
      note: texts.utc,
      table: {
        caption: texts.asTable,
        hideCaption: true,
        head: [texts.columns.days, texts.columns.state],
        rows: runs.map(({ from, to, shown }) => [
          from === to ? dayText(from, clock) : texts.span(dayText(from, clock), dayText(to, clock)),
          stateText(shown, t),
        ]),
      },
    },
    incidents: incidents.length === 0 ? null : incidentsTable(incidents, facts),
  };
}

export type HistoryPart = ReturnType<typeof historyPart>;

/** The strip by months: one path for each state that occurs in it. `from` and `to` are its first and last day. */
const partsOf = (days: readonly HistoryDay[], clock: Clock) =>
  Array.from({ length: Math.ceil(days.length / DAYS_A_PART) }, (_, index) => {
    const part = days.slice(index * DAYS_A_PART, (index + 1) * DAYS_A_PART);
    const paths = new Map<ShownState, string>();
    for (const [column, { shown }] of part.entries())
      if (shown) paths.set(shown.state, (paths.get(shown.state) ?? '') + shapes[shown.state](column * COLUMN));
    return {
      from: dayText(part[0]?.day ?? '', clock, dayAndMonth),
      to: dayText(part.at(-1)?.day ?? '', clock, dayAndMonth),
      shapes: [...paths].map(([state, path]) => ({ state, path })),
    };
  });

function incidentsTable(incidents: Incident[], { t, clock, nameOf }: Facts) {
  const texts = t.connections.history;
  const { columns } = texts;
  const fixed = ({ closing }: Incident) => {
    if (!closing) return '';
    const name = closing.by === null ? undefined : nameOf(closing.by);
    return { text: texts.fixed[closing.how], ...(name === undefined ? {} : { note: texts.by[closing.how](name) }) };
  };
  return {
    caption: texts.troubles,
    head: [columns.cause, columns.began, columns.ended, columns.fixed],
    rows: incidents.map((incident) => [
      incident.cause === null ? '' : causeText(t, incident.cause).short,
      dateOnly(incident.openedAt, clock),
      incident.closedAt ? dateOnly(incident.closedAt, clock) : texts.notYet,
      fixed(incident),
    ]),
  };
}
