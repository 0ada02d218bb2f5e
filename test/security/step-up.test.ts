import { accountActs } from '../../src/accounts/account-acts.js';
import { tenantActs } from '../../src/tenants/tenant-acts.js';
import { anAccountsPortal, aPassword, type AccountsPortal } from '../accounts/support.js';
import { companySignIn } from '../support/company.js';
import { linkCompanyAccount } from '../../src/accounts/company/company-accounts.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';
import { routesOf } from './support/routes.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';

/** Forms that change rights, security rules, members or accounts. */
const asksForProof = [
  '/account/second-factor/enrolment',
  '/account/second-factor/removal',
  '/account/recovery-codes',
  '/account/password',
  '/account/address',
  '/account/sessions/endings',
  '/account/sessions/others/endings',
  '/tenants/:tenantId/people/invitations',
  '/tenants/:tenantId/people/invitations/:invitationId/renewals',
  '/tenants/:tenantId/people/invitations/:invitationId/revocation',
  '/tenants/:tenantId/people/second-factor',
  '/tenants/:tenantId/people/leaving',
  '/tenants/:tenantId/people/:personId/role',
  '/tenants/:tenantId/people/:personId/removal',
  '/staff/people',
  '/staff/people/:personId/role',
  '/staff/people/:personId/disabling',
  '/staff/people/:personId/enabling',
  '/staff/people/:personId/second-factor-reset',
  '/staff/people/:personId/company-account-removal',
  '/account/company',
  '/staff/api-keys',
  '/staff/api-keys/:keyId/revocation',
  '/tenants/:tenantId/disconnection',
  '/tenants/:tenantId/disconnection/destruction',
  '/staff/tenants/:tenantId/disconnection',
  '/staff/tenants/:tenantId/disconnection/destruction',
  '/staff/webhooks',
  '/staff/webhooks/:endpointId/rotation',
  '/staff/webhooks/:endpointId/pause',
  '/staff/webhooks/:endpointId/resumption',
  '/staff/webhooks/:endpointId/removal',
  '/staff/tenants/:tenantId/settings/change',
  '/staff/tenants/:tenantId/export',
  '/staff/clinics-csv',
  '/staff/clinics-import',
  '/staff/clinics-import/:importId/start',
  '/staff/tenants/:tenantId/offboarding/confirmation',
  '/staff/offboarded/:offboardedId/destruction',
  '/staff/offboarded/:offboardedId/undoing',
  '/staff/tenants/:tenantId/account-approval',
  '/staff/tenants/:tenantId/account-refusal',
  '/staff/tenants/:tenantId/invitations',
  '/staff/tenants/:tenantId/invitations/:invitationId/renewals',
  '/staff/tenants/:tenantId/invitations/:invitationId/revocation',
  '/staff/tenants/:tenantId/people/:personId/role',
  '/staff/tenants/:tenantId/people/:personId/removal',
  '/staff/tenants/:tenantId/people/:personId/sign-in/reset',
  '/staff/tenants/:tenantId/people/:personId/sign-in/endings',
];

/** All other forms of people who are signed in, and why a proof of the last five minutes adds nothing. */
const asksForNone: Record<string, string> = {
  '/sign-out': 'takes a right from the person alone',
  '/language': 'is no right',
  '/account/second-factor': 'completes an enrolment, which asked for a proof, with a code',
  '/account/recovery-codes/acknowledgement': 'hides the new codes, whose page was asked for with a proof',
  '/account/address/proofs': 'mails a link to the address that the account has',
  '/account/address/withdrawal': 'leaves the account as it is',
  '/account/address-changes/:token': 'completes a change, which asked for a proof, from the new mailbox',
  '/tenants/:tenantId/hand-offs': 'gives no account: the link shows the guide and accepts a paste',
  '/tenants/:tenantId/hand-offs/:handOffId/revocation': 'ends such a link',
  '/tenants/:tenantId/credentials': 'brings a secret of its own, which RingCentral must accept for the same account',
  '/tenants/:tenantId/replacement': 'brings a secret of its own, which RingCentral must accept for the same account',
  '/tenants/:tenantId/guide/sign-in': 'leads to RingCentral, where the person signs in to the same account',
  '/tenants/:tenantId/connection/checks': 'asks RingCentral',
  '/tenants/:tenantId/disconnection/deletions': 'asks RingCentral about a JWT that no job uses',
  '/staff/tenants/:tenantId/disconnection/deletions': 'asks RingCentral about a JWT that no job uses',
  '/staff/offboarded/:offboardedId/deletions': 'asks RingCentral about a JWT that no job uses',
  '/tenants/:tenantId/connection/deletions': 'says what was deleted at RingCentral; only a check follows',
  '/tenants/:tenantId/connection/confirmation':
    'follows a paste that needs none, and names the account that was proved',
  '/tenants/:tenantId/connection/refusal': 'destroys what was pasted, before any job could use it',
  '/staff/tenants/:tenantId/confirmation': 'answers for the clinic what its members answer without one',
  '/staff/tenants/:tenantId/refusal': 'destroys what was pasted, before any job could use it',
  '/tenants/:tenantId/connection/fax-lines': 'chooses what is checked',
  '/staff/tenants': 'adds a clinic without people',
  '/staff/clinics-import/:importId/stop': 'ends what was started with a proof',
  '/staff/tenants/:tenantId/checks': 'asks RingCentral',
  '/staff/tenants/:tenantId/fix-mails': 'mails the steps to the people that the clinic has, once an hour',
  '/staff/webhooks/:endpointId/tests': 'sends invented data to an address that was added with a proof',
  '/staff/webhooks/:endpointId/missed': 'sends to such an address what it was to get anyway',
  '/staff/webhooks/:endpointId/deliveries/:deliveryId/again': 'sends to such an address what it got before',
  '/staff/preflight/checks': 'asks RingCentral',
  '/staff/preflight/run-time': 'sets when RingCentral is asked',
  '/staff/tenants/:tenantId/people/:personId/password-reset': 'mails what anyone may ask for without signing in',
};

