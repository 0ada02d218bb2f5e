import { setTimeout as delay } from 'node:timers/promises';

const BETWEEN_MS = 200;

/** Calls `look` until it returns a value; rejects after `mostMs` milliseconds and names what it waited for. */
export async function waitFor<T>(
  what: string,
  mostMs: number,
  look: (looks: number) => Promise<T | undefined>,
): Promise<T> {
  const until = performance.now() + mostMs;
  for (let looks = 0; ; looks += 1) {
    const found = await look(looks);
    if (found !== undefined) return found;
    if (performance.now() >= until) throw new Error(`${what} did not happen within ${mostMs / 1000} s`);
    await delay(BETWEEN_MS);
  }
}
