import { acrossTenants } from '../../platform/database/across-tenants.js';
import { isoOrNull, type Knex } from '../../platform/database/database.js';
import { machineTimes, type StoredTimes } from '../../platform/database/database-times.js';
import type { Sealed } from '../../platform/sealing/sealing.js';
import type { RingCentralSession } from '../token-types.js';
import type { Environment } from '../../ringcentral/environments.js';

type Row = {
  id: string;
  tenant_id: string;
  credential_id: string;
  environment: string;
  jwe: string;
  ends_at: string;
  not_before: string | null;
};

/** A session at RingCentral that no job may use any more. It is kept only to be revoked. */
export type EndingSession = {
  id: string;
  tenantId: string;
  credentialId: string;
  environment: Environment;
  jwe: string;
  endsAt: Date;
};

/** Keeps the token of a session whose credential has ended, only to revoke it. */
export async function keepToEnd(
  trx: Knex,
  times: StoredTimes,
  { servesUntil: endsAt, ...session }: RingCentralSession,
  { jwe }: Sealed,
): Promise<void> {
  await endingSessionStore(trx, times)
    .forTenant(session.tenantId)
    .add({ ...session, jwe, endsAt });
}

/** All SQL on `ending_sessions`. */
export const endingSessionStore = (db: Knex, { iso, fromIso }: StoredTimes = machineTimes) => ({
  forTenant: (tenantId: string) => {
    const mine = () => db<Row>('ending_sessions').where({ tenant_id: tenantId });
    return {
      async add({ id, credentialId, environment, jwe, endsAt }: Omit<EndingSession, 'tenantId'>): Promise<void> {
        const row = { id, tenant_id: tenantId, credential_id: credentialId, environment, jwe, not_before: null };
        await db<Row>('ending_sessions')
          .insert({ ...row, ends_at: iso(endsAt) })
          .onConflict('id')
          .ignore();
      },
      has: async (credentialIds: readonly string[]): Promise<boolean> =>
        (await mine()
          .whereIn('credential_id', [...credentialIds])
          .first('id')) !== undefined,
      idsOf: (credentialId: string): Promise<string[]> => mine().where({ credential_id: credentialId }).pluck('id'),
      credentialIds: (): Promise<string[]> => mine().distinct('credential_id').pluck('credential_id'),
      tryLater: async (id: string, notBefore: Date): Promise<void> => {
        await mine()
          .where({ id })
          .update({ not_before: isoOrNull(notBefore) });
      },
      /** @returns false if another process has done it */
      remove: async (id: string): Promise<boolean> => (await mine().where({ id }).delete()) === 1,
    };
  },

  /** For all tenants: those to revoke now, the one that ends first at the front. */
  async due(now: Date, limit: number): Promise<EndingSession[]> {
    const all = acrossTenants(db<Row>('ending_sessions'), 'the worker ends the sessions of any tenant');
    const rows = await all
      .where((free) => free.whereNull('not_before').orWhere('not_before', '<=', isoOrNull(now)))
      .orderBy(['ends_at', 'id'])
      .limit(limit);
    return rows.map((row) => ({
      id: row.id,
      tenantId: row.tenant_id,
      credentialId: row.credential_id,
      environment: row.environment as Environment,
      jwe: row.jwe,
      endsAt: fromIso(row.ends_at),
    }));
  },
});
