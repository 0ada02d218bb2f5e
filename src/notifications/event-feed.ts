import type { Knex } from '../platform/database/database.js';
import { lastNumber } from '../platform/database/sequencer.js';
import type { World } from '../platform/world.js';
import { EVENTS } from './event-sequencer.js';
import { eventStore } from './event-store.js';

type Asked = {
  /** The number of the last event that the reader knows; undefined: from the oldest event that is kept. */
  after?: number | undefined;
  limit: number;
};

/**
 * `restarted`: the reader knows a number that was not given yet, so the database is older than what it has read.
 * `expired`: events after that number were deleted, so the reader would miss them.
 */
export type FeedPage =
  { kind: 'page'; bodies: string[]; nextAfter: number } | { kind: 'restarted' } | { kind: 'expired' };

/** The events for programs, in the order in which they were committed. */
export const eventFeed =
  ({ db, world }: { db: Knex; world: Pick<World, 'now' | 'newId'> }) =>
  async ({ after, limit }: Asked, tenantIds: readonly string[] | null): Promise<FeedPage> => {
    const events = eventStore(db, world);
    // First: all events up to this number are there for what is read next.
    const last = await lastNumber(db, EVENTS);
    if (after !== undefined && after > last) return { kind: 'restarted' };
    const found = await events.page({ after: after ?? 0, last, limit }, tenantIds);
    // Last: what was deleted while the page was read is noticed.
    const oldest = (await events.oldest()) ?? last + 1;
    if (after !== undefined && after + 1 < oldest) return { kind: 'expired' };
    // Without this a key for some clinics would stay behind events of others until they are deleted.
    const nextAfter = found.length < limit ? last : (found.at(-1)?.seq ?? last);
    return { kind: 'page', bodies: found.map(({ body }) => body), nextAfter };
  };

export type EventFeed = ReturnType<typeof eventFeed>;