/** Public forms that need no browser session: links, and signing in itself. */
const withoutSession = /^\/(sign-in|password-resets?|setup|invitations|reminders|hand-offs|api-keys)(\/|$)/;

describe('SEC-11, SEC-57: a form that changes rights, security rules, members or accounts', () => {
  let test: TestPortal;
  let member: Visitor;
  let administrator: Visitor;
  let north: string;
  let forms: string[];
  beforeAll(async () => {
    test = await TestPortal.start({ env: companySignIn });
    north = await test.addTenant('North Clinic');
    member = await test.member(north);
    administrator = await test.staff('administrator');
    await member.get('/account');
    await administrator.get('/account');
    forms = routesOf(test.portal.mounts)
      .filter(({ method, path }) => method === 'post' && !withoutSession.test(path))
      .map(({ path }) => path);
  });
  afterAll(() => test.close());

  /** What a form answers that no route accepts, because it has a field that no form has. */
  const ask = (path: string) =>
    (path.startsWith('/tenants/') ? member : administrator).post(
      path.replace(':tenantId', north).replaceAll(/:\w+/g, ABSENT),
      { not_a_field: 'x' },
    );
  const isAsked = async (path: string) =>
    /^\/sign-in\/(password|second-factor)/.test((await ask(path)).headers.location ?? '');
  const askedOf = async (paths: string[]) => {
    const asked: string[] = [];
    for (const path of paths) if (await isAsked(path)) asked.push(path);
    return asked;
  };

  it('is named here, and so is every other form, with the reason', () => {
    expect(forms.toSorted()).toEqual([...asksForProof, ...Object.keys(asksForNone)].toSorted());
  });

  it('is accepted for five minutes after a second factor, or a password without one, and then asks again', async () => {
    expect(await askedOf(forms)).toEqual([]);
    test.clock.advance(5 * 60_000 + 1000);
    expect((await askedOf(forms)).toSorted()).toEqual(asksForProof.toSorted());
  });

  it('brings the person back to its page, with the typed address and the same session', async () => {
    test.clock.advance(6 * 60_000);
    const people = `/tenants/${north}/people`;
    await member.get(people);
    const asked = await member.post(`${people}/invitations`, { email: 'carol@clinic.example' });
    expect(asked.headers.location).toBe(`/sign-in/password?next=${encodeURIComponent(people)}`);
    await member.follow(asked);
    const proved = await member.post('/sign-in/password', { password: 'correct-zebra-lantern-42', next: people });
    expect((await member.follow(proved)).text).toContain('value="carol@clinic.example"');
    await member.post(`${people}/invitations`, { email: 'carol@clinic.example' });
    const page = (await member.get(people)).text;
    expect(page).toContain('to carol@clinic.example');
    expect(page).not.toContain('value="carol@clinic.example"');
  });
});

