import { perRole, type Capability, type WorkerRole } from '../app/capability.js';
import type { Foundation } from '../app/foundation.js';
import { readLogo } from '../platform/assets/logo.js';
import { eventStore, type RecordEvent } from './event-store.js';
import { oldestUndelivered } from '../platform/outbox.js';
import { mailCheck } from './mail-check.js';
import { mailDelivery } from './mail-delivery.js';
import { noticeWriter } from './notices.js';

/** Mails, notices and events. The capability in which something happens decides who is notified. */
export function notificationsCapability({ config, runtime, enqueue }: Foundation) {
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
  return {
    /** Records an event for external programs, in the transaction of the change. */
    record,
    /** Notifies a person once, in the transaction of the change. */
    tell: noticeWriter({ world, enqueue }),
    mailFor,
    deliveries: (worker) => ({ mail: mailFor(worker) }),
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
