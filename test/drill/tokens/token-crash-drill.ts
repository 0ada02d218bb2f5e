import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authenticate, jobKey } from '../../tokens/jobs.js';
import { LongWatch, type WatchedClinic } from '../watch/long-watch.js';
import { summed } from '../kills/kill-drill-judge.js';
import type { AtStep } from '../../support/database/mortal-database.js';
import { MortalProcess } from './mortal-process.js';
import { askForToken, statusAtRingCentral, tokenIn, tokensWithoutRow, type Received } from './token-jobs.js';

export type TokenCrashOptions = {
  /** At most so many trials, spread over all steps; default each step. */
  most?: number;
  /** A database that other handles open too; default an SQLite file. */
  databaseUrl?: string | undefined;
};
export type TokenCrashResult = {
  /** The steps at which the process can die, of all scenarios. */
  steps: number;
  crashes: number;
  sleeps: number;
  /** The tokens that jobs received from a process that died or slept. */
  tokens: number;
  problems: string[];
};

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const ASLEEP_MS = 20 * MINUTE_MS;
/** These ask together, and share a call of RingCentral and a commit. */
const JOBS = 2;
/** A dead process holds up the others no longer than this. */
const LEASE_MS = 15 * SECOND_MS;

type Scenario = {
  name: string;
  /** What happens at the step. */
  at: 'crash' | 'sleep';
  /** The age of the token that the portal keeps when the jobs ask. */
  keptForMs: number;
  /** The jobs report a token whose session has ended. A report that was not finished is made again after a minute. */
  isRejected?: true;
};
const scenarios: readonly Scenario[] = [
  { name: 'a token is kept', at: 'crash', keptForMs: 10 * MINUTE_MS },
  { name: 'no token is kept', at: 'crash', keptForMs: 62 * MINUTE_MS },
  { name: 'a token is rejected', at: 'crash', keptForMs: 10 * MINUTE_MS, isRejected: true },
  { name: 'no token is kept', at: 'sleep', keptForMs: 62 * MINUTE_MS },
  { name: 'a token expires during the sleep', at: 'sleep', keptForMs: 45 * MINUTE_MS },
];

/**
 * Jobs ask for tokens at a process that dies before and after every statement, and when each call of RingCentral is
 * sent and answered; or its machine sleeps there for 20 minutes. A token that leaves has its audit row and works, and
 * another process issues a token once the lease of the dead one has ended. Ends with the first trial that has problems.
 */
