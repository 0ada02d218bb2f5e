import { plainName } from '../platform/plain-name.js';
import { apiScopes, type ApiScope } from './api-key-types.js';

const LONGEST_NAME = 100;
const MOST_TENANTS = 500;

/** A requested key as it was typed. */
export type AskedApiKey = {
  name: string;
  purpose: string;
  scopes: readonly string[];
  /** The ISV's own ids of the tenants; null for every tenant. */
  tenantRefs: readonly string[] | null;
  /** A date, which counts to its end in UTC, or an ISO 8601 time with its zone; empty for no end. */
  expires: string;
};

export type ApiKeyProblem =
  | { field: 'name'; code: 'missing' | 'too_long' }
  | { field: 'purpose'; code: 'malformed' }
  | { field: 'scopes'; code: 'missing' | 'unknown' }
  | { field: 'tenants'; code: 'missing' | 'too_many' }
  | { field: 'tenants'; code: 'unknown'; ref: string }
  | { field: 'expires'; code: 'malformed' | 'past' };

/** A key that may be made, as far as its own fields show. */
export type ReadApiKey = {
  name: string;
  purpose: string;
  scopes: readonly ApiScope[];
  tenantRefs: readonly string[] | null;
  expiresAt: Date | null;
};

/** Reads a requested key. @returns every problem, or the key */
export function readApiKey(asked: AskedApiKey, now: Date): ReadApiKey | ApiKeyProblem[] {
  const problems: ApiKeyProblem[] = [];
  const name = plainName(asked.name);
  if (name === '' || /\p{Cc}/u.test(name)) problems.push({ field: 'name', code: 'missing' });
  else if (name.length > LONGEST_NAME) problems.push({ field: 'name', code: 'too_long' });
  const purpose = asked.purpose.trim();
  if (!/^[\w.:-]{1,64}$/.test(purpose)) problems.push({ field: 'purpose', code: 'malformed' });
  const scopes = apiScopes.filter((scope) => asked.scopes.includes(scope));
  if (asked.scopes.length === 0) problems.push({ field: 'scopes', code: 'missing' });
  else if (new Set(asked.scopes).size !== scopes.length) problems.push({ field: 'scopes', code: 'unknown' });
  const tenantRefs = asked.tenantRefs && [...new Set(asked.tenantRefs.map((ref) => ref.trim()).filter(Boolean))];
  if (tenantRefs?.length === 0) problems.push({ field: 'tenants', code: 'missing' });
  else if (tenantRefs && tenantRefs.length > MOST_TENANTS) problems.push({ field: 'tenants', code: 'too_many' });
  const expiresAt = readEnd(asked.expires.trim());
  if (expiresAt === undefined) problems.push({ field: 'expires', code: 'malformed' });
  else if (expiresAt && expiresAt <= now) problems.push({ field: 'expires', code: 'past' });
  return problems.length > 0 ? problems : { name, purpose, scopes, tenantRefs, expiresAt: expiresAt ?? null };
}

const DAY_MS = 24 * 3600_000;

/** @returns null for no end; undefined for a text that is no date */
function readEnd(text: string): Date | null | undefined {
  if (text === '') return null;
  const [day = '', time, ...more] = text.split('T');
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || more.length > 0) return undefined;
  if (time !== undefined && !/^\d\d:\d\d[\d:.]{0,7}(Z|[+-]\d\d:\d\d)$/.test(time)) return undefined;
  const start = new Date(`${day}T00:00:00.000Z`);
  // Some engines read the 31st of a month of 30 days as the next day.
  if (Number.isNaN(start.getTime()) || start.toISOString().slice(0, 10) !== day) return undefined;
  if (time === undefined) return new Date(start.getTime() + DAY_MS);
  const end = new Date(text);
  return Number.isNaN(end.getTime()) ? undefined : end;
}
