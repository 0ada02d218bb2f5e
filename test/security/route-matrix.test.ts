import { comparable } from '../support/database/comparable.js';
import type { ClinicRole } from '../../src/app/clinic-roles.js';
import { companySignIn } from '../support/company.js';
import { TestPortal } from '../support/portal.js';
import { toyCapability } from '../support/toy-capability/toy-capability.js';
import { routesOf, type PageRoute as Route } from './support/routes.js';
import type { Answer, Visitor } from '../support/visits/visitor.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';

/** Values of the north tenant, for parameters that name a person or thing in it. */
const idsOfNorth = { personId: ABSENT };

/** The path with an id for each parameter. Tokens and invitations that do not exist get the same one. */
const at = (route: Route, tenantId: string) =>
  route.path
    .replace(':tenantId', tenantId)
    .replace(':personId', idsOfNorth.personId)
    .replaceAll(/:[a-zA-Z]+/g, ABSENT);

const ask = (visitor: Visitor, route: Route, tenantId: string): Promise<Answer> =>
  route.method === 'get' ? visitor.get(at(route, tenantId)) : visitor.post(at(route, tenantId));

/** What a member may do, and what only an owner may do; everyone in a clinic sees all its other pages. */
const forRoles: Record<string, ClinicRole> = {
  'get /tenants/:tenantId/guide': 'member',
  'get /tenants/:tenantId/guide/jwt': 'member',
  'get /tenants/:tenantId/guide/sign-in': 'member',
  'post /tenants/:tenantId/guide/sign-in': 'member',
  'get /tenants/:tenantId/credentials': 'member',
  'get /tenants/:tenantId/credentials/new': 'member',
  'post /tenants/:tenantId/credentials': 'member',
  'post /tenants/:tenantId/connection/checks': 'member',
  'post /tenants/:tenantId/connection/confirmation': 'member',
  'post /tenants/:tenantId/connection/deletions': 'member',
  'post /tenants/:tenantId/connection/refusal': 'member',
  'post /tenants/:tenantId/connection/fax-lines': 'member',
  'post /tenants/:tenantId/disconnection': 'owner',
  'post /tenants/:tenantId/disconnection/deletions': 'member',
  'post /tenants/:tenantId/disconnection/destruction': 'owner',
  'get /tenants/:tenantId/hand-offs': 'member',
  'get /tenants/:tenantId/replacement': 'member',
  'post /tenants/:tenantId/replacement': 'member',
  'post /tenants/:tenantId/hand-offs': 'member',
  'post /tenants/:tenantId/hand-offs/:handOffId/revocation': 'member',
  'post /tenants/:tenantId/people/invitations': 'owner',
  'post /tenants/:tenantId/people/invitations/:invitationId/renewals': 'owner',
  'post /tenants/:tenantId/people/invitations/:invitationId/revocation': 'owner',
  'post /tenants/:tenantId/people/second-factor': 'owner',
  'get /tenants/:tenantId/people/:personId/role': 'owner',
  'post /tenants/:tenantId/people/:personId/role': 'owner',
  'get /tenants/:tenantId/people/:personId/removal': 'owner',
  'post /tenants/:tenantId/people/:personId/removal': 'owner',
  'post /tenants/:tenantId/toys': 'member',
};
const ranks: ClinicRole[] = ['viewer', 'member', 'owner'];

