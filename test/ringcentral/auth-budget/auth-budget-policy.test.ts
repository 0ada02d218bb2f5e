import fc from 'fast-check';
import {
  earliestGrant,
  forecastGrant,
  inOrder,
  shapeLimit,
  WINDOW_MS,
  type BudgetCall,
  type BudgetWaiter,
} from '../../../src/ringcentral/auth-budget/auth-budget-policy.js';
import {
  percentile,
  simulateSchedule,
  simulateWaits,
  type BudgetDefect,
  type ScheduleResult,
} from '../../drill/budget-simulation.js';

function schedules(count: number, defect?: BudgetDefect): ScheduleResult {
  const sum: ScheduleResult = { sent: 0, overBudget: 0, inPenalty: 0 };
  for (let seed = 1; seed <= count; seed += 1) {
    const one = simulateSchedule({ seed, calls: 10 + (seed % 20), limit: 5, defect });
    sum.sent += one.sent;
    sum.overBudget += one.overBudget;
    sum.inPenalty += one.inPenalty;
  }
  return sum;
}

describe('no call over budget and none inside a penalty', () => {
  it('holds in 1,000 random histories with jitter, slow calls, 429s and processes that die', () => {
    const sum = schedules(1000);
    expect(sum.sent).toBeGreaterThan(15_000);
    expect(sum).toMatchObject({ overBudget: 0, inPenalty: 0 });
  });

  it.each<[BudgetDefect]>([
    ['window_60'],
    ['ignores_penalty'],
    ['calls_in_parallel'],
    ['trusts_slow_calls'],
    ['forgets_the_killed'],
  ])('is not held by a budget that %s', (defect) => {
    const { overBudget, inPenalty } = schedules(300, defect);
    expect(overBudget + inPenalty).toBeGreaterThan(0);
  });
});

describe('people wait for seconds while a sweep goes on', () => {
  const busy = { seed: 7, limit: 5, sweep: 2000, submissionsPerMinute: 2 };

  it.each([['even'], ['uneven']] as const)('a person starts within 24 s, submissions %s', (arrivals) => {
    const { waitsMs } = simulateWaits({ ...busy, arrivals });
    expect(percentile(waitsMs, 0.95)).toBeLessThanOrEqual(24_000);
  });

  it('a person would wait longer if the sweep made its calls without pacing', () => {
    const { waitsMs } = simulateWaits({ ...busy, arrivals: 'uneven', unpaced: true });
    expect(percentile(waitsMs, 0.95)).toBeGreaterThan(24_000);
  });

  it.each([['even'], ['uneven']] as const)(
    'the sweep loses only the calls that people make, submissions %s',
    (arrivals) => {
      const { sweepMs } = simulateWaits({ ...busy, arrivals });
      expect(sweepMs).toBeLessThanOrEqual(1.05 * (busy.sweep / (5 - 2.07)) * WINDOW_MS);
    },
  );

  it.each([[2], [5], [20], [150]])('the sweep alone uses its share of a limit of %i', (limit) => {
    const { sweepMs } = simulateWaits({ ...busy, limit, submissionsPerMinute: 0, arrivals: 'even' });
    expect(sweepMs).toBeLessThanOrEqual(1.05 * (busy.sweep / (limit - 1)) * WINDOW_MS);
  });
});

describe('codes of sign-ins go before submissions, by chance (Poisson) while a sweep goes on', () => {
  type Rates = { codesPerMinute: number; submissionsPerMinute: number; codesLast?: boolean };
  /** What became of the codes of four histories. */
  function codesOf(rates: Rates, sweep: number) {
    const runs = [1, 2, 3, 4].map((seed) => simulateWaits({ limit: 5, sweep, arrivals: 'poisson', ...rates, seed }));
    const waits = runs.flatMap(({ codeWaitsMs }) => codeWaitsMs);
    const expired = runs.reduce((sum, { expiredCodes }) => sum + expiredCodes, 0);
    const codes = waits.length + expired;
    return { p95: percentile(waits, 0.95), expired: expired / codes, codes };
  }

  it.each([
    ['the app is only for sign-ins', { codesPerMinute: 2, submissionsPerMinute: 0 }, 1500, 3000],
    ['the app is also that for JWTs', { codesPerMinute: 1, submissionsPerMinute: 1 }, 1500, 1500],
  ])(
    'at two arrivals a minute 95 of 100 start within 27 s and 1 in 200 expires at most: %s',
    (_app, rates, sweep, many) => {
      const { p95, expired, codes } = codesOf(rates, sweep);
      expect(codes).toBeGreaterThan(many);
      expect(p95).toBeLessThanOrEqual(27_000);
      expect(expired).toBeLessThanOrEqual(0.005);
    },
  );

  it('at two codes and two submissions a minute 1 in 200 expires at most, and many more if they went last', () => {
    const rates = { codesPerMinute: 2, submissionsPerMinute: 2 };
    const [first, last] = [codesOf(rates, 300), codesOf({ ...rates, codesLast: true }, 300)];
    expect(first.expired).toBeLessThanOrEqual(0.005);
    expect(last.expired).toBeGreaterThan(0.05);
    expect(last.p95).toBeGreaterThan(40_000);
  });
});

const calls = (lane: BudgetCall['lane'], ...sentAt: number[]): BudgetCall[] =>
  sentAt.map((at) => ({ lane, tenantId: null, sentAt: at, until: 0 }));
const idle = { limit: 5, windowMs: WINDOW_MS, penaltyUntil: 0, calls: [] };
const waiter = (id: string, more: Partial<BudgetWaiter> = {}): BudgetWaiter => ({
  id,
  lane: 'interactive',
  tenantId: id,
  since: 0,
  ...more,
});

