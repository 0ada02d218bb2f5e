import { fromIso, fromIsoOrNull, iso, type Knex } from '../../platform/database/database.js';
import type { Sealed } from '../../platform/sealing/sealing.js';

type Row = {
  id: string;
  endpoint_id: string;
  sealed: string;
  kid: string;
  made_at: string;
  ends_at: string | null;
};

export const secretContext = (id: string) => ({
  table: 'webhook_secrets',
  tenantId: '',
  rowId: id,
  purpose: 'signature',
});

export type StoredSecret = { id: string; sealed: string; madeAt: Date; endsAt: Date | null };

/** All SQL on `webhook_secrets`. The newest secret of an endpoint has no end. */
export const secretStore = (db: Knex) => {
  const table = () => db<Row>('webhook_secrets');
  return {
    async add(id: string, endpointId: string, { jwe: sealed, kid }: Sealed, at: Date): Promise<void> {
      await table().insert({ id, endpoint_id: endpointId, sealed, kid, made_at: iso(at) });
    },
    /** Newest first. */
    async valid(endpointId: string, now: Date): Promise<StoredSecret[]> {
      const rows = await table()
        .where({ endpoint_id: endpointId })
        .andWhere((end) => end.whereNull('ends_at').orWhere('ends_at', '>', iso(now)))
        .orderBy([
          { column: 'made_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ]);
      return rows.map(({ id, sealed, made_at, ends_at }) => ({
        id,
        sealed,
        madeAt: fromIso(made_at),
        endsAt: fromIsoOrNull(ends_at),
      }));
    },
    /** All secrets end then, or earlier as they were to: a former one may have been given longer. */
    async end(endpointId: string, at: Date): Promise<void> {
      await table()
        .where({ endpoint_id: endpointId })
        .andWhere((end) => end.whereNull('ends_at').orWhere('ends_at', '>', iso(at)))
        .update({ ends_at: iso(at) });
    },
    async deleteAll(endpointId: string): Promise<void> {
      await table().where({ endpoint_id: endpointId }).delete();
    },
    async deleteEnded(now: Date): Promise<void> {
      await table().where('ends_at', '<=', iso(now)).delete();
    },
    /** The keys with which these are sealed. */
    kidsInUse: (): Promise<string[]> => table().distinct('kid').pluck('kid'),
  };
};
