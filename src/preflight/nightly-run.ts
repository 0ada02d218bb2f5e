import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { ReadPeople } from '../accounts/people/people-directory.js';
import type { ChecksBudget } from '../connections/checks/effective-interval.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { boundTo, inLock } from '../platform/database/lock.js';
import type { MailMessage } from '../platform/mail-message.js';
import type { EnqueueMessage } from '../platform/outbox.js';
import type { World } from '../platform/world.js';
import { isTimeZone } from '../tenants/time-zones.js';
import type { Language } from '../texts/languages.js';
import { nightlyRunStore } from './nightly-run-store.js';
import { beginsAt, SUMMARY_BEFORE_MS } from './plan.js';
import type { PreflightService } from './preflight-service.js';
import { isTimeOfDay, nextRunAt, type RunTime } from './run-time.js';

/** What a summary says. */
export type Summary = Awaited<ReturnType<PreflightService['summary']>> & {
  minutes: number;
  run: RunTime;
  by: Date;
  now: Date;
};

export type RunTimeProblem = { field: 'at' | 'timeZone' };

type Deps = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  people: ReadPeople;
  enqueue: EnqueueMessage;
  service: Pick<PreflightService, 'queueUnknown' | 'summary' | 'counts' | 'estimatedMinutes'>;
  budget: ChecksBudget | null;
  compose: (summary: Summary, to: { email: string; language: Language }) => MailMessage;
};

/** How often the worker looks for clinics that have become unknown. */
const QUEUE_EVERY_MS = 15 * 60_000;
const REMEMBERED_MS = 30 * 24 * 3_600_000;

/** The time at which the ISV's jobs run each night, and what the worker does before. */
export const nightlyRun = (deps: Deps) => {
  const { db, world, service, budget } = deps;
  const inRunLock = inLock(deps.transaction, 'preflight', (trx) => ({
    runs: nightlyRunStore(trx),
    audit: auditStore(trx, world),
    people: deps.people(trx),
    ...boundTo(trx, { enqueue: deps.enqueue }),
  }));
  let queuedAt = -Infinity;

  /** Two hours before the run, tells staff what to expect; several processes together tell them once. */
  async function tellStaff(run: RunTime, by: Date): Promise<void> {
    if (await nightlyRunStore(db).isTold(by)) return;
    const counts = await service.summary(by);
    const minutes = await service.estimatedMinutes(null);
    const now = world.now();
    await inRunLock('', async ({ runs, people, enqueue }) => {
      if (!(await runs.tell(by, now))) return;
      await runs.removeBefore(new Date(now.getTime() - REMEMBERED_MS));
      for (const id of await people.staffFor('preflight')) {
        const reader = await people.reader(id, null);
        if (!reader) continue;
        const to = { email: reader.email, language: reader.language ?? 'en' };
        const payload = deps.compose({ ...counts, minutes, run, by, now }, to);
        await enqueue({ kind: 'mail', tenantId: null, payload });
      }
    });
  }

  return {
    runTime: (): Promise<RunTime | null> => nightlyRunStore(db).find(),

    /** @param asked null: no run is expected */
    async setRunTime(asked: RunTime | null, actor: Actor, origin: Origin): Promise<RunTimeProblem[]> {
      const problems: RunTimeProblem[] = [];
      if (asked && !isTimeOfDay(asked.at)) problems.push({ field: 'at' });
      if (asked && !isTimeZone(asked.timeZone)) problems.push({ field: 'timeZone' });
      if (problems.length > 0) return problems;
      await inRunLock('', async ({ runs, audit }) => {
        await runs.set(asked);
        const detail = { at: asked?.at ?? null, time_zone: asked?.timeZone ?? null };
        await audit.append({ action: 'preflight.run_time_set', actor, outcome: 'ok', detail, origin });
      });
      return [];
    },

    /** The worker's part: queues checks of what is unknown in time for the next run, and tells staff before it. */
    async round(): Promise<void> {
      const run = await nightlyRunStore(db).find();
      if (!run) return;
      const now = world.now();
      const by = nextRunAt(run, now);
      if (now < beginsAt(by, (await service.counts()).working, budget)) return;
      if (now.getTime() - queuedAt >= QUEUE_EVERY_MS || now.getTime() < queuedAt) {
        await service.queueUnknown({ by, tenantIds: null }, { kind: 'portal' });
        queuedAt = now.getTime();
      }
      if (now.getTime() >= by.getTime() - SUMMARY_BEFORE_MS) await tellStaff(run, by);
    },
  };
};

export type NightlyRun = ReturnType<typeof nightlyRun>;
