import { randomUUID } from 'node:crypto';
import type { TestPortal } from '../support/portal.js';

const by = { actor: { kind: 'command_line' } } as const;

/** An endpoint that no server answers for, with one test, whose only try has failed. */
export async function anEndpoint({ portal, db }: TestPortal): Promise<{ id: string; deliveryId: string }> {
  const { webhooks } = portal.services;
  const id = randomUUID();
  const asked = { url: 'https://hooks.invalid/in', description: 'Tickets', eventTypes: ['connection.failing'] };
  const made = await webhooks.make(asked, by, id);
  if (!made.ok) throw new Error(JSON.stringify(made));
  await webhooks.test(id, 'connection.failing', by);
  await db('webhook_deliveries')
    .queryContext({ acrossTenants: 'test' })
    .update({ state: 'gave_up', finished_at: new Date().toISOString(), tries: 1 });
  const [row] = await webhooks.deliveries(id, 1);
  return { id, deliveryId: row?.id ?? '' };
}
