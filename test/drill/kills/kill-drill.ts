import { createHash } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import type { Postgres } from '../../../scripts/postgres.js';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { outboxWriter } from '../../../src/platform/outbox.js';
import { publicKeySealer } from '../../../src/platform/sealing/sealing.js';
import { realWorld } from '../../../src/platform/world.js';
import { addClinic, type EmulatedClinic } from '../../support/clinics.js';
import { dataOf } from '../../support/visits/visitor.js';
import { isSettled, judge, stateByRows, summed, type Fate, type Submission } from './kill-drill-judge.js';
import { killPlants, processPlants } from './kill-drill-plants.js';
import { onStage, type Stage } from '../../support/processes/real-processes.js';
import type { Restarted } from '../../support/processes/restarted-process.js';
import { seededRandom } from '../../support/strict-limiter.js';

export type KillDrillOptions = {
  kills: number;
  seed: number;
  /** one of `killPlants` or `processPlants`: a defect that the drill must detect */
  plant?: string;
  /** how long the last verdicts may take after the last kill; default two minutes */
  settleMs?: number;
  /** a migrated database; default an SQLite file */
  databaseUrl?: string | undefined;
  /** the number of processes per role; default one */
  each?: number;
  /** the server of `databaseUrl`; it is restarted under load, gracefully and by crash, after every so many kills */
  server?: { restart: Postgres['restart']; everyKills: number };
  /** the token calls a minute that RingCentral allows and the portal makes; default 200 */
  perMinute?: number;
  /** how many pastes run in parallel after the last kill; default eight */
  lastPastes?: number;
};
export type KillDrillResult = {
  kills: number;
  submissions: number;
  acknowledged: number;
  /** not acknowledged, but completely stored */
  silentlyKept: number;
  /** restarts of the database server */
  restarts: number;
  /** broken rules; empty if the portal passed */
  problems: string[];
};

/** Few enough that no tenant reaches its limit of five in ten minutes. */
const PASTES_PER_TENANT = 4;
const MOST_IN_FLIGHT = 12;
const PER_MINUTE = 200;
/** After the last kill, everything must be done exactly once. */
const LAST_MAILS = 20;
/** Around the time of the POST; a whole submission takes about this long. */
const EARLIEST_MS = -50;
const LATEST_MS = 450;

/**
 * Pastes JWTs into a portal of real processes, kills web, worker or both with SIGKILL at random times during
 * submissions, and restarts the database server if there is one. Then checks in database, mails and pages whether
 * anything was lost, split or done twice.
 */
export async function runKillDrill(options: KillDrillOptions): Promise<KillDrillResult> {
  const { kills, seed, plant, databaseUrl, perMinute = PER_MINUTE } = options;
  const patches = plant === undefined ? [] : ({ ...killPlants, ...processPlants }[plant] ?? []);
  return onStage({ patches, databaseUrl, perMinute }, (stage) =>
    new Run(options, stage, seededRandom(seed)).all(kills),
  );
}

/**
 * A check waits for minutes, and then longer, after more than three processes died during it, or after it failed
 * following two such deaths (schedule.ts). The slower the machine, the more checks are affected here. Releases those
 * checks now; all others keep their due times.
 */
async function letGoSoon(db: Knex): Promise<void> {
  const soon = new Date(Date.now() + 20_000).toISOString(); // a normal lease; a living worker renews it before that
  for (const [until, innocent] of [
    ['lease_until', 3],
    ['due_at', 2],
  ] as const)
    await db('check_requests')
      .whereNull('finished_at')
      .where('failures', '>', innocent)
      .where(until, '>', soon)
      .update({ [until]: soon });
}

