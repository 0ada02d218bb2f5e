import { z } from 'zod';
import type { Knex } from '../platform/database/database.js';
import type { MailMessage } from '../platform/mail-message.js';
import type { Delivery, EnqueueMessage, OutboxItem } from '../platform/outbox.js';
import type { World } from '../platform/world.js';
import { noticeStore, type NewNotice, type Notice, type NoticeKind } from './notice-store.js';

/** The outbox's kind of a notice: it carries the notice's id, and becomes a mail when it is delivered. */
export const NOTICE = 'notice';

/** What is to be mailed now. `later`: something else comes first. `not_wanted`: it is over, or nobody is there to read it. */
export type Composed = { kind: 'mail'; mail: MailMessage } | { kind: 'later' } | { kind: 'not_wanted' };

/** Noted before a mail goes out: where that is still there at the next attempt, the process ended in between. */
const ON_ITS_WAY = 'on_its_way';

const payload = z.object({ noticeId: z.string() });

/** Tells a person something once, in the transaction of the change it tells of. Who was told already is not told again. */
export const noticeWriter =
  ({ world, enqueue }: { world: Pick<World, 'now' | 'newId'>; enqueue: EnqueueMessage }) =>
  async (trx: Knex, notice: NewNotice): Promise<void> => {
    const id = world.newId();
    if (!(await noticeStore(trx).add(id, notice, world.now()))) return;
    await enqueue(trx, { kind: NOTICE, tenantId: notice.tenantId, payload: { noticeId: id } });
  };

export type TellPerson = ReturnType<typeof noticeWriter>;

/** Everybody who was to be told of it, and what became of that. */
export const toldAbout = (db: Knex, about: string, kind: NoticeKind): Promise<Notice[]> =>
  noticeStore(db).about(about, kind);

/** How many mails no mail server took since then. */
export const refusedMailsSince = (db: Knex, at: Date): Promise<number> => noticeStore(db).refusedSince(at);

/** What the people of a tenant, and staff, were told of it, the newest first. */
export const noticesOf = (db: Knex, tenantId: string, limit: number): Promise<Notice[]> =>
  noticeStore(db).forTenant(tenantId).newest(limit);

type Delivering = {
  db: Knex;
  world: Pick<World, 'now'>;
  /** By what is known when it is sent: hours may have passed. */
  compose: (notice: Notice) => Promise<Composed>;
  deliverMail: (item: OutboxItem) => Promise<Delivery>;
  /** The attempt behind which the outbox tries no more. */
  lastAttempt: number;
};

/** The worker's half. What became of it is written down, for staff to see. */
export const noticeDelivery =
  ({ db, world, compose, deliverMail, lastAttempt }: Delivering) =>
  async (item: OutboxItem): Promise<Delivery> => {
    const parsed = payload.safeParse(item.payload);
    const notices = noticeStore(db);
    const notice = parsed.success ? await notices.find(parsed.data.noticeId) : undefined;
    if (!notice) return { kind: 'gave_up', error: 'notice_unknown' };
    if (notice.outcome !== 'waiting') return { kind: 'delivered' }; // it was, and the process ended before it was said
    const composed = await compose(notice);
    if (composed.kind === 'later') return { kind: 'again', error: 'not_its_turn' };
    if (composed.kind === 'not_wanted' && notice.error === ON_ITS_WAY) {
      // It may have been taken; whoever heard of a trouble must hear of its end.
      await notices.settle(notice.id, 'delivered', 'unanswered', world.now());
      return { kind: 'delivered' };
    }
    if (composed.kind === 'not_wanted') {
      await notices.settle(notice.id, 'not_wanted', null, world.now());
      return { kind: 'gave_up', error: 'not_wanted' };
    }
    await notices.settle(notice.id, 'waiting', ON_ITS_WAY, world.now());
    const delivery = await deliverMail({ ...item, payload: composed.mail });
    if (delivery.kind === 'delivered') await notices.settle(notice.id, 'delivered', null, world.now());
    else {
      const isOver = delivery.kind === 'gave_up' || item.attempts >= lastAttempt;
      await notices.settle(notice.id, isOver ? 'refused' : 'waiting', delivery.error, world.now());
    }
    return delivery;
  };
