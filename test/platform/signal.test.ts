import { createSignal } from '../../src/platform/signal.js';

/** A wait that only an abort ends; it records the requested duration. */
const onlyAbort = (asked: number[] = []) => ({
  wait: (milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      asked.push(milliseconds);
      signal?.addEventListener('abort', () => resolve());
    }),
});

describe('a signal', () => {
  it('wakes all waiters', async () => {
    const signal = createSignal(onlyAbort());
    const waiting = [signal.wait(100), signal.wait(100)];
    signal.notify();
    await expect(Promise.all(waiting)).resolves.toEqual([undefined, undefined]);
  });

  it('does not wake later waiters', async () => {
    const signal = createSignal(onlyAbort());
    signal.notify();
    const late = signal.wait(100).then(() => 'woken');
    const soon = new Promise((resolve) => setImmediate(() => resolve('still waiting')));
    await expect(Promise.race([late, soon])).resolves.toBe('still waiting');
  });

  it('is waited for no longer than requested', async () => {
    const asked: number[] = [];
    const signal = createSignal({ wait: (milliseconds) => Promise.resolve(void asked.push(milliseconds)) });
    await signal.wait(100);
    expect(asked).toEqual([100]);
  });
});
