import { createHash } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { addClinic } from '../../support/clinics.js';
import { onStage, type Stage } from '../../support/processes/real-processes.js';
import type { Restarted } from '../../support/processes/restarted-process.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { summed } from '../kills/kill-drill-judge.js';
import { askForToken, statusAtRingCentral, tokenIn, tokensWithoutRow, type Received } from './token-jobs.js';
import { tokenKillPlants } from './token-plants.js';

export type TokenKillOptions = {
  kills: number;
  seed: number;
  /** one of `tokenKillPlants`: a defect that the drill must detect */
  plant?: string | undefined;
  /** a migrated database; default an SQLite file */
  databaseUrl?: string | undefined;
};
export type TokenKillResult = {
  kills: number;
  /** The kills after which the other process had to ask RingCentral, or to wait for the lease of the dead one. */
  cutShort: number;
  asked: number;
  tokens: number;
  /** The longest time from a kill to the next token of the clinic, in milliseconds. */
  longestMs: number;
  problems: string[];
};

type Clinic = { tenantId: string; fingerprint: string; isRecovering: boolean };

const CLINICS = 12;
const PER_MINUTE = 2000;
/** So many jobs ask at once for the clinic without a token, at the process that will be killed and at the other one. */
const COLD = { victim: 8, witness: 4 };
/** So many jobs ask one request after the other for any clinic until the process is killed. */
const LOAD = 6;
const LATEST_MS = 150;
const LATEST_CALL_MS = 3000;
/** A whole issue takes about this long after RingCentral was asked. */
const ISSUE_MS = 60;
const RECOVERED_MS = 15_000;
/** A mint took longer than a kept token. */
const AT_ONCE_MS = 1000;

/**
 * Kills processes with SIGKILL while they issue tokens under load. Then verifies that each token that a job received
 * has its committed audit row, and that the process that lives issues a token of the same clinic within 15 seconds.
 */
export async function runTokenKills(options: TokenKillOptions): Promise<TokenKillResult> {
  const { plant, databaseUrl, seed, kills } = options;
  const patches = plant === undefined ? [] : (tokenKillPlants[plant] ?? []);
  return onStage({ patches, databaseUrl, perMinute: PER_MINUTE }, (stage) =>
    new Run(stage, seededRandom(seed)).all(kills),
  );
}

class Run {
  private readonly db: Knex;
  private readonly received: Received[] = [];
  private readonly recoveries = new Set<Promise<void>>();
  private readonly problems: string[] = [];
  private clinics: readonly Clinic[] = [];
  private jobs = 0;
  private cutShort = 0;
  private longestMs = 0;

  constructor(
    private readonly stage: Stage,
    private readonly random: () => number,
  ) {
    this.db = openDatabase(stage.installation.databaseUrl);
  }

  async all(kills: number): Promise<TokenKillResult> {
    const processes: Restarted[] = [];
    try {
      await this.connectAll();
      const [witness, ...victims] = this.stage.start('api', 3);
      if (!witness) throw new Error('there is no process');
      processes.push(witness, ...victims);
      for (let kill = 0; kill < kills; kill += 1) await this.killOnce(victims[kill % 2]!, witness);
      await Promise.all(this.recoveries);
      this.problems.push(...(await tokensWithoutRow(this.db, this.received)));
      const tokens = this.received.filter((one) => tokenIn(one) !== undefined).length;
      const { cutShort, longestMs, problems } = this;
      return { kills, cutShort, asked: this.received.length, tokens, longestMs, problems: summed(problems) };
    } finally {
      await Promise.all(processes.map((one) => one.end()));
      await this.db.destroy();
    }
  }

  /** Each clinic pastes a good JWT. Afterwards only processes that issue tokens are needed. */
  private async connectAll(): Promise<void> {
    const { installation, emulator, clientId } = this.stage;
    const [web, worker] = [...this.stage.start('web', 1), ...this.stage.start('worker', 1)];
    const origin = (await web?.ready) ?? '';
    const connect = async (tenantId: string): Promise<Clinic> => {
      const { accountId, serviceUserId } = addClinic(emulator, ['Front Desk Fax']);
      const { jwt } = emulator.createJwt({ extensionId: serviceUserId, clientIds: [clientId] });
      await installation.confirm([{ tenantId, accountId }]);
      const visitor = installation.member.twin(origin);
      const { status } = await visitor.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
      await visitor.close();
      if (status !== 303) throw new Error(`a paste was answered ${status}`);
      return { tenantId, fingerprint: createHash('sha256').update(jwt).digest('hex'), isRecovering: false };
    };
    this.clinics = await Promise.all((await installation.addTenants(CLINICS)).map(connect));
    const working = () => this.db('connections').where({ state: 'healthy' }).select('tenant_id');
    while ((await working()).length < CLINICS) await pass(50);
    await Promise.all([web?.end(), worker?.end()]);
  }

