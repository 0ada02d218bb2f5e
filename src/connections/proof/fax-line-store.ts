import { fromIsoOrNull, isoOrNull, type Knex } from '../../platform/database/database.js';
import { preparedRead } from '../../platform/database/prepared-read.js';
import type { Cause } from '../health/causes.js';

type Row = {
  tenant_id: string;
  extension_id: string;
  name: string;
  extension_number: string | null;
  type: string;
  selected: boolean | number;
  listed: boolean | number;
  readable: string | null;
  cause: string | null;
  probed_at: string | null;
};

/** An extension whose inbound faxes the clinic may want to have read. */
export type FaxLine = {
  extensionId: string;
  name: string;
  extensionNumber: string | null;
  type: string;
  selected: boolean;
  /** False once RingCentral no longer lists it; a selected line is kept and shown. */
  listed: boolean;
  readable: 'yes' | 'no' | 'unknown' | null;
  cause: Cause | null;
  probedAt: Date | null;
};

const selectedIds = preparedRead(
  (db, tenantId) =>
    db<Row>('fax_lines').where({ tenant_id: tenantId, selected: true }).orderBy('extension_id').select('extension_id'),
  (rows: Pick<Row, 'extension_id'>[]): readonly string[] => rows.map(({ extension_id: id }) => id),
);

/** All SQL on `fax_lines`. */
export const faxLineStore = (db: Knex) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('fax_lines').where({ tenant_id: tenantId });
    return {
      async all(): Promise<FaxLine[]> {
        return (await mine().orderBy(['name', 'extension_id'])).map(fromRow);
      },
      /** The extensions whose faxes are read, as people chose them. */
      selectedIds: (): Promise<readonly string[]> => selectedIds(db, tenantId),
      /** Adds and updates lines; the selection of a known line stays as people last chose it. */
      async save(lines: FaxLine[]): Promise<void> {
        for (const line of lines)
          await db<Row>('fax_lines')
            .insert(toRow(tenantId, line))
            .onConflict(['tenant_id', 'extension_id'])
            .merge(['name', 'extension_number', 'type', 'listed', 'readable', 'cause', 'probed_at']);
      },
      async choose(extensionIds: string[]): Promise<void> {
        await mine().update({ selected: false });
        await mine().whereIn('extension_id', extensionIds).update({ selected: true });
      },
    };
  },
});

const fromRow = (row: Row): FaxLine => ({
  extensionId: row.extension_id,
  name: row.name,
  extensionNumber: row.extension_number,
  type: row.type,
  selected: Boolean(row.selected),
  listed: Boolean(row.listed),
  readable: row.readable as FaxLine['readable'],
  cause: row.cause as Cause | null,
  probedAt: fromIsoOrNull(row.probed_at),
});

const toRow = (tenantId: string, line: FaxLine): Row => ({
  tenant_id: tenantId,
  extension_id: line.extensionId,
  name: line.name,
  extension_number: line.extensionNumber,
  type: line.type,
  selected: line.selected,
  listed: line.listed,
  readable: line.readable,
  cause: line.cause,
  probed_at: isoOrNull(line.probedAt),
});
