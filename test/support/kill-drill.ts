import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.js';
import { openDatabase, type Knex } from '../../src/platform/database.js';
import { addClinic, type EmulatedClinic } from './clinics.js';
import { dataOf } from './http-visitor.js';
import { Installation } from './installation.js';
import { isSettled, judge, stateByRows, type Fate, type Submission } from './kill-drill-judge.js';
import { killPlants } from './kill-drill-plants.js';
import { startProcess, type RunningProcess } from './processes.js';
import { compileCopy } from './source-copy.js';
import { seededRandom } from './strict-limiter.js';

export type KillDrillOptions = {
  kills: number;
  seed: number;
  /** one of `killPlants`: a defect the drill must notice */
  plant?: string;
  /** how long the last verdicts may take after the last kill; default two minutes */
  settleMs?: number;
  /** migrated; default a file of SQLite */
  databaseUrl?: string | undefined;
};
export type KillDrillResult = {
  kills: number;
  submissions: number;
  acknowledged: number;
  /** not acknowledged, and yet whole in the database */
  silentlyKept: number;
  /** what must not be; empty when the portal held */
  problems: string[];
};

/** Few enough that no tenant meets its own limit of five in ten minutes. */
const PASTES_PER_TENANT = 4;
const MOST_IN_FLIGHT = 12;
const PER_MINUTE = 200;
/** Around the moment of the POST; its whole way takes about as long as this. */
const EARLIEST_MS = -50;
const LATEST_MS = 450;

/** A process that is started again as soon as it is killed. */
class Restarted {
  private current: RunningProcess;
  /** where it listens, once it does */
  ready: Promise<string>;

  constructor(private readonly start: () => RunningProcess) {
    this.current = start();
    this.ready = this.listening();
  }

  private listening(): Promise<string> {
    const ready = this.current
      .line(/"port":(\d+).*"msg":"listening"/, { timeoutMs: 60_000 })
      .then(([, port = '']) => `http://127.0.0.1:${port}`);
    ready.catch(() => undefined); // killed again before it was up
    return ready;
  }

  async kill(): Promise<void> {
    await this.current.kill9();
    this.current = this.start();
    this.ready = this.listening();
  }

  end = () => this.current.kill9();
}

/**
 * Pastes JWTs into a portal of two real processes, and kills web, worker or both with SIGKILL at random moments of the
 * submissions; then reads from database and pages whether anything was lost or halved.
 */
