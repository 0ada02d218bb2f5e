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

/** A turn that ends when the test says so. */
function heldTurns() {
  const held: (() => void)[] = [];
  let turns = 0;
  return {
    turn: () => {
      turns += 1;
      return new Promise<void>((resolve) => held.push(resolve));
    },
    endTurn: () => held.shift()?.(),
    count: () => turns,
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a loop', () => {
  const lines: string[] = [];
  const log = createLogger('debug', { write: (line: string) => void lines.push(line) });
  let clock: ReturnType<typeof aHandClock>;
  let count: number;
  const countTurn = () => Promise.resolve((count += 1));

  beforeEach(() => {
    clock = aHandClock();
    count = 0;
    lines.length = 0;
  });

  it('runs its first turn immediately, and the next after the interval', async () => {
    const loop = startLoop('example', 250, countTurn, { world: clock, log });
    await clock.waitsBegun(1);
    expect([count, clock.waits[0]?.milliseconds]).toEqual([1, 250]);
    clock.waits[0]?.end();
    await clock.waitsBegun(2);
    expect(count).toBe(2);
    await loop.stop();
  });

  it('runs a turn immediately when it is poked while waiting', async () => {
    const loop = startLoop('example', 250, countTurn, { world: clock, log });
    await clock.waitsBegun(1);
    loop.poke();
    await clock.waitsBegun(2);
    expect(count).toBe(2);
    await loop.stop();
  });

  it('runs exactly one more turn without waiting, however often it is poked during a turn', async () => {
    const turns = heldTurns();
    const loop = startLoop('example', 250, turns.turn, { world: clock, log });
    loop.poke();
    loop.poke();
    turns.endTurn();
    await settle();
    expect([turns.count(), clock.waits.length]).toEqual([2, 0]);
    turns.endTurn();
    await clock.waitsBegun(1);
    expect(turns.count()).toBe(2);
    await loop.stop();
  });

  it('continues after a failed turn, and logs it', async () => {
    const fails = () => Promise.reject(new Error(`turn ${(count += 1)}`));
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

  it('stops after the current turn', async () => {
    const turns = heldTurns();
    const loop = startLoop('example', 250, turns.turn, { world: clock, log });
    loop.poke();
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);
    turns.endTurn();
    await stopping;
    loop.poke();
    await settle();
    expect(turns.count()).toBe(1);
  });
});
