// Runs for 60 s
import { allows } from '../../src/app/clinic-roles.js';
import { comparable } from '../support/database/comparable.js';
import { rowsOf, tablesOf } from '../support/database/databases.js';
import { idleWorker } from '../support/idle-worker.js';
import { aMatrix, authenticate, type Cell, type Role } from './support/id-matrix.js';
import { aPassword } from '../support/people.js';
import { companySignIn } from '../support/company.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import { toyCapability } from '../support/toy-capability/toy-capability.js';
import { againstAuditPolicy } from './support/audit-policy.js';
import { apiRoutesOf, routesOf, type Route } from './support/routes.js';
import type { Answer } from '../support/visits/visitor.js';

/** The kinds of answer. */
type Outcome = 'reached' | 'not_found' | 'forbidden' | 'sign_in' | 'second_factor' | 'goes_on' | 'unauthorized';

/**
 * Public routes without an id, which answer everyone. A new public route is reachable without any guard, so it must be
 * listed here.
 */
const open = new Set([
  'get /sign-in',
  'post /sign-in',
  'post /sign-out',
  'get /sign-in/second-factor',
  'post /sign-in/second-factor',
  'get /sign-in/password',
  'post /sign-in/password',
  'get /password-reset',
  'post /password-reset',
  'get /password-reset/asked',
  'get /invitations/renewed',
  'get /reminders/stopped',
  'post /language',
  'get /docs/api',
  'get /.well-known/latchkey-keys',
  'get /sign-in/company',
  'post /sign-in/company',
  'get /sign-in/company/callback',
  'get /oauth/callback',
  'get /oauth/callback/signed-out',
  'get /oauth/callback/too-old',
  'get /oauth/callback/elsewhere',
  'get /oauth/callback/failed',
]);
/** Public routes that redirect visitors who are not at least half signed in. */
const ofOneself = /^(get|post) \/account\/(second-factor|recovery-codes)(\/\w+)?$/;
/** Links, and where one leads that does not exist, has ended, or is for something else. */
const links: Record<string, Outcome> = {
  '/sign-in/company/invitations/:token': 'goes_on',
  '/password-resets/:token': 'goes_on',
  '/setup/:token': 'goes_on',
  '/invitations/:token': 'goes_on',
  '/invitations/:token/renewals': 'goes_on',
  '/hand-offs/:token': 'not_found',
  '/api-keys/claims/:token': 'not_found',
  '/docs/errors/:cause': 'not_found',
};
/** Staff pages that are visible only to roles that may make changes. */
const forChangers = new Set([
  '/staff/tenants/new',
  '/staff/clinics-import',
  '/staff/clinics-import/:importId',
  '/staff/tenants/:tenantId/people/:personId/password-reset',
  '/staff/tenants/:tenantId/people/:personId/sign-in',
]);
/** What only administrators may see and do: staff, settings, approvals, and the people of clinics. */
const forAdministrators = new Set([
  'get /staff/tenants/:tenantId/account-approval',
  'post /staff/tenants/:tenantId/account-approval',
  'post /staff/tenants/:tenantId/account-refusal',
  'get /staff/tenants/:tenantId/export',
  'post /staff/tenants/:tenantId/export',
  'get /staff/clinics-csv',
  'post /staff/clinics-csv',
  'get /staff/tenants/:tenantId/offboarding',
  'get /staff/tenants/:tenantId/offboarding/confirmation',
  'post /staff/tenants/:tenantId/offboarding/confirmation',
  'post /staff/offboarded/:offboardedId/undoing',
  'get /staff/tenants/:tenantId/settings/change',
  'post /staff/tenants/:tenantId/settings/change',
  'get /staff/tenants/:tenantId/people/:personId/role',
  'post /staff/tenants/:tenantId/people/:personId/role',
  'get /staff/tenants/:tenantId/people/:personId/removal',
  'post /staff/tenants/:tenantId/people/:personId/removal',
  'post /staff/tenants/:tenantId/people/:personId/sign-in/reset',
  'post /staff/tenants/:tenantId/people/:personId/sign-in/endings',
  'get /staff/preflight/run-time',
  'post /staff/preflight/run-time',
  'get /staff/people/new',
  'post /staff/people',
  'get /staff/people/:personId',
  'post /staff/people/:personId/role',
  'post /staff/people/:personId/disabling',
  'post /staff/people/:personId/enabling',
  'post /staff/people/:personId/second-factor-reset',
  'post /staff/people/:personId/company-account-removal',
  'get /staff/api-keys/new',
  'post /staff/api-keys',
  'post /staff/api-keys/:keyId/revocation',
  'get /staff/webhooks/new',
  'post /staff/webhooks',
  'post /staff/webhooks/:endpointId/tests',
  'post /staff/webhooks/:endpointId/rotation',
  'post /staff/webhooks/:endpointId/missed',
  'post /staff/webhooks/:endpointId/pause',
  'post /staff/webhooks/:endpointId/resumption',
  'post /staff/webhooks/:endpointId/removal',
  'post /staff/webhooks/:endpointId/deliveries/:deliveryId/again',
]);
/** Pages that redirect if there is nothing to do, as in these clinics, and addresses that only redirect. */
const nothingToDo = new Set([
  'get /staff/tenants/:tenantId/account-approval',
  'get /tenants/:tenantId/replacement',
  'get /tenants/:tenantId/credentials',
  'get /hand-offs/:handOffId/credentials',
]);

