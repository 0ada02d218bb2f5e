import type { Knex } from '../../../src/platform/database/database.js';
import { isHolding, type Holding } from '../../../src/platform/database/held-rows.js';
import { declarations } from '../../../src/portal.js';
import { columnsOf, referencesOf, type Column } from './schema.js';

export const declared = declarations.flatMap(({ holds = [] }) => holds);
export const holdings = declared.filter(isHolding);

export const wordsOf = (names = ''): string[] => names.split(/\s+/).filter((name) => name !== '');
export const columnOf = ({ of }: Holding): string => ('tenant' in of ? of.tenant : of.person);

/** What a planted column of this clinic holds: found again wherever it is left. */
export const planted = (whose: string, table: string, column: string): string => `${whose}.${table}.${column}`;
/** The id of the row of this clinic in the table, as other tables refer to it. */
export const idOf = (whose: string, table: string): string => `${whose}-${table}`;

const numbers = new Map<string, number>();
/** Different for each clinic, because some numbers are unique. */
function numberOf(whose: string): number {
  const number = numbers.get(whose) ?? (numbers.size + 1) * 1000;
  numbers.set(whose, number);
  return number;
}

/** One row for this clinic in every table that declares to hold something of clinics or people, with every column. */
export async function plantEverywhere(db: Knex, whose: string): Promise<void> {
  const columns = await columnsOf(db);
  const references = await referencesOf(db);
  const isOf = new Set(holdings.map(({ table }) => table));
  const placed = new Set<string>();
  const parentsOf = (table: string) =>
    references.filter((one) => one.table === table && one.to !== table).map(({ to }) => to);
  for (let waiting = [...isOf]; waiting.length > 0;) {
    const next = waiting.filter((table) => parentsOf(table).every((to) => placed.has(to) || !isOf.has(to)));
    if (next.length === 0) throw new Error(`foreign keys in a circle: ${waiting.join()}`);
    for (const table of next) {
      for (const to of parentsOf(table).filter((one) => !isOf.has(one) && !placed.has(one))) await plantParent(to);
      await db(table).insert(rowFor(table));
      placed.add(table);
    }
    waiting = waiting.filter((table) => !placed.has(table));
  }

  /** Of a table that holds nothing of clinics, but that a row refers to. */
  async function plantParent(table: string): Promise<void> {
    await db(table).insert(rowFor(table)).onConflict().ignore();
    placed.add(table);
  }

  function rowFor(table: string): Record<string, unknown> {
    const holding = holdings.find((one) => one.table === table);
    return Object.fromEntries(
      columns.filter((column) => column.table === table).map((column) => [column.name, valueOf(column, holding)]),
    );
  }

  function valueOf({ table, name, type }: Column, holding: Holding | undefined): unknown {
    const to = references.find((one) => one.table === table && one.column === name)?.to;
    if (to !== undefined) return idOf(whose, to);
    if (holding?.alone && name === columnOf(holding)) return JSON.stringify([idOf(whose, 'tenants')]);
    if (name === 'tenant_id') return idOf(whose, 'tenants');
    if (name === 'person_id') return idOf(whose, 'people');
    if (/bool/.test(type)) return false;
    if (/int|numeric|real/.test(type)) return numberOf(whose) + name.length;
    const rewritten = holding && typeof holding.erasure === 'object' && 'rewrite' in holding.erasure && holding.erasure;
    if (rewritten && rewritten.rewrite.column === name)
      return JSON.stringify({ external_ref: planted(whose, table, name), data: {} });
    if (wordsOf(holding?.json).includes(name)) return JSON.stringify([planted(whose, table, name)]);
    return isReferredTo(table, name) ? idOf(whose, table) : planted(whose, table, name);
  }

  /** The first column of the key of a table that others refer to. */
  function isReferredTo(table: string, name: string): boolean {
    return name === (table === 'auth_budgets' ? 'key' : 'id') && references.some(({ to }) => to === table);
  }
}
