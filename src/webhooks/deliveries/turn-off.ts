import type { Endpoint, OffBecause } from '../webhook-types.js';
import type { EndpointUnit } from '../webhook-unit.js';

/** The endpoint gets nothing more, and staff are told: by mail, by an incident, and on its page. */
export async function turnOff(unit: EndpointUnit, endpoint: Endpoint, because: OffBecause, at: Date): Promise<void> {
  const { endpoints, deliveries, audit, mails, incidents } = unit;
  const { id } = endpoint;
  if (!(await endpoints.change(id, ['active', 'paused'], 'off', at, because))) return;
  const first = await deliveries.firstUndelivered(id);
  await endpoints.setMissedAfter(id, missedFrom(endpoint, first));
  await endpoints.setCatchUp(id, null);
  const ended = await deliveries.endOpen(id, at);
  await audit.append({
    action: 'webhook.turned_off',
    actor: { kind: 'portal' },
    target: id,
    outcome: 'ok',
    detail: { because, ended },
  });
  await (because === 'gone' ? mails.gone(endpoint) : mails.turnedOff(endpoint));
  await incidents.opened(id);
}

/** The number after which events are missed. What was missed before, or was being made up for, is still missed. */
export function missedFrom(
  { missedAfter, catchUp }: Pick<Endpoint, 'missedAfter' | 'catchUp'>,
  firstUndelivered: number | null,
): number | null {
  const from = [missedAfter, catchUp?.after, firstUndelivered === null ? null : firstUndelivered - 1];
  const known = from.filter((seq) => seq != null);
  return known.length > 0 ? Math.min(...known) : null;
}