  private async killOnce(victim: Restarted, witness: Restarted): Promise<void> {
    while (this.clinics.every(({ isRecovering }) => isRecovering)) await Promise.race(this.recoveries);
    const [victimUrl, witnessUrl] = await Promise.all([victim.ready, witness.ready]);
    const clinic = this.oneOf(this.clinics.filter(({ isRecovering }) => !isRecovering));
    clinic.isRecovering = true;
    const calls = () => this.callsFor(clinic);
    const callsBefore = calls();
    await this.forgetTokens(clinic);
    let isKilled = false;
    const load = async (): Promise<void> => {
      while (!isKilled) await this.ask(victimUrl, this.warmClinic(clinic));
    };
    const asks: Promise<unknown>[] = Array.from({ length: LOAD }, load);
    const cold = Array.from({ length: COLD.victim }, () => this.ask(victimUrl, clinic));
    await this.momentToKill(() => calls() > callsBefore, Promise.race(cold));
    asks.push(...cold, ...Array.from({ length: COLD.witness }, () => this.askWitness(witnessUrl, clinic)));
    await pass(this.random() * ISSUE_MS);
    await victim.kill();
    isKilled = true;
    const killedAt = Date.now();
    const recovery = this.recover(witnessUrl, clinic, killedAt)
      .then(() => Promise.all(asks))
      .then(() => {
        if (calls() - callsBefore > 2) this.problems.push(`RingCentral was asked ${calls() - callsBefore} times`);
        clinic.isRecovering = false;
      })
      .finally(() => this.recoveries.delete(recovery));
    this.recoveries.add(recovery);
  }

  /** At any time, when RingCentral is asked, or when the first job of the clinic is answered. */
  private async momentToKill(isAsked: () => boolean, firstAnswer: Promise<unknown>): Promise<void> {
    const drawn = this.random();
    if (drawn < 0.25) return pass(this.random() * LATEST_MS);
    if (drawn < 0.5) {
      await firstAnswer;
      return;
    }
    const until = Date.now() + LATEST_CALL_MS;
    while (!isAsked() && Date.now() < until) await pass(2);
  }

  /** A job asks once at the process that lives. */
  private async recover(url: string, clinic: Clinic, killedAt: number): Promise<void> {
    const token = tokenIn(await this.askWitness(url, clinic));
    const ms = Date.now() - killedAt;
    this.longestMs = Math.max(this.longestMs, ms);
    if (ms > AT_ONCE_MS) this.cutShort += 1;
    if (ms > RECOVERED_MS) this.problems.push(`a clinic had no token for ${Math.round(ms / 1000)} seconds`);
    if (token !== undefined && (await statusAtRingCentral(this.stage.emulator.url, token)) !== 200)
      this.problems.push('a dead token left');
  }

  private async ask(url: string, { tenantId }: Clinic): Promise<Received> {
    this.jobs += 1;
    const key = this.stage.installation.apiKey;
    const received = await askForToken(url, { key, tenantId, jobId: `job-${this.jobs}` });
    this.received.push(received);
    if (![0, 200].includes(received.status)) this.problems.push(`a job was answered ${received.status}`);
    return received;
  }

  /** The process that lives must answer. */
  private async askWitness(url: string, clinic: Clinic): Promise<Received> {
    const received = await this.ask(url, clinic);
    if (received.status === 0) this.problems.push('the process that lives did not answer');
    return received;
  }

  private warmClinic(cold: Clinic): Clinic {
    const warm = this.clinics.filter(({ isRecovering }) => !isRecovering);
    return warm.length > 0 ? this.oneOf(warm) : cold;
  }

  /** As after an hour. */
  private async forgetTokens({ tenantId }: Clinic): Promise<void> {
    await this.db('access_token_secrets').where({ tenant_id: tenantId }).delete();
    await this.db('access_tokens').where({ tenant_id: tenantId }).delete();
  }

  private callsFor({ fingerprint }: Clinic): number {
    return this.stage.emulator.tokenCalls.filter(({ assertionSha256 }) => assertionSha256 === fingerprint).length;
  }

  private oneOf<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.random() * list.length)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }
}
