import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../src', import.meta.url));

type File = { path: string; code: string };

/** Comments say things that code does not do. Strings stay: SQL is in them. */
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

describe('SEC-19: rows of tenants are read and written by their own stores only, one tenant at a time', () => {
  /** Tables with a `tenant_id`, and the one file that touches each. */
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
    token_turns: 'tokens/token-turn-store.ts',
  };
  const touches = (table: string) =>
    new RegExp(
      `(?:db|trx|within|handle|deps\\.db|this\\.db)(?:<[^>(]*>)?\\(\\s*['"]${table}['"]|(?:from|into|update|join|table)\\w*\\(?\\s*['"\`]${table}\\b`,
      'i',
    );

  it.each(Object.entries(ownerOf))('%s: only %s', (table, owner) => {
    expect(withCode(touches(table))).toEqual([owner]);
  });

  it('every table with a tenant in it is in that list', () => {
    const folder = join(root, '../migrations');
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const created = [...text.matchAll(/createTable\('(\w+)',[^]*?\n {2}\}\);/g)];
    const ofTenants = created.filter(([body]) => body.includes("'tenant_id'")).map(([, name]) => name);
    expect(ofTenants.length).toBeGreaterThan(7);
    const counted = ['auth_calls']; // what a client ID has used up: the tenant is only who waits their turn
    expect(ofTenants.filter((name) => !counted.includes(name ?? '') && !ownerOf[name ?? ''])).toEqual([]);
  });

  /** Store functions outside `forTenant`: each says why it may see more than one tenant. */
  const acrossTenants: Record<string, Record<string, string>> = {
    'audit/audit-store.ts': { append: 'writes one row, which names its tenant' },
    'connections/checks/check-queue.ts': {
      claim: 'the worker takes the most urgent request of any tenant',
      extendLease: 'by the id of a claimed request',
      stillHeld: 'by the id of a claimed request',
      postpone: 'by the id of a claimed request',
      release: 'by the id of a claimed request',
      nextDueAt: 'a time, and no row',
      fail: 'the worker puts back what it holds',
      removeFinished: 'retention',
    },
    'connections/health/connection-store.ts': {
      ofTenants: "the staff's list",
      isAccountHeldByAnother: 'whether two tenants have one account; it tells yes or no',
      counts: 'numbers for staff, and no row',
      inState: "the staff's list",
      newlyRejected: 'a number',
      goneStale: 'the worker looks after those of any tenant',
    },
    'connections/health/incident-store.ts': {
      open: 'writes one row, which names its tenant',
      close: 'by what it is about',
      findOpen: 'by what it is about',
      probe: 'by what it is about',
      giveBack: 'by what it is about',
      find: 'by its id, for staff and the worker',
      ofPortal: 'those of no tenant',
      openOfPortal: 'those of no tenant',
    },
    'tokens/access-token-store.ts': {
      ofOwner: 'RingCentral counts the sessions of a user, whichever tenants ask for them',
      prune: 'retention',
    },
    'notifications/event-store.ts': {
      append: 'writes one row, which names its tenant',
      after: 'the list of events, for programs of the ISV',
    },
    'notifications/notice-store.ts': {
      add: 'writes one row, which names its tenant',
      find: 'by its id, for the worker',
      settle: 'by its id, for the worker',
      about: 'who was told of one incident',
      refusedSince: 'a number',
    },
    'credentials/credential-store.ts': {
      overdue: 'retention',
      remindersDue: 'the worker looks after those of any tenant',
      kidsInUse: 'names of keys: whether one is missing',
    },
    'hand-offs/hand-off-store.ts': {
      findByToken: 'whoever holds the token may ask; the row names the tenant',
      findByVisit: "by the token of the visit's browser and the id of its link",
      deleteEndedVisits: 'retention',
      deleteExpiredBefore: 'retention',
    },
  };
  it.each(Object.keys(acrossTenants))('%s: what is not inside forTenant has a reason', (path) => {
    const { code = '' } = files.find((file) => file.path === path) ?? {};
    expect(code).toContain('forTenant: (tenantId: string)');
    // Members of the store itself are indented by two or four, those of forTenant deeper or behind it.
    const start = code.indexOf('forTenant: (tenantId: string)');
    const indent = /[ ]*$/.exec(code.slice(0, start))?.[0] ?? '';
    const members = [...code.matchAll(new RegExp(`^${indent}(?:async )?(\\w+)(?:\\(|: (?:async )?\\()`, 'gm'))];
    const names = members.map(([, name = '']) => name).filter((name) => !['forTenant', 'return'].includes(name));
    expect(names.filter((name) => !/^(if|for|const)$/.test(name)).sort()).toEqual(
      Object.keys(acrossTenants[path] ?? {}).sort(),
    );
  });

  it('inside forTenant every statement names the tenant', () => {
    const stores = files.filter(({ code }) => code.includes('forTenant: (tenantId: string)'));
    expect(stores.length).toBeGreaterThan(5);
    for (const { path, code } of stores) {
      const start = code.indexOf('forTenant: (tenantId: string)');
      const indent = /[ ]*$/.exec(code.slice(0, start))?.[0] ?? '';
      const body = code.slice(start, code.indexOf(`\n${indent}}`, start));
      const statements = body.split(/(?=\bdb<|\bopen\(\))/).slice(1);
      for (const statement of statements)
        expect({ path, statement }).toEqual({ path, statement: expect.stringMatching(/tenant_id|\btoRow\(/) });
    }
  });
});
