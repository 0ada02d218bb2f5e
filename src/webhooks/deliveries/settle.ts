import type { PostResult } from '../../platform/outbound/judged-post.js';
import { parseRetryAfter } from '../../platform/outbound/retry-after.js';
import type { World } from '../../platform/world.js';
import type { WebhookOutcome } from '../../metrics/metrics.js';
import { missedFrom, turnOff } from './turn-off.js';
import type { DeliveryRow, Endpoint, TryFailure } from '../webhook-types.js';
import type { EndpointUnit, InEndpointLock } from '../webhook-unit.js';
import { afterInterruption, endsOutage, nextTry, paceAfter, tellsGivenUp, type TryResult } from './pace.js';

type Effects = Pick<World, 'now' | 'newId' | 'randomBytes'>;
/** A try: when it was signed, and what came of it. */
export type Tried = { at: Date; result: PostResult };
/** Whether the turn goes on with the next delivery. */
export type Settle = (delivery: DeliveryRow, tried: Tried) => Promise<boolean>;

const OVERLOADED = [429, 502, 504];
const GONE = 410;
const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** 2xx; anything else was not delivered. */
function resultOf(result: PostResult, now: Date, random: number): TryResult {
  if (result.kind === 'answer' && result.status >= 200 && result.status < 300) return { kind: 'success' };
  const isAnswer = result.kind === 'answer';
  return {
    kind: 'failure',
    overloaded: isAnswer && OVERLOADED.includes(result.status),
    waitMs: isAnswer ? parseRetryAfter(result.retryAfter, now) : null,
    random,
  };
}

const failureOf = (result: PostResult): TryFailure | null =>
  result.kind === 'failure' ? result.failure : isRedirect(result.status) ? 'redirected' : null;

/** Writes down a try and all that follows from it, in one transaction. */
export const settling = (
  inEndpoint: InEndpointLock,
  world: Effects,
  onSettled: (outcome: WebhookOutcome) => void = () => undefined,
): Settle => {
  /** From 0 to 1. */
  const random = () => world.randomBytes(4).readUInt32BE() / 2 ** 32;

  async function afterTest(unit: EndpointUnit, endpoint: Endpoint, isDelivered: boolean): Promise<void> {
    if (endpoint.state !== 'checking') return;
    const { id, offBecause } = endpoint;
    const now = world.now();
    if (!isDelivered) {
      await unit.endpoints.change(id, ['checking'], 'off', now, offBecause);
      return;
    }
    await unit.endpoints.change(id, ['checking'], 'active', now);
    await unit.endpoints.setPace(id, { ...afterInterruption(endpoint), lastSuccessAt: now });
    await unit.incidents.closed(id);
  }

  /** What is given up can be sent from the list of events. Staff are told when that begins. */
  async function afterGivingUp(unit: EndpointUnit, endpoint: Endpoint, { seq }: DeliveryRow): Promise<void> {
    const { endpoints, mails } = unit;
    const now = world.now();
    await endpoints.setMissedAfter(endpoint.id, missedFrom({ ...endpoint, catchUp: null }, seq));
    if (!tellsGivenUp(endpoint, now)) return;
    await endpoints.setTold(endpoint.id, 'gave_up', now);
    await mails.gaveUp(endpoint);
  }

  return async (delivery, { at, result }) => {
    const share = random();
    // The work may run twice; only what was committed counts.
    let settled = null as WebhookOutcome | null;
    const goesOn = await inEndpoint(delivery.endpointId, async (unit) => {
      settled = null;
      const { endpoints, deliveries } = unit;
      const now = world.now();
      // Its clinic was erased during the call, and the answer may repeat what was sent.
      const isErased = (await deliveries.find(delivery.endpointId, delivery.id))?.body !== delivery.body;
      const said = result.kind === 'answer' ? result : null;
      await deliveries.addAttempt(delivery.id, {
        id: world.newId(),
        at,
        ms: result.ms,
        status: said?.status ?? null,
        failure: failureOf(result),
        excerpt: isErased ? '' : (said?.excerpt ?? ''),
      });
      const endpoint = await endpoints.find(delivery.endpointId);
      if (!endpoint) return false; // removed meanwhile, with its open rows
      const outcome = resultOf(result, now, share);
      const isDelivered = outcome.kind === 'success';
      const tries = delivery.tries + 1;
      const triedFrom = delivery.triedFrom ?? at;
      const next = isDelivered || delivery.isTest ? null : nextTry({ tries, triedFrom, now }, outcome);
      if (!delivery.isTest) settled = isDelivered ? 'delivered' : next ? 'failed' : 'gave_up';
      const finished = next ? null : { state: isDelivered ? ('delivered' as const) : ('gave_up' as const), at: now };
      await deliveries.setTried(delivery.id, { tries, triedFrom, dueAt: next ?? delivery.dueAt, finished });
      if (delivery.isTest) {
        await afterTest(unit, endpoint, isDelivered);
        return true;
      }
      if (isDelivered && endsOutage(endpoint, now)) await deliveries.bringForward(endpoint.id, now);
      const pace = paceAfter(endpoint, outcome, now);
      await endpoints.setPace(endpoint.id, pace);
      if (finished?.state === 'gave_up') await afterGivingUp(unit, { ...endpoint, ...pace }, delivery);
      if (said?.status === GONE) await turnOff(unit, { ...endpoint, ...pace }, 'gone', now);
      return isDelivered;
    });
    if (settled !== null) onSettled(settled);
    return goesOn;
  };
};
