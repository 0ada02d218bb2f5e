import { z } from 'zod';
import type { Knex } from '../platform/database/database.js';
import type { MailMessage } from '../platform/mail-message.js';
import { LAST_ATTEMPT, NOT_WANTED, type Delivery, type EnqueueMessage, type OutboxItem } from '../platform/outbox.js';
import type { World } from '../platform/world.js';
import { noticeStore, type NewNotice, type Notice, type NoticeKind } from './notice-store.js';

/** The outbox kind of a notice. The item carries the notice's id and becomes a mail on delivery. */
export const NOTICE = 'notice';

/** The mail to send now. `later`: another mail must come first. `not_wanted`: it is outdated or has no reader. */
export type Composed = { kind: 'mail'; mail: MailMessage } | { kind: 'later' } | { kind: 'not_wanted' };

/** Recorded before a mail is sent. If the next attempt finds it, the process ended during the delivery. */
const ON_ITS_WAY = 'on_its_way';

const payload = z.object({ noticeId: z.string() });

/**
 * Records a notice for a person, in the transaction of the change it reports. Does nothing if the person has it
 * already.
 *
 * @param notBefore when it is sent, if not now
 */
export const noticeWriter =
  ({ world, enqueue }: { world: Pick<World, 'now' | 'newId'>; enqueue: EnqueueMessage }) =>
  async (trx: Knex, notice: NewNotice, notBefore?: Date): Promise<void> => {
    const id = world.newId();
    if (!(await noticeStore(trx).add(id, notice, world.now()))) return;
    await enqueue(trx, { kind: NOTICE, tenantId: notice.tenantId, payload: { noticeId: id }, notBefore });
  };

export type TellPerson = ReturnType<typeof noticeWriter>;

/** All notices about this subject, with their outcomes. */
export const toldAbout = (db: Knex, about: string, kind: NoticeKind): Promise<Notice[]> =>
  noticeStore(db).about(about, kind);

/** The number of mails that no mail server has accepted since then. */
export const refusedMailsSince = (db: Knex, at: Date): Promise<number> => noticeStore(db).refusedSince(at);

/** The notices about a tenant to its people and to staff, newest first. */
export const noticesOf = (db: Knex, tenantId: string, limit: number): Promise<Notice[]> =>
  noticeStore(db).newestOf(tenantId, limit);

/** The notices about a tenant that were written together last, of one kind. */
export const newestNotices = (db: Knex, tenantId: string, kind: NoticeKind): Promise<Notice[]> =>
  noticeStore(db).lastOf(tenantId, kind);

type Delivering = {
  db: Knex;
  world: Pick<World, 'now'>;
  /** Uses the facts at the time of sending, because hours may have passed. */
  compose: (notice: Notice) => Promise<Composed>;
  deliverMail: (item: OutboxItem) => Promise<Delivery>;
};

/** The worker's part. Records the outcome for staff. */
export const noticeDelivery =
  ({ db, world, compose, deliverMail }: Delivering) =>
  async (item: OutboxItem): Promise<Delivery> => {
    const parsed = payload.safeParse(item.payload);
    const notices = noticeStore(db);
    const notice = parsed.success ? await notices.find(parsed.data.noticeId) : undefined;
    if (!notice) return { kind: 'gave_up', error: 'notice_unknown' };
    if (notice.outcome !== 'waiting') return { kind: 'delivered' }; // it was delivered, and the process ended before it could report that
    const composed = await compose(notice);
    if (composed.kind === 'later') return { kind: 'again', error: 'not_its_turn' };
    if (composed.kind === 'not_wanted' && notice.error === ON_ITS_WAY) {
      // The mail may have been accepted, and a person who was told of a failure must be told of its end.
      await notices.settle(notice.id, 'delivered', 'unanswered', world.now());
      return { kind: 'delivered' };
    }
    if (composed.kind === 'not_wanted') {
      await notices.settle(notice.id, 'not_wanted', null, world.now());
      return { kind: 'gave_up', error: NOT_WANTED };
    }
    await notices.settle(notice.id, 'waiting', ON_ITS_WAY, world.now());
    const delivery = await deliverMail({ ...item, payload: composed.mail });
    if (delivery.kind === 'delivered') await notices.settle(notice.id, 'delivered', null, world.now());
    else {
      const isOver = delivery.kind === 'gave_up' || item.attempts >= LAST_ATTEMPT;
      await notices.settle(notice.id, isOver ? 'refused' : 'waiting', delivery.error, world.now());
    }
    return delivery;
  };
