import { setTimeout as pause } from 'node:timers/promises';
import type { CaughtMail } from '../../../src/demo/smtp-catcher.js';
import type { ShownState } from '../../../src/connections/health/health.js';
import { forecastGrant } from '../../../src/ringcentral/auth-budget/auth-budget-policy.js';
import { budgetReader, type BudgetReader } from '../../../src/ringcentral/auth-budget/auth-budget-reader.js';
import { addClinic, type EmulatedClinic } from '../../support/clinics.js';
import { TestPortal, type TestPortalOptions } from '../../support/portal.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STUCK_MS = 60_000;

export type WatchedClinic = EmulatedClinic & {
  tenantId: string;
  name: string;
  jti: string;
  /** The address of its only member. */
  email: string;
};

/**
 * A whole portal that runs through months in minutes: its clock jumps to the next time at which anything is due, and
 * continues when that work is done. RingCentral, the mail server and the database are as in every other test.
 */
export class LongWatch {
  private readonly began: number;
  private mailsSeen = 0;
  private cleanedAt = 0;
  readonly clinics: WatchedClinic[] = [];
  /** Each mail with the day on which it arrived. */
  readonly mails: { day: number; mail: CaughtMail }[] = [];
  private readonly budget: BudgetReader;
  private constructor(readonly test: TestPortal) {
    this.began = test.clock().getTime();
    const limits = { perMinute: Number(test.env.RINGCENTRAL_AUTH_PER_MINUTE) };
    const databaseTime = () => Promise.resolve(test.clock().getTime());
    this.budget = budgetReader(test.env.RINGCENTRAL_CLIENT_ID ?? '', limits, {
      world: { now: test.clock },
      databaseTime,
    });
  }

  static async start(options: TestPortalOptions = {}): Promise<LongWatch> {
    const env = { REJECTION_CONFIRM_SECONDS: '180', ...options.env };
    return new LongWatch(await TestPortal.start({ ...options, env }));
  }

  /** Days since the start. */
  day(): number {
    return (this.test.clock().getTime() - this.began) / DAY_MS;
  }

  /** A clinic with one member, connected by a JWT. */
  async addClinic(name: string, { expiresOnDay }: { expiresOnDay?: number } = {}): Promise<WatchedClinic> {
    const { test } = this;
    const tenantId = await test.addTenant(name);
    const clinic = addClinic(test.emulator, ['Front Desk Fax']);
    const member = await test.member(tenantId);
    const exp = expiresOnDay === undefined ? undefined : Math.floor((this.began + expiresOnDay * DAY_MS) / 1000);
    const clientIds = [test.example.app.clientId];
    const { jwt, jti } = test.emulator.createJwt({ extensionId: clinic.serviceUserId, clientIds, exp });
    await member.get(`/tenants/${tenantId}/credentials/new`);
    const answer = await member.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
    if (answer.status !== 303) throw new Error(`${name} could not paste: ${answer.status}`);
    const watched = { ...clinic, tenantId, name, jti, email: member.email };
    this.clinics.push(watched);
    return watched;
  }

  /** Runs until that day; calls `onMoment` whenever all due work is done. */
  async liveUntil(day: number, onMoment?: () => Promise<void>): Promise<void> {
    const until = this.began + day * DAY_MS;
    for (;;) {
      await this.settle();
      await onMoment?.();
      const now = this.test.clock().getTime();
      if (now >= until) return;
      const next = Math.min(until, now + 6 * HOUR_MS, await this.nextDue());
      this.test.clock.advance(Math.max(1, next - now));
      await this.clean();
    }
  }

  /** What the worker does once a minute; here once an hour, or at each time while the portal has an open incident. */
  private async clean(): Promise<void> {
    const now = this.test.clock().getTime();
    if (now - this.cleanedAt < HOUR_MS && (await this.openIncidents()) === 0) return;
    this.cleanedAt = now;
    await this.test.portal.clean();
  }

  private async nextDue(): Promise<number> {
    const open = await this.openIncidents();
    const now = new Date(this.test.clock().getTime()).toISOString();
    const rows = await Promise.all([
      this.test
        .db('check_requests')
        .whereNull('finished_at')
        .andWhere('due_at', '>', now)
        .min({ at: 'due_at' })
        .first<{ at: string | null } | undefined>(),
      this.test.db('outbox').whereNull('finished_at').min({ at: 'due_at' }).first<{ at: string | null } | undefined>(),
      this.test
        .db('credentials')
        .whereNotNull('remind_at')
        .min({ at: 'remind_at' })
        .first<{ at: string | null } | undefined>(),
    ]);
    const times = rows.flatMap((row) => (row?.at ? [Date.parse(row.at)] : []));
    // While the portal has an open incident, the worker reviews it once a minute.
    const turns = (await this.inLine()) ? [await this.turnOfLine()] : [];
    return Math.min(...times, ...turns, ...(open > 0 ? [this.test.clock().getTime() + 60_000] : []), Infinity);
  }

