import { fromIso, iso, type Knex } from '../platform/database/database.js';
import type { World } from '../platform/world.js';

type Row = { name: string; made_at: string; figures: string };

/** What is too slow to count for each page, made by the worker every few minutes; numbers and times as JSON. */
export type Figures<T> = { madeAt: Date; figures: T };

/** All SQL on `overview_figures`. */
const figureStore = (db: Knex) => ({
  find: (name: string): Promise<Row | undefined> => db<Row>('overview_figures').where({ name }).first(),
  put: async (row: Row): Promise<void> => {
    await db<Row>('overview_figures').insert(row).onConflict('name').merge();
  },
});

/** One kind of figures. @param everyMs how old they may be before the worker makes them again; many clinics take longer to count */
export const figuresOf = <T>(
  { db, world }: { db: Knex; world: Pick<World, 'now'> },
  { name, everyMs, make }: { name: string; everyMs: (last: T) => number; make: () => Promise<T> },
) => ({
  /** null before the worker has made them for the first time. */
  read: async (): Promise<Figures<T> | null> => {
    const row = await figureStore(db).find(name);
    return row ? { madeAt: fromIso(row.made_at), figures: JSON.parse(row.figures) as T } : null;
  },
  /** Makes them if they are old. Two workers may both do so, which changes nothing. */
  renew: async (): Promise<void> => {
    const row = await figureStore(db).find(name);
    const age = row ? world.now().getTime() - fromIso(row.made_at).getTime() : Infinity;
    if (row && age < everyMs(JSON.parse(row.figures) as T)) return;
    const madeAt = iso(world.now());
    await figureStore(db).put({ name, made_at: madeAt, figures: JSON.stringify(await make()) });
  },
});
