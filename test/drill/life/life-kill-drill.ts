import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { parseConfig } from '../../../src/config.js';
import { eventTypes } from '../../../src/notifications/event-store.js';
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { parseNoteKey } from '../../../src/platform/signed-notes/signed-note.js';
import { newSigningKey } from '../../../src/platform/signed-notes/signing-keys.js';
import { realWorld } from '../../../src/platform/world.js';
import { createPortal, type Portal } from '../../../src/portal.js';
import { addClinic } from '../../support/clinics.js';
import { onStage, type Stage } from '../../support/processes/real-processes.js';
import type { Restarted } from '../../support/processes/restarted-process.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { summed } from '../kills/kill-drill-judge.js';
import type { Patch } from '../source-copy.js';
import { atThisMoment, judgeClinic, type LifeClinic } from './life-judge.js';
import { lifePlants } from './life-plants.js';
import { Receiver } from './receiver.js';

export type LifeKillOptions = {
  kills: number;
  seed: number;
  /** one of `lifePlants`: a defect that the drill must detect */
  plant?: string | undefined;
  /** a migrated database; default an SQLite file */
  databaseUrl?: string | undefined;
};
export type LifeKilled = {
  kills: number;
  replaced: number;
  disconnected: number;
  /** Of these, the clinics that were offboarded. */
  offboarded: number;
  provedDead: number;
  requests: number;
  problems: string[];
};

const PER_MINUTE = 2000;
const LATEST_MS = 400;
const CONNECTED_WITHIN_MS = 120_000;
const OVER_WITHIN_MS = 120_000;
/** A defect may keep things open forever. */
const PLANTED_WITHIN_MS = 20_000;
/** What a clinic does in its life, in this order. */
const life = ['replace', 'say', 'disconnect', 'end'] as const;

/** The rules are the same with shorter leases and pauses, for a drill that cannot wait minutes for each. */
const faster: readonly Patch[] = [
  { file: 'src/connections/checks/checks-in-worker.ts', find: 'runtime.leaseMs ?? LEASE_MS', replace: '5000' },
  { file: 'src/webhooks/webhooks-capability.ts', find: 'runtime.leaseMs ?? LEASE_MS', replace: '16_000' },
  {
    file: 'src/webhooks/webhooks-capability.ts',
    find: 'webhookNetwork: network = {} } = runtime;',
    replace: 'webhookNetwork: network = { loopback: true } } = runtime;',
  },
  {
    file: 'src/accounts/sessions/access-guards.ts',
    find: 'const FRESH_MS = 5 * 60_000;',
    replace: 'const FRESH_MS = 5e9;',
  },
  { file: 'src/tokens/tokens-capability.ts', find: 'END_EVERY_MS = 5_000', replace: 'END_EVERY_MS = 500' },
  { file: 'src/disconnection/disconnection-capability.ts', find: 'EVERY_MS = 5_000', replace: 'EVERY_MS = 500' },
];

/** `leaves`: a program of the ISV offboards it, where others disconnect. */
type Clinic = LifeClinic & { done: number; isBusy: boolean; leaves: boolean };

/**
 * Clinics replace their JWT, say that they deleted the old one, disconnect or are offboarded, and end the last one, while
 * web, API and worker are killed with SIGKILL at random times. A person or a program without an answer tries again. Then
 * compares database, receipts and webhooks with what RingCentral did.
 */
