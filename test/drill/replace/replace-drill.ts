import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { MortalDatabase, never } from '../../support/database/mortal-database.js';
import { addConnected, addReplacement } from './replace-clinics.js';
import { aProcess, CONFIRM_MS, JwtRingCentral, LEASE_MS, type AtCall, type Process } from './replace-parts.js';

export type ReplaceDrillOptions = {
  /** At most so many crashes, spread over all steps. */
  most: number;
  /** Which of the steps, if there are more: another seed begins at another one, so that all are covered over the seeds. */
  seed?: number;
  /** A database that other handles open too; default an SQLite file. */
  databaseUrl?: string | undefined;
};
export type ReplaceDrilled = { steps: number; crashes: number; problems: string[] };

const DAY_MS = 86_400_000;

type Scenario = {
  name: string;
  /** What the worker or the page of the first process does. */
  act: (process: Process, clinic: Clinic) => Promise<unknown>;
  /** What is stored and true at RingCentral before. */
  prepare: (clinic: Clinic) => Promise<unknown>;
  /** What became of the old and of the new credential, once others have gone on. */
  ends: { old: string; new: string };
};

type Clinic = {
  id: string;
  ringcentral: JwtRingCentral;
  other: Process;
  old: string;
  new: string;
  now: Date;
  db: Knex;
};

const replaces = async ({ db, other, id, now }: Clinic) => {
  await addReplacement(db, other, id, `${id}-new`, now);
};
const work = (process: Process, { id }: Clinic) => process.work(id);
const replaced = async (clinic: Clinic) => {
  await replaces(clinic);
  await clinic.other.work(clinic.id);
};
const say = (process: Process, { id }: Clinic) => process.sayDeleted(id, `${id}-old`, { personId: 'alice' }, {});
const said = async (clinic: Clinic) => {
  await replaced(clinic);
  await say(clinic.other, clinic);
};

const stillWorks = 'the old JWT still works';

const scenarios: readonly Scenario[] = [
  { name: 'a replacement that works', prepare: replaces, act: work, ends: { old: 'retired', new: 'active' } },
  {
    name: 'a replacement that RingCentral refuses',
    prepare: async (clinic) => {
      await replaces(clinic);
      clinic.ringcentral.deleted.add(clinic.new);
    },
    act: work,
    ends: { old: 'active', new: 'destroyed' },
  },
  {
    name: 'a person says that the old JWT was deleted',
    prepare: replaced,
    act: async (process, clinic) => {
      clinic.ringcentral.deleted.add(clinic.old);
      await say(process, clinic);
    },
    // A person who got no answer says it again.
    ends: { old: 'destroyed', new: 'active' },
  },
  {
    name: 'the first refusal of the old JWT',
    prepare: async (clinic) => {
      await said(clinic);
      clinic.ringcentral.deleted.add(clinic.old);
    },
    act: work,
    ends: { old: 'destroyed', new: 'active' },
  },
  { name: stillWorks, prepare: said, act: work, ends: { old: 'retired', new: 'active' } },
  {
    name: 'RingCentral refuses the old JWT once although it works',
    prepare: async (clinic) => {
      await said(clinic);
      clinic.ringcentral.next.set(clinic.old, ['rejected']);
    },
    act: work,
    ends: { old: 'retired', new: 'active' },
  },
  {
    name: 'RingCentral does not answer, and refuses for another reason',
    prepare: async (clinic) => {
      await said(clinic);
      clinic.ringcentral.next.set(clinic.old, ['transient', 'locked_out', 'locked_out', 'transient']);
    },
    act: work,
    ends: { old: 'retired', new: 'active' },
  },
];

/**
 * A process dies before and after every statement and call of a replacement and of a death check; then another one goes
 * on. At no moment are two credentials in use, or none, and "proved dead" is said only of a JWT that was deleted.
 */
