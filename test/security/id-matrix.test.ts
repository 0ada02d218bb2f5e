import type { Response } from 'supertest';
import { comparable } from '../support/database/comparable.js';
import { rowsOf, tablesOf } from '../support/database/databases.js';
import { aMatrix, type Cell, type Role } from './support/id-matrix.js';
import { aPassword } from '../support/people.js';
import { TestPortal } from '../support/portal.js';
import { routesOf, type Route } from './support/routes.js';

/** What an answer comes to. */
type Outcome = 'reached' | 'not_found' | 'forbidden' | 'sign_in' | 'second_factor' | 'goes_on';

/**
 * Public routes without an id: whoever asks is answered. A new one is not reached by anybody's leave but its own, so it
 * has to be written down here.
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
]);
/** Public routes that send everybody away who is not signed in at least half. */
const ofOneself = /^(get|post) \/account\/(second-factor|recovery-codes)(\/\w+)?$/;
/** Links: where one leads that is not, has ended, or is for something else. */
const links: Record<string, Outcome> = {
  '/password-resets/:token': 'goes_on',
  '/setup/:token': 'goes_on',
  '/invitations/:token': 'goes_on',
  '/invitations/:token/renewals': 'goes_on',
  '/hand-offs/:token': 'not_found',
};
/** Pages of staff that only those see who may change something. */
const forChangers = new Set([
  '/staff/tenants/new',
  '/staff/tenants/:tenantId/account-approval',
  '/staff/tenants/:tenantId/settings',
  '/staff/tenants/:tenantId/people/:personId/removal',
  '/staff/tenants/:tenantId/people/:personId/password-reset',
  '/staff/tenants/:tenantId/people/:personId/sign-in',
]);
/** Pages that lead back where there is nothing to do, as in these clinics. */
const nothingToDo = new Set(['get /staff/tenants/:tenantId/account-approval']);

/** The rules. @returns undefined where nobody has said what is expected: then the test fails */
function expected({ method, path, access }: Route, { kind }: Role, { isOwn }: Cell): Outcome[] | undefined {
  const route = `${method} ${path}`;
  const isSignedIn = kind === 'member' || kind === 'auditor' || kind === 'changer';
  const signIn: Outcome = kind === 'half' ? 'second_factor' : 'sign_in';
  switch (access) {
    case 'public':
      if (open.has(route)) return ['reached', 'goes_on', 'sign_in', 'second_factor'];
      if (ofOneself.test(route))
        return isSignedIn || kind === 'half' ? ['reached', 'goes_on', 'second_factor'] : ['sign_in'];
      if (path === '/reminders/:token') return isOwn || method === 'get' ? ['reached'] : ['goes_on']; // every link alike
      if (!(path in links)) return undefined;
      return [isOwn ? 'reached' : (links[path] ?? 'not_found')];
    case 'signed_in':
      if (!isSignedIn) return [signIn];
      return [isOwn ? 'reached' : 'goes_on'];
    case 'member':
      if (!isSignedIn) return [signIn];
      return [isOwn && kind === 'member' ? 'reached' : 'not_found'];
    case 'hand_off':
      return [isOwn && kind === 'hand_off' ? 'reached' : 'not_found'];
    case 'staff':
      if (!isSignedIn) return [signIn];
      if (kind === 'member') return ['not_found'];
      if (kind === 'auditor' && (method === 'post' || forChangers.has(path))) return ['forbidden'];
      if (isOwn && nothingToDo.has(route)) return ['goes_on'];
      return [isOwn ? 'reached' : 'not_found'];
  }
}

/** What a form has to have before its route looks at the ids. */
const forms: Record<string, Record<string, string>> = {
  '/password-resets/:token': { password: aPassword },
  '/setup/:token': { password: aPassword },
};
/** A form of ours that has a field too many: it is refused by its own route, behind every guard, and changes nothing. */
const reachesForm = { not_a_field: 'x' };