/** The rules. @returns undefined without a rule; then the test fails */
function expected(
  { method, path, access, needs }: Route,
  { kind }: Role,
  { isOwn, frame }: Cell,
): Outcome[] | undefined {
  const route = `${method} ${path}`;
  const isOfClinic = kind === 'viewer' || kind === 'member' || kind === 'owner';
  const isSignedIn = isOfClinic || ['auditor', 'operator', 'administrator'].includes(kind);
  const signIn: Outcome = kind === 'half' ? 'second_factor' : 'sign_in';
  switch (access) {
    case 'api':
      if (kind !== 'key') return ['unauthorized'];
      return [isOwn ? 'reached' : 'not_found'];
    case 'public':
      if (open.has(route)) return ['reached', 'goes_on', 'sign_in', 'second_factor'];
      if (ofOneself.test(route))
        return isSignedIn || kind === 'half' ? ['reached', 'goes_on', 'second_factor'] : ['sign_in'];
      if (path === '/reminders/:token') return isOwn || method === 'get' ? ['reached'] : ['goes_on']; // the same for every link
      if (!(path in links)) return undefined;
      return [isOwn ? 'reached' : (links[path] ?? 'not_found')];
    case 'signed_in':
      if (!isSignedIn) return [signIn];
      return [isOwn ? 'reached' : 'goes_on'];
    case 'member':
      if (!isSignedIn) return [signIn];
      if (!isOfClinic || !needs || !(isOwn || frame !== undefined)) return ['not_found'];
      if (!allows(kind, needs)) return ['forbidden']; // in the own clinic, whatever the second id
      if (isOwn && nothingToDo.has(route)) return ['goes_on'];
      return [isOwn ? 'reached' : 'not_found'];
    case 'hand_off':
      if (!isOwn || kind !== 'hand_off') return ['not_found'];
      return [nothingToDo.has(route) ? 'goes_on' : 'reached'];
    case 'staff':
      if (!isSignedIn) return [signIn];
      if (isOfClinic) return ['not_found'];
      if (path === '/account/company') return ['reached']; // their own account, whatever the role
      if (kind === 'auditor' && (method === 'post' || forChangers.has(path))) return ['forbidden'];
      if (kind !== 'administrator' && forAdministrators.has(route)) return ['forbidden'];
      if (isOwn && nothingToDo.has(route)) return ['goes_on'];
      return [isOwn ? 'reached' : 'not_found'];
  }
}

/** The precondition of a form before its route reads the ids. */
const forms: Record<string, Record<string, string>> = {
  '/password-resets/:token': { password: aPassword },
  '/setup/:token': { password: aPassword },
  '/tenants/:tenantId/people/:personId/role': { role: 'viewer' },
  '/staff/tenants/:tenantId/people/:personId/role': { role: 'viewer' },
};
/** What a call of the API must be asked with. */
const queries: Record<string, () => string> = {
  '/api/v1/preflight': () =>
    `?${new URLSearchParams({ by: new Date(Date.now() + 3_600_000).toISOString() }).toString()}`,
};
/** One of our forms with an extra field: its own route rejects it, after every guard, and it changes nothing. */
const reachesForm = { not_a_field: 'x' };

/** A page contains its own address, for returning after a change of language, so its length varies with it. */
function withoutPath(answer: Answer, path: string): string {
  const { headers, ...rest } = comparable(answer);
  const { 'content-length': _length, ...others } = headers;
  const requestId = answer.headers['x-request-id'] ?? ':request'; // a problem names it in its body
  const written = [path, path.replaceAll("'", '&#39;'), encodeURIComponent(path)];
  return written
    .reduce((text, it) => text.replaceAll(it, ':path'), JSON.stringify({ ...rest, headers: others }))
    .replaceAll(requestId, ':request');
}

function outcomeOf({ method, access }: Route, { status, headers }: Answer): Outcome | number {
  const to = headers.location ?? '';
  if (status === 404) return 'not_found';
  if (status === 403) return 'forbidden';
  if (access === 'api' && status === 401) return 'unauthorized';
  if (status === (method === 'get' ? 200 : access === 'api' ? 422 : 400)) return 'reached';
  if (status !== 303) return status;
  if (/^\/sign-in(\?next=|$)/.test(to)) return 'sign_in';
  return /^\/(account|sign-in)\/second-factor$/.test(to) ? 'second_factor' : 'goes_on';
}

