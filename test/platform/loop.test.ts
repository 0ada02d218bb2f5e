import { createLogger } from '../../src/platform/log.js';
import { startLoop } from '../../src/platform/loop.js';

/** Waits that end when the test says so, or when they are aborted. */
function aHandClock() {
  const waits: { milliseconds: number; end: () => void }[] = [];
  const begun: (() => void)[] = [];
  return {
    waits,
    wait: (milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        waits.push({ milliseconds, end: resolve });
        signal?.addEventListener('abort', () => resolve());
        if (signal?.aborted) resolve();
        for (const tell of begun.splice(0)) tell();
      }),
    /** Resolves when `count` waits have begun. */
    async waitsBegun(count: number): Promise<void> {
      while (waits.length < count) await new Promise<void>((resolve) => begun.push(resolve));
    },
  };
}

/** A round that ends when the test says so. */
function heldRounds() {
  const held: (() => void)[] = [];
  let rounds = 0;
  return {
    round: () => {
      rounds += 1;
      return new Promise<void>((resolve) => held.push(resolve));
    },
    endRound: () => held.shift()?.(),
    count: () => rounds,
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a loop', () => {
  const lines: string[] = [];
  const log = createLogger('debug', { write: (line: string) => void lines.push(line) });
  let clock: ReturnType<typeof aHandClock>;
  let count: number;
  const countRound = () => Promise.resolve((count += 1));

  beforeEach(() => {
    clock = aHandClock();
    count = 0;
    lines.length = 0;
  });

  it('runs its first round immediately, and the next after the interval', async () => {
    const loop = startLoop('example', 250, countRound, { world: clock, log });
    await clock.waitsBegun(1);
    expect([count, clock.waits[0]?.milliseconds]).toEqual([1, 250]);
    clock.waits[0]?.end();
    await clock.waitsBegun(2);
    expect(count).toBe(2);
    await loop.stop();
  });

  it('runs a round immediately when it is poked while waiting', async () => {
    const loop = startLoop('example', 250, countRound, { world: clock, log });
    await clock.waitsBegun(1);
    loop.poke();
    await clock.waitsBegun(2);
    expect(count).toBe(2);
    await loop.stop();
  });

  it('runs exactly one more round without waiting, however often it is poked during a round', async () => {
    const rounds = heldRounds();
    const loop = startLoop('example', 250, rounds.round, { world: clock, log });
    loop.poke();
    loop.poke();
    rounds.endRound();
    await settle();
    expect([rounds.count(), clock.waits.length]).toEqual([2, 0]);
    rounds.endRound();
    await clock.waitsBegun(1);
    expect(rounds.count()).toBe(2);
    await loop.stop();
  });

  it('continues after a failed round, and logs it', async () => {
    const fails = () => Promise.reject(new Error(`round ${(count += 1)}`));
    const loop = startLoop('example', 250, fails, { world: clock, log });
    await clock.waitsBegun(1);
    loop.poke();
    await clock.waitsBegun(2);
    expect(count).toBe(2);
    expect(lines.filter((line) => line.includes('a round failed') && line.includes('"loop":"example"'))).toHaveLength(
      2,
    );
    await loop.stop();
  });

  it('stops after the current round', async () => {
    const rounds = heldRounds();
    const loop = startLoop('example', 250, rounds.round, { world: clock, log });
    loop.poke();
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);
    rounds.endRound();
    await stopping;
    loop.poke();
    await settle();
    expect(rounds.count()).toBe(1);
  });
});
