import type { Actor, Origin } from '../audit/audit-events.js';
import { auditStore } from '../audit/audit-store.js';
import type { Knex, Transaction } from '../platform/database/database.js';
import { inLock } from '../platform/database/lock.js';
import { PortalError } from '../platform/errors.js';
import { plainName } from '../platform/plain-name.js';
import type { World } from '../platform/world.js';
import { isLanguage, type Language } from '../texts/languages.js';
import type { ClinicRole } from '../app/clinic-roles.js';
import type { OfferedMethods } from './offered-methods.js';
import { leftTenantStore } from './left-tenant-store.js';
import { tenantSearch } from './search/tenant-search.js';
import { tenantWordStore } from './search/tenant-word-store.js';
import { wordsOf } from './search/tenant-words.js';
import { ERASED_REF } from './tenant-names.js';
import { tenantReader } from './tenant-reader.js';
import { tenantStore } from './tenant-store.js';
import { isTimeZone } from './time-zones.js';
import {
  environments as allEnvironments,
  type CreatedTenant,
  type Environment,
  type Membership,
  type NewTenant,
  type OwnTenant,
  type Tenant,
  type TenantChange,
  type TenantCursor,
  type TenantProblem,
} from './tenant-types.js';

export const LONGEST_NAME = 200;
export const LONGEST_REF = 100;
const MOST_ROWS = 200;
const MOST_LISTED = 500;

type Dependencies = {
  db: Knex;
  transaction: Transaction;
  world: Pick<World, 'now' | 'newId'>;
  /** The environments in which the ISV has an app; a tenant in another one could never connect. Default: all. */
  environments?: readonly Environment[];
  /** Creates what belongs to a new tenant, in the same transaction. */
  onCreated?: (trx: Knex, tenantId: string, at: Date) => Promise<void>;
  /** Runs in the transaction that changes whether the tenant's members need a second factor. */
  onRuleSet?: TellOfRule;
};

export type TellOfRule = (trx: Knex, tenant: Tenant, at: Date) => Promise<void>;

/** What a caller writes in the transaction that creates or changes a tenant. */
type Also = (trx: Knex, tenant: Tenant) => Promise<void>;

