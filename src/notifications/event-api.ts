import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../app/capability.js';
import { Problem } from '../app/problem.js';
import type { EventFeed } from './event-feed.js';
import { eventMembers } from './event-schemas.js';
import { eventTypes } from './event-store.js';

const query = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional()
    .describe('`next_after` of the page before; without it, the oldest events that are kept'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const eventAnswer = z
  .strictObject({
    ...eventMembers,
    type: z.enum(eventTypes),
    data: z.record(z.string(), z.string().nullable()).describe('Ids, times, the cause and who needs to act'),
  })
  .meta({ title: 'Event' });

const page = z.strictObject({
  events: z.array(eventAnswer),
  next_after: z.int().describe('Ask with this as `after` the next time, now or later'),
});

/** `/events`: what happened, for programs that ask. */
export const eventApi = (feed: EventFeed): ApiRoute[] => [
  apiRoute({
    method: 'get',
    path: '/events',
    scope: 'tenants:read',
    summary: 'List the events',
    query,
    response: page,
    problems: { 410: ['feed_restarted', 'events_expired'] },
    handler: async ({ caller, query: asked }) => {
      const found = await feed(asked, caller.tenantIds);
      if (found.kind === 'restarted') throw new Problem(410, { cause: 'feed_restarted', fixOwner: 'isv' });
      if (found.kind === 'expired') throw new Problem(410, { cause: 'events_expired', fixOwner: 'isv' });
      return { text: `{"events":[${found.bodies.join(',')}],"next_after":${found.nextAfter}}` };
    },
  }),
];