class Run {
  private readonly submissions: Submission[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly oddAnswers: string[] = [];
  private readonly clinics: { tenantId: string; clinic: EmulatedClinic; pastes: number }[] = [];
  private victims: Restarted[] = [];
  private readonly webs: Restarted[];
  private readonly workers: Restarted[];
  private restarts = 0;

  constructor(
    private readonly options: KillDrillOptions,
    private readonly stage: Stage,
    private readonly random: () => number,
  ) {
    const { each = 1 } = options;
    this.webs = stage.start('web', each);
    this.workers = stage.start('worker', each);
  }

  async all(kills: number): Promise<KillDrillResult> {
    const db = openDatabase(this.stage.installation.databaseUrl);
    const processes = [...this.webs, ...this.workers];
    try {
      for (let kill = 0; kill < kills; kill += 1) await this.killOnce(kill, kills);
      await Promise.all(this.inFlight);
      for (const one of processes) await one.ready;
      await letGoSoon(db);
      await this.settled(db);
      const twice = await this.lastOnes(db);
      const problems = [
        ...this.oddAnswers,
        ...twice,
        ...(await judge(db, this.submissions)),
        ...(await this.pages(db)),
      ];
      const { violations } = this.stage.emulator;
      if (violations.length > 0) problems.push(`${violations.length} calls beyond RingCentral's limit`);
      const known = new Set((await db('credentials').pluck('fingerprint')) as string[]);
      const silent = this.submissions.filter((one) => !one.acknowledged && known.has(one.fingerprint));
      for (const one of processes) await one.end();
      problems.push(...this.leaks(processes));
      return {
        kills,
        submissions: this.submissions.length,
        acknowledged: this.submissions.filter(({ acknowledged }) => acknowledged).length,
        silentlyKept: silent.length,
        restarts: this.restarts,
        problems: summed(problems),
      };
    } finally {
      await Promise.all(processes.map((one) => one.end()));
      await db.destroy();
    }
  }

  private async killOnce(kill: number, kills: number): Promise<void> {
    if (this.clinics.length === 0) await this.addClinics(4 + Math.ceil((kills * 2) / PASTES_PER_TENANT), 0);
    while (this.inFlight.size >= MOST_IN_FLIGHT) await Promise.race(this.inFlight);
    const victims = this.chooseVictims();
    const web = victims.find((one) => this.webs.includes(one)) ?? this.oneOf(this.webs);
    const origin = await web.ready;
    for (const victim of victims) await victim.ready;
    const restarting = this.restartServer(kill);
    const at = EARLIEST_MS + this.random() * (LATEST_MS - EARLIEST_MS);
    const pastes = this.random() < 0.5 ? 1 : 2;
    if (at >= 0) {
      for (let paste = 0; paste < pastes; paste += 1) this.paste(origin);
      await pass(at);
      await Promise.all(victims.map((victim) => victim.kill()));
    } else {
      const killed = pass(-at).then(() => Promise.all(victims.map((victim) => victim.kill())));
      await pass(this.random() * -at);
      for (let paste = 0; paste < pastes; paste += 1) this.paste(origin);
      await killed;
    }
    await restarting;
  }

  private async addClinics(count: number, pastes: number): Promise<void> {
    const { installation, emulator } = this.stage;
    const added = (await installation.addTenants(count)).map((tenantId) => ({ tenantId, clinic: addClinic(emulator) }));
    await installation.confirm(added.map(({ tenantId, clinic: { accountId } }) => ({ tenantId, accountId })));
    this.clinics.push(...added.map((one) => ({ ...one, pastes })));
  }

  /** Starts together with the pastes, so that it interrupts their work. */
  private async restartServer(kill: number): Promise<void> {
    const { server } = this.options;
    if (!server || (kill + 1) % server.everyKills !== 0) return;
    await pass(this.random() * LATEST_MS);
    await server.restart(this.restarts % 2 === 0 ? 'immediate' : 'fast');
    this.restarts += 1;
  }

  private oneOf(processes: readonly Restarted[]): Restarted {
    const chosen = processes[Math.floor(this.random() * processes.length)];
    if (!chosen) throw new Error('there is no process');
    return chosen;
  }

  /** Often the same ones several times in a row, so that the other kind can also finish its work. */
  private chooseVictims(): Restarted[] {
    if (this.victims.length > 0 && this.random() < 0.8) return this.victims;
    const drawn = this.random();
    if (drawn < 0.5) this.victims = [this.oneOf(this.workers)];
    else this.victims = [this.oneOf(this.webs), ...(drawn < 0.85 ? [] : [this.oneOf(this.workers)])];
    return this.victims;
  }

  /** After the last kill: parallel pastes and mails for processes that keep running. */
  private async lastOnes(db: Knex): Promise<string[]> {
    const { mail } = this.stage;
    const { lastPastes = 8 } = this.options;
    const before = this.submissions.length;
    const origins = await Promise.all(this.webs.map(({ ready }) => ready));
    await this.addClinics(lastPastes, PASTES_PER_TENANT - 1);
    const sealer = await publicKeySealer(this.stage.installation.publicJwks);
    const enqueue = outboxWriter(sealer, realWorld);
    for (let number = 1; number <= LAST_MAILS; number += 1) {
      const payload = { to: 'alice.moss@clinic.example', subject: `Last mail ${number}`, text: 'synthetic' };
      await enqueue(db, { kind: 'mail', tenantId: null, payload });
    }
    for (let paste = 0; paste < lastPastes; paste += 1) this.paste(origins[paste % origins.length] ?? '');
    await Promise.all(this.inFlight);
    await this.settled(db);
    const isSent = (number: number) => mail.waitFor(({ subject }) => subject === `Last mail ${number}`, 30_000);
    for (let number = 1; number <= LAST_MAILS; number += 1) await isSent(number).catch(() => undefined);
    const problems: string[] = [];
    const caught = mail.messages().filter(({ subject }) => subject.startsWith('Last mail'));
    const different = new Set(caught.map(({ subject }) => subject)).size;
    if (different < LAST_MAILS) problems.push(`${LAST_MAILS - different} mails are lost`);
    if (caught.length > different) problems.push(`${caught.length - different} mails were sent twice`);
    for (const { fingerprint } of this.submissions.slice(before)) {
      const judged = await db('checks')
        .whereIn('verdict', ['accepted', 'refused'])
        .whereIn('credential_id', db('credentials').where({ fingerprint }).select('id'));
      if (judged.length > 1) problems.push('a paste was judged twice');
    }
    return problems;
  }

  /** The database password must be known only to its processes. */
  private leaks(processes: readonly Restarted[]): string[] {
    const { password } = new URL(this.stage.installation.databaseUrl.replace(/^sqlite:/, 'file:'));
    if (password === '') return [];
    return processes.some(({ said }) => said.some((line) => line.includes(password)))
      ? ["the database's password was written to a log"]
      : [];
  }

  /** Posts a JWT of a random clinic and records whether the portal acknowledged it. */
  private paste(origin: string): void {
    const free = this.clinics.filter(({ pastes }) => pastes < PASTES_PER_TENANT);
    const chosen = free[Math.floor(this.random() * free.length)];
    if (!chosen) throw new Error('there are too few tenants for so many pastes');
    chosen.pastes += 1;
    const { tenantId, clinic } = chosen;
    const drawn = this.random();
    const fate: Fate = drawn < 0.6 ? 'activated' : drawn < 0.8 ? 'kept' : 'destroyed';
    const { jwt, jti } = this.stage.emulator.createJwt({
      extensionId: clinic.serviceUserId,
      clientIds: fate === 'kept' ? ['EXAMPLEclientId_000099'] : [this.stage.clientId],
    });
    if (fate === 'destroyed') this.stage.emulator.revokeJwt(jti);
    const fingerprint = createHash('sha256').update(jwt).digest('hex');
    const submission: Submission = { tenantId, fingerprint, fate, acknowledged: false };
    this.submissions.push(submission);
    const visitor = this.stage.installation.member.twin(origin);
    const answered = visitor
      .post(`/tenants/${tenantId}/credentials`, { assertion: jwt })
      .then(
        ({ status }) => {
          if (status === 303) submission.acknowledged = true;
          else if (status !== 503 || !this.options.server) this.oddAnswers.push(`a paste was answered ${status}`);
        },
        () => undefined, // the process died; the paste must be stored completely or not at all
      )
      .finally(() => {
        this.inFlight.delete(answered);
        void visitor.close();
      });
    this.inFlight.add(answered);
  }

  /** Waits until every verdict has arrived, or until the time limit. */
  private async settled(db: Knex): Promise<void> {
    const until = Date.now() + (this.options.settleMs ?? 120_000);
    while (!(await isSettled(db)) && Date.now() < until) await pass(250);
  }

  private async pages(db: Knex): Promise<string[]> {
    const visitor = this.stage.installation.member.twin((await this.webs[0]?.ready) ?? '');
    const problems: string[] = [];
    for (const { tenantId, pastes } of this.clinics) {
      if (pastes === 0) continue;
      const { state } = dataOf((await visitor.get(`/tenants/${tenantId}/connection`)).text);
      const wanted = await stateByRows(db, tenantId);
      if (state !== wanted) problems.push(`a page shows ${String(state)} where it is ${wanted}`);
    }
    await visitor.close();
    return problems;
  }
}
