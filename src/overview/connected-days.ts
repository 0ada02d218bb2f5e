import type { ShownState } from '../connections/health/health.js';
import type { Knex } from '../platform/database/database.js';

const DAY_MS = 24 * 3_600_000;
/** The number of days shown, with today. */
export const DAYS = 90;

/** The numbers at the end of a UTC day, or now for today; null for a day without a record. */
export type ConnectedDay = { day: string; numbers: Numbers | null };
export type Numbers = { connected: number; clinics: number };
type Row = Numbers & { day: string };

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
const firstDay = (now: Date): string => dayOf(new Date(now.getTime() - (DAYS - 1) * DAY_MS));

/** Connected are clinics that work, also those that need attention; not those without a recent proof. */
export const numbersOf = (counts: readonly { state: ShownState; count: number }[]): Numbers => {
  const sum = (of: typeof counts) => of.reduce((total, { count }) => total + count, 0);
  return {
    connected: sum(counts.filter(({ state }) => state === 'healthy' || state === 'warning')),
    clinics: sum(counts),
  };
};

/** All SQL on `connected_days`: how many clinics were connected, one row a day. */
export const connectedDays = (db: Knex) => ({
  /** The last one of a day stays. */
  async note(now: Date, numbers: Numbers): Promise<void> {
    const row: Row = { day: dayOf(now), ...numbers };
    await db<Row>('connected_days').insert(row).onConflict('day').merge();
  },
  /** The last 90 days, oldest first; today with the numbers of now. */
  async last(now: Date, numbers: Numbers): Promise<ConnectedDay[]> {
    const first = firstDay(now);
    const rows = await db<Row>('connected_days').where('day', '>=', first).select('day', 'connected', 'clinics');
    const known = new Map(rows.map(({ day, connected, clinics }) => [day, { connected, clinics }]));
    known.set(dayOf(now), numbers);
    return Array.from({ length: DAYS }, (_, index) => {
      const day = dayOf(new Date(Date.parse(first) + index * DAY_MS));
      return { day, numbers: known.get(day) ?? null };
    });
  },
});
