import { migrate, openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { startLoop } from '../../../src/platform/loop.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import { percentile } from '../budget-simulation.js';
import { addManyTenants, healthyOnly } from '../../support/many-tenants.js';
import { aConnectionService } from '../../support/connection-parts.js';
import { seededRandom, StrictLimiter } from '../../support/strict-limiter.js';
import { aRingCentral, aSweeper, WINDOW_MS } from './sweep-parts.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

export type SweepOptions = {
  tenants: number;
  seed: number;
  /** Submissions by people per minute; 0 for none. */
  submissionsPerMinute: number;
  arrivals?: 'uneven' | 'poisson';
  /** Default: a database in memory. */
  databaseUrl?: string | undefined;
};

export type SweepResult = {
  checks: number;
  /** The time from when all are due to the call of the last. */
  sweepMs: number;
  /** How long each person's call waited. */
  waitsMs: number[];
  /** Calls that RingCentral refused. */
  refused: number;
  /** Requests claimed from the queue for each check. */
  claimsPerCheck: number;
  problems: string[];
};

const LIMIT = 5;
/** Enough for some 700 people's calls. */
const MOST_BY_CHANCE = 1000;
const LEAST_BY_CHANCE = 500;
const ASKING_CLINICS = 60;
const MOST_CLAIMS = 3;
const aMinute = 60_000;

/**
 * That many clinics are due at once, with five calls a minute. Measures how long it takes until each is checked, and
 * how long people wait meanwhile. Queue, worker, runner, proof, budget and database are the portal's. Time only
 * jumps, and RingCentral follows the strictest reading of its limit.
 */
export async function runSweep(options: SweepOptions): Promise<SweepResult> {
  const { tenants: count, seed, submissionsPerMinute: rate, arrivals = 'uneven', databaseUrl } = options;
  const db = openDatabase(databaseUrl ?? 'sqlite::memory:');
  await migrate(db);
  const random = seededRandom(seed);
  const virtual = createVirtualWorld(db);
  const world = { ...virtual.world, randomBytes: (size: number) => Buffer.alloc(size, Math.floor(random() * 256)) };
  const start = world.now();
  const swept = await addManyTenants(db, { count, now: start, lives: healthyOnly });
  const asking = await addManyTenants(db, {
    count: rate > 0 ? ASKING_CLINICS : 0,
    now: start,
    lives: healthyOnly,
    from: count,
  });
  await db('check_requests')
    .whereIn('tenant_id', db('tenants').select('id').whereNotIn('id', asking))
    .update({ due_at: start.toISOString() });

  const limiter = new StrictLimiter(LIMIT);
  const left = new Set(swept);
  const askedAt = new Map<string, number>();
  const waitsMs: number[] = [];
  let sweepMs = 0;
  let checks = 0;
  let asks = 0;
  const isAskingInVain = () => asks > 10 * MOST_CLAIMS * (checks + 8);
  const log = createLogger('silent');
  const budget = createAuthBudget({
    db,
    world,
    databaseTime: virtual.databaseTime,
    log,
    scope: 'app',
    perMinute: LIMIT,
  });
  const ringcentral = aRingCentral({
    budget,
    between: (low, high) => low + random() * (high - low),
    wait: world.wait,
    arrive: () => limiter.arrive(virtual.elapsed()),
    onAsked() {
      asks += 1;
      // Code that asks repeatedly without letting time pass would never stop.
      if (isAskingInVain()) throw new Error('asked too often');
    },
    onSent(tenantId) {
      checks += 1;
      const asked = askedAt.get(tenantId);
      if (asked !== undefined) waitsMs.push(virtual.elapsed() - asked);
      askedAt.delete(tenantId);
      if (left.delete(tenantId) && left.size === 0) sweepMs = virtual.elapsed();
    },
  });

  const { worker, parts } = aSweeper({ db, world, log, ringcentral, perWindow: LIMIT - 1 });

  // As in worker.ts, but without looks at times when nothing can have happened, which would take days.
  let nextLookMs = 0;
  const loop = startLoop(
    'checks',
    () => nextLookMs,
    async () => {
      await worker.startDue(() => {
        loop.poke();
      });
      nextLookMs = Math.min(worker.nextLookMs(aMinute), await untilNextPerson(db, world.now()));
    },
    { world, log },
  );
  const connections = aConnectionService(db, world, {
    ...parts,
    poke: () => {
      loop.poke();
    },
  });

  const bound = boundMs(options);
  const isOver = () => left.size === 0 || virtual.elapsed() > 2 * bound;
  async function watch(): Promise<void> {
    while (!isOver() && !isAskingInVain()) await world.wait(aMinute);
  }
  async function people(): Promise<void> {
    for (let number = 0; !isOver(); number += 1) {
      const gap = arrivals === 'uneven' ? 0.5 + random() : -Math.log(1 - random());
      await world.wait((gap * aMinute) / rate);
      const tenantId = asking[number % asking.length] ?? '';
      // From here on, a submission takes the same path.
      const asked = await connections.requestCheck(tenantId, { personId: 'many-paster' }, {});
      if (asked.kind !== 'queued') throw new Error(`a person was told: ${asked.kind}`);
      askedAt.set(tenantId, virtual.elapsed());
    }
  }
  await virtual.run(rate > 0 ? Promise.race([people(), watch()]) : watch());
  await virtual.run(Promise.all([loop.stop(), worker.idle()]));
  await budget.settled();
  const sumOfClaims = await claims(db);
  const changed = await db('connections').whereNot({ state: 'healthy' }).select('tenant_id');
  await db.destroy();

  const refused = limiter.overBudget + limiter.inPenalty;
  const claimsPerCheck = sumOfClaims / Math.max(1, checks);
  const result = { checks, sweepMs, waitsMs, refused, claimsPerCheck };
  return { ...result, problems: judge(result, options, { left: left.size, changed: changed.length }) };
}

/** The bound by the rules: N ÷ B windows, or with people N ÷ (L − 2.07), and a margin. */
const boundMs = (options: Omit<SweepOptions, 'seed'>): number => marginOf(options) * ruleMs(options);

/** By chance more people may arrive than are expected, and each takes a call of the round. */
const marginOf = ({ arrivals }: Omit<SweepOptions, 'seed'>): number => (arrivals === 'poisson' ? 1.2 : 1.05);

const ruleMs = ({ tenants, submissionsPerMinute: rate }: Omit<SweepOptions, 'seed'>): number =>
  (tenants / (rate > 0 ? LIMIT - 2.07 : LIMIT - 1)) * WINDOW_MS;

/**
 * What the operations guide says of people's waits (p95). Of several people who arrive within a minute by chance, the
 * last waits for the next window.
 */
const mostWaitMs = ({ arrivals }: Omit<SweepOptions, 'seed'>): number => (arrivals === 'poisson' ? 28_000 : 24_000);

function judge(
  { sweepMs, waitsMs, refused, claimsPerCheck }: Omit<SweepResult, 'problems'>,
  options: SweepOptions,
  { left, changed }: { left: number; changed: number },
): string[] {
  const p95 = percentile(waitsMs, 0.95);
  const hours = (ms: number) => (ms / 3_600_000).toFixed(2);
  return [
    ...(left > 0 ? [`${left} clinics were not asked about`] : []),
    ...(sweepMs > boundMs(options) ? [`the sweep took ${hours(sweepMs)} h, not ${hours(boundMs(options))}`] : []),
    ...(refused > 0 ? [`RingCentral refused ${refused} calls`] : []),
    ...(p95 > mostWaitMs(options) ? [`a person's call started after ${p95 / 1000} s (p95)`] : []),
    ...(claimsPerCheck > MOST_CLAIMS ? [`${claimsPerCheck.toFixed(1)} requests were taken for one check`] : []),
    ...(changed > 0 ? [`${changed} clinics changed their state`] : []),
  ];
}

async function claims(db: Knex): Promise<number> {
  const row = await db('check_requests').sum({ claims: 'attempts' }).first<{ claims: number | string } | undefined>();
  return Number(row?.claims ?? 0);
}

/** Milliseconds until a postponed request by a person is due. */
async function untilNextPerson(db: Knex, now: Date): Promise<number> {
  const row = await db('check_requests')
    .where({ lane: 'interactive', lease_until: null, finished_at: null })
    .min({ at: 'due_at' })
    .first<{ at: string | null } | undefined>();
  return row?.at ? Math.max(1, Date.parse(row.at) - now.getTime()) : Infinity;
}

export type SweepDrillOptions = {
  tenants: number;
  seed: number;
  /** Receives the figures of each sweep. */
  tell?: (line: string) => void;
  /** Returns an empty database for each sweep. */
  aDatabaseUrl?: () => Promise<string>;
  /** Makes only the second sweep, which detects whatever the others do. */
  onlyBusy?: boolean;
};

/** The sweep without people, with two submissions a minute at realistic times, and with as many by chance. */
export async function runSweepDrill({ tenants, seed, tell, aDatabaseUrl, onlyBusy = false }: SweepDrillOptions) {
  const sweep = async (name: string, options: Omit<SweepOptions, 'seed'>): Promise<SweepResult> => {
    const result = await runSweep({ seed, databaseUrl: await aDatabaseUrl?.(), ...options });
    tell?.(`sweep of ${options.tenants}, ${name}: ${figures(result, options)}`);
    return result;
  };
  const none = { checks: 0, problems: [] };
  const alone = onlyBusy ? none : await sweep('no people', { tenants, submissionsPerMinute: 0 });
  const people = { tenants, submissionsPerMinute: 2 };
  const busy = await sweep('two submissions a minute, 15 to 45 s apart', people);
  // With fewer clinics too few people arrive to say how long 95 of 100 wait.
  const byChance = { ...people, arrivals: 'poisson', tenants: Math.min(tenants, MOST_BY_CHANCE) } as const;
  const chance =
    onlyBusy || tenants < LEAST_BY_CHANCE
      ? none
      : await sweep('two submissions a minute by chance (Poisson)', byChance);
  return {
    checks: alone.checks + busy.checks + chance.checks,
    problems: [
      ...alone.problems,
      ...busy.problems.map((problem) => `with people: ${problem}`),
      ...chance.problems.map((problem) => `with people by chance: ${problem}`),
    ],
  };
}

function figures(
  { sweepMs, waitsMs, refused, claimsPerCheck }: SweepResult,
  options: Omit<SweepOptions, 'seed'>,
): string {
  const rule = ruleMs(options);
  const waits =
    waitsMs.length > 0
      ? `, p95 of ${waitsMs.length} people's calls ${(percentile(waitsMs, 0.95) / 1000).toFixed(1)} s`
      : '';
  return `${(sweepMs / 3_600_000).toFixed(2)} h, ${(sweepMs / rule).toFixed(3)} of the rule${waits}, ${refused} refused, ${claimsPerCheck.toFixed(2)} claims a check`;
}
