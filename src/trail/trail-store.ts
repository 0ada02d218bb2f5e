import { acrossTenants } from '../platform/database/across-tenants.js';
import { iso, type Knex } from '../platform/database/database.js';
import type { SealedFields } from './leaf.js';
import { emptyEdge, type Edge } from './tree.js';

/** What a request inserted. */
export type Unsealed = Omit<SealedFields, 'leaf_index' | 'tenant_seq' | 'ip_hash'> & {
  /** The order of insertion, which is not the order of commits. */
  nr: number;
  ip: string | null;
};
export type Sealed = SealedFields & { leaf_hash: string; ip: string | null; ip_salt: string | null };
export type StoredCheckpoint = { size: number; at: string; note: string };

type Row = Omit<Unsealed, 'nr'> & { seq: number } & { [Column in keyof Sealed]: Sealed[Column] | null };
type TreeRow = { id: number; size: number; edge: string; began_at: string };

const written = 'id at actor_kind actor_id tenant_id action target outcome request_id detail ip'.split(
  ' ',
) as (keyof Row)[];
const sealed: (keyof Row)[] = [...written, 'leaf_index', 'tenant_seq', 'leaf_hash', 'ip_salt', 'ip_hash'];
const WHY = 'the worker seals the rows of all tenants in one tree';

/** The seals of the rows of the audit, and the tree over them. Nothing else of a row is changed here. */
export const trailStore = (db: Knex) => {
  const events = () => acrossTenants(db<Row>('audit_events'), WHY);
  return {
    hasUnsealed: async (): Promise<boolean> => (await events().whereNull('leaf_index').first('seq')) !== undefined,

    /** In the order of insertion. */
    unsealed: async (limit: number): Promise<Unsealed[]> => {
      const rows = events().whereNull('leaf_index').orderBy('seq').limit(limit);
      return rows.select<Unsealed[]>('seq as nr', ...written);
    },

    unsealedCount: async (): Promise<number> => {
      const [row] = await events().whereNull('leaf_index').count<{ count: number | string }[]>({ count: 'seq' });
      return Number(row?.count ?? 0);
    },

    lastOfTenant: async (tenantId: string): Promise<number> => {
      const mine = db<Row>('audit_events').where({ tenant_id: tenantId }).whereNotNull('tenant_seq');
      const row = await mine.orderBy('tenant_seq', 'desc').first('tenant_seq');
      return row?.tenant_seq ?? 0;
    },

    seal: async (
      seq: number,
      seal: Pick<Sealed, 'leaf_index' | 'tenant_seq' | 'leaf_hash' | 'ip_salt' | 'ip_hash'>,
    ): Promise<void> => {
      await events().where({ seq }).whereNull('leaf_index').update(seal);
    },

    /** Sealed rows from this number on, in their order. */
    sealedFrom: async (leafIndex: number, limit: number): Promise<Sealed[]> => {
      const rows = events().whereNotNull('leaf_index').andWhere('leaf_index', '>=', leafIndex);
      return (await rows.orderBy('leaf_index').limit(limit).select(sealed)) as unknown as Sealed[];
    },

    /** How many rows the numbers say there are. */
    highestCount: async (): Promise<number> => {
      const row = await events().whereNotNull('leaf_index').orderBy('leaf_index', 'desc').first('leaf_index');
      return row?.leaf_index == null ? 0 : row.leaf_index + 1;
    },

    edge: async (): Promise<Edge> => {
      const row = await db<TreeRow>('audit_tree').where({ id: 1 }).first();
      return row ? { size: row.size, roots: JSON.parse(row.edge) as string[] } : emptyEdge;
    },

    /** Since when rows are sealed; null before the first. */
    beganAt: async (): Promise<string | null> =>
      (await db<TreeRow>('audit_tree').where({ id: 1 }).first('began_at'))?.began_at ?? null,

    setEdge: async ({ size, roots }: Edge, at: Date): Promise<void> => {
      const row = { id: 1, size, edge: JSON.stringify(roots), began_at: iso(at) };
      await db<TreeRow>('audit_tree').insert(row).onConflict('id').merge(['size', 'edge']);
    },

    newestCheckpoint: async (): Promise<StoredCheckpoint | null> =>
      (await db<StoredCheckpoint>('audit_checkpoints').orderBy('size', 'desc').first()) ?? null,

    checkpointsFrom: (size: number, limit: number): Promise<StoredCheckpoint[]> =>
      db<StoredCheckpoint>('audit_checkpoints').where('size', '>=', size).orderBy('size').limit(limit).select(),

    addCheckpoint: async (checkpoint: StoredCheckpoint): Promise<void> => {
      await db<StoredCheckpoint>('audit_checkpoints').insert(checkpoint).onConflict('size').ignore();
    },

    /** Of those before that time, keeps the last one of each hour. */
    thinCheckpoints: async (before: Date): Promise<void> => {
      const kept = db('audit_checkpoints').max('size').groupByRaw('substr(at, 1, 13)');
      await db<StoredCheckpoint>('audit_checkpoints').where('at', '<', iso(before)).whereNotIn('size', kept).delete();
    },
  };
};
