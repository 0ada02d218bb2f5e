import fc from 'fast-check';
import { rateLimiter, type LimitStore } from '../../../src/faxes/calls/rate-limiter.js';
import {
  documentedLimits,
  type CallKind,
  type LimitFacts,
  type LimitMemory,
} from '../../../src/faxes/calls/user-limits.js';
import { seededRandom, StrictLimiter } from '../../support/strict-limiter.js';
import { virtualClock } from '../virtual-clock.js';

const owner = '63304567004';
const none: LimitFacts = {
  status: 200,
  group: null,
  limit: null,
  remaining: null,
  windowSeconds: null,
  retryAfterMs: null,
};

/** Limits that are kept in memory, as if each process ended well. */
function aStore(first: LimitMemory = documentedLimits) {
  const kept = new Map<string, LimitMemory>();
  const store: LimitStore = {
    recall: (ownerId) => kept.get(ownerId) ?? first,
    keep: (ownerId, memory) => void kept.set(ownerId, memory),
  };
  return { store, kept };
}

type Server = { groups: Record<CallKind, string>; limits: Record<string, StrictLimiter>; windowSeconds: number };

/** RingCentral as strictly as its documentation can be read; each call takes some time both ways. */
function aServer(limits: Record<string, number>, groups: Record<CallKind, string>, windowSeconds = 60): Server {
  const made = Object.entries(limits).map(([name, limit]) => [
    name,
    new StrictLimiter(limit, windowSeconds * 1000, windowSeconds * 1000),
  ]);
  return { groups, limits: Object.fromEntries(made) as Server['limits'], windowSeconds };
}

function aCaller(server: Server, time = virtualClock(), store = aStore().store, random = seededRandom(1)) {
  const limiter = rateLimiter({ clock: time.clock, wait: time.world.wait, store });
  const sent: { kind: CallKind; at: number; status: number }[] = [];
  async function answer(kind: CallKind) {
    await time.world.wait(1 + Math.floor(random() * 400));
    const group = server.groups[kind];
    const limit = server.limits[group]!;
    const waitMs = limit.arrive(time.clock());
    const status = waitMs === 0 ? 200 : 429;
    sent.push({ kind, at: time.clock(), status });
    const used = limit.arrivals.filter((at) => at > time.clock() - limit.windowMs).length;
    const facts = { status, group, limit: limit.limit, remaining: limit.limit - used };
    await time.world.wait(1 + Math.floor(random() * 400));
    return { value: status, facts: { ...facts, windowSeconds: server.windowSeconds, retryAfterMs: waitMs || null } };
  }
  const call = (kind: CallKind, until = Infinity) =>
    limiter.call({ ownerId: owner, kind, until, signal: new AbortController().signal }, () => answer(kind));
  return { call, sent, time, limiter };
}

const refused = ({ limits }: Server) =>
  Object.values(limits).reduce((sum, { overBudget, inPenalty }) => sum + overBudget + inPenalty, 0);
const usual = { list: 'light', document: 'medium' } as const;

it('sends 780 documents without one refusal, in at most 1.1 times the time that the limits allow', async () => {
  const server = aServer({ light: 50, medium: 40 }, usual);
  const { call, sent, time } = aCaller(server);
  await time.run(Promise.all(Array.from({ length: 780 }, () => call('document'))));
  expect({ refused: refused(server), sent: sent.length }).toEqual({ refused: 0, sent: 780 });
  expect(time.clock() / 1000).toBeLessThan(1.1 * 19 * 60); // 19 windows of 40, then the last 20
});

