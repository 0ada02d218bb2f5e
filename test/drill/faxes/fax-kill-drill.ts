import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import type { Fault } from '../../../src/emulator/traffic/faults.js';
import { formsOf } from '../../security/support/secret-scan.js';
import { toItsEnd, type RunningProcess } from '../../support/processes/processes.js';
import { onStage, type Stage } from '../../support/processes/real-processes.js';
import type { Restarted } from '../../support/processes/restarted-process.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { summed } from '../kills/kill-drill-judge.js';
import { connectClinics } from './fax-clinics.js';
import { brokenFiles, wrongInTheEnd } from './fax-folder.js';
import { faxKillPlants } from './fax-drill-plants.js';

export type FaxKillOptions = {
  clinics: number;
  faxesEach: number;
  kills: number;
  seed: number;
  plant?: string | undefined;
};
export type FaxKillResult = { documents: number; contentCalls: number; endedBefore: number; problems: string[] };

const PER_MINUTE = 3000;
const WINDOW_SECONDS = 1;
/** As many lines as the pull reads at the same time, each of which may lose one document to a kill. */
const AT_ONCE = 32;
const metricsToken = 'synthetic-metrics-token-0123456789abcdef';
/** Of no real person; the number is reserved for fiction. They may be in the folder of the faxes only. */
const patient = { name: 'Zedekiah Planted-Quill', phoneNumber: '+13105550187', location: 'Plantedville' };

/** After a kill the pull is silent for a window of RingCentral's limits: here a second, as the emulator says too. */
const shortWindows = {
  file: 'src/faxes/calls/user-limits.ts',
  find: 'light: { limit: 50, windowMs: 60_000 }, medium: { limit: 40, windowMs: 60_000 }',
  replace: `light: { limit: 50, windowMs: ${WINDOW_SECONDS * 1000} }, medium: { limit: 40, windowMs: ${WINDOW_SECONDS * 1000} }`,
};

/**
 * Kills real `latchkey faxes pull` processes with SIGKILL at random, until one ends by itself, and then checks that the
 * folder holds each fax exactly once as it was sent, that nothing was written elsewhere, that the next run fetches
 * nothing, and that no patient is named anywhere but in the folder.
 */