/** A page names its own address, to be come back to after another language was chosen; its length goes with it. */
function withoutPath(answer: Response, path: string): string {
  const { headers, ...rest } = comparable(answer);
  const { 'content-length': _length, ...others } = headers;
  const written = [path, path.replaceAll("'", '&#39;'), encodeURIComponent(path)];
  return written.reduce((text, it) => text.replaceAll(it, ':path'), JSON.stringify({ ...rest, headers: others }));
}

function outcomeOf({ method }: Route, { status, headers }: Response): Outcome | number {
  const to = headers.location ?? '';
  if (status === 404) return 'not_found';
  if (status === 403) return 'forbidden';
  if (status === (method === 'get' ? 200 : 400)) return 'reached';
  if (status !== 303) return status;
  if (/^\/sign-in(\?next=|$)/.test(to)) return 'sign_in';
  return /^\/(account|sign-in)\/second-factor$/.test(to) ? 'second_factor' : 'goes_on';
}

describe('SEC-18: route × role × id, read off the router', () => {
  let test: TestPortal;
  let matrix: Awaited<ReturnType<typeof aMatrix>>;
  let routes: Route[];
  beforeAll(async () => {
    test = await TestPortal.start();
    matrix = await aMatrix(test);
    routes = routesOf(test.portal.mounts);
  }, 30_000);
  afterAll(() => test.close());

  /** Everything that is not about who asked. */
  async function rows(): Promise<Record<string, object[]>> {
    const all: Record<string, object[]> = {};
    for (const name of await tablesOf(test.db))
      if (!['audit_events', 'sessions', 'attempts', 'outbox'].includes(name)) all[name] = await rowsOf(test.db, name);
    return all;
  }

  const ask = (route: Route, { visitor }: Role, { path, isOwn }: Cell, mayReach: boolean): Promise<Response> => {
    if (route.method === 'get') return visitor.get(path);
    return visitor.post(path, isOwn && mayReach ? reachesForm : forms[route.path]);
  };

  /** Who is refused for what they are gets one answer whatever the id: an existing and an absent one will do. */
  function worthAsking(route: Route, role: Role): Cell[] {
    const cells = matrix.cellsOf(route, role);
    const outcomes = cells.map((cell) => expected(route, role, cell)?.join());
    const isRefused = new Set(outcomes).size === 1 && outcomes[0] !== 'reached';
    return isRefused ? cells.filter((_cell, n) => n === 0 || n === cells.length - 1) : cells;
  }

  /** Everything one role may try. @returns how many cells there were, and what was not as expected */
  async function walk(role: Role): Promise<{ cells: number; wrong: string[] }> {
    const wrong: string[] = [];
    let cells = 0;
    const strangers = matrix.clinics.filter((clinic) => !role.clinics.includes(clinic)).flatMap(matrix.marksOf);
    for (const route of routes) {
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
        const holdsLink = cell.isOwn && route.path.endsWith('/:token'); // it names the address it was mailed to
        if (told.length > 0 && !holdsLink) wrong.push(`${where(cell)}: tells ${told.join()}`);
      }
      for (const { cell, answer } of absents) {
        const absent = absents.findLast((like) => like.cell.frame === cell.frame);
        if (answer !== absent?.answer) wrong.push(`${where(cell)}: not like ${absent?.cell.label}`);
      }
    }
    return { cells, wrong };
  }

  it('what is said of single routes is said of routes there are', () => {
    const there = routes.flatMap(({ method, path }) => [path, `${method} ${path}`]);
    const said = [...open, ...Object.keys(links), ...forChangers, ...nothingToDo, ...Object.keys(forms)];
    expect(said.filter((it) => !there.includes(it))).toEqual([]);
  });

  it('own ids reach, all others answer like absent ones, no answer tells of another clinic, nothing changes', async () => {
    const before = await rows();
    const walks = await Promise.all(matrix.roles.map(walk));
    expect(walks.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(walks.reduce((sum, { cells }) => sum + cells, 0)).toBeGreaterThan(1000);
    expect(await rows()).toEqual(before);
  }, 120_000);
});
