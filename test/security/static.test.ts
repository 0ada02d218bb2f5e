import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../src', import.meta.url));

type File = { path: string; code: string; imports: string[]; importsOfCode: string[] };

/** Comments say things that code does not do. Strings stay: SQL is in them. */
const withoutComments = (text: string) =>
  text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/(^|[\s;{(,])\/\/.*$/gm, '$1');

function importsOf(path: string, all: string, withTypes = true): string[] {
  const code = withTypes ? all : all.replaceAll(/^(?:import|export) type [^;]*;/gm, '');
  const found = [...code.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)\.js'/g)].map(([, to = '']) => to);
  return found.map((to) => normalize(join(path, '..', `${to}.ts`)));
}

const files: File[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((path) => {
    const code = withoutComments(readFileSync(join(root, path), 'utf8'));
    return { path, code, imports: importsOf(path, code), importsOfCode: importsOf(path, code, false) };
  });
const folderOf = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : '');
const withCode = (pattern: RegExp) => files.filter(({ code }) => pattern.test(code)).map(({ path }) => path);

const capabilities = [
  'accounts',
  'audit',
  'connections',
  'credentials',
  'guide',
  'hand-offs',
  'notifications',
  'staff',
  'tenants',
  'tokens',
];

it('finds the source', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.find(({ path }) => path === 'portal-worker.ts')?.imports).toContain(
    'connections/checks/check-runner.ts',
  );
  const folders = new Set(files.map(({ path }) => folderOf(path)).filter(Boolean));
  const others = ['broker', 'cli', 'demo', 'emulator', 'faxes', 'platform', 'ringcentral', 'texts'];
  expect([...folders].filter((folder) => ![...capabilities, ...others].includes(folder))).toEqual([]);
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

describe('what comes from outside comes in by one door', () => {
  it('the environment is read in config.ts only, and by the emulator, which is a program of its own', () => {
    expect(withCode(/process\.env/)).toEqual(['config.ts', 'emulator/main.ts']);
  });

  it('time, ids and chance come from the World', () => {
    const ambient = /Date\.now\(|new Date\(\)|Math\.random|randomUUID|randomBytes\((?!size\))|randomInt|setInterval\(/;
    const allowed: Record<string, string> = {
      'app.ts': 'the id of a request, for its log line; nothing is decided by it',
      'cli.ts': 'the clock of latchkey inspect, which takes --now',
      'platform/database/postgres-schema.ts': 'the name of a schema that is lent to a demo, drill or bench',
      'platform/world.ts': 'the World itself',
    };
    const outside = withCode(ambient).filter((path) => !/^(emulator|demo)\b/.test(path));
    const ours = outside.filter(
      (path) => !(files.find((file) => file.path === path)?.code ?? '').includes('world.randomBytes') || allowed[path],
    );
    expect(ours).toEqual(Object.keys(allowed));
  });

  it('SEC-25: RingCentral is called in one folder only; nothing else opens connections but mail', () => {
    const network = /from '(?:undici|openid-client|node:https|node:tls|node:dgram)'|\bfetch\(/;
    const outside = withCode(network).filter((path) => !/^(ringcentral|emulator|demo)\b/.test(path));
    expect(outside).toEqual([]);
    expect(withCode(/from 'nodemailer'/)).toEqual(['notifications/mail-delivery.ts']);
  });

  it('no module of the portal keeps state: tests share them, and so do the portals of a process', () => {
    const kept = /^(export )?(let |const \w+(: [^=]+)? = (new (Weak)?(Map|Set)(<[^(]*>)?\(\)|\[\]))/m;
    expect(withCode(kept)).toEqual([
      'demo.ts', // a program: what it has to close when it is told to end
      'emulator/oauth/oauth-routes.ts',
      'emulator/traffic/call-context.ts', // the rest belongs to a request that is being answered
      'emulator/traffic/fault-kinds.ts', // or is always the same, and dear to make
      'emulator/traffic/raw-sockets.ts',
      'emulator/world/jwt-credentials.ts',
    ]);
  });

  it('a browser is sent on by seeOther only, after its session is stored', () => {
    const sends = withCode(/\.(?:redirect|location)\(/).filter((path) => folderOf(path) !== 'emulator');
    expect(sends).toEqual(['platform/http/answers.ts']);
  });

  it('no code is made from text', () => {
    expect(withCode(/\beval\(|new Function\(|node:vm|child_process/).filter((path) => !/^demo\b/.test(path))).toEqual(
      [],
    );
  });
});

describe('arrows between folders go one way', () => {
  const edges = files.flatMap(({ path, imports }) => imports.map((to) => ({ from: path, to })));
  const across = (from: (path: string) => boolean, to: (path: string) => boolean) =>
    edges.filter((edge) => from(edge.from) && to(edge.to)).map((edge) => `${edge.from} → ${edge.to}`);
  const inFolder =
    (...folders: string[]) =>
    (path: string) =>
      folders.includes(folderOf(path));

  it('every import is of a file that is there', () => {
    const paths = new Set(files.map(({ path }) => path));
    // The demo finds the steps of its walk among the tests.
    expect(edges.filter(({ to }) => !paths.has(to)).map(({ to }) => to)).toEqual(['../test/walk/walk.ts']);
  });

  it('platform imports no capability', () => {
    expect(
      across(
        inFolder('platform'),
        inFolder(...capabilities, 'ringcentral', 'emulator', 'cli', 'demo', 'broker', 'faxes'),
      ),
    ).toEqual([]);
  });

  it('ringcentral imports only platform', () => {
    expect(across(inFolder('ringcentral'), (to) => !['ringcentral', 'platform'].includes(folderOf(to)))).toEqual([]);
  });

  it('the emulator is imported by the demo only', () => {
    expect(
      across((from) => !['emulator', 'demo'].includes(folderOf(from)) && from !== 'demo.ts', inFolder('emulator')),
    ).toEqual([]);
  });

  it('nothing that is built for production imports the demo', () => {
    expect(across((from) => folderOf(from) !== 'demo' && from !== 'demo.ts', inFolder('demo'))).toEqual([]);
  });

  it('no capability uses the store of another: it asks its service', () => {
    const isStore = (path: string) => /-(store|queue)\.ts$/.test(path) && capabilities.includes(folderOf(path));
    // The audit is written in the transaction of whoever acts: its store is its service.
    const isAudit = (path: string) => path === 'audit/audit-store.ts';
    const found = files
      .filter(({ path }) => capabilities.includes(folderOf(path)))
      .flatMap(({ path, importsOfCode }) => importsOfCode.map((to) => ({ from: path, to })))
      .filter(({ from, to }) => isStore(to) && !isAudit(to) && folderOf(from) !== folderOf(to));
    expect(found).toEqual([]);
  });

  it('no two folders import each other, by any way round', () => {
    const graph = new Map<string, Set<string>>();
    for (const { from, to } of edges) {
      const [a, b] = [folderOf(from), folderOf(to)];
      if (a !== b && a !== '' && b !== '') graph.set(a, (graph.get(a) ?? new Set()).add(b));
    }
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of graph.get(from) ?? []) if (!seen.has(to)) reaches(to, seen.add(to));
      return seen;
    };
    expect([...graph.keys()].filter((folder) => reaches(folder).has(folder)).sort()).toEqual([]);
  });
});
