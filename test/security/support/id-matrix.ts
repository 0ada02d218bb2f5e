import type { Authenticate } from '../../../src/app/api-app.js';
import { makeLink, openLink } from '../../hand-offs/support.js';
import { aPassword } from '../../support/people.js';
import type { ClinicRole } from '../../../src/app/clinic-roles.js';
import { someImports } from '../../clinic-files/some-imports.js';
import { anEndpoint } from '../../webhooks/an-endpoint.js';
import type { TestPortal } from '../../support/portal.js';
import type { Route } from './routes.js';
import type { Visitor } from '../../support/visits/visitor.js';

export const ABSENT = '00000000-0000-4000-8000-000000000000';
const absentToken = 'A'.repeat(43);
/** Invalid ids: a path upwards, a quote, a character that PostgreSQL rejects in text, and one far too long. */
const MALFORMED = `..%2f'%00${'x'.repeat(200)}`;

/** A clinic, with a row for each kind of id. */
export type Clinic = {
  name: string;
  tenantId: string;
  personId: string;
  invitationId: string;
  handOffId: string;
  receiptId: string;
};

export type Role = {
  name: string;
  visitor: Visitor;
  /** A role in the rules of the routes. */
  kind: 'nobody' | 'half' | ClinicRole | 'hand_off' | 'auditor' | 'operator' | 'administrator' | 'key';
  /** The clinics whose pages the role may see; the first one is its own. */
  clinics: Clinic[];
  /** An API key for these clinics. */
  key?: string;
  /** The visit of a hand-off link that the role has begun. */
  visitId?: string;
  /** A link to the role's own new address. */
  addressToken?: string;
};

/** One path with ids, and whether every id belongs to the role and to the id before it. */
export type Cell = {
  label: string;
  path: string;
  isOwn: boolean;
  /** Whose frame may surround an answer: the role's own tenant in the path. */
  frame?: string | undefined;
};

const invited = async (test: TestPortal, tenantId: string, email: string) => {
  const made = await test.portal.services.invitations.invite({ tenantId, email, invitedBy: null });
  if (!made.ok) throw new Error(made.problem);
  return { id: made.id, token: new URL(made.url).pathname.split('/').at(-1) ?? '' };
};

async function aClinic(test: TestPortal, name: string) {
  const tenantId = await test.addTenant(`${name} Clinic`);
  const member = await test.member(tenantId, `${name} Admin`);
  await test.member(tenantId, `${name} Colleague`);
  const people = await test.portal.services.tenants.members(tenantId);
  const invitation = await invited(test, tenantId, `waiting@${name.toLowerCase()}.example`);
  const { path, visitor, base } = await openLinkOf(test, member, tenantId);
  const visitId = base.split('/').at(-1) ?? '';
  const clinic: Clinic = {
    name,
    tenantId,
    personId: people.at(-1)?.personId ?? '',
    invitationId: invitation.id,
    handOffId: visitId,
    receiptId: await aReceipt(test, tenantId),
  };
  return { clinic, member, visitor, handOffToken: path.split('/').at(-1) ?? '', invitationToken: invitation.token };
}

/** Of a disconnection that is over. The worker has nothing to do for it. */
async function aReceipt(test: TestPortal, tenantId: string): Promise<string> {
  const at = test.clock().toISOString();
  const receipt = { receipt: 'Latchkey receipt v1\n', receipt_at: at, result: 'nothing_kept' };
  await test.db('disconnections').insert({ id: tenantId, tenant_id: tenantId, at, by: 'clinic', ...receipt });
  return tenantId;
}

async function openLinkOf(test: TestPortal, member: Visitor, tenantId: string) {
  const { path } = await makeLink(member, tenantId);
  return { path, ...(await openLink(test, path)) };
}

const aNewKey = { name: 'Nightly', purpose: 'jobs', scopes: ['tokens:issue'], tenantRefs: null, expires: '' };
const byCommand = { actor: { kind: 'command_line' } } as const;

async function aLinkToAKey(test: TestPortal): Promise<string> {
  const made = await test.portal.services.apiKeys.makeLink(aNewKey, 60, byCommand);
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.url.reveal().split('/').at(-1) ?? '';
}

async function aKeyId(test: TestPortal): Promise<string> {
  const made = await test.portal.services.apiKeys.make(aNewKey, byCommand);
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.made.id;
}