export async function runLifeKills(options: LifeKillOptions): Promise<LifeKilled> {
  const { plant, databaseUrl, seed } = options;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-life-'));
  const receivers = [await Receiver.start(), await Receiver.start()];
  const patches = [...faster, ...(plant === undefined ? [] : (lifePlants[plant] ?? []))];
  const signingKey = join(folder, 'audit.pem');
  writeFileSync(signingKey, newSigningKey(), { mode: 0o600 });
  try {
    return await onStage({ patches, databaseUrl, perMinute: PER_MINUTE }, (stage) =>
      new Run(stage, receivers, { ...options, signingKey }, seededRandom(seed)).all(),
    );
  } finally {
    await Promise.all(receivers.map((one) => one.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  private readonly db: Knex;
  private readonly web: Restarted[];
  private readonly workers: Restarted[];
  private readonly api: Restarted[];
  private readonly acting = new Set<Promise<void>>();
  private readonly problems: string[] = [];
  private clinics: Clinic[] = [];
  /** What staff and operators do. */
  private portal: Portal | undefined;
  private leavingKey = '';

  constructor(
    private readonly stage: Stage,
    private readonly receivers: readonly Receiver[],
    private readonly options: LifeKillOptions & { signingKey: string },
    private readonly random: () => number,
  ) {
    this.db = openDatabase(stage.installation.databaseUrl);
    this.web = stage.start('web', 1);
    this.api = stage.start('api', 1);
    const env = { REJECTION_CONFIRM_SECONDS: '1', AUDIT_SIGNING_KEY_FILE: options.signingKey };
    this.workers = stage.start('worker', 2, env);
  }

  async all(): Promise<LifeKilled> {
    const { kills, plant } = this.options;
    try {
      await this.addEndpoints();
      await this.connectAll(Math.ceil((kills * 1.5) / life.length) + 2);
      for (let kill = 0; kill < kills; kill += 1) {
        await this.killOnce();
        this.problems.push(...(await atThisMoment(this.db, this.clinics)));
        if (plant !== undefined && this.problems.length > 0) break;
      }
      await Promise.all(this.acting);
      await Promise.all(this.clinics.map((clinic) => this.liveToTheEnd(clinic)));
      // Who pressed too often waits for ten minutes until a JWT is tried; they want it destroyed now.
      for (const clinic of this.clinics) if ((await this.retired(clinic)).length > 0) await this.destroyNow(clinic);
      await this.untilOver();
      return { kills, ...(await this.counts()), problems: summed([...this.problems, ...(await this.judged())]) };
    } finally {
      await Promise.all([...this.web, ...this.api, ...this.workers].map((one) => one.end()));
      await this.portal?.close();
      await this.db.destroy();
    }
  }

  /** Two programs of the ISV get every event. */
  private async addEndpoints(): Promise<void> {
    const parsed = parseConfig(this.stage.installation.environment.whole);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const db = openDatabase(this.stage.installation.databaseUrl);
    const webhookNetwork = { loopback: true };
    const runtime = { db, world: realWorld, log: createLogger('silent'), webhookNetwork };
    const portal = await createPortal(parsed.config, runtime);
    for (const [index, receiver] of this.receivers.entries()) {
      const asked = { url: receiver.url, description: `Program ${index + 1}`, eventTypes };
      const by = { actor: { kind: 'command_line' } } as const;
      const made = await portal.services.webhooks.make(asked, by, `endpoint-${index + 1}`);
      if (!made.ok) throw new Error(JSON.stringify(made));
      receiver.trust(made.secret.reveal());
    }
    const leaving = {
      name: 'Leaving',
      purpose: 'leaving',
      scopes: ['tenants:offboard'],
      tenantRefs: null,
      expires: '',
    };
    const key = await portal.services.apiKeys.make(leaving, { actor: { kind: 'command_line' } });
    if (!key.ok) throw new Error(JSON.stringify(key));
    this.leavingKey = key.key.reveal();
    this.portal = portal;
  }

  private async connectAll(count: number): Promise<void> {
    const { installation, emulator } = this.stage;
    const emulated = (await installation.addTenants(count)).map((tenantId) => ({
      ...addClinic(emulator, ['Front Desk Fax']),
      tenantId,
    }));
    await installation.confirm(emulated);
    this.clinics = emulated.map(({ tenantId, serviceUserId: ownerId }, index) => {
      return { tenantId, ownerId, jtis: [], done: 0, isBusy: false, leaves: index % 3 === 0 };
    });
    for (const clinic of this.clinics) await this.paste(clinic);
    const until = Date.now() + CONNECTED_WITHIN_MS;
    while ((await atThisMoment(this.db, this.clinics)).length > 0) {
      if (Date.now() > until) throw new Error('the clinics were not connected');
      await pass(100);
    }
  }

  /** Kills web and API, a worker or all of them at a random time while one or two clinics do something. */
  private async killOnce(): Promise<void> {
    const drawn = this.random();
    const worker = this.workers[Math.floor(this.random() * this.workers.length)]!;
    const victims =
      drawn < 0.25
        ? [...this.web, ...this.api]
        : drawn < 0.65
          ? [worker]
          : drawn < 0.9
            ? this.workers
            : [...this.web, ...this.api, worker];
    await Promise.all([...this.web, ...this.api, ...this.workers].map(({ ready }) => ready));
    for (let acts = this.random() < 0.5 ? 1 : 2; acts > 0; acts -= 1) {
      const free = this.clinics.filter(({ isBusy, done }) => !isBusy && done < life.length);
      const clinic = free[Math.floor(this.random() * free.length)];
      if (clinic) this.start(clinic);
    }
    await pass(this.random() * LATEST_MS);
    await Promise.all(victims.map((victim) => victim.kill()));
  }

  private start(clinic: Clinic): void {
    const acted: Promise<void> = this.next(clinic).finally(() => this.acting.delete(acted));
    this.acting.add(acted);
  }

  /** The next step in the life of a clinic, tried until it is answered. */
  private async next(clinic: Clinic): Promise<void> {
    clinic.isBusy = true;
    const step = life[clinic.done];
    if (step === 'replace') await this.paste(clinic);
    if (step === 'say') await this.say(clinic, `/tenants/${clinic.tenantId}/connection/deletions`, 0);
    if (step === 'disconnect')
      await (clinic.leaves ? this.offboard(clinic) : this.answer(clinic, `/tenants/${clinic.tenantId}/disconnection`));
    if (step === 'end') await this.end(clinic);
    clinic.done += 1;
    clinic.isBusy = false;
  }

  private async liveToTheEnd(clinic: Clinic): Promise<void> {
    while (clinic.done < life.length) await this.next(clinic);
  }

  private async paste(clinic: Clinic): Promise<void> {
    const { emulator, clientId } = this.stage;
    const { jwt, jti } = emulator.createJwt({ extensionId: clinic.ownerId, clientIds: [clientId] });
    clinic.jtis.push(jti);
    await this.answer(clinic, `/tenants/${clinic.tenantId}/credentials`, { assertion: jwt });
    if (clinic.jtis.length > 1) await this.until(async () => (await this.retired(clinic)).length > 0);
  }

  /** The clinic deletes a JWT at RingCentral, and says so. */
  private async say(clinic: Clinic, path: string, which: number): Promise<void> {
    const [id] = await this.retired(clinic);
    if (id === undefined) return;
    this.stage.emulator.revokeJwt(clinic.jtis[which] ?? '');
    await this.answer(clinic, path, { credential_id: id });
    await this.until(async () => !(await this.retired(clinic)).includes(id));
  }

  /** Half of the clinics delete the last JWT, the others want it destroyed at once. */
  private async end(clinic: Clinic): Promise<void> {
    const path = `/tenants/${clinic.tenantId}/disconnection`;
    if (clinic.leaves) return this.destroyNow(clinic);
    if (this.random() < 0.5) return this.say(clinic, `${path}/deletions`, 1);
    return this.destroyNow(clinic);
  }

  private async destroyNow(clinic: Clinic): Promise<void> {
    const path = `/tenants/${clinic.tenantId}/disconnection`;
    const [id] = (await this.db('disconnections').where({ tenant_id: clinic.tenantId }).pluck('id')) as string[];
    if (clinic.leaves) {
      // Its people have no page any more.
      const by = { by: 'operator', actor: { kind: 'command_line' } } as const;
      await this.portal?.services.disconnection.destroyNow(clinic.tenantId, id ?? '', by);
      return;
    }
    return this.answer(clinic, `${path}/destruction`, { disconnection_id: id ?? '' });
  }

  private retired = ({ tenantId }: Clinic): Promise<string[]> =>
    this.db('credentials').where({ tenant_id: tenantId, status: 'retired' }).pluck<string[]>('id');

  /** Posts a form until the portal has answered it. */
  private async answer({ tenantId }: Clinic, path: string, fields: Record<string, string> = {}): Promise<void> {
    for (;;) {
      const visitor = this.stage.installation.member.twin(await this.web[0]!.ready);
      try {
        const { status, headers } = await visitor.post(path, fields);
        const isHere = String(headers.location).includes(tenantId);
        if (!(status === 303 && isHere) && status !== 429)
          this.problems.push(`${path.replace(tenantId, '…')} was answered ${status} ${String(headers.location)}`);
        return;
      } catch {
        await pass(20); // the process died
      } finally {
        void visitor.close();
      }
    }
  }

  /** A program lets the clinic go, and asks until it is answered. */
  private async offboard({ tenantId }: Clinic): Promise<void> {
    const headers = { authorization: `Bearer ${this.leavingKey}` };
    for (;;) {
      try {
        const answer = await fetch(`${await this.api[0]!.ready}/api/v1/tenants/${tenantId}`, {
          method: 'DELETE',
          headers,
        });
        if (answer.status === 429) {
          await pass(1000);
          continue;
        }
        if (answer.status !== 202) this.problems.push(`the offboarding was answered ${answer.status}`);
        return;
      } catch {
        await pass(20); // the process died
      }
    }
  }

  private async until(isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + (this.options.plant === undefined ? OVER_WITHIN_MS : PLANTED_WITHIN_MS);
    while (!(await isSo()) && Date.now() < end) await pass(100);
  }

  /** Waits until nothing is open: receipts, revocations, events, webhooks. */
  private untilOver(): Promise<void> {
    const none = async (table: string, open: (of: Knex.QueryBuilder) => unknown) =>
      (await this.db(table)
        .where((of) => void open(of))
        .first('*')) === undefined;
    return this.until(
      async () =>
        (await none('disconnections', (of) => of.whereNull('receipt_at'))) &&
        (await none('ending_sessions', (of) => of)) &&
        (await none('events', (of) => of.whereNull('seq'))) &&
        (await none('webhook_deliveries', (of) => of.where({ state: 'open' }))),
    );
  }

  private async judged(): Promise<string[]> {
    const { db } = this;
    const vkeys = await db('signing_keys').pluck<string[]>('vkey');
    const keys = vkeys.flatMap((vkey) => parseNoteKey(vkey) ?? []);
    const problems: string[] = [];
    for (const clinic of this.clinics) problems.push(...(await judgeClinic(db, this.stage.emulator, keys, clinic)));
    const events: { id: string; body: string }[] = await db('events').select('id', 'body');
    for (const [index, receiver] of this.receivers.entries())
      problems.push(...receiver.judge(`program ${index + 1}`, events));
    return problems;
  }

  private async counts() {
    const count = async (table: string, of: Record<string, string> = {}) => (await this.db(table).where(of)).length;
    return {
      replaced: await count('events', { type: 'connection.replaced' }),
      disconnected: await count('disconnections'),
      offboarded: await count('offboardings'),
      provedDead: await count('credentials', { destroyed_because: 'proved_dead' }),
      requests: this.receivers.reduce((sum, { received }) => sum + received.length, 0),
    };
  }
}