  /** Whether a check is running or due. */
  private async isCheckingDue(now: string): Promise<boolean> {
    const due = () => this.test.db('check_requests').whereNull('finished_at').andWhere('due_at', '<=', now);
    const begun = due().andWhere((one) => one.where({ lane: 'interactive' }).orWhere('lease_until', '>', now));
    if (await begun.first('id')) return true;
    return (await this.inLine()) && (await this.turnOfLine()) <= this.test.clock().getTime();
  }

  /** Whether daily checks are due that have not started. */
  private async inLine(): Promise<boolean> {
    const now = new Date(this.test.clock().getTime()).toISOString();
    const due = this.test.db('check_requests').whereNull('finished_at').andWhere('due_at', '<=', now);
    return (await due.whereNot({ lane: 'interactive' }).first('id')) !== undefined;
  }

  /** When the budget allows the next check of the waiting list. */
  private async turnOfLine(): Promise<number> {
    const { state, waiters, at } = await this.budget.glance(this.test.db);
    const next = { id: 'next', lane: 'background', tenantId: null, since: at } as const;
    return this.test.clock().getTime() + forecastGrant(state, [...waiters, next], next.id, at) - at;
  }

  private async openIncidents(): Promise<number> {
    return (await this.test.db('incidents').whereNull('tenant_id').whereNull('closed_at').select('id')).length;
  }

  /** Waits until all due work is done. */
  private async settle(): Promise<void> {
    const started = performance.now();
    for (let looks = 0; ; looks += 1) {
      if (!(await this.isAnythingDue())) break;
      if (performance.now() - started > STUCK_MS) throw new Error(`day ${this.day()}: something due is not done`);
      if (looks % 3 === 0) this.test.portal.look(); // the worker continues by itself while it finds work
      await pause(15);
    }
    const caught = this.test.mail.messages();
    for (const mail of caught.slice(this.mailsSeen)) this.mails.push({ day: this.day(), mail });
    this.mailsSeen = caught.length;
  }

  /** Asks one question after the other, because the first is usually true and this runs thousands of times. */
  private async isAnythingDue(): Promise<boolean> {
    const { db, clock } = this.test;
    const now = new Date(clock().getTime()).toISOString();
    if (await this.isCheckingDue(now)) return true;
    if (await db('outbox').whereNull('finished_at').andWhere('due_at', '<=', now).first('id')) return true;
    return (await db('credentials').where('remind_at', '<=', now).first('id')) !== undefined;
  }

  /** Makes its next check due now, with a new token, because the last check may have been minutes ago. */
  async checkNow({ tenantId }: WatchedClinic): Promise<void> {
    const now = new Date(this.test.clock().getTime()).toISOString();
    const of = (table: string) => this.test.db(table).where({ tenant_id: tenantId });
    await of('access_tokens').whereNotNull('serves_until').update({ serves_until: now });
    await of('check_requests').whereNull('finished_at').update({ due_at: now });
  }

  async stateOf({ tenantId }: WatchedClinic): Promise<{ state: ShownState; cause: string | null }> {
    const { shown } = await this.test.portal.services.connections.view(tenantId);
    return { state: shown.state, cause: shown.cause };
  }

  /** The events of its connection: type and cause, with their days. */
  async eventsOf({ tenantId }: WatchedClinic): Promise<{ type: string; cause: string | null; day: number }[]> {
    const rows = await this.test
      .db('events')
      .where({ tenant_id: tenantId })
      .andWhere('type', 'like', 'connection.%')
      .orderBy('nr')
      .select<{ type: string; at: string; data: string }[]>('type', 'at', 'data');
    return rows.map(({ type, at, data }) => {
      const { cause = null } = JSON.parse(data) as { cause?: string | null };
      return { type, cause, day: (Date.parse(at) - this.began) / DAY_MS };
    });
  }

  /** The subjects of the mails about its connection to that address, with their days. */
  mailsTo(email: string): { subject: string; day: number }[] {
    return this.mails
      .filter(
        ({ mail }) =>
          mail.to === email && /is not working|works again|expires on|incident|resolved:/.test(mail.subject),
      )
      .map(({ mail, day }) => ({ subject: mail.subject, day }));
  }

  close(): Promise<void> {
    return this.test.close();
  }
}
