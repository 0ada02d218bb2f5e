import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionRules } from '../../../src/emulator/world/session-rules.js';
import { migrate, openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { MortalDatabase, never } from '../../support/database/mortal-database.js';
import { addSignIn, aKeeper, ask, issue, SignInRingCentral, type AtCall, type Keeper } from './rotation-parts.js';

export type RotationDrillOptions = {
  /** At most so many crashes, spread over all steps. */
  most: number;
  /** A database that other handles open too; default an SQLite file. */
  databaseUrl?: string | undefined;
};
export type RotationDrilled = { steps: number; crashes: number; rotations: number; problems: string[] };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Beyond every claim, and within the grace period. */
const CLAIM_MS = 3 * MINUTE_MS;
const PROCESSES = 4;

/**
 * A process dies before and after every statement and call of a rotation. Afterwards another one must recover the
 * session, and no access token that RingCentral has ended may be given to a job. Then four processes rotate at once, and
 * answers come after others have gone on.
 */
export async function runRotationDrill({ most, databaseUrl }: RotationDrillOptions): Promise<RotationDrilled> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-rotation-'));
  const url = databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`;
  const drill = new RotationDrill(url, most);
  try {
    await drill.prepare();
    await drill.crashes();
    await drill.fourAtOnce();
    await drill.lateAnswers();
  } finally {
    await drill.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return drill.result();
}

class RotationDrill {
  private now = new Date('2026-11-21T09:00:00.000Z');
  private readonly clock = () => this.now;
  private readonly db: Knex;
  private readonly problems = new Set<string>();
  private readonly done = { steps: 0, crashes: 0, rotations: 0 };
  private clinics = 0;

  constructor(
    private readonly url: string,
    private readonly most: number,
  ) {
    this.db = openDatabase(url);
  }

  async prepare(): Promise<void> {
    await migrate(this.db);
    const person = { id: 'alice', email: 'alice@clinic.example', name: 'Alice' };
    await this.db('people').insert({ ...person, created_at: this.now.toISOString() });
  }

  close = () => this.db.destroy();
  result = () => ({ ...this.done, problems: [...this.problems] });

  /** At each step, for each answer that an old refresh token can get in its grace period. */
  async crashes(): Promise<void> {
    for (const graceAnswer of ['same_tokens', 'other_refresh_token', 'other_tokens'] as const) {
      const steps = await this.crashAt(Infinity, graceAnswer);
      const each = Math.max(1, Math.ceil((3 * steps) / this.most));
      for (let step = 1; step <= steps; step += each) await this.crashAt(step, graceAnswer);
      this.done.steps += steps;
    }
  }

  /** @returns how many steps the process made */
  private async crashAt(step: number, graceAnswer: SessionRules['graceAnswer']): Promise<number> {
    const { ringcentral, tenantId, keeper } = await this.aClinic();
    ringcentral.setRules({ graceAnswer });
    this.later(56 * MINUTE_MS); // the access token lives, and no job has it
    let told: () => void = () => undefined;
    const isDead = new Promise<'dead'>((resolve) => (told = () => resolve('dead')));
    let death = '';
    const process = new MortalDatabase(
      openDatabase(this.url),
      (at, what) => {
        death = what;
        return at === step ? 'die' : 'go on';
      },
      () => {
        told();
      },
    );
    await process.db.raw('select 1');
    process.watch();
    const atCall: AtCall = (when) => (process.livesAfter(when) ? Promise.resolve() : never);
    const ended = await Promise.race([ask(this.keeper(ringcentral, process.db, atCall), tenantId), isDead]);
    const say = (problem: string) => this.problems.add(`${problem} after a crash "${death}"`);
    if (ended !== 'dead') {
      process.die();
      if (ended.kind !== 'minted') say(`a rotation was answered ${ended.kind}`);
      return process.steps.length;
    }
    this.done.crashes += 1;
    const given = await issue(keeper, tenantId);
    if (given !== null && !ringcentral.accepts(given)) say('a job was given a token that RingCentral has ended');
    this.later(given === null ? CLAIM_MS : 5 * MINUTE_MS);
    for (const hour of [0, 1]) {
      this.later(hour * HOUR_MS);
      const answer = await ask(keeper, tenantId, hour === 0 ? 'background' : 'broker');
      this.done.rotations += 1;
      if (answer.kind !== 'minted') say(`the session is lost (${'cause' in answer ? answer.cause : answer.kind})`);
      else if (ringcentral.use(answer.session.accessToken) !== 200) say('an access token does not work');
    }
    return process.steps.length;
  }

  async fourAtOnce(): Promise<void> {
    const { ringcentral, tenantId } = await this.aClinic();
    this.later(HOUR_MS);
    const handles = Array.from({ length: PROCESSES }, () => openDatabase(this.url));
    let held = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const atCall: AtCall = (when) => (when === 'sent' ? gate : Promise.resolve());
    const asks = handles.map(async (handle) => {
      const { kind } = await ask(this.keeper(ringcentral, handle, atCall), tenantId);
      if (kind === 'held') held += 1;
    });
    for (let turn = 0; turn < 2000 && held + ringcentral.onTheWire < PROCESSES; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 1));
    open();
    await Promise.all(asks);
    for (const handle of handles) await handle.destroy();
    if (ringcentral.mostOnTheWire > 1) this.problems.add(`${ringcentral.mostOnTheWire} refreshes of one token at once`);
    this.done.rotations += 1;
  }

  /** A process sleeps before RingCentral gets its request, or before it gets the answer. */
  async lateAnswers(): Promise<void> {
    for (const sleepsAt of ['sent', 'answered'] as const) {
      const { ringcentral, tenantId, keeper } = await this.aClinic();
      this.later(HOUR_MS);
      let wake: (() => void) | undefined;
      const asleep = (): Promise<unknown> => new Promise((resolve) => (wake = () => resolve(undefined)));
      const atCall: AtCall = (when) => (when === sleepsAt ? asleep() : Promise.resolve());
      const late = ask(this.keeper(ringcentral, this.db, atCall), tenantId);
      for (let turn = 0; turn < 2000 && !wake; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
      if (!wake) throw new Error('no refresh was sent');
      const row = await this.db('refresh_tokens')
        .where({ tenant_id: tenantId })
        .first<{ attempted_at: string | null }>();
      if (row.attempted_at === null) this.problems.add('a request was sent without its attempt');
      this.later(CLAIM_MS);
      await this.works(ringcentral, keeper, tenantId, 'while another process slept');
      this.later(HOUR_MS);
      await this.works(ringcentral, keeper, tenantId, 'while another process slept');
      wake();
      const { kind } = await late;
      const when = `after a late answer (${sleepsAt})`;
      if (kind !== 'held') this.problems.add(`${kind} was told ${when}`);
      this.later(HOUR_MS);
      await this.works(ringcentral, keeper, tenantId, when);
    }
  }

  private async works(ringcentral: SignInRingCentral, keeper: Keeper, tenantId: string, when: string): Promise<void> {
    const answer = await ask(keeper, tenantId);
    this.done.rotations += 1;
    if (answer.kind !== 'minted') this.problems.add(`a rotation was answered ${answer.kind} ${when}`);
    else if (ringcentral.use(answer.session.accessToken) !== 200) this.problems.add(`a token does not work ${when}`);
  }

  private async aClinic() {
    this.clinics += 1;
    const tenantId = `clinic-${this.clinics}`;
    const ringcentral = new SignInRingCentral(this.clock);
    const keeper = this.keeper(ringcentral, this.db);
    await addSignIn(this.db, keeper, tenantId, { ...ringcentral.signIn(`9${this.clinics}`), askedAt: this.now });
    return { ringcentral, tenantId, keeper };
  }

  private readonly keeper = (ringcentral: SignInRingCentral, db: Knex, atCall?: AtCall) =>
    aKeeper(db, this.clock, ringcentral, atCall);

  private later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }
}