describe('SEC-57: an act that changes rights, security rules, members or accounts is told by email to those concerned', () => {
  let portal: AccountsPortal;
  let north: string;
  let ids: Record<string, string>;
  const by = () => ({ actor: { kind: 'person', id: ids.ada! }, origin: {} }) as const;
  const who = (name: string) => ({ id: ids[name]! });
  const invite = (email: string) => portal.invitations.invite({ tenantId: north, email, invitedBy: ids.alice! });
  const linkOlga = () => {
    const account = { issuer: 'https://login.company.invalid', subject: 'olga' };
    const link = linkCompanyAccount({ world: portal.world, mails: portal.accountMails });
    return portal.db.transaction((trx) => link(trx, { personId: ids.olga!, linkId: null }, account, {}));
  };
  const setRule = (needed: boolean) =>
    portal.tenants.setSettings(north, { language: 'en', timeZone: 'UTC', membersNeedSecondFactor: needed }, by().actor);

  beforeAll(async () => {
    portal = await anAccountsPortal();
    north = await portal.aTenant('North Clinic');
    for (const name of ['alice', 'bob']) await portal.aMember(north, `${name}@north.example`);
    for (const name of ['ada', 'bea', 'cleo']) await portal.staffMember(`${name}@isv.example`, 'administrator');
    await portal.staffMember('olga@isv.example', 'operator');
    const people = await portal.db('people').select<{ id: string; email: string }[]>('id', 'email');
    ids = Object.fromEntries(people.map(({ id, email }) => [email.split('@')[0] ?? '', id]));
    await portal.staff.createStaff({ email: 'new@isv.example', name: 'Not set up', role: 'administrator' });
    await portal.staff.disable(who('cleo'), by());
  });
  afterAll(() => portal.close());

  /** In the order in which they are done: the act, the people who get an email, and how it is done. */
  const told: [action: string, to: string[], act: () => Promise<unknown>][] = [
    ['invitation.created', ['carol'], () => invite('carol@north.example')],
    [
      'invitation.accepted',
      ['alice', 'bob'],
      async () => {
        const path = await portal.invited(north, 'dora@north.example');
        portal.mails.length = 0;
        const dora = portal.browser();
        await dora.get(path);
        await dora.post(path, { name: 'Dora', password: aPassword });
      },
    ],
    ['tenant.second_factor_rule_set', ['alice', 'bob', 'dora'], () => setRule(true)],
    ['tenant.second_factor_rule_set', ['alice', 'bob', 'dora'], () => setRule(false)],
    ['tenant.second_factor_rule_set', [], () => setRule(false)],
    ['member.role_changed', ['alice', 'bob', 'dora'], () => portal.setMemberRole(north, ids.bob!, 'member', by())],
    ['member.removed', ['bob'], () => portal.removeMember(north, ids.bob!, by())],
    [
      'staff.created',
      ['bea', 'ida'],
      () => portal.staff.inviteStaff({ email: 'ida@isv.example', name: 'Ida', role: 'operator' }, by()),
    ],
    [
      'staff.created',
      ['ada', 'bea'],
      () => portal.staff.createStaff({ email: 'ivo@isv.example', name: 'Ivo', role: 'auditor' }),
    ],
    ['staff.role_changed', ['bea', 'olga'], () => portal.staff.setRole(who('olga'), 'auditor', by())],
    ['staff.second_factor_reset', ['bea', 'olga'], () => portal.staff.resetSecondFactor(who('olga'), by())],
    ['staff.company_account_linked', ['olga'], () => linkOlga()],
    [
      'staff.company_account_removed',
      ['bea', 'olga', 'olga'],
      () => portal.staff.removeCompanyAccount(who('olga'), by()),
    ],
    ['staff.disabled', ['bea', 'olga'], () => portal.staff.disable(who('olga'), by())],
    ['staff.enabled', ['bea', 'olga'], () => portal.staff.enable(who('olga'), by())],
    ['staff.disabled', ['bea'], () => portal.staff.disable(who('bea'), by())],
    ['staff.enabled', ['ada', 'bea'], () => portal.staff.enable(who('bea'), { actor: { kind: 'command_line' } })],
    ['person.second_factor_reset', [], () => portal.memberSignIn.resetSecondFactor(north, ids.alice!, by())],
  ];

  it.each(told.map(([action, to, act]) => ({ action, to, act })))('$action: $to', async ({ to, act }) => {
    portal.mails.length = 0;
    await act();
    expect(portal.mails.map((mail) => mail.to.split('@')[0]).toSorted()).toEqual(to);
  });

  it('is one of these, and each other act that is declared concerns no one but its actor, or changes nothing', () => {
    const others =
      /^(person|access|tenant\.(created|renamed|language_set|methods_set)|invitation\.(revoked|reminded|reminders_stopped)|staff\.viewed)/;
    const changes = [...accountActs, ...tenantActs].map(({ action }) => action).filter((it) => !others.test(it));
    const table = new Set(told.map(([action]) => action).filter((it) => !others.test(it)));
    expect(changes.toSorted()).toEqual([...table].toSorted());
  });

  it('names in it the account, the new role, and who did it', async () => {
    portal.mails.length = 0;
    await portal.staff.setRole(who('olga'), 'operator', by());
    const mail = portal.mails.find(({ to }) => to === 'bea@isv.example')!;
    expect(mail.subject).toBe('Example Health: a staff role was changed');
    expect(mail.text).toContain('The role of the staff account of olga@isv.example at Example Health was changed');
    expect(mail.text).toContain('Role: Operator.');
    expect(mail.text).toContain('ada@isv.example made this change.');
  });

  it('says of the rule what it asks for now', async () => {
    portal.mails.length = 0;
    await setRule(true);
    expect(portal.mails[0]?.text).toContain('has required an authenticator app from everyone at North Clinic since');
    await setRule(false);
    expect(portal.mails.at(-1)?.text).toContain(
      'stopped requiring an authenticator app from everyone at North Clinic on',
    );
  });
});
