import type { Logger } from '../platform/log.js';
import { logEmptier } from '../platform/database/database.js';
import { startLoop } from '../platform/loop.js';
import { outboxReader, type Deliver } from '../platform/outbox.js';
import type { Capability, WorkerRole } from './capability.js';
import type { Runtime } from './foundation.js';

const MINUTE_MS = 60_000;

/**
 * The role `worker`: runs the loops of all capabilities, delivers messages and does the housekeeping. Serves no
 * requests.
 */
export function startWorker(list: readonly Capability[], role: WorkerRole, { db, world, log }: Runtime) {
  const environment = { world, log };
  const deliveries = deliveriesOf(list, role);
  const outbox = outboxReader(db, role.opener, world, world.newId());
  const deliver: Deliver = (item) =>
    deliveries.get(item.kind)?.(item) ?? Promise.resolve({ kind: 'again', error: 'kind_unknown' });
  const specs = list.flatMap(({ loops }) => loops?.(role) ?? []);
  const loops = [
    startLoop('outbox', 1000, () => outbox.deliverDue(deliver), environment),
    ...specs.map(({ name, everyMs, round, wokenBy }) => {
      const loop = startLoop(name, everyMs, round, environment);
      wokenBy?.listen(loop.poke);
      return loop;
    }),
  ];
  const chores = [
    ...list.flatMap(({ housekeeping }) => housekeeping?.(role) ?? []),
    logEmptier(db, log), // the last one: what the others destroyed is in it
  ];
  const clean = () => allOf(chores, log);
  const cleaning = startLoop('housekeeping', MINUTE_MS, clean, environment);
  return {
    /** Handles everything that is due now, including messages and reminders; for a clock that was moved forward. */
    look: () => {
      for (const loop of loops) loop.poke();
    },
    /** Runs the housekeeping now; the worker runs it once a minute. */
    clean,
    stop: async () => {
      await Promise.all([...loops, cleaning].map((loop) => loop.stop()));
      for (const { idle } of specs) await idle?.();
      for (const { close } of deliveries.values()) close?.();
    },
  };
}

/** @throws if two capabilities deliver the same kind of message */
function deliveriesOf(list: readonly Capability[], role: WorkerRole): Map<string, Deliver> {
  const deliveries = new Map<string, Deliver>();
  for (const { deliveries: own } of list)
    for (const [kind, deliver] of Object.entries(own?.(role) ?? {})) {
      if (deliveries.has(kind)) throw new Error(`two capabilities deliver messages of the kind ${kind}`);
      deliveries.set(kind, deliver);
    }
  return deliveries;
}

/** Runs all chores, even if one fails. @throws the first error, after all the others have run */
async function allOf(chores: readonly (() => Promise<unknown>)[], log: Logger): Promise<void> {
  const errors: unknown[] = [];
  for (const chore of chores) await chore().catch((error: unknown) => errors.push(error));
  for (const err of errors.slice(1)) log.error({ err }, 'a chore failed');
  if (errors.length > 0) throw errors[0];
}