async function mailedToken(test: TestPortal, address: string, start: string): Promise<string> {
  const mail = await test.mail.waitFor(({ to, text }) => to === address && text.includes(start));
  return new RegExp(`${start}/([\\w-]{43})`).exec(mail.text)?.[1] ?? '';
}

async function anAddressToken(test: TestPortal, person: Visitor, email: string): Promise<string> {
  await person.get('/account/address');
  await person.post('/account/address', { email, current: aPassword });
  return mailedToken(test, email, '/account/address-changes');
}

async function aHalf(test: TestPortal): Promise<Visitor> {
  const asked = { email: 'half@example-health.example', name: 'Hal Half', role: 'administrator' };
  const created = await test.portal.services.staff.createStaff(asked);
  if (!created.ok) throw new Error(created.problem);
  const half = test.visitor();
  const { pathname } = new URL(created.url);
  await half.get(pathname);
  await half.post(pathname, { password: aPassword });
  await half.get('/account/second-factor');
  return half;
}

/** Keys of the toy capability: one for each tenant, which it names. */
const EVERY_CLINIC = 'every-clinic';
const keyOf = (tenantId: string) => `key-${tenantId}`;
export const authenticate: Authenticate = (key) => {
  const tenantId = key.replace(/^key-/, '');
  const caller = {
    keyId: key,
    name: 'Toys',
    purpose: 'toys',
    scopes: ['toys:read', 'tokens:issue', 'tenants:read', 'tenants:write', 'tenants:offboard'],
    tenantIds: tenantId === EVERY_CLINIC ? null : [tenantId],
  };
  return Promise.resolve(keyOf(tenantId) === key ? caller : null);
};

