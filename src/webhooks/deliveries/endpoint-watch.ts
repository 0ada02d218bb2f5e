import type { Knex } from '../../platform/database/database.js';
import type { World } from '../../platform/world.js';
import { dueWarning } from './pace.js';
import type { InEndpointLock } from '../webhook-unit.js';
import { endpointStore } from '../stores/endpoint-store.js';
import type { Endpoint } from '../webhook-types.js';
import { turnOff } from './turn-off.js';

type Deps = { db: Knex; world: Pick<World, 'now'>; inEndpoint: InEndpointLock };

/** One that staff paused gets no requests, so it does not fail. */
const dueFor = (endpoint: Endpoint | undefined, now: Date) =>
  endpoint?.state === 'active' ? dueWarning(endpoint, now) : null;

/** Once a minute: no endpoint is turned off in silence. */
export const endpointWatch =
  ({ db, world, inEndpoint }: Deps) =>
  async (): Promise<void> => {
    const failing = (await endpointStore(db).listening()).filter((one) => dueFor(one, world.now()) !== null);
    for (const { id } of failing)
      await inEndpoint(id, async (unit) => {
        const endpoint = await unit.endpoints.find(id);
        const now = world.now();
        const due = dueFor(endpoint, now);
        if (!endpoint || !due) return;
        if (due === 'off') return turnOff(unit, endpoint, 'failing', now);
        await unit.endpoints.setTold(id, due, now);
        await (due === 'hour' ? unit.mails.failingForAnHour(endpoint) : unit.mails.failingForDays(endpoint));
      });
  };