/** Covers the route map itself and its forms; `id-matrix.full.test.ts` covers who reaches what with which id. */
describe('SEC-18: who reaches what', () => {
  let test: TestPortal;
  let routes: Route[];
  let north: string;
  let south: string;
  let alice: Visitor;
  let bob: Visitor;
  let bobId: string;
  let charlie: Visitor;
  let nobody: Visitor;
  let auditor: Visitor;

  beforeAll(async () => {
    test = await TestPortal.start({ env: companySignIn, added: [toyCapability()] });
    routes = routesOf(test.portal.mounts);
    north = await test.addTenant('North Clinic');
    south = await test.addTenant('South Clinic');
    alice = await test.member(north, 'Alice Moss');
    idsOfNorth.personId = (await test.portal.services.tenants.members(north))[0]?.personId ?? '';
    bob = await test.member(north, 'Bob Tran', 'viewer');
    bobId = (await test.portal.services.tenants.members(north)).at(-1)?.personId ?? '';
    charlie = await test.member(south, 'Charlie Ward');
    auditor = await test.staff('auditor');
    nobody = test.visitor();
  });
  afterAll(() => test.close());

  const withAccess = (access: Route['access']) => routes.filter((route) => route.access === access);

  it('finds the documented routes', () => {
    const paths = routes.map(({ method, path }) => `${method} ${path}`);
    expect(paths).toEqual(
      expect.arrayContaining([
        'get /sign-in',
        'post /sign-in/second-factor',
        'get /invitations/:token',
        'get /tenants/:tenantId/guide',
        'get /tenants/:tenantId/guide/jwt',
        'get /tenants/:tenantId/guide/sign-in',
        'post /tenants/:tenantId/guide/sign-in',
        'get /oauth/callback',
        'get /tenants/:tenantId/credentials/new',
        'post /tenants/:tenantId/credentials',
        'get /tenants/:tenantId/connection',
        'get /tenants/:tenantId/people',
        'get /staff',
        'get /staff/tenants',
        'get /staff/tenants/:tenantId',
      ]),
    );
  });

  it('every path with a tenant has the guard of members or of staff', () => {
    const open = routes.filter(
      ({ path, access }) => path.includes(':tenantId') && !['member', 'staff'].includes(access),
    );
    expect(open).toEqual([]);
    expect(withAccess('member').every(({ path }) => path.startsWith('/tenants/:tenantId/'))).toBe(true);
  });

  it('an unknown path answers like an absent tenant', async () => {
    const [route] = withAccess('member');
    const absent = comparable(await ask(charlie, route!, ABSENT));
    expect(comparable(await charlie.get('/tenants/x/y/z'))).toEqual(absent);
  });

  it('every route of a clinic declares the least role it needs, and no other route does', () => {
    const name = ({ method, path }: Route) => `${method} ${path}`;
    expect(routes.filter(({ access, needs }) => (access === 'member') !== (needs !== undefined))).toEqual([]);
    expect(
      Object.fromEntries(withAccess('member').flatMap((it) => (it.needs === 'viewer' ? [] : [[name(it), it.needs]]))),
    ).toEqual(forRoles);
    const changing = withAccess('member').filter(({ method, needs }) => method === 'post' && needs === 'viewer');
    expect(changing.map(name)).toEqual(['post /tenants/:tenantId/people/leaving']); // of the person alone
    const declared = test.portal.mounts.flatMap(({ path, needs = {} }) => Object.keys(needs).map((it) => it + path));
    expect(declared).toHaveLength(withAccess('member').length);
  });

  it('SEC-20: each role reaches what it may, is told who may do the rest, and has the role of the moment', async () => {
    for (const role of ranks) {
      await test.portal.services.tenants.setRole(test.db, north, bobId, role);
      for (const route of withAccess('member')) {
        const least = forRoles[`${route.method} ${route.path}`] ?? 'viewer';
        const path = at(route, north);
        const answer = await (route.method === 'get' ? bob.get(path) : bob.post(path, { not_a_field: 'x' }));
        const isForbidden = ranks.indexOf(role) < ranks.indexOf(least);
        expect({ role, route, refused: answer.status === 403 }).toEqual({ role, route, refused: isForbidden });
        if (isForbidden) expect(answer.text).toMatch(/[Aa]sk Alice Moss\./);
      }
    }
  });

  it('members get the 404 of an absent page on every staff route', async () => {
    const absent = comparable(await alice.get('/nothing/here'));
    for (const route of withAccess('staff'))
      for (const id of [north, south, ABSENT])
        expect({ route, answer: comparable(await ask(alice, route, id)) }).toEqual({ route, answer: absent });
  });

  it('SEC-13: a POST without its session’s token changes nothing, on every route', async () => {
    const dump = async () =>
      Promise.all(
        [
          'tenants',
          'memberships',
          'invitations',
          'credentials',
          'check_requests',
          'connections',
          'staff',
          'audit_events',
        ].map((table) => {
          const rows = test.db(table).select();
          return table === 'audit_events' ? rows.whereNot({ action: 'request.form_refused' }) : rows;
        }),
      );
    for (const visitor of [nobody, alice, auditor]) {
      const before = await dump();
      for (const route of routes.filter(({ method }) => method === 'post')) {
        const answer = await visitor.send('post', at(route, north));
        expect({ route, status: answer.status }).toEqual({ route, status: 403 });
      }
      expect(await dump()).toEqual(before);
    }
  });
});