/** Tenants and their members. The guards in front of the routes check permissions. */
export const tenantService = (deps: Dependencies) => {
  const { db, transaction, world, environments = allEnvironments, onCreated, onRuleSet } = deps;
  const open = (trx: Knex, tenantId: string) => ({
    audit: auditStore(trx, world).forTenant(tenantId),
    tenants: tenantStore(trx),
    left: leftTenantStore(trx),
    setWords: ({ name, externalRef }: Draft) => tenantWordStore(trx).replace(tenantId, wordsOf(name, externalRef)),
    onCreated: (at: Date) => onCreated?.(trx, tenantId, at),
    also: async (work: Also | undefined, tenant: Tenant) => work?.(trx, tenant),
    onRuleSet: (tenant: Tenant) => onRuleSet?.(trx, tenant, world.now()),
  });
  const inTenantLock = inLock(transaction, 'tenant', open);

  /** An unchanged rule writes no audit row. */
  async function writeRule(
    { tenants, audit, onRuleSet }: ReturnType<typeof open>,
    id: string,
    needed: boolean,
    by: { actor: Actor; origin?: Origin | undefined },
  ): Promise<void> {
    if (!(await tenants.setMembersNeedSecondFactor(id, needed))) return;
    const action = 'tenant.second_factor_rule_set';
    await audit.append({ action, target: id, outcome: 'ok', detail: { needed }, ...by });
    const tenant = await tenants.find(id);
    if (tenant) await onRuleSet(tenant);
  }

  return {
    /** The environments that a new tenant may use; never empty. */
    environments,

    /** Returns all problems at once, so that a form can be corrected in one step. */
    async create(asked: NewTenant, actor: Actor, origin?: Origin, written?: Also): Promise<CreatedTenant> {
      const { draft, problems } = judge(asked, environments);
      if (problems.length > 0) return { ok: false, problems };
      const tenant: Tenant = {
        id: world.newId(),
        ...draft,
        membersNeedSecondFactor: false,
        offeredMethods: 'both',
        createdAt: world.now(),
      };
      const added = await inTenantLock(tenant.id, async ({ tenants, setWords, audit, onCreated, also }) => {
        if (!(await tenants.add(tenant))) return false;
        await setWords(tenant);
        await audit.append({ action: 'tenant.created', actor, target: tenant.id, outcome: 'ok', origin });
        await onCreated(tenant.createdAt);
        await also(written, tenant);
        return true;
      });
      return added ? { ok: true, tenant } : { ok: false, problems: [{ field: 'externalRef', code: 'duplicate' }] };
    },

    /** Returns all problems at once. Unchanged values write no audit row. A throw of `written` undoes the change. */
    change: (id: string, asked: TenantChange, actor: Actor, origin?: Origin, written?: Also): Promise<CreatedTenant> =>
      inTenantLock(id, async ({ tenants, left, setWords, audit, also }) => {
        const before = await tenants.find(id);
        if (!before) throw new PortalError('not_found');
        const { draft, problems } = judge({ ...before, ...given(asked) }, allEnvironments);
        const isTaken = ((await left.idOfRef(draft.externalRef)) ?? id) !== id;
        if (isTaken) problems.push({ field: 'externalRef', code: 'duplicate' });
        if (problems.length > 0) return { ok: false, problems };
        const change = { actor, target: id, outcome: 'ok', origin } as const;
        if (await tenants.setNames(id, draft)) {
          await setWords(draft);
          const detail = { name: draft.name !== before.name, ref: draft.externalRef !== before.externalRef };
          await audit.append({ ...change, action: 'tenant.renamed', detail });
        }
        const reading = { language: draft.language, timeZone: draft.timeZone };
        if (await tenants.setReading(id, reading))
          await audit.append({ ...change, action: 'tenant.language_set', detail: reading });
        const tenant = { ...before, ...draft };
        await also(written, tenant);
        return { ok: true, tenant };
      }),

    /**
     * Sets the language and time zone of the tenant's pages and mails, whether its people need a second factor, and
     * which ways to connect they are offered. Unchanged settings write no audit row.
     */
    async setSettings(
      id: string,
      asked: {
        language: string;
        timeZone: string;
        membersNeedSecondFactor: boolean;
        /** Stays as it is without this. */
        offeredMethods?: OfferedMethods | undefined;
      },
      actor: Actor,
      origin?: Origin,
    ): Promise<{ ok: true } | { ok: false; problems: TenantProblem[] }> {
      const problems: TenantProblem[] = [];
      const reading = readingAsked(asked, problems);
      if (problems.length > 0) return { ok: false, problems };
      await inTenantLock(id, async (unit) => {
        const { tenants, audit } = unit;
        const change = { actor, target: id, outcome: 'ok', origin } as const;
        if (await tenants.setReading(id, reading))
          await audit.append({ ...change, action: 'tenant.language_set', detail: reading });
        const { offeredMethods: offered } = asked;
        if (offered !== undefined && (await tenants.setOfferedMethods(id, offered)))
          await audit.append({ ...change, action: 'tenant.methods_set', detail: { offered } });
        await writeRule(unit, id, asked.membersNeedSecondFactor, { actor, origin });
      });
      return { ok: true };
    },

    /** The same rule, set by an owner of the tenant. @returns false if the person is no owner now */
    setSecondFactorRule: (id: string, needed: boolean, ownerId: string, origin: Origin): Promise<boolean> =>
      inTenantLock(id, async (unit) => {
        if ((await unit.tenants.roleOf(id, ownerId)) !== 'owner') return false;
        await writeRule(unit, id, needed, { actor: { kind: 'person', id: ownerId }, origin });
        return true;
      }),

    /** For staff and the portal's own work; requests of members use `findForMember`. */
    ...tenantReader(db),
    ...tenantSearch(db),
    /** Inside a transaction. */
    findWithin: (trx: Knex, id: string): Promise<Tenant | undefined> => tenantStore(trx).find(id),

    /** A page of all tenants by name; `next` is where the next page begins. */
    async list(limit: number, after?: TenantCursor): Promise<{ tenants: Tenant[]; next: TenantCursor | null }> {
      const size = Math.min(Math.max(1, limit), MOST_LISTED);
      return pageOf(await tenantStore(db).page(size + 1, after), size);
    },

    /** These tenants, in this order; at most one page. */
    withIds: (ids: string[]): Promise<Tenant[]> => tenantStore(db).withIds(ids),

    /** Those of these tenants to which a person belongs. */
    withMembers: (ids: readonly string[]): Promise<ReadonlySet<string>> => tenantStore(db).withMembers(ids),

    findForMember: (id: string, personId: string): Promise<OwnTenant | undefined> =>
      tenantStore(db).findForMember(id, personId),
    /** The first tenants of the list if there are very many; `pageOfPerson` returns the rest. */
    ofPerson: (personId: string): Promise<OwnTenant[]> => tenantStore(db).ofPerson(personId, MOST_ROWS),
    /**
     * Sorted by name; starts at the beginning if `afterId` is not one of this person's tenants. `next` is the `afterId`
     * of the next page.
     */
    async pageOfPerson(personId: string, afterId?: string): Promise<{ tenants: OwnTenant[]; next: string | null }> {
      const store = tenantStore(db);
      const after = afterId === undefined ? undefined : await store.findForMember(afterId, personId);
      const { tenants, next } = pageOf(await store.ofPerson(personId, MOST_ROWS + 1, after), MOST_ROWS);
      return { tenants, next: next && next.id };
    },
    asksForSecondFactor: (personId: string): Promise<boolean> => tenantStore(db).asksForSecondFactor(personId),
    /** Of all members, however many there are. */
    async *personIds(tenantId: string): AsyncGenerator<string> {
      for (let after = '', page: string[] = []; ; after = page.at(-1) ?? '') {
        page = await tenantStore(db).personIds(tenantId, MOST_LISTED, after);
        yield* page;
        if (page.length < MOST_LISTED) return;
      }
    },
    /** For a transaction that decides based on the members and holds the tenant's lock. */
    membersWithin: (trx: Knex, tenantId: string): Promise<Membership[]> => tenantReader(trx).members(tenantId),
    isMember: (trx: Knex, tenantId: string, personId: string): Promise<boolean> =>
      tenantReader(trx).isMember(tenantId, personId),
    mayAs: (trx: Knex, needed: ClinicRole, tenantId: string, personId: string): Promise<boolean> =>
      tenantReader(trx).mayAs(needed, tenantId, personId),
    requireRole: (trx: Knex, needed: ClinicRole, tenantId: string, personId: string): Promise<void> =>
      tenantReader(trx).requireRole(needed, tenantId, personId),
    setRole: (trx: Knex, tenantId: string, personId: string, role: ClinicRole): Promise<boolean> =>
      tenantStore(trx).setRole(tenantId, personId, role),
    removeMember: (trx: Knex, tenantId: string, personId: string): Promise<boolean> =>
      tenantStore(trx).removeMember(tenantId, personId),
    /** Runs in the transaction of the acceptance that makes the person a member. */
    addMember: (trx: Knex, tenantId: string, personId: string, role: ClinicRole): Promise<void> =>
      tenantStore(trx).addMember(tenantId, personId, role, world.now()),
  };
};

