import { ERASED_REF } from './tenant-names.js';
import { acrossTenants } from '../platform/database/across-tenants.js';
import { fromIso, iso, type Knex } from '../platform/database/database.js';
import { preparedRead } from '../platform/database/prepared-read.js';
import type { Language } from '../texts/languages.js';
import type { ClinicRole } from '../app/clinic-roles.js';
import type { OfferedMethods } from './offered-methods.js';
import type { Environment, Membership, OwnTenant, Reading, Tenant, TenantCursor } from './tenant-types.js';

type Row = {
  id: string;
  external_ref: string;
  name: string;
  environment: Environment;
  language: Language;
  time_zone: string;
  members_need_second_factor: boolean | number;
  offered_methods: OfferedMethods;
  created_at: string;
  /** A clinic that has left is found by `leftTenantStore` alone. */
  offboarded_at: string | null;
};
type MembershipRow = { tenant_id: string; person_id: string; role: ClinicRole; created_at: string };
type OwnRow = Row & Pick<MembershipRow, 'role'>;

const rowOf = preparedRead(
  (db, id) => db<Row>('tenants').where({ id, offboarded_at: null }),
  ([row]: Row[]) => row,
);
const environmentOf = preparedRead(
  (db, id) => db<Row>('tenants').where({ id }).select('environment'),
  ([row]: Pick<Row, 'environment'>[]) => row?.environment,
);