it('is refused by no limit and no name of a group, whatever RingCentral sets for an app', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        light: fc.integer({ min: 6, max: 70 }),
        medium: fc.integer({ min: 6, max: 70 }),
        window: fc.integer({ min: 5, max: 120 }),
        isOneGroup: fc.boolean(),
        seed: fc.integer(),
      }),
      async ({ light, medium, window, isOneGroup, seed }) => {
        const groups = isOneGroup ? { list: 'custom', document: 'custom' } : { list: 'easy', document: 'costly' };
        const server = aServer({ custom: Math.min(light, medium), easy: light, costly: medium }, groups, window);
        const random = seededRandom(seed);
        const { call, time } = aCaller(server, virtualClock(), aStore().store, random);
        const kinds = Array.from({ length: 150 }, (): CallKind => (random() < 0.3 ? 'list' : 'document'));
        await time.run(Promise.all(kinds.map((kind) => call(kind))));
        expect(refused(server)).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
});

it('leaves room for the calls of others that the answers reveal', async () => {
  const server = aServer({ light: 50, medium: 40 }, usual);
  const { call, time } = aCaller(server);
  for (let other = 0; other < 30; other += 1) server.limits['medium']!.arrive(0);
  await time.run(Promise.all(Array.from({ length: 60 }, () => call('document'))));
  expect(refused(server)).toBe(0);
});

it('sends nothing until a penalty is over, so that no call restarts it', async () => {
  const server = aServer({ light: 50, medium: 40 }, usual);
  const { call, sent, time } = aCaller(server);
  await time.run(call('document'));
  server.limits['medium']!.penalize(time.clock(), 60_000);
  await time.run(Promise.all([call('document'), call('document'), call('list')]));
  expect(server.limits['medium']).toMatchObject({ inPenalty: 1, overBudget: 0 });
  expect(sent.map(({ status }) => status)).toEqual([200, 429, 200, 200]);
  expect(sent[2]!.at - sent[1]!.at).toBeGreaterThan(60_000);
});

it('is silent for every user after a 429 that is not of a user', async () => {
  const time = virtualClock();
  const limiter = rateLimiter({ clock: time.clock, wait: time.world.wait, store: aStore().store });
  const signal = new AbortController().signal;
  const call = (ownerId: string, facts: LimitFacts) =>
    limiter.call({ ownerId, kind: 'list', until: Infinity, signal }, () =>
      Promise.resolve({ value: time.clock(), facts }),
    );
  await time.run(call('1', { ...none, status: 429, retryAfterMs: null }));
  expect(await time.run(call('2', none))).toMatchObject({ kind: 'sent', value: 30_500 });
});

it('says that a call is late if it would have to wait beyond the end of the run, and sends nothing', async () => {
  const server = aServer({ light: 50, medium: 6 }, usual);
  const { call, sent, time } = aCaller(
    server,
    virtualClock(),
    aStore({
      ...documentedLimits,
      groups: { ...documentedLimits.groups, medium: { limit: 6, windowMs: 60_000 } },
    }).store,
  );
  const kinds = await time.run(Promise.all(Array.from({ length: 8 }, () => call('document', 30_000))));
  expect(kinds.map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'late', 'late', 'late']);
  expect(sent).toHaveLength(5);
});

it('sends nothing after the end of the run, also what need not wait', async () => {
  const { call, sent, time } = aCaller(aServer({ light: 50, medium: 40 }, usual));
  await time.run(time.world.wait(30_001));
  expect(await time.run(call('list', 30_000))).toEqual({ kind: 'late' });
  expect(sent).toEqual([]);
});

it('goes on where a run that ended well stopped: no refusal, and no wait for what is free', async () => {
  const server = aServer({ light: 50, medium: 40 }, usual);
  const time = virtualClock();
  const { store, kept } = aStore();
  const first = aCaller(server, time, store);
  await time.run(Promise.all(Array.from({ length: 39 }, () => first.call('document'))));
  await first.limiter.leave(owner);
  expect(kept.get(owner)?.spent).toHaveLength(39);
  const second = aCaller(server, time, store);
  const before = time.clock();
  await time.run(second.call('list'));
  expect(time.clock() - before).toBeLessThan(1000);
  await time.run(Promise.all(Array.from({ length: 40 }, () => second.call('document'))));
  expect(refused(server)).toBe(0);
});
