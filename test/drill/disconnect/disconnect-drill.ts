import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AtStep } from '../../support/database/mortal-database.js';
import { summed } from '../kills/kill-drill-judge.js';
import { MortalProcess } from '../tokens/mortal-process.js';
import { authenticate, CONFIRM_MS, Stage, type Clinic } from './disconnect-clinics.js';
import { look } from './disconnect-judge.js';
import { sessionsAt } from './sessions-at-ringcentral.js';
import { scenarios, type Scenario } from './disconnect-scenarios.js';

export type DisconnectDrillOptions = {
  /** At most so many crashes, spread over all steps. */
  most: number;
  /** Which of the steps, if there are more: another seed begins at another one, so that all are covered over the seeds. */
  seed?: number;
  /** A database that other handles open too; default an SQLite file. */
  databaseUrl?: string | undefined;
  /** The scenarios with these names; default all. */
  only?: readonly string[] | undefined;
  /** Whether it ends with the first trial that has problems. */
  untilProblem?: boolean;
};
export type DisconnectDrilled = { steps: number; crashes: number; receipts: number; problems: string[] };

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;
/** What other processes do after a crash: at once, when leases have ended, when a refusal is confirmed, and much later. */
const PAUSES_MS = [0, MINUTE_MS + 1000, CONFIRM_MS + 1000, WEEK_MS];
/** The maker of receipts is always a round ahead, so that it finds everything half done. */
const LOOPS = ['receipts', 'ending sessions', 'receipts', 'checks', 'receipts', 'housekeeping', 'receipts'];
const MOST_PROBLEMS = 50;

/**
 * A process dies before and after every statement and call of a disconnection, of the revocations and death checks that
 * follow it, and of its receipt; then others go on. At no moment does a receipt say more than RingCentral did, and in the
 * end everything is destroyed once, with its rows in the audit.
 */
export async function runDisconnectDrill(options: DisconnectDrillOptions): Promise<DisconnectDrilled> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-disconnect-'));
  const stage = await Stage.open(options.databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`);
  try {
    return await new Run(stage).all(options);
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  private readonly done = { steps: 0, crashes: 0, receipts: 0 };
  private readonly problems: string[] = [];

  constructor(private readonly stage: Stage) {}

  async all({ most, seed = 0, only, untilProblem = false }: DisconnectDrillOptions): Promise<DisconnectDrilled> {
    const enough = untilProblem ? 1 : MOST_PROBLEMS;
    const chosen = scenarios.filter(({ name }) => only?.includes(name) ?? true);
    for (const scenario of chosen) {
      const steps = await this.trial(scenario, () => 'go on');
      this.done.steps += steps;
      const stride = Math.max(1, (steps * chosen.length) / most);
      for (let step = 1 + (seed % Math.floor(stride)); step <= steps && this.problems.length < enough; step += stride)
        await this.trial(scenario, (at) => (at === Math.floor(step) ? 'die' : 'go on'));
    }
    return { ...this.done, problems: summed(this.problems).slice(0, 10) };
  }

  /** @returns how many steps the process made */
  private async trial(scenario: Scenario, atStep: AtStep): Promise<number> {
    const { stage } = this;
    const { roles, method, before, act } = scenario;
    stage.test.emulator.clearLog();
    stage.test.emulator.faults.clear();
    const clinic = await stage.clinic(method);
    await before?.(stage, clinic);
    let death = 'without a crash';
    const process = await MortalProcess.start(stage.test, {
      ...{ databaseUrl: stage.databaseUrl, authenticate, roles },
      atStep: (step, what) => {
        const fate = atStep(step, what);
        if (fate === 'die') death = `dead ${what}`;
        return fate;
      },
    });
    process.watch();
    const acted = act(stage, process, clinic).catch((error: unknown) => {
      if (!process.isDead) throw error;
    });
    const status = await Promise.race([acted, process.dead]);
    if (process.isDead) this.done.crashes += 1;
    else process.die();
    const problem = (what: string) => void this.problems.push(`${scenario.name}: ${what} (${death})`);
    if (typeof status === 'number' && !(status === 303 || status === 202)) problem(`the answer was ${status}`);
    await this.answered();
    await this.goOn(scenario, clinic, { problem, isAnswered: typeof status === 'number' });
    return process.steps.length;
  }

  /** What a dead process had sent arrives. */
  private async answered(): Promise<void> {
    while (this.stage.test.emulator.requests.some(({ status }) => status === 0))
      await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Others go on until nothing changes any more. */
  private async goOn(
    { again, ends, name }: Scenario,
    clinic: Clinic,
    { problem, isAnswered }: { problem: (what: string) => void; isAnswered: boolean },
  ): Promise<void> {
    const { stage } = this;
    let kept: string | null = null;
    const holds = async () => {
      const found = await look(stage, clinic);
      for (const what of new Set(found.problems)) problem(what);
      if (kept !== null && found.receipt !== kept) problem('a receipt has changed');
      kept = found.receipt;
      return found;
    };
    const first = await holds();
    if (isAnswered && !first.isDisconnected) problem('it was acknowledged, and is not so');
    await again?.(stage, clinic);
    for (const pause of PAUSES_MS) {
      stage.test.clock.advance(pause);
      for (const loop of LOOPS) {
        await stage.round(loop);
        if (loop === 'receipts') await holds();
      }
    }
    const last = await holds();
    if (!last.isDisconnected || last.receipt === null) problem('there is no receipt');
    else this.done.receipts += 1;
    const { ended } = sessionsAt(stage.test.emulator, clinic.ownerId);
    if (ended === 0 && !name.startsWith('the week')) problem('no session was ended');
    const [because] = await stage.test.db('credentials').where({ id: clinic.credentialId }).pluck('destroyed_because');
    if (because !== ends) problem(`the credential was destroyed because of ${String(because)} and not ${ends}`);
  }
}
