import { createHash } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { addClinic, type EmulatedClinic } from '../../support/clinics.js';
import { summed } from './kill-drill-judge.js';
import { workerPlants } from './kill-drill-plants.js';
import { onStage, type Stage } from '../../support/processes/real-processes.js';
import type { Restarted } from '../../support/processes/restarted-process.js';
import type { Patch } from '../source-copy.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { contradictions, judgeWatch, type WatchCounts, type WatchedTenant } from './worker-kill-judge.js';

/** How long the lease of a claim lasts after its worker dies, in milliseconds. */
export type Leases = { checkMs: number; messageMs: number };

const productLeases: Leases = { checkMs: 20_000, messageMs: 60_000 };
/** For runs that cannot wait minutes for leases to expire; the rules are the same. */
export const shortLeases: Leases = { checkMs: 5_000, messageMs: 3_000 };

export type WorkerKillOptions = {
  kills: number;
  seed: number;
  /** one of `workerPlants`: a defect that the drill must detect */
  plant?: string;
  /** a migrated database; default an SQLite file */
  databaseUrl?: string | undefined;
  /** default 40 */
  clinics?: number;
  /** default: the product's leases */
  leases?: Leases;
  /** how long started work may take to finish after the last kill; default seven minutes */
  settleMs?: number;
};
export type WorkerKillResult = WatchCounts & {
  kills: number;
  /** broken rules; empty if the portal passed */
  problems: string[];
};

/** The portal allows five exchanges in ten minutes, including the paste. */
const CHECKS_BY_PERSON = 4;
const PER_MINUTE = 2000;
const LATEST_MS = 400;
/** How long a kill waits for a mail delivery to start. */
const MAIL_WITHIN_MS = 1500;
/** Several times more lines than are probed in parallel. */
const MANY_LINES = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M'].map((name) => `Fax ${name}`);

type Clinic = EmulatedClinic & WatchedTenant & { jti: string; checksLeft: number; fix: (() => void) | null };

/**
 * Breaks and repairs clinics at the emulator and checks them on request and on schedule, while two real workers are
 * killed with SIGKILL at random times during checks and deliveries. Then verifies with database, mails and
 * RingCentral's log whether anything was lost or done twice.
 */
export async function runWorkerKills(options: WorkerKillOptions): Promise<WorkerKillResult> {
  const { kills, seed, plant, databaseUrl, leases = productLeases } = options;
  const patches = [...patchesFor(leases), ...(plant === undefined ? [] : (workerPlants[plant] ?? []))];
  return onStage({ patches, databaseUrl, perMinute: PER_MINUTE }, (stage) =>
    new Run(options, leases, stage, seededRandom(seed)).all(kills),
  );
}

const patchesFor = ({ checkMs, messageMs }: Leases): Patch[] => [
  {
    file: 'src/connections/checks/checks-in-worker.ts',
    find: 'runtime.leaseMs ?? LEASE_MS',
    replace: `runtime.leaseMs ?? ${checkMs}`,
  },
  { file: 'src/platform/outbox.ts', find: 'const LEASE_MS = 60_000;', replace: `const LEASE_MS = ${messageMs};` },
];

class Run {
  private readonly web: Restarted;
  private readonly workers: Restarted[];
  private readonly asking = new Set<Promise<void>>();
  private readonly problems: string[] = [];
  private clinics: readonly Clinic[] = [];

  constructor(
    private readonly options: WorkerKillOptions,
    private readonly leases: Leases,
    private readonly stage: Stage,
    private readonly random: () => number,
  ) {
    const [web] = stage.start('web', 1);
    if (!web) throw new Error('there is no web process');
    this.web = web;
    this.workers = stage.start('worker', 2, { REJECTION_CONFIRM_SECONDS: '1' });
  }

  async all(kills: number): Promise<WorkerKillResult> {
    const { installation, emulator, mail } = this.stage;
    const db = openDatabase(installation.databaseUrl);
    const processes = [this.web, ...this.workers];
    try {
      await this.connectAll();
      for (let kill = 0; kill < kills; kill += 1) {
        await this.killOnce(db);
        this.problems.push(...(await contradictions(db)));
      }
      await this.lastOnes(db);
      const judged = await judgeWatch(db, this.clinics, { emulator, mail });
      const problems = summed([...this.problems, ...(await contradictions(db)), ...judged.problems]);
      return { ...judged.counts, kills, problems };
    } finally {
      await Promise.all(processes.map((one) => one.end()));
      await db.destroy();
    }
  }

  /** Each clinic pastes a good JWT before the first kill. */
  private async connectAll(): Promise<void> {
    const { installation, emulator, clientId } = this.stage;
    const { clinics: count = 40 } = this.options;
    const origin = await this.web.ready;
    const ids = await installation.addTenants(count + 1);
    const connect = async (tenantId: string, index: number) => {
      const emulated = addClinic(emulator, index === count ? MANY_LINES : ['Front Desk Fax']);
      const { jwt, jti } = emulator.createJwt({ extensionId: emulated.serviceUserId, clientIds: [clientId] });
      await installation.confirm([{ tenantId, accountId: emulated.accountId }]);
      const visitor = installation.member.twin(origin);
      const { status } = await visitor.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
      await visitor.close();
      if (status !== 303) throw new Error(`a paste was answered ${status}`);
      return {
        ...emulated,
        ...{ tenantId, jti, name: `Example Clinic ${index + 1}`, checksLeft: CHECKS_BY_PERSON },
        ...{ fingerprint: createHash('sha256').update(jwt).digest('hex'), isBroken: false, fix: null },
      };
    };
    this.clinics = await Promise.all(ids.map(connect));
  }

