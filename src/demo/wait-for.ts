import { setTimeout as delay } from 'node:timers/promises';

const BETWEEN_MS = 200;

/** Looks until there is something to see; rejects, with what was waited for, after `mostMs` milliseconds. */
export async function waitFor<T>(
  what: string,
  mostMs: number,
  look: (looks: number) => Promise<T | undefined>,
): Promise<T> {
  const until = performance.now() + mostMs;
  for (let looks = 0; ; looks += 1) {
    const found = await look(looks);
    if (found !== undefined) return found;
    if (performance.now() >= until) throw new Error(`${what} did not come within ${mostMs / 1000} s`);
    await delay(BETWEEN_MS);
  }
}
