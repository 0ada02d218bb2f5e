import type { Language } from '../texts/languages.js';
import type { ClinicRole } from '../app/clinic-roles.js';
import type { OfferedMethods } from './offered-methods.js';

export type Environment = 'production' | 'biz';
export const environments: readonly Environment[] = ['production', 'biz'];

/** A customer organization of the ISV. */
export type Tenant = {
  id: string;
  /** The ISV's own id for the tenant. */
  externalRef: string;
  name: string;
  environment: Environment;
  language: Language;
  /** An IANA name. */
  timeZone: string;
  /** Whether members have no access before they set up a second factor. */
  membersNeedSecondFactor: boolean;
  /** Which ways to connect its people are offered. */
  offeredMethods: OfferedMethods;
  createdAt: Date;
};

/** A requested tenant, not validated yet; `tenantService.create` validates it. */
export type NewTenant = {
  name: string;
  externalRef: string;
  environment?: string | undefined;
  language?: string | undefined;
  timeZone?: string | undefined;
};

/** What to change of a tenant; what is missing stays. */
export type TenantChange = { [Field in Exclude<keyof NewTenant, 'environment'>]?: string | undefined };

export type TenantField = keyof NewTenant;
export type TenantProblem =
  | { field: 'name'; code: 'missing' | 'too_long' | 'control_characters' }
  | { field: 'externalRef'; code: 'missing' | 'too_long' | 'control_characters' | 'duplicate' }
  | { field: 'environment' | 'language' | 'timeZone'; code: 'unknown' };

export type CreatedTenant = { ok: true; tenant: Tenant } | { ok: false; problems: TenantProblem[] };

/** The last row of a page; the next page begins after it. */
export type TenantCursor = { name: string; id: string };

/** The common language and time zone of a person's tenants; null if they differ or there is none. */
export type Reading = { language: Language | null; timeZone: string | null };

export type Membership = { personId: string; since: Date; role: ClinicRole };

/** A tenant, and what a member of it may do. */
export type OwnTenant = Tenant & { role: ClinicRole };
