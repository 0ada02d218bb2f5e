import type { World } from './world.js';

const DAY_MS = 24 * 3_600_000;

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

/** A chore of the housekeeping that is too much for every minute: it runs at the first one, and a day after each run. */
export function daily({ now }: Pick<World, 'now'>, chore: () => Promise<unknown>): () => Promise<void> {
  let dueAt = 0;
  return async () => {
    if (now().getTime() < dueAt) return;
    await chore();
    dueAt = now().getTime() + DAY_MS;
  };
}
