import type { Cell, Row } from '../../platform/http/content.js';
import { wholeNumber } from '../../platform/http/view-helpers.js';
import type { Attempt, DeliveryRow, Endpoint } from '../webhook-types.js';
import { deliveryState, timeCell, webhooksUrl, type Facts, type WebhookNotice } from './endpoint-pages.js';

type Shown = {
  endpoint: Endpoint;
  row: DeliveryRow;
  attempts: readonly Attempt[];
  mayChange: boolean;
  notice?: WebhookNotice | undefined;
};

/** One event at one endpoint: its body, and each request with its answer. */
export function deliveryPage({ endpoint, row, attempts, mayChange, notice }: Shown, facts: Facts) {
  const { t, clock } = facts;
  const texts = t.webhooks;
  const { delivery, one } = texts;
  const url = `${webhooksUrl}/${endpoint.id}`;
  const rows: Row[] = [
    { key: delivery.id, value: row.eventId },
    { key: one.columns.event, value: row.type },
    { key: one.columns.number, value: row.seq === null ? texts.test : wholeNumber(row.seq, clock.language) },
    { key: one.columns.state, value: deliveryState(row, facts) },
    { key: one.columns.time, value: timeCell(row.madeAt, facts) },
    ...(row.state === 'open' ? [{ key: delivery.nextTry, value: timeCell(row.dueAt, facts) }] : []),
  ];
  const { columns } = delivery;
  return {
    title: delivery.title(row.type),
    backLink: { text: endpoint.description, href: url },
    notice: notice && texts.notices[notice],
    rows,
    body: { heading: delivery.body, text: row.body },
    attempts: {
      caption: delivery.attempts,
      empty: delivery.noAttempts,
      head: [columns.time, columns.answer, columns.duration, columns.excerpt],
      rows: attempts.map(({ at, status, failure, ms, excerpt }): Cell[] => [
        timeCell(at, facts),
        [status, failure && delivery.failures[failure]].filter((one) => one !== null).join(': '),
        delivery.milliseconds(wholeNumber(ms, clock.language)),
        excerpt === '' ? delivery.emptyAnswer : excerpt,
      ]),
    },
    again:
      mayChange && row.state !== 'open' ? { ...delivery.again, action: `${url}/deliveries/${row.id}/again` } : null,
  };
}