  /** Kills at a random time during a check, or just after a mail was sent and before this is recorded. */
  private async killOnce(db: Knex): Promise<void> {
    const inDelivery = this.random() < 0.3;
    // The owner of the mail is unknown, so both workers are killed.
    const victims = inDelivery || this.random() < 0.5 ? this.workers : [this.oneOf(this.workers)];
    await Promise.all(victims.map(({ ready }) => ready));
    const handedOver = inDelivery ? this.stage.mail.nextMessage() : undefined;
    const asked = this.stage.emulator.requests.length;
    for (let count = 1 + Math.floor(this.random() * 3); count > 0; count -= 1) await this.stir(db);
    if (handedOver) await Promise.race([handedOver, pass(MAIL_WITHIN_MS)]);
    else if (this.random() < 0.5) await pass(this.random() * LATEST_MS);
    else await this.amidACheck(asked);
    await Promise.all(victims.map((victim) => victim.kill()));
  }

  /** Waits until RingCentral has been asked since then, and a little longer. */
  private async amidACheck(asked: number): Promise<void> {
    const until = Date.now() + LATEST_MS;
    while (this.stage.emulator.requests.length === asked && Date.now() < until) await pass(5);
    await pass(this.random() * 50);
  }

  /** Usually changes a clinic, and checks it. */
  private async stir(db: Knex): Promise<void> {
    const clinic = this.oneOf(this.clinics.slice(0, -1)); // the last clinic's check takes too long to be killed often
    if (this.random() < 0.8) this.change(clinic);
    if (clinic.checksLeft > 0 && this.random() < 0.4) await this.askFor(clinic);
    else await this.comeDue(db, [clinic]);
  }

  private change(clinic: Clinic): void {
    const { emulator, clientId } = this.stage;
    clinic.isBroken = clinic.fix === null;
    if (clinic.fix !== null) {
      clinic.fix();
      clinic.fix = null;
      return;
    }
    const { jti, serviceUserId } = clinic;
    const kinds = [
      () => {
        emulator.revokeJwt(jti); // a doubtful refusal, which must be confirmed
        return () => void (emulator.world.credential(jti).revoked = false);
      },
      () => {
        emulator.forbidApp(jti, clientId);
        return () => emulator.permitApp(jti, clientId);
      },
      () => {
        emulator.setExtensionStatus(serviceUserId, 'Disabled');
        return () => emulator.setExtensionStatus(serviceUserId, 'Enabled');
      },
    ];
    clinic.fix = this.oneOf(kinds)();
  }

  /** "Check now" by a person who waits for the answer; the drill itself does not wait. */
  private async askFor(clinic: Clinic): Promise<void> {
    clinic.checksLeft -= 1;
    const visitor = this.stage.installation.member.twin(await this.web.ready);
    const answered = visitor
      .post(`/tenants/${clinic.tenantId}/connection/checks`)
      .then(({ status }) => {
        if (status !== 303) this.problems.push(`"check now" was answered ${status}`);
      })
      .finally(() => {
        this.asking.delete(answered);
        void visitor.close();
      });
    this.asking.add(answered);
  }

  /** As after a day: the checks are due, and the tokens of the last ones have expired. */
  private async comeDue(db: Knex, clinics: readonly Clinic[]): Promise<void> {
    const of = (table: string) =>
      db(table).whereIn(
        'tenant_id',
        clinics.map(({ tenantId }) => tenantId),
      );
    const now = new Date().toISOString();
    await of('access_tokens').whereNotNull('serves_until').update({ serves_until: now });
    await of('check_requests').whereNull('finished_at').whereNull('lease_until').update({ due_at: now });
  }

  /** After the last kill: all clinics are checked at once, including one whose check takes longer than a lease. */
  private async lastOnes(db: Knex): Promise<void> {
    await Promise.all([...this.workers.map(({ ready }) => ready), ...this.asking]);
    const { emulator } = this.stage;
    const slow = this.clinics.at(-1)?.accountId ?? '';
    for (const { id } of emulator.world.extensionsOf(slow))
      emulator.faults.add({
        kind: 'slow',
        path: `/restapi/v1.0/account/~/extension/${id}/`,
        delayMs: this.leases.checkMs * 0.35, // four rounds of lines
      });
    await this.comeDue(db, this.clinics);
    const until = Date.now() + (this.options.settleMs ?? 420_000);
    while (!(await isOver(db)) && Date.now() < until) await pass(200);
  }

  private oneOf<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.random() * list.length)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }
}

/** Whether nothing is due now or within a moment (such as a confirmation), and no mail waits. */
async function isOver(db: Knex): Promise<boolean> {
  const soon = new Date(Date.now() + 3000).toISOString();
  const due = await db('check_requests').whereNull('finished_at').andWhere('due_at', '<=', soon).first('id');
  return due === undefined && (await db('outbox').whereNull('finished_at').first('id')) === undefined;
}