export async function runKillDrill({ kills, seed, plant, settleMs = 120_000, databaseUrl }: KillDrillOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-kills-'));
  const emulator = createEmulator({ limits: { auth: PER_MINUTE, light: 1e6, medium: 1e6, heavy: 1e6 }, delayMs: 15 });
  try {
    compileCopy(folder, plant === undefined ? [] : killPlants[plant]);
    const { clientId, secret } = emulator.addApp();
    const ringcentral = { serverUrl: await emulator.listen(), clientId, clientSecret: secret ?? '' };
    const installation = await Installation.create({ folder, databaseUrl, ringcentral, perMinute: PER_MINUTE });
    const run = new Run(installation, emulator, folder, clientId, seededRandom(seed));
    return await run.all(kills, settleMs);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  private readonly submissions: Submission[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly oddAnswers: string[] = [];
  private readonly clinics: { tenantId: string; clinic: EmulatedClinic; pastes: number }[] = [];
  private victims: Restarted[] = [];
  private readonly web: Restarted;
  private readonly worker: Restarted;

  constructor(
    private readonly installation: Installation,
    private readonly emulator: Emulator,
    folder: string,
    private readonly clientId: string,
    private readonly random: () => number,
  ) {
    const start = (role: 'web' | 'worker') => () =>
      startProcess(process.execPath, [join(folder, 'dist/server.js')], {
        cwd: folder,
        env: installation.environment[role],
      });
    this.web = new Restarted(start('web'));
    this.worker = new Restarted(start('worker'));
  }

  async all(kills: number, settleMs: number): Promise<KillDrillResult> {
    const db = openDatabase(this.installation.databaseUrl);
    try {
      for (let kill = 0; kill < kills; kill += 1) await this.killOnce(kills);
      await Promise.all(this.inFlight);
      await Promise.all([this.web.ready, this.worker.ready]);
      await this.settled(db, settleMs);
      const problems = [...this.oddAnswers, ...(await judge(db, this.submissions)), ...(await this.pages(db))];
      const { violations } = this.emulator;
      if (violations.length > 0) problems.push(`${violations.length} calls beyond RingCentral's limit`);
      const known = new Set((await db('credentials').pluck('fingerprint')) as string[]);
      const silent = this.submissions.filter((one) => !one.acknowledged && known.has(one.fingerprint));
      return {
        kills,
        submissions: this.submissions.length,
        acknowledged: this.submissions.filter(({ acknowledged }) => acknowledged).length,
        silentlyKept: silent.length,
        problems: summed(problems),
      };
    } finally {
      await Promise.all([this.web.end(), this.worker.end()]);
      await this.installation.member.close();
      await db.destroy();
    }
  }

  private async killOnce(kills: number): Promise<void> {
    if (this.clinics.length === 0)
      for (const tenantId of await this.installation.addTenants(4 + Math.ceil((kills * 2) / PASTES_PER_TENANT)))
        this.clinics.push({ tenantId, clinic: addClinic(this.emulator), pastes: 0 });
    while (this.inFlight.size >= MOST_IN_FLIGHT) await Promise.race(this.inFlight);
    const victims = this.chooseVictims();
    const origin = await this.web.ready;
    if (victims.includes(this.worker)) await this.worker.ready;
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
  }

  /** The same ones several times in a row, so that what the other is about also comes to its end. */
  private chooseVictims(): Restarted[] {
    if (this.victims.length > 0 && this.random() < 0.8) return this.victims;
    const drawn = this.random();
    if (drawn < 0.5) this.victims = [this.worker];
    else this.victims = drawn < 0.85 ? [this.web] : [this.web, this.worker];
    return this.victims;
  }

  /** Posts a JWT of a random clinic, and remembers whether the portal said that it has it. */
  private paste(origin: string): void {
    const free = this.clinics.filter(({ pastes }) => pastes < PASTES_PER_TENANT);
    const chosen = free[Math.floor(this.random() * free.length)];
    if (!chosen) throw new Error('there are too few tenants for so many pastes');
    chosen.pastes += 1;
    const { tenantId, clinic } = chosen;
    const drawn = this.random();
    const fate: Fate = drawn < 0.6 ? 'activated' : drawn < 0.8 ? 'kept' : 'destroyed';
    const { jwt, jti } = this.emulator.createJwt({
      extensionId: clinic.serviceUserId,
      clientIds: fate === 'kept' ? ['EXAMPLEclientId_000099'] : [this.clientId],
    });
    if (fate === 'destroyed') this.emulator.revokeJwt(jti);
    const fingerprint = createHash('sha256').update(jwt).digest('hex');
    const submission: Submission = { tenantId, fingerprint, fate, acknowledged: false };
    this.submissions.push(submission);
    const visitor = this.installation.member.twin(origin);
    const answered = visitor
      .post(`/tenants/${tenantId}/credentials`, { assertion: jwt })
      .then(
        ({ status }) => {
          if (status === 303) submission.acknowledged = true;
          else this.oddAnswers.push(`a paste was answered ${status}`);
        },
        () => undefined, // the process died; whether it is kept must not be half true
      )
      .finally(() => {
        this.inFlight.delete(answered);
        void visitor.close();
      });
    this.inFlight.add(answered);
  }

  /** Until every verdict is in, or for as long as that may take. */
  private async settled(db: Knex, settleMs: number): Promise<void> {
    const until = Date.now() + settleMs;
    while (!(await isSettled(db)) && Date.now() < until) await pass(250);
  }

  private async pages(db: Knex): Promise<string[]> {
    const visitor = this.installation.member.twin(await this.web.ready);
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

/** The same problem many times is one line. */
function summed(problems: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return [...counts].map(([problem, count]) => (count > 1 ? `${problem} (${count} times)` : problem));
}