export async function runFaxKills(options: FaxKillOptions): Promise<FaxKillResult> {
  const base = mkdtempSync(join(tmpdir(), 'latchkey-faxes-'));
  const patches = [shortWindows, ...(options.plant === undefined ? [] : (faxKillPlants[options.plant] ?? []))];
  const stageOptions = { patches, databaseUrl: undefined, perMinute: PER_MINUTE, windowSeconds: WINDOW_SECONDS };
  try {
    return await onStage(stageOptions, (stage) => new Run(options, stage, base).all());
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

class Run {
  private readonly random: () => number;
  private readonly expected = new Map<string, Buffer>();
  private readonly problems: string[] = [];
  private readonly said: string[] = [];
  private endedBefore = 0;
  /** Slows every content call down, and so counts them; the emulator's log forgets the oldest. */
  private slow: Fault | undefined;
  private readonly dir: string;
  private pullEnvironment: Record<string, string> = {};

  constructor(
    private readonly options: FaxKillOptions,
    private readonly stage: Stage,
    private readonly base: string,
  ) {
    this.random = seededRandom(options.seed);
    this.dir = join(base, 'faxes');
    for (const name of ['faxes', 'home', 'cwd', 'tmp']) mkdirSync(join(base, name));
  }

  async all(): Promise<FaxKillResult> {
    const { installation, emulator } = this.stage;
    const whole = { ...installation.environment.whole, ROLES: 'web,worker,api', METRICS_TOKEN: metricsToken };
    const [portal] = this.stage.start('worker', 1, whole);
    if (!portal) throw new Error('there is no process');
    try {
      const origin = await portal.ready;
      for (const { externalRef, extensionId } of await connectClinics(this.stage, origin, this.options.clinics))
        this.deliver(externalRef, extensionId);
      this.pullEnvironment = {
        LATCHKEY_URL: origin,
        LATCHKEY_API_KEY: installation.apiKey,
        HOME: join(this.base, 'home'),
        TMPDIR: join(this.base, 'tmp'),
      };
      this.slow = emulator.faults.add({ kind: 'document_slow', call: 'content', bytes: 300, delayMs: 10 });
      for (let kill = 0; kill < this.options.kills; kill += 1) await this.killOnce(kill);
      await this.lastRuns();
      await this.leaks(portal, origin);
      const { endedBefore, problems, expected } = this;
      return { documents: expected.size, contentCalls: this.contentCalls(), endedBefore, problems: summed(problems) };
    } finally {
      await portal.end();
    }
  }

  /** Faxes of a planted patient. */
  private deliver(externalRef: string, extensionId: string): void {
    const { emulator } = this.stage;
    for (let fax = 0; fax < this.options.faxesEach; fax += 1) {
      const message = emulator.deliverFax(extensionId, {
        from: patient,
        text: patient.name,
        lateSeconds: Math.floor(this.random() * 20 * 86_400),
      });
      const month = message.createdAt.toISOString().slice(0, 7).replace('-', '/');
      const path = `${externalRef}/${extensionId}/${month}/${message.id}-${message.id}.pdf`;
      this.expected.set(path, emulator.documentOf(message));
    }
  }

  private startPull(): RunningProcess {
    const args = ['faxes', 'pull', '--to', this.dir];
    return this.stage.command(args, { env: this.pullEnvironment, cwd: join(this.base, 'cwd') });
  }

  private contentCalls(): number {
    return this.slow?.played ?? 0;
  }

  /** Sometimes while it starts or lists, mostly while it fetches. */
  private async killOnce(kill: number): Promise<void> {
    const before = this.contentCalls();
    const pull = this.startPull();
    const state = { isOver: false };
    void pull.exited.then(() => (state.isOver = true));
    if (this.random() < 0.15) await pass(this.random() * 1500);
    else {
      while (!state.isOver && this.contentCalls() === before) await pass(5);
      await pass(this.random() * (this.options.kills > 20 ? 700 : 150));
    }
    const { code } = await pull.kill9();
    this.said.push(...pull.lines.stdout, ...pull.lines.stderr);
    if (code !== null) {
      this.endedBefore += 1;
      if (code !== 0) this.problems.push(`a pull ended with ${code}`);
    }
    // All files of a large folder are compared now and then only.
    if (this.options.kills <= 20 || kill % 10 === 9) this.problems.push(...brokenFiles(this.dir, this.expected));
  }

  private async toTheEnd(): Promise<{ code: number | null; total: Record<string, unknown> }> {
    const { code, stdout, stderr } = await toItsEnd(this.startPull());
    this.said.push(stdout, stderr);
    return { code, total: JSON.parse(stdout.split('\n').at(-1) ?? '{}') as Record<string, unknown> };
  }

  private async lastRuns(): Promise<void> {
    const { kills } = this.options;
    const none = { pending: 0, failed: 0, lost: 0, gaps: 0 };
    const last = await this.toTheEnd();
    const isClean = (total: Record<string, unknown>) => Object.entries(none).every(([name, is]) => total[name] === is);
    if (last.code !== 0 || !isClean(last.total)) this.problems.push(`the last run ended with ${String(last.code)}`);
    this.problems.push(...wrongInTheEnd(this.dir, this.expected));
    const calls = this.contentCalls();
    if (calls > this.expected.size + kills * AT_ONCE) this.problems.push(`${calls} content calls are too many`);
    const again = await this.toTheEnd();
    if (again.code !== 0 || again.total['fetched'] !== 0 || again.total['new'] !== 0)
      this.problems.push(`another run says ${JSON.stringify(again)}`);
    if (this.contentCalls() !== calls) this.problems.push('another run fetched a document');
    this.problems.push(...wrongInTheEnd(this.dir, this.expected));
    for (const name of ['home', 'cwd', 'tmp'])
      if (readdirSync(join(this.base, name)).length > 0) this.problems.push(`a file was written to ${name}`);
    if (readdirSync(this.base).length !== 4) this.problems.push('a file was written beside the folder');
  }

  /** The patient is named in the folder, and nowhere else. */
  private async leaks(portal: Restarted, origin: string): Promise<void> {
    const { installation, mail } = this.stage;
    const headers = { authorization: `Bearer ${metricsToken}` };
    const metrics = await (await fetch(`${origin}/metrics`, { headers })).text();
    await portal.end();
    const database = installation.databaseUrl.replace(/^sqlite:/, '');
    const folder = join(database, '..');
    const stored = readdirSync(folder).filter((name) => name.startsWith('latchkey.db'));
    const places: Record<string, Buffer[]> = {
      'the output of the pull': this.said.map((text) => Buffer.from(text)),
      'the log of the portal': portal.said.map((line) => Buffer.from(line)),
      'the database': stored.map((name) => readFileSync(join(folder, name))),
      'a mail': [Buffer.from(JSON.stringify(mail.messages()))],
      'the metrics': [Buffer.from(metrics)],
    };
    const planted = [patient.name, patient.phoneNumber, patient.phoneNumber.slice(1), patient.location].flatMap(
      formsOf,
    );
    const has = (bytes: Buffer) => planted.some((form) => bytes.includes(form));
    for (const [place, all] of Object.entries(places)) {
      if (all.length === 0) this.problems.push(`nothing of ${place} was searched`);
      if (all.some(has)) this.problems.push(`a patient is named in ${place}`);
    }
    if (!metrics.includes('latchkey_')) this.problems.push('the metrics were not read');
    const [document] = this.expected.keys();
    if (!has(readFileSync(join(this.dir, document ?? '')))) this.problems.push('no patient is named in the folder');
  }
}