export type TenantService = ReturnType<typeof tenantService>;

/** Without the members that are undefined. */
const given = (asked: TenantChange) =>
  Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as Partial<NewTenant>;

type Draft = Omit<Tenant, 'id' | 'createdAt' | 'membersNeedSecondFactor' | 'offeredMethods'>;

/** Everything that keeps a new tenant from being created, except that its reference may be taken. */
export const tenantProblems = (asked: NewTenant, environments: readonly Environment[]): TenantProblem[] =>
  judge(asked, environments).problems;

/** Trims values; missing values get their defaults. */
function judge(asked: NewTenant, environments: readonly Environment[]): { draft: Draft; problems: TenantProblem[] } {
  const problems: TenantProblem[] = [];
  const text = (field: 'name' | 'externalRef', longest: number) => {
    const value = field === 'name' ? plainName(asked.name) : asked[field].trim();
    if (value === '') problems.push({ field, code: 'missing' });
    else if (value.length > longest) problems.push({ field, code: 'too_long' });
    else if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value)) problems.push({ field, code: 'control_characters' });
    return value;
  };
  const environment = (asked.environment ?? 'production') as Environment;
  const draft: Draft = {
    name: text('name', LONGEST_NAME),
    externalRef: text('externalRef', LONGEST_REF),
    environment,
    ...readingAsked(asked, problems),
  };
  // Each clinic that was erased gets such a reference, and none may stand in its way.
  if (draft.externalRef.startsWith(ERASED_REF)) problems.push({ field: 'externalRef', code: 'duplicate' });
  if (!environments.includes(environment)) problems.push({ field: 'environment', code: 'unknown' });
  return { draft, problems: inOrder(problems) };
}

const fields = ['name', 'externalRef', 'environment', 'language', 'timeZone'] as const;
const inOrder = (problems: TenantProblem[]) =>
  problems.toSorted((a, b) => fields.indexOf(a.field) - fields.indexOf(b.field));

function readingAsked(
  { language = 'en', timeZone = 'UTC' }: Pick<NewTenant, 'language' | 'timeZone'>,
  problems: TenantProblem[],
): { language: Language; timeZone: string } {
  if (!isLanguage(language)) problems.push({ field: 'language', code: 'unknown' });
  if (!isTimeZone(timeZone)) problems.push({ field: 'timeZone', code: 'unknown' });
  return { language: language as Language, timeZone };
}

/** The first `size` rows, and where the next page begins if there are more. */
function pageOf<T extends Tenant>(rows: T[], size: number): { tenants: T[]; next: TenantCursor | null } {
  const tenants = rows.slice(0, size);
  const last = tenants.at(-1);
  return { tenants, next: rows.length > size && last ? { name: last.name, id: last.id } : null };
}