describe('SEC-18: route × role × id, read from the router', () => {
  let test: TestPortal;
  let matrix: Awaited<ReturnType<typeof aMatrix>>;
  let routes: Route[];
  beforeAll(async () => {
    test = await TestPortal.start({ env: { ...signInApp, ...companySignIn }, added: [toyCapability()], authenticate });
    matrix = await aMatrix(test);
    await idleWorker(test); // it numbers the events of the preparation
    routes = [...routesOf(test.portal.mounts), ...apiRoutesOf(test.portal.apiRoutes)];
  }, 30_000);
  afterAll(() => test.close());

  /** Every part of the answer that does not depend on the requester. */
  /** What visits and the worker's rounds write is left out. */
  async function rows(): Promise<Record<string, object[]>> {
    const left = ['audit_events', 'audit_checkpoints', 'audit_tree', 'sequences', 'sessions', 'attempts', 'outbox'];
    const counted = ['connected_days', 'overview_figures', 'console_visits', 'confirmed_accounts'];
    const all: Record<string, object[]> = {};
    for (const name of await tablesOf(test.db))
      if (![...left, ...counted].includes(name)) all[name] = await rowsOf(test.db, name);
    return all;
  }

  const ask = (route: Route, { visitor, key }: Role, { path, isOwn }: Cell, mayReach: boolean): Promise<Answer> => {
    if (route.access === 'api')
      return visitor.call(route.method, path + (route.method === 'get' ? (queries[route.path]?.() ?? '') : ''), {
        key,
        ...(route.method === 'get' ? {} : { body: isOwn && mayReach ? reachesForm : {} }),
      });
    if (route.method === 'get') return visitor.get(path);
    return visitor.post(path, isOwn && mayReach ? reachesForm : forms[route.path]);
  };

  /** If the role is refused, the answer must not depend on the id; one existing and one absent id are enough. */
  function worthAsking(route: Route, role: Role): Cell[] {
    const cells = matrix.cellsOf(route, role);
    const outcomes = cells.map((cell) => expected(route, role, cell)?.join());
    const isRefused = new Set(outcomes).size === 1 && outcomes[0] !== 'reached';
    return isRefused ? cells.filter((_cell, n) => n === 0 || n === cells.length - 1) : cells;
  }

  /** Everything one role can try. @returns how many cells there were, and the unexpected ones */
  async function walk(role: Role): Promise<{ cells: number; wrong: string[] }> {
    const wrong: string[] = [];
    let cells = 0;
    const strangers = matrix.clinics.filter((clinic) => !role.clinics.includes(clinic)).flatMap(matrix.marksOf);
    // A key opens no page, and the call for a page does not look at it.
    for (const route of role.kind === 'key' ? routes.filter(({ access }) => access === 'api') : routes) {
      const absents: { cell: Cell; answer: string }[] = [];
      const where = (cell: Cell) => `${route.method} ${route.path} · ${role.name} · ${cell.label}`;
      for (const cell of worthAsking(route, role)) {
        const wanted = expected(route, role, cell);
        if (!wanted) throw new Error(`${where(cell)}: no expectation`);
        const answer = await ask(route, role, cell, wanted.includes('reached'));
        cells += 1;
        const outcome = outcomeOf(route, answer);
        if (!wanted.includes(outcome as Outcome))
          wrong.push(`${where(cell)}: ${outcome} ${answer.headers.location ?? ''}, not ${wanted.join(' or ')}`);
        if (!cell.isOwn && outcome === 'not_found') absents.push({ cell, answer: withoutPath(answer, cell.path) });
        const said = `${answer.text} ${JSON.stringify(answer.headers)}`;
        const told = strangers.filter((mark) => !cell.path.includes(mark) && said.includes(mark));
        const holdsLink = cell.isOwn && route.path.endsWith('/:token'); // the page shows the address that the link was mailed to
        if (told.length > 0 && !holdsLink) wrong.push(`${where(cell)}: tells ${told.join()}`);
      }
      for (const { cell, answer } of absents) {
        const absent = absents.findLast((like) => like.cell.frame === cell.frame);
        if (answer !== absent?.answer) wrong.push(`${where(cell)}: not like ${absent?.cell.label}`);
      }
    }
    return { cells, wrong };
  }

  it('every route with a special rule exists', () => {
    const there = routes.flatMap(({ method, path }) => [path, `${method} ${path}`]);
    const said = [
      ...open,
      ...Object.keys(links),
      ...forChangers,
      ...forAdministrators,
      ...nothingToDo,
      ...Object.keys(forms),
    ];
    expect(said.filter((it) => !there.includes(it))).toEqual([]);
  });

  it('own ids work, all others answer like absent ones, no answer reveals another clinic, and nothing changes', async () => {
    const before = await rows();
    const walks = await Promise.all(matrix.roles.map(walk));
    expect(walks.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(walks.reduce((sum, { cells }) => sum + cells, 0)).toBeGreaterThan(1000);
    expect(await rows()).toEqual(before);
    expect(await againstAuditPolicy(test.db, [toyCapability()])).toEqual([]);
  }, 120_000);
});
