import { checkQueue } from './connections/checks/check-queue.js';
import type { CheckRunner } from './connections/checks/check-runner.js';
import { checkWorker, type Lines } from './connections/checks/check-worker.js';
import type { DestroyOverdue } from './credentials/overdue-credentials.js';
import type { Knex } from './platform/database/database.js';
import type { Logger } from './platform/log.js';
import { startLoop } from './platform/loop.js';
import { deleteFinishedMessages, type Delivery, type OutboxItem } from './platform/outbox.js';
import type { Signal } from './platform/signal.js';
import type { World } from './platform/world.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How often the queue is looked at for requests of other processes; ours poke. */
const LOOK_MS = 250;
/** Whether a message was delivered is asked within days. */
const MESSAGES_KEPT_MS = 30 * DAY_MS;
const OVERDUE_AT_ONCE = 100;
/** A minute: a list of tenants imported in one go is reminded over some time. */
const REMINDERS_AT_ONCE = 200;

type Deps = {
  db: Knex;
  world: World;
  log: Logger;
  runner: CheckRunner;
  destroyOverdue: DestroyOverdue;
  outbox: { deliverDue: (deliver: (item: OutboxItem) => Promise<Delivery>) => Promise<number> };
  deliver: (item: OutboxItem) => Promise<Delivery>;
  settled: Signal;
  /** Writes down which connections have become `unverified`; answers how many it looked at. */
  markStale: (limit: number) => Promise<number>;
  /** Looks whether troubles of the whole portal are over. */
  reviewIncidents: () => Promise<void>;
  /** Writes the reminders that are due; answers how many it looked at. */
  remindDue: (limit: number) => Promise<number>;
  /** Other capabilities' cleaning up, once a minute. */
  retention: (() => Promise<unknown>)[];
  leaseMs?: number | undefined;
  lines: Lines;
};

export type Worker = {
  poke: () => void;
  /** Looks at once for whatever is due, messages and reminders too: for a clock that was put forward. */
  look: () => void;
  /** Destroys and deletes what is overdue; the worker does so by itself once a minute. */
  clean: () => Promise<void>;
  stop: () => Promise<void>;
};

/** The role `worker`: makes checks, delivers messages, destroys what is overdue. It answers no request. */
export function startWorker(deps: Deps): Worker {
  const { db, world, log } = deps;
  const workerId = world.newId();
  const checks = checkWorker({
    db,
    world,
    log,
    runner: deps.runner,
    workerId,
    leaseMs: deps.leaseMs ?? 20_000,
    concurrency: 8,
    lines: deps.lines,
  });
  const environment = { world, log };
  const checking = startLoop(
    'checks',
    () => checks.nextTurnMs(LOOK_MS),
    () =>
      checks.turn(() => {
        deps.settled.notify();
        checking.poke();
      }),
    environment,
  );
  const telling = startLoop('outbox', 1000, () => deps.outbox.deliverDue(deps.deliver), environment);
  async function clean(): Promise<void> {
    await deps.destroyOverdue(OVERDUE_AT_ONCE, (err, { tenantId, id }) => {
      log.error({ err, tenantId, credentialId: id }, 'a credential could not be destroyed');
    });
    while ((await deps.markStale(OVERDUE_AT_ONCE)) === OVERDUE_AT_ONCE);
    await deleteFinishedMessages(db, new Date(world.now().getTime() - MESSAGES_KEPT_MS));
    await checkQueue(db, world).removeFinished(new Date(world.now().getTime() - DAY_MS), 1000);
    for (const prune of deps.retention) await prune();
    await deps.reviewIncidents();
  }
  const cleaning = startLoop('retention', MINUTE_MS, clean, environment);
  const reminding = startLoop('reminders', MINUTE_MS, () => deps.remindDue(REMINDERS_AT_ONCE), environment);
  return {
    poke: () => checking.poke(),
    look: () => {
      for (const loop of [checking, telling, reminding]) loop.poke();
    },
    clean,
    stop: async () => {
      await Promise.all([checking.stop(), telling.stop(), cleaning.stop(), reminding.stop()]);
      await checks.idle();
    },
  };
}
