import type { Language } from '../texts/languages.js';

export type Environment = 'production' | 'biz';
export const environments: readonly Environment[] = ['production', 'biz'];

/** A customer organization of the ISV. */
export type Tenant = {
  id: string;
  /** The ISV's own id for it. */
  externalRef: string;
  name: string;
  environment: Environment;
  language: Language;
  /** An IANA name. */
  timeZone: string;
  /** Members reach nothing of it before they have a second factor. */
  membersNeedSecondFactor: boolean;
  createdAt: Date;
};

/** What somebody asks for; judged by `tenantService.create`. */
export type NewTenant = {
  name: string;
  externalRef: string;
  environment?: string | undefined;
  language?: string | undefined;
  timeZone?: string | undefined;
};

export type TenantField = keyof NewTenant;
export type TenantProblem =
  | { field: 'name'; code: 'missing' | 'too_long' | 'control_characters' }
  | { field: 'externalRef'; code: 'missing' | 'too_long' | 'control_characters' | 'duplicate' }
  | { field: 'environment' | 'language' | 'timeZone'; code: 'unknown' };

export type CreatedTenant = { ok: true; tenant: Tenant } | { ok: false; problems: TenantProblem[] };

/** The last row of a page: the next one begins behind it. */
export type TenantCursor = { name: string; id: string };

/** The language and time zone all tenants of a person have in common; null where they differ or there is none. */
export type Reading = { language: Language | null; timeZone: string | null };

export type Membership = { personId: string; since: Date };
