import { columnsIn, heldRows, isHolding, type Holding, type Unowned } from '../platform/database/held-rows.js';
import type { Knex } from '../platform/database/database.js';

/** The format of the export; a change that a reader must know of raises it. */
const FORMAT = 1;

type Deps = {
  db: Knex;
  holdings: readonly (Holding | Unowned)[];
  /** The ids of the clinic's people. */
  peopleOf: (tenantId: string) => AsyncIterable<string>;
};

/**
 * Everything that the portal holds on a clinic, without secrets: the lines of one JSON object. Read a page at a time, so
 * that it costs as little memory for many years as for one day. Not a snapshot: what is written meanwhile may be in it.
 */
export async function* exportLines(
  { db, holdings, peopleOf }: Deps,
  tenantId: string,
  at: Date,
): AsyncGenerator<string> {
  const held = holdings.filter(isHolding);
  const head = { format: FORMAT, tenant: tenantId, exported_at: at.toISOString(), withheld: withheldOf(held) };
  yield `${JSON.stringify(head).slice(0, -1)},"tables":{`;
  let isFirst = true;
  for (const holding of held) {
    if (columnsIn(holding.exported).length === 0) continue;
    yield `${isFirst ? '' : ','}${JSON.stringify(holding.table)}:[`;
    isFirst = false;
    let before = '';
    for await (const row of rowsOf(holding)) {
      yield before + JSON.stringify(row);
      before = ',';
    }
    yield ']';
  }
  yield '}}';

  async function* rowsOf(holding: Holding) {
    if ('tenant' in holding.of) yield* heldRows(db, holding, tenantId).exported();
    else for await (const personId of peopleOf(tenantId)) yield* heldRows(db, holding, personId).exported();
  }
}

/** The columns that are left out, by table and reason. */
const withheldOf = (held: readonly Holding[]) =>
  Object.fromEntries(
    held.flatMap(({ table, withheld }) =>
      withheld
        ? [[table, Object.fromEntries(Object.entries(withheld).map(([why, names]) => [why, columnsIn(names)]))]]
        : [],
    ),
  );