export async function runTokenCrashDrill(options: TokenCrashOptions): Promise<TokenCrashResult> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-crashes-'));
  const databaseUrl = options.databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`;
  const watch = await LongWatch.start({ databaseUrl, authenticate });
  try {
    return await new Run(watch, await watch.addClinic('Clinic'), databaseUrl).all(options);
  } finally {
    await watch.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const alive: AtStep = () => 'go on';

class Run {
  private readonly result = { steps: 0, crashes: 0, sleeps: 0, tokens: 0 };
  private readonly problems: string[] = [];
  private jobs = 0;
  private where = 'without an interruption';

  constructor(
    private readonly watch: LongWatch,
    private readonly clinic: WatchedClinic,
    private readonly databaseUrl: string,
  ) {}

  async all({ most = Infinity }: TokenCrashOptions): Promise<TokenCrashResult> {
    await this.watch.liveUntil(this.watch.day()); // the credential is checked
    for (const scenario of scenarios) {
      if (this.problems.length > 0) break;
      const { steps } = await this.trial(scenario, alive);
      this.result.steps += steps;
      const stride = Math.max(1, (steps * scenarios.length) / most);
      for (let step = 1; step <= steps && this.problems.length === 0; step += stride)
        await this.strike(scenario, Math.floor(step));
    }
    return { ...this.result, problems: summed(this.problems) };
  }

  private async strike(scenario: Scenario, at: number): Promise<void> {
    const { clock } = this.watch.test;
    let what = '';
    this.where = 'without an interruption';
    const { isDead } = await this.trial(scenario, (step, its) => {
      if (step !== at) return 'go on';
      what = its;
      this.where = `${scenario.at} ${its}`;
      if (scenario.at === 'crash') return 'die';
      clock.advance(ASLEEP_MS);
      return 'go on';
    });
    if (what === '') return; // this time it had fewer steps
    if (scenario.at === 'sleep') this.result.sleeps += 1;
    else if (isDead) this.result.crashes += 1;
    else this.problems.push(`it did not die at the step ${what}`);
  }

  /** Jobs ask at a process; then another one recovers. */
  private async trial(scenario: Scenario, atStep: AtStep): Promise<{ steps: number; isDead: boolean }> {
    const { test } = this.watch;
    const rejected = await this.prepare(scenario);
    const { databaseUrl } = this;
    const mortal = await MortalProcess.start(test, { databaseUrl, authenticate, atStep });
    const callsBefore = test.emulator.tokenCalls.length;
    mortal.watch();
    const received = await Promise.all(Array.from({ length: JOBS }, () => this.ask(mortal.url, rejected)));
    const { isDead, steps } = mortal;
    mortal.die();
    const say = (problem: string) => this.problems.push(`${scenario.name}, ${this.where}: ${problem}`);
    for (const problem of await tokensWithoutRow(test.db, received)) say(problem);
    const tokens = received.flatMap((one) => tokenIn(one) ?? []);
    this.result.tokens += tokens.length;
    for (const token of new Set(tokens)) if ((await this.statusWith(token)) !== 200) say('a dead token left');
    const mayWait = scenario.at === 'sleep'; // after a sleep the time in which a job is answered is over
    for (const { status } of received)
      if (!isDead && status !== 200 && !(mayWait && status === 503)) say(`a job was answered ${status}`);

    if (isDead) test.clock.advance(rejected === undefined ? LEASE_MS : MINUTE_MS + SECOND_MS);
    const recovered = await this.ask(test.url, rejected);
    const token = tokenIn(recovered);
    if (token === undefined) say(`afterwards a job was answered ${recovered.status}`);
    else if ((await this.statusWith(token)) !== 200) say('afterwards a dead token left');
    for (const problem of await tokensWithoutRow(test.db, [recovered])) say(problem);
    const calls = test.emulator.tokenCalls.length - callsBefore;
    if (calls > 2) say(`RingCentral was asked ${calls} times`);
    const kept = test.db('access_tokens').whereNotNull('serves_until');
    const unsealed = await kept.whereNotIn('id', test.db('access_token_secrets').select('id')).select('id');
    if (unsealed.length > 0) say('a token is kept without its ciphertext');
    return { steps: steps.length, isDead };
  }

  /** @returns the hash of the token that the jobs report, in a scenario in which they do */
  private async prepare({ keptForMs, isRejected }: Scenario): Promise<string | undefined> {
    const { test } = this.watch;
    test.clock.advance(62 * MINUTE_MS);
    const later = new Date(test.clock().getTime() + 600 * MINUTE_MS).toISOString();
    await test.db('check_requests').whereNull('finished_at').update({ due_at: later });
    const token = tokenIn(await this.ask(test.url));
    if (token === undefined) throw new Error('there is no token to begin with');
    await this.watch.liveUntil(this.watch.day()); // the check that a token of a new day begins
    test.clock.advance(keptForMs);
    if (!isRejected) return undefined;
    test.emulator.setExtensionStatus(this.clinic.serviceUserId, 'Disabled'); // ends its sessions
    test.emulator.setExtensionStatus(this.clinic.serviceUserId, 'Enabled');
    return createHash('sha256').update(token).digest('hex');
  }

  private ask(url: string, rejected?: string): Promise<Received> {
    this.jobs += 1;
    const { tenantId } = this.clinic;
    return askForToken(url, { key: jobKey, tenantId, jobId: `job-${this.jobs}`, rejected });
  }

  private statusWith(token: string): Promise<number> {
    return statusAtRingCentral(this.watch.test.emulator.url, token);
  }
}
