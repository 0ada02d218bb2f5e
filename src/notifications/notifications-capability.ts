import { perRole, type Capability, type Declaration, type WorkerRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import type { Knex } from '../platform/database/database.js';
import { readLogo } from '../platform/assets/logo.js';
import type { ReadTenants } from '../tenants/tenant-reader.js';
import { eventApi } from './event-api.js';
import { eventFeed } from './event-feed.js';
import { eventSequencer } from './event-sequencer.js';
import { eventStore, type OnSequenced, type RecordEvent } from './event-store.js';
import { deleteFinishedMessages, oldestUndelivered } from '../platform/outbox.js';
import { daysBefore } from '../platform/retention.js';
import { mailCheck } from './mail-check.js';
import { mailDelivery } from './mail-delivery.js';
import { notificationHoldings } from './notification-holdings.js';
import { noticeWriter } from './notices.js';

/** Programs hear of an event within this time, on top of the time of their delivery. */
const SEQUENCE_EVERY_MS = 1000;

type Given = {
  tenants: ReadTenants;
  /** What other capabilities do with each event, in the transaction that gives it its number. */
  onSequenced: readonly OnSequenced[];
};
export const notifications: Declaration = { holds: notificationHoldings };

/** Mails, notices and events. The capability in which something happens decides who is notified. */
export function notificationsCapability(foundation: Foundation, { tenants, onSequenced }: Given) {
  const { config, runtime, enqueue, transaction } = foundation;
  const { db, world, log } = runtime;
  /** Delivers a mail; for deliveries that compose one when it is due. */
  const mailFor = perRole((_worker: WorkerRole) =>
    mailDelivery({
      smtpUrl: config.SMTP_URL ?? '',
      from: config.MAIL_FROM ?? '',
      log,
      brand: {
        name: config.ISV_NAME,
        color: config.ISV_COLOR,
        logo: config.ISV_LOGO_FILE === undefined ? undefined : readLogo(config.ISV_LOGO_FILE),
      },
    }),
  );
  const record: RecordEvent = (trx, event) => eventStore(trx, world).append(event);
  const refsOf = (trx: Knex, ids: readonly string[]) => tenants(trx).refsOf(ids);
  const sequence = eventSequencer({ db, transaction, world, refsOf, onSequenced });
  return {
    /** Records an event for external programs, in the transaction of the change. */
    record,
    /** Notifies a person once, in the transaction of the change. */
    tell: noticeWriter({ world, enqueue }),
    mailFor,
    deliveries: (worker) => ({ mail: mailFor(worker) }),
    api: () => eventApi(eventFeed({ db, world })),
    loops: () => [{ name: 'events', everyMs: SEQUENCE_EVERY_MS, round: sequence }],
    housekeeping: () => [
      () => eventStore(db, world).deleteBefore(daysBefore(world.now(), config.RETENTION_EVENTS_DAYS)),
      () => deleteFinishedMessages(db, daysBefore(world.now(), config.RETENTION_MAIL_DAYS)),
    ],
    gauges: () => ({
      outboxOldestSeconds: async () => {
        const since = await oldestUndelivered(db);
        return since === null ? 0 : Math.max(0, (world.now().getTime() - since.getTime()) / 1000);
      },
    }),
    checks: (secrets) => {
      if (secrets && config.SMTP_URL && config.MAIL_FROM) return [mailCheck(mailFor(secrets).signIn)];
      const unproved = 'this process sends no mail: run doctor where the role worker runs';
      return [{ subject: 'mail server', advice: () => Promise.resolve({ unproved }) }];
    },
  } satisfies Capability & Record<string, unknown>;
}

export type Notifications = ReturnType<typeof notificationsCapability>;
