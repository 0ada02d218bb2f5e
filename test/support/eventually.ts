import { setTimeout as pause } from 'node:timers/promises';

/** Polls until the condition is true; fails after ten seconds. */
export async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`not within ten seconds: ${what}`);
    await pause(20);
  }
}
