import { refusedMailsSince, toldAbout, type TellPerson } from '../../notifications/notices.js';
import type { Knex, Transaction } from '../../platform/database/database.js';
import { boundTo, inLock } from '../../platform/database/lock.js';
import type { World } from '../../platform/world.js';
import type { Recipients } from './connection-notices.js';
import { connectionStore } from './connection-store.js';
import { dayOf } from './day-store.js';
import { shownStates, type ShownState } from './health.js';
import { incidentStore, type Incident } from './incident-store.js';
import { overdueSignIns } from './overdue-sign-ins.js';

const DAY_MS = 24 * 3_600_000;
/** The hour in UTC: early morning in America, noon in Europe. */
const HOUR = 12;

/** The contents of the daily mail to staff. */
export type Digest = {
  counts: { state: ShownState; count: number }[];
  incidents: Incident[];
  refusedMails: number;
  /** Clinics with a mailbox that is filling up. */
  filling: number;
  /** The sign-ins that have not been renewed for days, and the first end of one; null if there is none. */
  overdue: { count: number; firstEnd: Date } | null;
  /** The last complete run of the fax pull, for any clinic; null if none was reported. */
  lastRun: Date | null;
};

/** A run that is overdue by then; after a month, faxes are fetched in another way. */
const isOverdue = (run: Date | null, now: Date): boolean => {
  const age = run === null ? 0 : now.getTime() - run.getTime();
  return age > 2 * DAY_MS && age < 30 * DAY_MS;
};

const needsAction: readonly ShownState[] = ['failing', 'unverified'];
/** Every state, those that need attention first. */
export const worstFirst: readonly ShownState[] = [...new Set([...needsAction, ...shownStates])];

/**
 * @param lastRun of the fax pull; null if none was reported
 * @returns null if all is well; then no mail is sent
 */
export async function digestOf(db: Knex, now: Date, lastRun: Date | null): Promise<Digest | null> {
  const byState = new Map<ShownState, number>();
  const all = await connectionStore(db).counts();
  for (const { state, count } of all) byState.set(state, (byState.get(state) ?? 0) + count);
  const incidents = await incidentStore(db).openOfPortal();
  const refusedMails = await refusedMailsSince(db, new Date(now.getTime() - DAY_MS));
  const filling = all.reduce((sum, { cause, count }) => sum + (cause === 'mailbox_filling' ? count : 0), 0);
  const ends = (await overdueSignIns(db, now)).map(({ endsAt }) => endsAt.getTime());
  const overdue = ends.length === 0 ? null : { count: ends.length, firstEnd: new Date(Math.min(...ends)) };
  const isQuiet =
    overdue === null &&
    needsAction.every((state) => !byState.get(state)) &&
    incidents.length + refusedMails + filling === 0 &&
    !isOverdue(lastRun, now);
  const counts = [...byState].map(([state, count]) => ({ state, count }));
  return isQuiet ? null : { counts, incidents, refusedMails, filling, overdue, lastRun };
}

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now'>;
  tell: TellPerson;
  recipients: Pick<Recipients, 'staff'>;
  faxReports: (db: Knex) => { newest: () => Promise<Date | null> };
};

/** Sends staff a daily summary if anything needs attention. Several workers together send it only once. */
export const staffDigests = ({ db, transaction, world, tell, recipients, faxReports }: Deps) => {
  const inDigestLock = inLock(transaction, 'digest', (trx) => boundTo(trx, { tell, staff: recipients.staff }));
  return async (): Promise<void> => {
    const now = world.now();
    if (now.getUTCHours() < HOUR) return;
    const about = `digest:${dayOf(now)}`;
    if ((await toldAbout(db, about, 'digest')).length > 0 || !(await digestOf(db, now, await faxReports(db).newest())))
      return;
    await inDigestLock('', async ({ tell, staff }) => {
      for (const personId of await staff('digest')) await tell({ about, kind: 'digest', tenantId: null, personId });
    });
  };
};
