import type { EventType } from '../notifications/event-store.js';
import type { PostFailure } from '../platform/outbound/judged-post.js';

/**
 * `paused`: by staff; its events wait. `checking`: it was off, and a test decides whether it is used again. `off`: it
 * gets no events.
 */
export type EndpointState = 'active' | 'paused' | 'checking' | 'off';
/** `gone`: it answered 410. `failing`: every try failed for five days. */
export type OffBecause = 'gone' | 'failing';

/** How fast an endpoint is served, and since when it fails. */
export type Pace = {
  /** How many deliveries one turn may make. One: the next delivery finds out whether the endpoint works again. */
  window: number;
  /** Failures since the last success. */
  streak: number;
  /** The first failure since the last success. */
  failingSince: Date | null;
  lastFailureAt: Date | null;
  lastSuccessAt: Date | null;
  /** No turn begins before that. */
  notBefore: Date | null;
};

export type Endpoint = Pace & {
  id: string;
  url: string;
  description: string;
  eventTypes: readonly EventType[];
  state: EndpointState;
  stateSince: Date;
  offBecause: OffBecause | null;
  /** A person's id. */
  madeBy: string | null;
  madeAt: Date;
  hourToldAt: Date | null;
  daysToldAt: Date | null;
  gaveUpToldAt: Date | null;
  /** Of the events with a higher number some were not delivered: they were given up, or the endpoint was off. */
  missedAfter: number | null;
  /** Which events are still to be added; null: none. */
  catchUp: { after: number; until: number } | null;
};

/** A claim of an endpoint by one worker, until its lease ends. */
export type Claim = { endpointId: string; version: number };

/** `ended`: by staff, or with the endpoint. */
export type DeliveryState = 'open' | 'delivered' | 'gave_up' | 'ended';

export type DeliveryRow = {
  id: string;
  endpointId: string;
  /** The id of the event: the `webhook-id` of every try. */
  eventId: string;
  /** null for a test. */
  seq: number | null;
  type: EventType;
  body: string;
  isTest: boolean;
  state: DeliveryState;
  madeAt: Date;
  triedFrom: Date | null;
  tries: number;
  dueAt: Date;
  finishedAt: Date | null;
};

/** `redirected`: the answer was a redirect, which is not followed. */
export type TryFailure = PostFailure | 'redirected';

export type Attempt = {
  id: string;
  at: Date;
  ms: number;
  /** null without an answer */
  status: number | null;
  failure: TryFailure | null;
  excerpt: string;
};

/** The host of a URL, for rows of the audit and for mails: the rest of it may contain a secret. */
export const hostOf = (url: string): string => new URL(url).host;
