import { acrossTenants } from './across-tenants.js';
import { iso, type Knex } from './database.js';

/** Why the export of a clinic leaves a column out. */
export type Withheld =
  /** A secret, or what stands for one: a ciphertext, a hash, a key. */
  | 'secret'
  /** Belongs to a person, who may be in other clinics too. */
  | 'of_a_person'
  /** How the portal does its work. */
  | 'internal';

/** What erasure does to a row: it goes, its columns get these values, one text is rewritten, or it stays for a reason. */
export type Erasure =
  'rows' | { set: Record<string, string | number | boolean | null> } | { rewrite: Rewriting } | { stays: string };

type Rewriting = {
  column: string;
  with: (text: string) => string;
  /** Waits for those who copy the text elsewhere, and keeps others from it until the end of the transaction. */
  waitFor: (trx: Knex) => Promise<void>;
};

/** What one table holds of clinics or people. Its capability declares it. Every column is in one of the two lists. */
export type Holding = {
  table: string;
  /** The column with the id of the clinic, or of the person. */
  of: { tenant: string } | { person: string };
  /** The column holds the id of a row of this table, which has the `tenant_id`. */
  through?: string;
  /** The column holds a JSON list; only rows whose list has this one id are meant. */
  alone?: true;
  /** The columns that identify a row among those of one clinic or person, separated by spaces. */
  key: string;
  /** The columns that an export shows, separated by spaces. */
  exported: string;
  /** Those of them that hold JSON. */
  json?: string;
  /** The columns that an export leaves out, by the reason. */
  withheld?: Partial<Record<Withheld, string>>;
  erasure: Erasure;
  /** A column that refers to another row of the same table. */
  refersToItself?: string;
};

/** A table of which no row is about a clinic or a person, or only for a short while. */
export type Unowned = { table: string; because: string };

export const isHolding = (declared: Holding | Unowned): declared is Holding => 'of' in declared;

export const columnsIn = (names = ''): string[] => names.split(/\s+/).filter((name) => name !== '');

const PAGE = 200;
const SOME = 500;
const why = 'by the rule that the table declares';

/** The rows of one clinic or person in a table. All SQL that works by declared rules instead of in a store. */
export const heldRows = (db: Knex, held: Holding, id: string) => {
  const key = columnsIn(held.key);
  const column = 'tenant' in held.of ? held.of.tenant : held.of.person;
  const all = (): Knex.QueryBuilder => {
    const rows = acrossTenants(db(held.table), why);
    if (held.through === undefined) return rows.where(column, held.alone ? JSON.stringify([id]) : id);
    return rows.whereIn(column, db(held.through).where({ tenant_id: id }).select('id'));
  };
  const places = (count: number) => Array.from({ length: count }, () => '?').join();

  /** All rows in the order of the key, read a page at a time. */
  async function* rowsWith(columns: readonly string[]): AsyncGenerator<Record<string, unknown>> {
    let after: unknown[] | undefined;
    do {
      const page = all()
        .select([...new Set([...key, ...columns])])
        .orderBy(key.map((name) => ({ column: name })))
        .limit(PAGE);
      if (after) void page.whereRaw(`(${key.join()}) > (${places(key.length)})`, after as string[]);
      const rows = (await page) as Record<string, unknown>[];
      yield* rows;
      const last = rows.at(-1);
      after = rows.length < PAGE || !last ? undefined : key.map((name) => last[name]);
    } while (after);
  }

  async function rewrite({ column: name, with: rewritten, waitFor }: Rewriting): Promise<void> {
    await waitFor(db);
    for await (const row of rowsWith([name])) {
      const text = row[name];
      if (typeof text !== 'string' || rewritten(text) === text) continue;
      await all()
        .where(Object.fromEntries(key.map((one) => [one, row[one]])))
        .update({ [name]: rewritten(text) });
    }
  }

  return {
    async count(): Promise<number> {
      const [row] = await all().count<{ count: number | string }[]>({ count: '*' });
      return Number(row?.count ?? 0);
    },

    /** The exported columns of all rows, in the order of the key. */
    async *exported(): AsyncGenerator<Record<string, unknown>> {
      const shown = columnsIn(held.exported);
      const json = columnsIn(held.json);
      for await (const row of rowsWith(shown))
        yield Object.fromEntries(shown.map((name) => [name, read(row[name], json.includes(name))]));
    },

    /** Erases some rows, in one transaction. @returns whether there may be more */
    async eraseSome(at: Date): Promise<boolean> {
      const { erasure } = held;
      if (erasure !== 'rows') {
        if ('rewrite' in erasure) await rewrite(erasure.rewrite);
        if ('set' in erasure) await all().update(valuesFor(erasure.set, { id, at: iso(at) }));
        return false;
      }
      if (held.refersToItself !== undefined)
        await all()
          .whereNotNull(held.refersToItself)
          .update({ [held.refersToItself]: null });
      const some = (await all().select(key).limit(SOME)) as Record<string, string>[];
      const keys = some.map((row) => key.map((name) => row[name] ?? ''));
      if (keys.length > 0) await all().whereIn(key, keys).delete();
      return keys.length === SOME;
    },
  };
};

function read(value: unknown, isJson: boolean): unknown {
  if (!isJson || typeof value !== 'string') return value ?? null;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** `{id}` in a value stands for the id of the clinic or the person: for columns that must be unique; `{at}` for now. */
const valuesFor = (set: Record<string, string | number | boolean | null>, { id, at }: { id: string; at: string }) =>
  Object.fromEntries(
    Object.entries(set).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace('{id}', id).replace('{at}', at) : value,
    ]),
  );