export async function runReplaceDrill({ most, seed = 0, databaseUrl }: ReplaceDrillOptions): Promise<ReplaceDrilled> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-replace-'));
  const url = databaseUrl ?? `sqlite:${join(folder, 'latchkey.db')}`;
  const db = openDatabase(url);
  try {
    await migrate(db);
    const alice = { id: 'alice', email: 'alice@clinic.example', name: 'Alice', created_at: '2026-11-21T09:00:00.000Z' };
    await db('people').insert(alice).onConflict('id').ignore();
    return await new ReplaceDrill(url, db, most, seed).all();
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

class ReplaceDrill {
  private now = new Date('2026-11-21T09:00:00.000Z');
  private readonly clock = () => this.now;
  private readonly problems = new Set<string>();
  private readonly done = { steps: 0, crashes: 0 };
  private clinics = 0;

  constructor(
    private readonly url: string,
    private readonly db: Knex,
    private readonly most: number,
    private readonly seed: number,
  ) {}

  async all(): Promise<ReplaceDrilled> {
    for (const scenario of scenarios) {
      const steps = await this.crashAt(scenario, Infinity);
      const stride = Math.max(1, Math.ceil((steps * scenarios.length) / this.most));
      for (let step = 1 + (this.seed % stride); step <= steps; step += stride) await this.crashAt(scenario, step);
      this.done.steps += steps;
    }
    return { ...this.done, problems: [...this.problems] };
  }

  /** @returns how many steps the process made */
  private async crashAt(scenario: Scenario, step: number): Promise<number> {
    const clinic = await this.aClinic();
    await scenario.prepare(clinic);
    let told: () => void = () => undefined;
    const isDead = new Promise<'dead'>((resolve) => (told = () => resolve('dead')));
    let death = '';
    const mortal = new MortalDatabase(
      openDatabase(this.url),
      (at, what) => {
        death = what;
        return at === step ? 'die' : 'go on';
      },
      () => told(),
    );
    await mortal.db.raw('select 1');
    mortal.watch();
    const atCall: AtCall = (what) => (mortal.livesAfter(what) ? Promise.resolve() : never);
    const process = aProcess(mortal.db, this.clock, clinic.ringcentral, atCall);
    const ended = await Promise.race([scenario.act(process, clinic), isDead]);
    if (ended === 'dead') this.done.crashes += 1;
    else mortal.die();
    const problem = (what: string) =>
      this.problems.add(`${scenario.name}: ${what}${ended === 'dead' ? ` after a crash "${death}"` : ''}`);
    if (ended !== 'dead' && scenario.name === stillWorks && clinic.ringcentral.living(clinic.old) > 0)
      problem('the session of a death check was not ended');
    await this.goOn(scenario, clinic, problem);
    return mortal.steps.length;
  }

  /** Another process goes on until nothing changes any more. */
  private async goOn({ ends, name }: Scenario, clinic: Clinic, problem: (what: string) => void): Promise<void> {
    const { id, other } = clinic;
    await this.holds(clinic, problem);
    await this.jobGetsToken(clinic, problem);
    if (name.startsWith('a person says')) await say(other, clinic);
    for (const pause of [0, LEASE_MS + 1, CONFIRM_MS, CONFIRM_MS]) {
      this.later(pause);
      while (await other.work(id)) await this.holds(clinic, problem);
    }
    await this.jobGetsToken(clinic, problem);
    const became = await this.statuses(clinic);
    for (const which of ['old', 'new'] as const)
      if (became[which] !== ends[which]) problem(`the ${which} JWT is ${became[which]} and not ${ends[which]}`);
    if (ends.old !== 'retired') return;
    this.later(7 * DAY_MS);
    await other.housekeeping();
    await this.holds(clinic, problem);
    const [row] = await this.rows(clinic, 'old');
    if (row?.destroyed_because !== 'not_proved_dead') problem('the old JWT was not destroyed as not proved dead');
  }

  /** What must be so at every moment. */
  private async holds({ id, ringcentral, old }: Clinic, problem: (what: string) => void): Promise<void> {
    const rows = await this.db('credentials').where({ tenant_id: id });
    const active = rows.filter(({ status }: { status: string }) => status === 'active');
    if (active.length !== 1) problem(`${active.length} credentials are in use`);
    for (const { id: credentialId, status, destroyed_because: because, proved_dead_at: dead } of rows as Row[]) {
      const secrets = await this.db('sealed_secrets').where({ tenant_id: id, row_id: credentialId });
      if (secrets.length !== (status === 'destroyed' ? 0 : 1))
        problem(`a ${status} JWT has ${secrets.length} ciphertexts`);
      const isSaid = dead !== null || because === 'proved_dead';
      if (isSaid && !ringcentral.deleted.has(old)) problem('a JWT that works was said to be dead');
      if (isSaid !== (status === 'destroyed' && because === 'proved_dead')) problem('a proved death is half written');
      const open = await this.db('check_requests').where({ credential_id: credentialId }).whereNull('finished_at');
      if (open.length > 1) problem(`${open.length} open requests of one JWT`);
      if (status === 'destroyed' && open.length > 0) problem('a destroyed JWT is still to be checked');
      const kept = await this.db('access_tokens').where({ credential_id: credentialId }).whereNotNull('serves_until');
      if (status !== 'active' && status !== 'pending' && kept.length > 0) problem(`a token of a ${status} JWT is kept`);
      const said = await this.db('audit_events').where({ target: credentialId, action: 'credential.retired' });
      if (said.length > 1) problem('a JWT was retired twice');
    }
    const told = await this.db('events').where({ tenant_id: id, type: 'connection.replaced' });
    const isReplaced = (rows as Row[]).some(({ retired_at: at }) => at !== null);
    if (told.length !== (isReplaced ? 1 : 0)) problem(`${told.length} events of a replacement`);
  }

  /** A job asks another process, at any moment: it gets a token of the credential in use that works. */
  private async jobGetsToken({ id, other, ringcentral }: Clinic, problem: (what: string) => void): Promise<void> {
    const answer = await other.broker.currentToken({ tenantId: id });
    if (answer.kind !== 'token') {
      problem(`a job was answered ${answer.kind}`);
      return;
    }
    if (!ringcentral.accepts(answer.session.accessToken.reveal())) problem('a job got a token that does not work');
    const [active] = await this.db('credentials').where({ tenant_id: id, status: 'active' }).pluck<string[]>('id');
    if (answer.session.credentialId !== active) problem('a job got a token of a JWT that is not in use');
  }

  private rows = ({ id }: Clinic, which: 'old' | 'new'): Promise<Row[]> =>
    this.db('credentials').where({ tenant_id: id, id: `${id}-${which}` });
  private async statuses(clinic: Clinic): Promise<{ old: string | undefined; new: string | undefined }> {
    const [[old], [next]] = [await this.rows(clinic, 'old'), await this.rows(clinic, 'new')];
    return { old: old?.status, new: next?.status };
  }

  private async aClinic(): Promise<Clinic> {
    const id = `clinic-${(this.clinics += 1)}`;
    const ringcentral = new JwtRingCentral(this.clock);
    const other = aProcess(this.db, this.clock, ringcentral);
    const old = await addConnected(this.db, id, this.now);
    return { id, ringcentral, other, old, new: `${id}/${id}-new`, now: this.now, db: this.db };
  }

  private later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }
}

type Row = {
  id: string;
  status: string;
  destroyed_because: string | null;
  proved_dead_at: string | null;
  retired_at: string | null;
};
