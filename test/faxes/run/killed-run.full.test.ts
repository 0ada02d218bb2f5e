import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rateLimiter } from '../../../src/faxes/calls/rate-limiter.js';
import type { CallKind } from '../../../src/faxes/calls/user-limits.js';
import { openRunState } from '../../../src/faxes/run/run-state.js';
import { seededRandom, StrictLimiter } from '../../support/strict-limiter.js';
import { virtualClock } from '../virtual-clock.js';

const users = ['1', '2', '3'];
const limits = { light: 20, medium: 12 };
const WINDOW_S = 30;
const never = new Promise<never>(() => undefined);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-killed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** RingCentral, with limits of its own for each user, and another penalty than window. */
function aRingCentral(time: ReturnType<typeof virtualClock>, random: () => number) {
  const ofUser = new Map(
    users.map((user) => [
      user,
      {
        light: new StrictLimiter(limits.light, WINDOW_S * 1000, 60_000),
        medium: new StrictLimiter(limits.medium, WINDOW_S * 1000, 60_000),
      },
    ]),
  );
  return {
    async answer(user: string, kind: CallKind) {
      const group = kind === 'list' ? 'light' : 'medium';
      const limit = ofUser.get(user)![group];
      await time.world.wait(random() * 300);
      const waitMs = limit.arrive(time.clock());
      const used = limit.arrivals.filter((at) => at > time.clock() - limit.windowMs).length;
      const facts = { group, limit: limit.limit, remaining: limit.limit - used, windowSeconds: WINDOW_S };
      await time.world.wait(random() * 300);
      return { status: waitMs === 0 ? 200 : 429, retryAfterMs: waitMs || null, ...facts };
    },
    refused: () =>
      [...ofUser.values()].reduce(
        (sum, { light, medium }) => sum + light.overBudget + light.inPenalty + medium.overBudget + medium.inPenalty,
        0,
      ),
    arrived: () =>
      [...ofUser.values()].reduce((sum, { light, medium }) => sum + light.arrivals.length + medium.arrivals.length, 0),
  };
}

it('is refused by no limit, however often and whenever it is killed and started again', async () => {
  const random = seededRandom(20_261_130);
  const time = virtualClock();
  const ringCentral = aRingCentral(time, random);
  const signal = new AbortController().signal;
  for (let life = 0; life < 60; life += 1) {
    const state = openRunState({ folder, now: time.world.now, uptime: time.clock });
    const process = { isKilled: false };
    const unlessKilled = <T>(value: T): T | Promise<never> => (process.isKilled ? never : value);
    const limiter = rateLimiter({
      clock: time.clock,
      wait: (milliseconds) => time.world.wait(milliseconds).then(unlessKilled),
      store: state.limits,
    });
    const isEnding = random() < 0.3;
    const calls = users.flatMap((ownerId) =>
      Array.from({ length: 8 + Math.floor(random() * 30) }, () => {
        const kind = random() < 0.4 ? 'list' : 'document';
        return limiter.call({ ownerId, kind, until: Infinity, signal }, async () => {
          const facts = await ringCentral.answer(ownerId, kind).then(unlessKilled);
          return { value: facts.status, facts };
        });
      }),
    );
    if (isEnding) {
      await time.run(Promise.all(calls));
      for (const ownerId of users) await limiter.leave(ownerId);
    } else await time.run(time.world.wait(random() * 90_000));
    process.isKilled = true;
    state.close();
  }
  expect(ringCentral.refused()).toBe(0);
  expect(ringCentral.arrived()).toBeGreaterThan(100);
});