/** All SQL on `tenants` and `memberships`. */
export const tenantStore = (db: Knex) => {
  const withMembers = () => db('tenants').join('memberships', 'memberships.tenant_id', 'tenants.id');
  const joined = (personId: string) =>
    acrossTenants(withMembers(), 'the tenants of one person').where('memberships.person_id', personId);
  return {
    /** @returns false, without writing anything, if the reference already has a tenant */
    async add(tenant: Tenant): Promise<boolean> {
      const inserted = await db<Row>('tenants')
        .insert(toRow(tenant))
        .onConflict('external_ref')
        .ignore()
        .returning('id');
      return inserted.length === 1;
    },
    async find(id: string): Promise<Tenant | undefined> {
      const row = await rowOf(db, id);
      return row && fromRow(row);
    },
    /** Also of a tenant that has left, whose sessions at RingCentral are still to be ended. */
    environmentOf: (id: string): Promise<Environment | undefined> => environmentOf(db, id),
    /** @returns false if nothing changed or the tenant does not exist */
    async setReading(id: string, { language, timeZone }: Pick<Tenant, 'language' | 'timeZone'>): Promise<boolean> {
      const other = db<Row>('tenants')
        .where({ id })
        .andWhere((set) => set.whereNot({ language }).orWhereNot({ time_zone: timeZone }));
      return (await other.update({ language, time_zone: timeZone })) === 1;
    },
    /** @returns false if nothing changed or the tenant does not exist */
    async setNames(id: string, { name, externalRef }: Pick<Tenant, 'name' | 'externalRef'>): Promise<boolean> {
      const other = db<Row>('tenants')
        .where({ id })
        .andWhere((set) => set.whereNot({ name }).orWhereNot({ external_ref: externalRef }));
      return (await other.update({ name, external_ref: externalRef })) === 1;
    },
    async findByRef(externalRef: string): Promise<Tenant | undefined> {
      const row = await db<Row>('tenants').where({ external_ref: externalRef, offboarded_at: null }).first();
      return row && fromRow(row);
    },
    /** Those with these references, also if they have left. */
    async withRefs(refs: readonly string[]): Promise<(Tenant & { hasLeft: boolean })[]> {
      const rows = await db<Row & { offboarded_at: string | null }>('tenants').whereIn('external_ref', refs);
      return rows.map((row) => ({ ...fromRow(row), hasLeft: row.offboarded_at !== null }));
    },
    async withIds(ids: string[]): Promise<Tenant[]> {
      const rows = new Map(
        (await db<Row>('tenants').whereIn('id', ids).whereNull('offboarded_at')).map((row) => [row.id, row]),
      );
      return ids.flatMap((id) => rows.get(id) ?? []).map(fromRow);
    },
    /** The ISV's own ids of these tenants, also of those that have left. */
    async refsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const named = db<Row>('tenants').whereIn('id', ids).whereNot('external_ref', 'like', `${ERASED_REF}%`);
      const rows = await named.select('id', 'external_ref');
      return new Map(rows.map((row) => [row.id, row.external_ref]));
    },
    idsIn: (environment: Environment): Knex.QueryBuilder =>
      db<Row>('tenants').where({ environment, offboarded_at: null }).select('id'),
    /** By name, then id; a keyset page, so later pages cost no more than the first. */
    async page(limit: number, after?: TenantCursor): Promise<Tenant[]> {
      const page = db<Row>('tenants')
        .whereNull('offboarded_at')
        .orderBy([{ column: 'name' }, { column: 'id' }])
        .limit(limit);
      if (after) void page.whereRaw('(name, id) > (?, ?)', [after.name, after.id]);
      return (await page).map(fromRow);
    },

    /** The tenant, if this person is a member of it. Every `member` page starts with this query. */
    async findForMember(id: string, personId: string): Promise<OwnTenant | undefined> {
      const mine = withMembers().where({ 'memberships.tenant_id': id, 'memberships.person_id': personId });
      const row = await mine.first<OwnRow | undefined>('tenants.*', 'memberships.role');
      return row && ownFromRow(row);
    },
    /** By name, then id; a keyset page. */
    async ofPerson(personId: string, limit: number, after?: TenantCursor): Promise<OwnTenant[]> {
      const page = joined(personId)
        .orderBy([{ column: 'tenants.name' }, { column: 'tenants.id' }])
        .limit(limit);
      if (after) void page.whereRaw('(tenants.name, tenants.id) > (?, ?)', [after.name, after.id]);
      return (await page.select<OwnRow[]>('tenants.*', 'memberships.role')).map(ownFromRow);
    },
    /** Whether any tenant of this person requires a second factor. */
    async asksForSecondFactor(personId: string): Promise<boolean> {
      const asking = joined(personId).where('tenants.members_need_second_factor', true);
      return (await asking.first<Row | undefined>('tenants.id')) !== undefined;
    },
    async readingOf(personId: string): Promise<Reading> {
      const rows = await joined(personId).distinct<Pick<Row, 'language' | 'time_zone'>[]>(
        'tenants.language',
        'tenants.time_zone',
      );
      const common = <T>([first, ...others]: T[]) => (others.every((it) => it === first) ? (first ?? null) : null);
      return {
        language: common(rows.map(({ language }) => language)),
        timeZone: common(rows.map(({ time_zone: timeZone }) => timeZone)),
      };
    },
    /** @returns false if nothing changed */
    async setMembersNeedSecondFactor(id: string, needed: boolean): Promise<boolean> {
      const others = db<Row>('tenants').where({ id, members_need_second_factor: !needed });
      return (await others.update({ members_need_second_factor: needed })) === 1;
    },
    /** @returns false if nothing changed */
    async setOfferedMethods(id: string, offered: OfferedMethods): Promise<boolean> {
      const others = db<Row>('tenants').where({ id }).whereNot({ offered_methods: offered });
      return (await others.update({ offered_methods: offered })) === 1;
    },
    async addMember(tenantId: string, personId: string, role: ClinicRole, at: Date): Promise<void> {
      await db<MembershipRow>('memberships')
        .insert({ tenant_id: tenantId, person_id: personId, role, created_at: iso(at) })
        .onConflict(['tenant_id', 'person_id'])
        .ignore();
    },
    /** undefined if this person is not a member */
    async roleOf(tenantId: string, personId: string): Promise<ClinicRole | undefined> {
      const found = db<MembershipRow>('memberships').where({ tenant_id: tenantId, person_id: personId });
      return (await found.first('role'))?.role;
    },
    /** The owners of these tenants, those who joined first before the others. */
    async ownersOf(tenantIds: readonly string[]): Promise<{ tenantId: string; personId: string }[]> {
      const rows = await acrossTenants(db<MembershipRow>('memberships'), 'a page of the list of all tenants')
        .whereIn('tenant_id', [...tenantIds])
        .andWhere({ role: 'owner' })
        .orderBy(['created_at', 'person_id'])
        .select('tenant_id', 'person_id');
      return rows.map((row) => ({ tenantId: row.tenant_id, personId: row.person_id }));
    },
    /** @returns false if this person is not a member */
    async setRole(tenantId: string, personId: string, role: ClinicRole): Promise<boolean> {
      const membership = db<MembershipRow>('memberships').where({ tenant_id: tenantId, person_id: personId });
      return (await membership.update({ role })) === 1;
    },
    /** @returns false if this person was not a member */
    async removeMember(tenantId: string, personId: string): Promise<boolean> {
      const membership = db<MembershipRow>('memberships').where({ tenant_id: tenantId, person_id: personId });
      return (await membership.delete()) === 1;
    },
    /** In the order of their ids; a keyset page. */
    async personIds(tenantId: string, limit: number, after: string): Promise<string[]> {
      const page = db<MembershipRow>('memberships').where({ tenant_id: tenantId }).andWhere('person_id', '>', after);
      return page.orderBy('person_id').limit(limit).pluck('person_id');
    },
    /** Those of these tenants to which a person belongs. */
    async withMembers(ids: readonly string[]): Promise<Set<string>> {
      const rows = acrossTenants(db<MembershipRow>('memberships'), "the staff's list").whereIn('tenant_id', ids);
      return new Set(await rows.distinct('tenant_id').pluck('tenant_id'));
    },
    async members(tenantId: string, limit: number): Promise<Membership[]> {
      const rows = await db<MembershipRow>('memberships')
        .where({ tenant_id: tenantId })
        .orderBy([{ column: 'created_at' }, { column: 'person_id' }])
        .limit(limit);
      return rows.map((row) => ({ personId: row.person_id, since: fromIso(row.created_at), role: row.role }));
    },
  };
};

const toRow = (tenant: Tenant): Omit<Row, 'offboarded_at'> => ({
  id: tenant.id,
  external_ref: tenant.externalRef,
  name: tenant.name,
  environment: tenant.environment,
  language: tenant.language,
  time_zone: tenant.timeZone,
  members_need_second_factor: tenant.membersNeedSecondFactor,
  offered_methods: tenant.offeredMethods,
  created_at: iso(tenant.createdAt),
});
export const fromRow = (row: Omit<Row, 'offboarded_at'>): Tenant => ({
  id: row.id,
  externalRef: row.external_ref,
  name: row.name,
  environment: row.environment,
  language: row.language,
  timeZone: row.time_zone,
  membersNeedSecondFactor: Boolean(row.members_need_second_factor),
  offeredMethods: row.offered_methods,
  createdAt: fromIso(row.created_at),
});
const ownFromRow = (row: OwnRow): OwnTenant => ({ ...fromRow(row), role: row.role });
