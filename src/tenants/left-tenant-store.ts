import type { ClinicRole } from '../app/clinic-roles.js';
import { acrossTenants } from '../platform/database/across-tenants.js';
import { iso, type Knex } from '../platform/database/database.js';
import { fromRow } from './tenant-store.js';
import { isNameable, refIn } from './tenant-names.js';
import type { Tenant } from './tenant-types.js';

type Row = Parameters<typeof fromRow>[0] & { offboarded_at: string | null };
type MembershipRow = { tenant_id: string; person_id: string; role: ClinicRole; created_at: string };

/** SQLite accepts more; a clinic has few people. */
const ROWS_AT_ONCE = 100;

/** Clinics that have left: their rows in `tenants`, and the memberships that ended with them. */
export const leftTenantStore = (db: Knex) => {
  async function move(tenantId: string, from: string, to: string): Promise<number> {
    const rows = await db<MembershipRow>(from).where({ tenant_id: tenantId }).orderBy('person_id');
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      await db<MembershipRow>(to).insert(
        rows
          .slice(at, at + ROWS_AT_ONCE)
          .map(({ tenant_id, person_id, role, created_at }) => ({ tenant_id, person_id, role, created_at })),
      );
    await db<MembershipRow>(from).where({ tenant_id: tenantId }).delete();
    return rows.length;
  }

  return {
    async find(id: string): Promise<Tenant | undefined> {
      const row = await db<Row>('tenants').where({ id }).whereNotNull('offboarded_at').first();
      return row && fromRow(row);
    },
    /** Of any tenant: one that has left keeps its reference until it is erased. */
    async idOfRef(externalRef: string): Promise<string | undefined> {
      return (await db<Row>('tenants').where({ external_ref: externalRef }).first('id'))?.id;
    },
    /** The id of the tenant that a program names, if it has left. */
    async idOf(named: string): Promise<string | undefined> {
      const ref = refIn(named);
      if (ref === undefined) return isNameable(named) ? (await this.find(named))?.id : undefined;
      const id = await this.idOfRef(ref);
      return id === undefined ? undefined : (await this.find(id))?.id;
    },
    /** @returns how many memberships ended; undefined, without changing anything, if it has left before */
    async leave(id: string, at: Date): Promise<number | undefined> {
      const here = db<Row>('tenants').where({ id, offboarded_at: null });
      if ((await here.update({ offboarded_at: iso(at) })) !== 1) return undefined;
      return move(id, 'memberships', 'ended_memberships');
    },
    /** @returns how many memberships it has again */
    async restore(id: string): Promise<number> {
      await db<Row>('tenants').where({ id }).update({ offboarded_at: null });
      return move(id, 'ended_memberships', 'memberships');
    },
    /** In the order of their ids; a keyset page. */
    async formerMembers(tenantId: string, limit: number, after: string): Promise<string[]> {
      const page = db<MembershipRow>('ended_memberships').where({ tenant_id: tenantId });
      return page.andWhere('person_id', '>', after).orderBy('person_id').limit(limit).pluck('person_id');
    },
    /** Those who had one of these roles when it left. */
    formerMembersIn: (tenantId: string, roles: readonly ClinicRole[], limit: number): Promise<string[]> =>
      db<MembershipRow>('ended_memberships')
        .where({ tenant_id: tenantId })
        .whereIn('role', roles)
        .orderBy('person_id')
        .limit(limit)
        .pluck('person_id'),
    /** Whether the person belongs to another clinic, or to one that may come back. */
    async isElsewhere(personId: string, besides: string): Promise<boolean> {
      for (const table of ['memberships', 'ended_memberships']) {
        const rows = acrossTenants(db<MembershipRow>(table), 'whether a person belongs to any other clinic');
        if (await rows.where({ person_id: personId }).whereNot({ tenant_id: besides }).first('person_id')) return true;
      }
      return false;
    },
  };
};

export type LeftTenants = typeof leftTenantStore;
