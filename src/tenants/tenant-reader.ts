import type { Knex } from '../platform/database/database.js';
import { allows, type ClinicRole } from '../app/clinic-roles.js';
import { PortalError } from '../platform/errors.js';
import { leftTenantStore } from './left-tenant-store.js';
import { isNameable, refIn } from './tenant-names.js';
import { tenantStore } from './tenant-store.js';
import type { Environment, Membership, Reading, Tenant, TenantCursor } from './tenant-types.js';

const MOST_MEMBERS = 200;
const PAGE = 200;

/** What other capabilities may read about tenants, through a handle inside or outside a transaction. */
export const tenantReader = (db: Knex) => ({
  find: (id: string): Promise<Tenant | undefined> => tenantStore(db).find(id),
  /** Also one that has left, as long as it is not erased. */
  findEvenLeft: async (id: string): Promise<Tenant | undefined> =>
    (await tenantStore(db).find(id)) ?? leftTenantStore(db).find(id),
  /** One that has left, as long as it is not erased. */
  findLeft: (id: string): Promise<Tenant | undefined> => leftTenantStore(db).find(id),
  /** Those who had one of these roles when it left. */
  formerMembersIn: (id: string, roles: readonly ClinicRole[]): Promise<string[]> =>
    leftTenantStore(db).formerMembersIn(id, roles, MOST_MEMBERS),
  findByRef: (externalRef: string): Promise<Tenant | undefined> => tenantStore(db).findByRef(externalRef),
  /** Those with these references, also if they have left. */
  withRefs: (refs: readonly string[]) => tenantStore(db).withRefs(refs),
  /** The id of the tenant that a program names: by its id, or by `ref:` and the ISV's own id for it. */
  idOf: async (named: string): Promise<string | undefined> => {
    if (!isNameable(named)) return undefined;
    const ref = refIn(named);
    const store = tenantStore(db);
    return (await (ref === undefined ? store.find(named) : store.findByRef(ref)))?.id;
  },
  /** The ISV's own ids of these tenants. */
  refsOf: (ids: readonly string[]): Promise<ReadonlyMap<string, string>> => tenantStore(db).refsOf(ids),
  /** All tenants by name, a page at a time. */
  async *pages(): AsyncGenerator<Tenant[]> {
    let after: TenantCursor | undefined;
    do {
      const page = await tenantStore(db).page(PAGE, after);
      yield page;
      after = page.length < PAGE ? undefined : page.at(-1);
    } while (after);
  },
  /** `production` if the tenant does not exist. */
  environmentOf: async (id: string): Promise<Environment> => (await tenantStore(db).environmentOf(id)) ?? 'production',
  members: (id: string): Promise<Membership[]> => tenantStore(db).members(id, MOST_MEMBERS),
  ownersOf: (ids: readonly string[]) => tenantStore(db).ownersOf(ids),
  /** undefined if this person is not a member */
  roleOf: (id: string, personId: string): Promise<ClinicRole | undefined> => tenantStore(db).roleOf(id, personId),
  /** The role may have changed since the guard in front of the route read it. @throws `not_found` or `role_needed` */
  requireRole: async (needed: ClinicRole, id: string, personId: string): Promise<void> => {
    const role = await tenantStore(db).roleOf(id, personId);
    if (role === undefined) throw new PortalError('not_found');
    if (!allows(role, needed)) throw new PortalError('role_needed');
  },
  isMember: async (id: string, personId: string): Promise<boolean> =>
    (await tenantStore(db).roleOf(id, personId)) !== undefined,
  /** Whether the person is a member who may do what needs this role. */
  mayAs: async (needed: ClinicRole, id: string, personId: string): Promise<boolean> => {
    const role = await tenantStore(db).roleOf(id, personId);
    return role !== undefined && allows(role, needed);
  },
  /** The language and time zone that all tenants of a person have in common. */
  readingOf: (personId: string): Promise<Reading> => tenantStore(db).readingOf(personId),
  /** A query for the ids of the tenants in one environment. */
  idsIn: (environment: Environment) => tenantStore(db).idsIn(environment),
});

export type ReadTenants = typeof tenantReader;
