import type { Cell, Row, Table } from '../../platform/http/content.js';
import { shownTime, wholeNumber, type Clock } from '../../platform/http/view-helpers.js';
import type { Secret } from '../../platform/secret.js';
import type { Texts } from '../../texts/texts.js';
import { eventTypes } from '../endpoints/event-types.js';
import type { AskedEndpoint, EndpointProblem } from '../endpoints/new-endpoint.js';
import { hostOf, type DeliveryRow, type DeliveryState, type Endpoint } from '../webhook-types.js';

export const webhooksUrl = '/staff/webhooks';
export const PAGE = 50;
export type WebhookNotice = keyof Texts['webhooks']['notices'];
export type Facts = { t: Texts; clock: Clock };

type ShownState = keyof Texts['webhooks']['states'];
const badges: Record<ShownState, string> = {
  active: 'healthy',
  failing: 'failing',
  paused: 'pending',
  checking: 'pending',
  off: 'disconnected',
};
const shownState = ({ state, failingSince }: Endpoint): ShownState =>
  state === 'active' && failingSince ? 'failing' : state;

const stateCell = (endpoint: Endpoint, { t }: Facts, note?: string): Cell => {
  const state = shownState(endpoint);
  const { offBecause } = endpoint;
  const because = state === 'off' && offBecause ? t.webhooks.because[offBecause] : undefined;
  const notes = [because, note].filter((one) => one !== undefined);
  return {
    badge: { state: badges[state], text: t.webhooks.states[state] },
    ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
  };
};
export const timeCell = (at: Date | null, { t, clock }: Facts): Cell =>
  at ? { time: shownTime(at, clock) } : t.webhooks.never;

/** All endpoints. */
export function endpointsPage(
  { endpoints, missed }: { endpoints: readonly Endpoint[]; missed: ReadonlyMap<string, number> },
  mayChange: boolean,
  facts: Facts,
  notice?: WebhookNotice,
) {
  const texts = facts.t.webhooks;
  const { columns } = texts;
  const noteOf = ({ id }: Endpoint): string | undefined => {
    const count = missed.get(id) ?? 0;
    return count === 0 ? undefined : texts.one.missedEvents(count, wholeNumber(count, facts.clock.language));
  };
  const table: Table = {
    caption: texts.title,
    hideCaption: true,
    empty: texts.empty,
    head: [columns.endpoint, columns.events, columns.state, columns.success, columns.failure],
    rows: endpoints.map((endpoint) => [
      { text: endpoint.description, href: `${webhooksUrl}/${endpoint.id}`, note: hostOf(endpoint.url) },
      texts.eventCount(endpoint.eventTypes.length),
      stateCell(endpoint, facts, noteOf(endpoint)),
      timeCell(endpoint.lastSuccessAt, facts),
      timeCell(endpoint.lastFailureAt, facts),
    ]),
  };
  return {
    title: texts.title,
    lead: texts.lead,
    notice: notice && texts.notices[notice],
    warnings: [],
    table,
    create: mayChange ? { text: texts.create, href: `${webhooksUrl}/new` } : null,
    links: [],
  };
}

const nothingTyped: AskedEndpoint = { url: '', description: '', eventTypes };

function sentenceOf(problem: EndpointProblem, { problems }: Texts['webhooks']): string {
  return (problems[problem.field] as Record<string, string>)[problem.code] ?? '';
}