/** Two clinics with every kind of row, every kind of requester, and a link of each kind. */
export async function aMatrix(test: TestPortal) {
  const [north, south] = [await aClinic(test, 'North'), await aClinic(test, 'South')];
  const both = await test.member(north.clinic.tenantId, 'Dana Both');
  await both.get('/account'); // the next forms use the token of this page
  const dana = (await test.portal.services.tenants.members(north.clinic.tenantId)).at(-1)?.personId ?? '';
  await test.portal.services.tenants.addMember(test.db, south.clinic.tenantId, dana, 'owner');
  const [n, s] = [north.clinic, south.clinic];
  const addressTokens = {
    north: await anAddressToken(test, north.member, 'admin.new@north.example'),
    south: await anAddressToken(test, south.member, 'admin.new@south.example'),
  };
  const roles: Role[] = [
    { name: 'nobody', kind: 'nobody', visitor: test.visitor(), clinics: [] },
    { name: 'half signed in', kind: 'half', visitor: await aHalf(test), clinics: [] },
    {
      name: 'viewer of the north',
      kind: 'viewer',
      visitor: await test.member(n.tenantId, 'Vera North', 'viewer'),
      clinics: [n],
    },
    {
      name: 'member of the north',
      kind: 'member',
      visitor: await test.member(n.tenantId, 'Mia North', 'member'),
      clinics: [n],
    },
    {
      name: 'owner in the north',
      kind: 'owner',
      visitor: north.member,
      clinics: [n],
      addressToken: addressTokens.north,
    },
    {
      name: 'owner in the south',
      kind: 'owner',
      visitor: south.member,
      clinics: [s],
      addressToken: addressTokens.south,
    },
    { name: 'owner in both', kind: 'owner', visitor: both, clinics: [n, s] },
    {
      name: "colleague with the north's link",
      kind: 'hand_off',
      visitor: north.visitor,
      clinics: [n],
      visitId: n.handOffId,
    },
    {
      name: "colleague with the south's link",
      kind: 'hand_off',
      visitor: south.visitor,
      clinics: [s],
      visitId: s.handOffId,
    },
    { name: 'auditor', kind: 'auditor', visitor: await test.staff('auditor'), clinics: [n, s] },
    { name: 'operator', kind: 'operator', visitor: await test.staff('operator'), clinics: [n, s] },
    { name: 'administrator', kind: 'administrator', visitor: await test.staff('administrator'), clinics: [n, s] },
    { name: "the north's key", kind: 'key', visitor: test.visitor(), clinics: [n], key: keyOf(n.tenantId) },
    { name: "the south's key", kind: 'key', visitor: test.visitor(), clinics: [s], key: keyOf(s.tenantId) },
    { name: 'a key for all', kind: 'key', visitor: test.visitor(), clinics: [n, s], key: keyOf(EVERY_CLINIC) },
  ];

  // It does not matter whose links they are, because the holder of a link may use it.
  await test.portal.services.passwordResets.ask(south.member.email, {});
  const created = await test.portal.services.staff.createStaff({
    email: 'next@example-health.example',
    name: 'Nils Next',
    role: 'operator',
  });
  if (!created.ok) throw new Error(created.problem);
  const staffId = created.personId;
  const colleague = 'company@example-health.example';
  const byPage = { actor: { kind: 'person', id: staffId } } as const;
  await test.portal.services.staff.inviteStaff({ email: colleague, name: 'Cora Company', role: 'operator' }, byPage);
  const keyId = await aKeyId(test);
  const endpoint = await anEndpoint(test);
  const { checked: importId = '' } = await someImports(test);
  const offboardedId = await test.addTenant('Gone Clinic');
  await test.portal.services.offboarding.offboard(offboardedId, { kind: 'command_line' });
  const tokens: Record<string, string> = {
    '/password-resets': await mailedToken(test, south.member.email, '/password-resets'),
    '/setup': new URL(created.url).pathname.split('/').at(-1) ?? '',
    '/sign-in/company/invitations': await mailedToken(test, colleague, '/sign-in/company/invitations'),
    '/invitations': north.invitationToken,
    '/reminders': await mailedToken(test, 'waiting@north.example', '/reminders'),
    '/hand-offs': north.handOffToken,
    '/api-keys/claims': await aLinkToAKey(test),
    '/account/address-changes': '', // belongs to the role itself
  };

  // Incidents of the portal, already closed, so the worker does not touch them.
  const incidentId = 'b6b9a6a2-57c1-4c5e-9f5c-3a1c1d7f0e11';
  const at = test.clock().toISOString();
  const incident = { id: incidentId, kind: 'rejections', subject: 'production', codes: '[]' };
  await test.db('incidents').insert({ ...incident, opened_at: at, closed_at: at });

  /** The ids in a clinic; a parameter that is missing here has no expected value, and none is invented. */
  const rowsOf: Record<string, (clinic: Clinic) => string> = {
    personId: ({ personId }) => personId,
    invitationId: ({ invitationId }) => invitationId,
    handOffId: ({ handOffId }) => handOffId,
    receiptId: ({ receiptId }) => receiptId,
  };

  /** Every path of a route that this role tries. */
  function cellsOf(route: Route, role: Role): Cell[] {
    const parameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const fill = (ids: Record<string, string>) =>
      route.path.replaceAll(/:(\w+)/g, (_all, name: string) => ids[name] ?? '');
    const [first, second, ...more] = parameters;
    if (more.length > 0) throw new Error(`${route.path}: three ids in a path have no expectation`);
    if (first === undefined) return [{ label: 'no id', path: route.path, isOwn: true }];
    const mine = role.clinics[0] ?? n;
    const other = role.clinics[0] === s ? n : s;
    const isTheirs = (clinic: Clinic) => role.clinics.includes(clinic);
    if (first === 'tenantId' && second === undefined)
      return [
        { label: 'own', path: fill({ tenantId: mine.tenantId }), isOwn: isTheirs(mine) },
        { label: "other's", path: fill({ tenantId: other.tenantId }), isOwn: isTheirs(other) },
        { label: 'absent', path: fill({ tenantId: ABSENT }), isOwn: false },
        { label: 'malformed', path: fill({ tenantId: MALFORMED }), isOwn: false },
      ];
    const rowOf = second === undefined ? undefined : rowsOf[second];
    if (first === 'tenantId' && second !== undefined && rowOf) {
      const cell = (label: string, tenant: Clinic | string, row: Clinic | string): Cell => {
        const tenantId = typeof tenant === 'string' ? tenant : tenant.tenantId;
        const isMine = typeof tenant !== 'string' && isTheirs(tenant);
        const path = fill({ tenantId, [second]: typeof row === 'string' ? row : rowOf(row) });
        return { label, path, isOwn: isMine && row === tenant, frame: isMine ? tenantId : undefined };
      };
      return [
        cell('own/own', mine, mine),
        cell("own/other's", mine, other),
        cell('own/malformed', mine, MALFORMED),
        cell('own/absent', mine, ABSENT),
        cell("other's/other's", other, other),
        cell("other's/own", other, mine),
        cell("other's/absent", other, ABSENT),
        cell('absent/own', ABSENT, mine),
        cell('absent/absent', ABSENT, ABSENT),
      ];
    }
    if (first === 'personId')
      return [
        { label: 'own', path: fill({ personId: staffId }), isOwn: true },
        { label: 'no staff', path: fill({ personId: mine.personId }), isOwn: false },
        { label: 'absent', path: fill({ personId: ABSENT }), isOwn: false },
        { label: 'malformed', path: fill({ personId: MALFORMED }), isOwn: false },
      ];
    if (first === 'offboardedId')
      return [
        { label: 'own', path: fill({ offboardedId }), isOwn: true },
        { label: 'one that is here', path: fill({ offboardedId: n.tenantId }), isOwn: false },
        { label: 'absent', path: fill({ offboardedId: ABSENT }), isOwn: false },
        { label: 'malformed', path: fill({ offboardedId: MALFORMED }), isOwn: false },
      ];
    if (first === 'keyId')
      return [
        { label: 'own', path: fill({ keyId }), isOwn: true },
        { label: 'absent', path: fill({ keyId: 'A'.repeat(10) }), isOwn: false },
        { label: 'malformed', path: fill({ keyId: MALFORMED }), isOwn: false },
      ];
    if (first === 'importId')
      return [
        { label: 'own', path: fill({ importId }), isOwn: true },
        { label: 'absent', path: fill({ importId: ABSENT }), isOwn: false },
        { label: 'malformed', path: fill({ importId: MALFORMED }), isOwn: false },
      ];
    if (first === 'endpointId') {
      const of = (endpointId: string, deliveryId = '') => fill({ endpointId, deliveryId });
      if (second === undefined)
        return [
          { label: 'own', path: of(endpoint.id), isOwn: true },
          { label: 'absent', path: of(ABSENT), isOwn: false },
          { label: 'malformed', path: of(MALFORMED), isOwn: false },
        ];
      return [
        { label: 'own', path: of(endpoint.id, endpoint.deliveryId), isOwn: true },
        { label: 'absent', path: of(endpoint.id, ABSENT), isOwn: false },
        { label: 'malformed', path: of(endpoint.id, MALFORMED), isOwn: false },
        { label: 'of no endpoint', path: of(ABSENT, endpoint.deliveryId), isOwn: false },
      ];
    }
    if (first === 'cause')
      return [
        { label: 'known', path: fill({ cause: 'key_refused' }), isOwn: true },
        { label: 'absent', path: fill({ cause: ABSENT }), isOwn: false },
        { label: 'malformed', path: fill({ cause: MALFORMED }), isOwn: false },
      ];
    if (first === 'incidentId')
      return [
        { label: 'own', path: fill({ incidentId }), isOwn: true },
        { label: 'absent', path: fill({ incidentId: ABSENT }), isOwn: false },
        { label: 'malformed', path: fill({ incidentId: MALFORMED }), isOwn: false },
      ];
    if (first === 'handOffId')
      return [
        { label: 'own', path: fill({ handOffId: mine.handOffId }), isOwn: role.visitId === mine.handOffId },
        { label: "other's", path: fill({ handOffId: other.handOffId }), isOwn: false },
        { label: 'absent', path: fill({ handOffId: ABSENT }), isOwn: false },
        { label: 'malformed', path: fill({ handOffId: MALFORMED }), isOwn: false },
      ];
    const start = Object.keys(tokens).find((prefix) => route.path.startsWith(`${prefix}/:token`));
    if (first !== 'token' || start === undefined) throw new Error(`${route.path}: no expectation for :${first}`);
    const ofRole = start === '/account/address-changes';
    const own = ofRole ? role.addressToken : tokens[start];
    const others = ofRole && role.addressToken !== addressTokens.south ? addressTokens.south : undefined;
    return [
      ...(own === undefined ? [] : [{ label: 'own', path: fill({ token: own }), isOwn: true }]),
      { label: "another's", path: fill({ token: others ?? anotherThan(start) }), isOwn: false },
      { label: 'absent', path: fill({ token: absentToken }), isOwn: false },
      { label: 'malformed', path: fill({ token: MALFORMED }), isOwn: false },
    ];
  }
  /** A link that works, but for another purpose. */
  const anotherThan = (start: string) => tokens[start === '/setup' ? '/invitations' : '/setup'] ?? '';

  /** The texts that reveal that something belongs to this clinic. */
  const marksOf = ({ name, ...ids }: Clinic): string[] => [
    `${name} `,
    `${name.toLowerCase()}.example`,
    ...Object.values(ids),
  ];

  return { roles, clinics: [n, s], cellsOf, marksOf };
}