describe('the next grant', () => {
  it('is now for every lane when nothing was sent', () => {
    expect(earliestGrant(idle, 'background', 1000)).toBe(1000);
  });
  it('keeps one slot for a person', () => {
    const state = { ...idle, calls: calls('background', 46_500, 31_000, 15_500, 0) };
    expect(earliestGrant(state, 'interactive', 50_000)).toBe(50_000);
    expect(earliestGrant(state, 'broker', 50_000)).toBe(62_000);
  });
  it('spaces jobs evenly', () => {
    expect(earliestGrant({ ...idle, calls: calls('broker', 0) }, 'background', 1)).toBe(15_500);
  });
  it('waits for the end of a penalty', () => {
    expect(earliestGrant({ ...idle, penaltyUntil: 90_000 }, 'interactive', 1)).toBe(90_000);
  });
  it('waits for the answer of the call under way', () => {
    const state = { ...idle, calls: [{ lane: 'broker' as const, tenantId: null, sentAt: 0, until: 11_000 }] };
    expect(earliestGrant(state, 'interactive', 100)).toBe(11_000);
    expect(earliestGrant({ ...state, limit: 20 }, 'interactive', 100)).toBe(100);
  });
});

describe('the order of the queue', () => {
  const order = (waiters: BudgetWaiter[], sent: BudgetCall[] = []) => inOrder(waiters, sent).map(({ id }) => id);

  it('puts people before jobs and jobs before checks', () => {
    const waiters = [waiter('c', { lane: 'background' }), waiter('b', { lane: 'broker', since: 1 })];
    expect(order([...waiters, waiter('a', { since: 2 })])).toEqual(['a', 'b', 'c']);
  });
  it("ranks each tenant's first call before any tenant's second", () => {
    const many = [1, 2, 3].map((since) => waiter(`n${since}`, { tenantId: 'north', since }));
    expect(order([...many, waiter('s1', { tenantId: 'south', since: 9 })])).toEqual(['n1', 's1', 'n2', 'n3']);
  });
  it('puts the tenant that was just served after the others', () => {
    const served: BudgetCall = { lane: 'interactive', tenantId: 'north', sentAt: 5, until: 0 };
    const waiters = [waiter('n', { tenantId: 'north', since: 1 }), waiter('s', { tenantId: 'south', since: 2 })];
    expect(order(waiters, [served])).toEqual(['s', 'n']);
  });
});

describe('codes of sign-ins', () => {
  const lane = fc.constantFrom<BudgetCall['lane']>('code', 'interactive', 'broker', 'background');
  const tenantId = fc.constantFrom('north', 'south', 'east');
  const waiting = fc
    .array(fc.record({ lane, tenantId, since: fc.nat(5) }), { maxLength: 12 })
    .map((all) => all.map((one, n) => ({ ...one, id: `w${n}` })));
  const sent = fc.array(fc.record({ lane, tenantId, sentAt: fc.nat(60_000), until: fc.constant(0) }), { maxLength: 6 });

  it('go before everything else, also for a clinic that was just served', () => {
    fc.assert(
      fc.property(waiting, sent, (waiters, served) => {
        const isCode = inOrder(waiters, served).map((one) => one.lane === 'code');
        expect(isCode).toEqual([...isCode].sort((a, b) => Number(b) - Number(a)));
      }),
    );
  });

  it('are sent no later than the call of any other lane could be', () => {
    fc.assert(
      fc.property(lane, sent, fc.nat(90_000), (other, served, penaltyUntil) => {
        const state = { ...idle, calls: served, penaltyUntil };
        expect(earliestGrant(state, 'code', 60_000)).toBeLessThanOrEqual(earliestGrant(state, other, 60_000));
      }),
    );
  });

  it('are fair among themselves: a clinic whose code was sent in the last minute goes after the codes of others', () => {
    const code = { lane: 'code', tenantId: 'north', sentAt: 5, until: 0 } as const;
    const [north, south] = ['north', 'south'].map((id, since) => waiter(id, { lane: 'code', since }));
    const ids = (served: BudgetCall[]) => inOrder([south!, north!], served).map(({ id }) => id);
    expect(ids([])).toEqual(['north', 'south']);
    expect(ids([{ ...code, lane: 'interactive' }])).toEqual(['north', 'south']);
    expect(ids([code])).toEqual(['south', 'north']);
  });
});

describe('a forecast', () => {
  it('is the grant after all waiters that come first', () => {
    const state = { ...idle, calls: calls('interactive', 4, 3, 2, 1, 0) };
    const waiters = [waiter('a', { since: 1 }), waiter('b', { since: 2 })];
    expect(forecastGrant(state, waiters, 'a', 1000)).toBe(62_000);
    expect(forecastGrant(state, waiters, 'b', 1000)).toBe(62_001);
  });
  it('is an estimate for a long queue', () => {
    const waiters = Array.from({ length: 1000 }, (_, n) => waiter(`w${n}`, { lane: 'background', since: n }));
    const grantAt = forecastGrant(idle, waiters, 'w999', 0);
    expect(grantAt).toBeGreaterThan(200 * WINDOW_MS);
    expect(grantAt).toBeLessThan(260 * WINDOW_MS);
  });
});

describe('a high limit', () => {
  it.each([[1], [5], [200], [201], [999], [100_000]])('of %i is never exceeded in a whole window', (limit) => {
    const shape = shapeLimit(limit, WINDOW_MS);
    expect(shape.limit * Math.ceil(WINDOW_MS / shape.windowMs - 1e-9)).toBeLessThanOrEqual(limit);
    expect(shape.limit).toBeLessThanOrEqual(200);
  });
});
