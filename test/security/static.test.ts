import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../src', import.meta.url));

type File = { path: string; code: string };

/** Removes comments, which can mention anything. Strings stay, because they contain SQL. */
const withoutComments = (text: string) =>
  text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/(^|[\s;{(,])\/\/.*$/gm, '$1');

const files: File[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((path) => {
    const code = withoutComments(readFileSync(join(root, path), 'utf8'));
    return { path, code };
  });
const withCode = (pattern: RegExp) => files.filter(({ code }) => pattern.test(code)).map(({ path }) => path);

it('finds the source', () => {
  expect(files.length).toBeGreaterThan(100);
});

describe('SEC-19: only their own stores read and write tenants’ rows', () => {
  /** The tables with a `tenant_id`, and the one file that may use each. */
  const ownerOf: Record<string, string> = {
    access_token_secrets: 'tokens/access-token-store.ts',
    access_tokens: 'tokens/access-token-store.ts',
    audit_events: 'audit/audit-store.ts',
    check_requests: 'connections/checks/check-queue.ts',
    checks: 'connections/checks/check-store.ts',
    connection_days: 'connections/health/day-store.ts',
    connections: 'connections/health/connection-store.ts',
    credentials: 'credentials/credential-store.ts',
    events: 'notifications/event-store.ts',
    fax_lines: 'connections/proof/fax-line-store.ts',
    hand_off_sessions: 'hand-offs/hand-off-store.ts',
    hand_offs: 'hand-offs/hand-off-store.ts',
    incidents: 'connections/health/incident-store.ts',
    invitations: 'accounts/invitations/invitation-store.ts',
    memberships: 'tenants/tenant-store.ts',
    notices: 'notifications/notice-store.ts',
    outbox: 'platform/outbox.ts',
    sealed_secrets: 'credentials/credential-store.ts',
    tenants: 'tenants/tenant-store.ts',
    watched_owners: 'connections/proof/owner-store.ts',
    token_turns: 'tokens/token-flight-store.ts',
  };
  const touches = (table: string) =>
    new RegExp(
      `(?:db|trx|within|handle|deps\\.db|this\\.db)(?:<[^>(]*>)?\\(\\s*['"]${table}['"]|(?:from|into|update|join|table)\\w*\\(?\\s*['"\`]${table}\\b`,
      'i',
    );

  it.each(Object.entries(ownerOf))('%s: only %s', (table, owner) => {
    expect(withCode(touches(table))).toEqual([owner]);
  });

  it('every table with a tenant is in that list', () => {
    const folder = join(root, '../migrations');
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const created = [...text.matchAll(/createTable\('(\w+)',[^]*?\n {2}\}\);/g)];
    const ofTenants = created.filter(([body]) => body.includes("'tenant_id'")).map(([, name]) => name);
    expect(ofTenants.length).toBeGreaterThan(7);
    const counted = ['auth_calls']; // calls of a client ID; the tenant only says who waits
    expect(ofTenants.filter((name) => !counted.includes(name ?? '') && !ownerOf[name ?? ''])).toEqual([]);
  });
});