/** The form of a new endpoint; it keeps what was typed. `id`: of the endpoint that the form will make. */
export function newEndpointPage(
  t: Texts,
  id: string,
  typed: AskedEndpoint = nothingTyped,
  problems: readonly EndpointProblem[] = [],
) {
  const texts = t.webhooks;
  const { form } = texts;
  const errorOf = (field: EndpointProblem['field']): string | undefined => {
    const problem = problems.find((one) => one.field === field);
    return problem && sentenceOf(problem, texts);
  };
  const field = { autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' };
  return {
    title: form.title,
    backLink: { text: texts.title, href: webhooksUrl },
    errors: problems.map((problem) => ({ text: sentenceOf(problem, texts), href: `#${problem.field}` })),
    action: webhooksUrl,
    id,
    fields: [
      { ...field, name: 'url', label: form.url, hint: form.urlHint, value: typed.url, error: errorOf('url') },
      {
        ...field,
        name: 'description',
        label: form.description,
        hint: form.descriptionHint,
        value: typed.description,
        error: errorOf('description'),
      },
    ],
    events: {
      name: 'events',
      legend: form.events,
      small: true,
      items: eventTypes.map((type) => ({
        value: type,
        text: type,
        name: type,
        checked: typed.eventTypes.includes(type),
      })),
      error: errorOf('events'),
    },
    button: form.button,
  };
}

/** The page that shows a secret, once. */
export const secretPage = (secret: Secret, id: string, { webhooks }: Texts) => ({
  ...webhooks.made,
  secret: secret.reveal(),
  back: { text: webhooks.made.back, href: `${webhooksUrl}/${id}` },
});

export const deliveryBadges: Record<DeliveryState, string> = {
  open: 'pending',
  delivered: 'healthy',
  gave_up: 'failing',
  ended: 'disconnected',
};

export const deliveryState = ({ state }: DeliveryRow, { t }: Facts): Cell => ({
  badge: { state: deliveryBadges[state], text: t.webhooks.deliveryStates[state] },
});

type Shown = {
  endpoint: Endpoint;
  open: number;
  /** Events that were not delivered, and can be sent. */
  missed: number;
  /** One more than a page has, if there are more. */
  deliveries: readonly DeliveryRow[];
  endsOfFormer: readonly Date[];
  mayChange: boolean;
  notice?: WebhookNotice | undefined;
};

/** What a reader should know first. Says that it answers again only if an answer came after the last failure. */
function warningsOf({ endpoint, missed }: Shown, { t, clock }: Facts): string[] {
  const { one } = t.webhooks;
  const { state, lastSuccessAt, lastFailureAt } = endpoint;
  const answersAgain = state === 'active' && lastSuccessAt && lastFailureAt && lastSuccessAt > lastFailureAt;
  const events = missed > 0 ? [one.missedEvents(missed, wholeNumber(missed, clock.language))] : [];
  return [
    ...(shownState(endpoint) === 'failing' ? [one.failing] : []),
    ...(missed > 0 ? [[...(answersAgain ? [one.answersAgain] : []), ...events, one.missedThen[state]].join(' ')] : []),
  ];
}

/** One endpoint: its state, its last deliveries, and what may be done. */
export function endpointPage(shown: Shown, facts: Facts) {
  const { endpoint, mayChange } = shown;
  const { t, clock } = facts;
  const texts = t.webhooks;
  const { one } = texts;
  const url = `${webhooksUrl}/${endpoint.id}`;
  const isFailing = shownState(endpoint) === 'failing';
  const rows: Row[] = [
    { key: one.url, value: endpoint.url },
    { key: one.events, value: endpoint.eventTypes.join(' · ') },
    { key: one.state, value: stateCell(endpoint, facts) },
    { key: one.since, value: timeCell(endpoint.stateSince, facts) },
    { key: one.waiting, value: wholeNumber(shown.open, clock.language) },
    ...(isFailing ? [{ key: one.failingSince, value: timeCell(endpoint.failingSince, facts) }] : []),
    ...(isFailing && endpoint.notBefore ? [{ key: one.nextTurn, value: timeCell(endpoint.notBefore, facts) }] : []),
    { key: one.success, value: timeCell(endpoint.lastSuccessAt, facts) },
    { key: one.failure, value: timeCell(endpoint.lastFailureAt, facts) },
    { key: one.created, value: timeCell(endpoint.madeAt, facts) },
    ...shown.endsOfFormer.map((at) => ({ key: one.formerSecret, value: timeCell(at, facts) })),
  ];
  const page = shown.deliveries.slice(0, PAGE);
  const last = page.at(-1);
  const isMore = shown.deliveries.length > PAGE && last;
  return {
    title: endpoint.description,
    backLink: { text: texts.title, href: webhooksUrl },
    notice: shown.notice && texts.notices[shown.notice],
    warnings: warningsOf(shown, facts),
    rows,
    feed: one.feed,
    deliveries: {
      caption: one.deliveries,
      empty: one.none,
      head: [one.columns.event, one.columns.number, one.columns.state, one.columns.tries, one.columns.time],
      rows: page.map((row): Cell[] => [
        { text: row.type, href: `${url}/deliveries/${row.id}` },
        row.seq === null ? texts.test : wholeNumber(row.seq, clock.language),
        deliveryState(row, facts),
        wholeNumber(row.tries, clock.language),
        timeCell(row.madeAt, facts),
      ]),
    } satisfies Table,
    older: isMore
      ? {
          text: one.older,
          href: `${url}?${new URLSearchParams({ before: `${last.madeAt.toISOString()} ${last.id}` }).toString()}`,
        }
      : null,
    forms: mayChange ? formsOf(endpoint, shown.missed, url, texts) : [],
  };
}

function formsOf(endpoint: Endpoint, missed: number, url: string, { one }: Texts['webhooks']) {
  const { state, eventTypes: chosen } = endpoint;
  const form = (of: { heading: string; what: string; button: string }, path: string, more: object = {}) => ({
    ...of,
    action: `${url}/${path}`,
    ...more,
  });
  const { test, sendMissed, rotate, pause, resume, enable, remove } = one;
  const radios = (name: string, legend: string, items: { value: string; text: string; checked: boolean }[]) => ({
    radios: { name, legend, small: true, items },
  });
  const types = chosen.map((type, at) => ({ value: type, text: type, checked: at === 0 }));
  const hours = Object.entries(rotate.hours).map(([value, text]) => ({ value, text, checked: value === '24' }));
  return [
    ...(state === 'active' && missed > 0 ? [form(sendMissed, 'missed')] : []),
    ...(state === 'paused' ? [form(resume, 'resumption')] : []),
    ...(state === 'off' ? [form(enable, 'resumption')] : []),
    form(test, 'tests', radios('type', test.type, types)),
    form(rotate, 'rotation', radios('hours', rotate.overlap, hours)),
    ...(state === 'active' ? [form(pause, 'pause', { variant: 'secondary' })] : []),
    form(remove, 'removal', { variant: 'warning' }),
  ];
}
