import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal();
});
afterEach(() => portal.close());

type Member = Awaited<ReturnType<AccountsPortal['staffMember']>> & { id: string; email: string };

async function aMemberOfStaff(name: string, role: string): Promise<Member> {
  const email = `${name}@isv.example`;
  const member = await portal.staffMember(email, role);
  const { id } = await portal.db('people').where({ email }).first<{ id: string }>('id');
  return { ...member, id, email };
}

const actsOn = async (id: string) =>
  (
    await portal
      .db('audit_events')
      .where({ target: id })
      .andWhere('action', 'like', 'staff.%')
      .orderBy('seq')
      .select<{ action: string; actor_kind: string; detail: string }[]>('action', 'actor_kind', 'detail')
  ).map(({ action, actor_kind: by, detail }) => `${action} by ${by} ${detail}`);

const urlOf = ({ id }: { id: string }, act = '') => `/staff/people/${id}${act}`;

describe('SEC-57: on /staff/people', () => {
  it('every member of staff reads who is staff, in which role, and when they last used the portal', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    await portal.staff.createStaff({ email: 'ida@isv.example', name: 'Ida', role: 'auditor' });
    for (const role of ['auditor', 'operator']) {
      const { browser } = await aMemberOfStaff(role, role);
      const page = await browser.get('/staff/people');
      expect(page.status).toBe(200);
      expect(page.text).toContain('ada@isv.example');
      expect(page.text).toContain('Invited, not set up yet');
      expect(page.text).toContain('None recorded');
      expect(page.text).not.toContain('href="/staff/people/');
      expect((await browser.get(urlOf(ada))).status).toBe(403);
      expect((await browser.get('/staff/people/new')).status).toBe(403);
      for (const act of ['/role', '/disabling', '/enabling', '/second-factor-reset'])
        expect((await browser.post(urlOf(ada, act), { role: 'auditor' })).status).toBe(403);
    }
    expect((await portal.staff.list()).map(({ email, lastUsedAt }) => [email, lastUsedAt])).toEqual([
      ['ida@isv.example', null],
      ['ada@isv.example', new Date('2026-11-21T12:00:00.000Z')],
      ['auditor@isv.example', new Date('2026-11-21T12:00:30.000Z')],
      ['operator@isv.example', new Date('2026-11-21T12:01:00.000Z')],
    ]);
  });

  it('an administrator invites staff: the link goes to the mailbox, and no one else sees it', async () => {
    const { browser } = await aMemberOfStaff('ada', 'administrator');
    const typed = { name: 'Ida Berg', email: 'ida@isv.example', role: 'operator' };
    await browser.get('/staff/people/new');
    const invited = await browser.post('/staff/people', typed);
    expect(invited.headers.location).toBe('/staff/people?notice=invited');
    const mail = portal.mails.at(-1)!;
    expect(mail.to).toBe('ida@isv.example');
    const [link = '', token = ''] = /http:\/\/127\.0\.0\.1:3000\/setup\/([\w-]{43})/.exec(mail.text) ?? [];
    expect((await browser.follow(invited)).text).not.toContain(token);
    const ida = portal.browser();
    await ida.get(new URL(link).pathname);
    expect((await ida.post(new URL(link).pathname, { password: aPassword })).headers.location).toBe(
      '/account/second-factor',
    );
  });

  it.each([
    [{ name: ' ', email: 'ida@isv.example', role: 'operator' }, 'Enter a name.'],
    [{ name: 'Ida', email: 'ida', role: 'operator' }, 'Enter an email address'],
    [{ name: 'Ida', email: 'ada@isv.example', role: 'operator' }, 'This address already has an account.'],
    [{ name: 'Ida', email: 'ida@isv.example', role: 'root' }, 'Choose a role.'],
  ])('invites no one with %j', async (typed, sentence) => {
    const { browser } = await aMemberOfStaff('ada', 'administrator');
    await browser.get('/staff/people/new');
    const answer = await browser.post('/staff/people', typed);
    expect([answer.status, answer.text.split(sentence).length]).toEqual([422, 3]);
    expect(await portal.db('staff').select()).toHaveLength(1);
  });

  it('a disabled person is signed out with the next request, cannot sign in, and can be enabled again', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    const olga = await aMemberOfStaff('olga', 'operator');
    expect((await olga.browser.get('/staff/tenants')).status).toBe(200);
    await ada.browser.get(urlOf(olga));
    const mails = portal.mails.length;
    const done = await ada.browser.post(urlOf(olga, '/disabling'));
    expect(done.headers.location).toBe(`${urlOf(olga)}?notice=disabled`);
    expect((await ada.browser.follow(done)).text).toContain('The account was disabled.');
    expect((await olga.browser.get('/staff/tenants')).headers.location).toMatch(/^\/sign-in/);
    expect((await portal.browser().signIn(olga.email)).status).toBe(422);
    await ada.browser.post(urlOf(olga, '/enabling'));
    expect((await portal.browser().signIn(olga.email)).headers.location).toBe('/sign-in/second-factor');
    expect(portal.mails.slice(mails).map(({ to, subject }) => [to, subject])).toEqual([
      [olga.email, 'Example Health: your staff account was disabled'],
      [olga.email, 'Example Health: your staff account was enabled'],
    ]);
    expect(await actsOn(olga.id)).toEqual([
      'staff.created by command_line {"role":"operator"}',
      'staff.viewed_by_staff by person {}',
      'staff.disabled by person {}',
      'staff.viewed_by_staff by person {}',
      'staff.enabled by person {}',
    ]);
  });

  it('another role counts from the next request, and ends the sessions with the old one', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    const olga = await aMemberOfStaff('olga', 'operator');
    await ada.browser.get(urlOf(olga));
    await ada.browser.post(urlOf(olga, '/role'), { role: 'auditor' });
    expect((await olga.browser.get('/staff/people')).headers.location).toMatch(/^\/sign-in/);
    expect((await portal.staff.list()).find(({ id }) => id === olga.id)?.staffRole).toBe('auditor');
    expect(portal.mails.at(-1)?.subject).toBe('Example Health: your role was changed');
    expect((await actsOn(olga.id)).at(-1)).toBe('staff.role_changed by person {"from":"operator","to":"auditor"}');
  });

  it('a lost authenticator app is removed, and the next sign-in sets up another one', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    const olga = await aMemberOfStaff('olga', 'operator');
    await ada.browser.get(urlOf(olga));
    await ada.browser.post(urlOf(olga, '/second-factor-reset'));
    expect((await portal.browser().signIn(olga.email)).headers.location).toBe('/account/second-factor');
    expect(await portal.db('recovery_codes').where({ person_id: olga.id })).toEqual([]);
    expect(portal.mails.map(({ subject }) => subject)).toContain(
      'Example Health: authenticator app reset by our staff',
    );
  });

  it('the last administrator who can sign in is neither disabled nor given another role', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    const bea = await aMemberOfStaff('bea', 'administrator');
    await portal.staff.createStaff({ email: 'new@isv.example', name: 'Not set up', role: 'administrator' });
    const byCommand = { actor: { kind: 'command_line' } } as const;
    expect(await portal.staff.disable({ id: bea.id }, byCommand)).toBe('changed');
    expect(await portal.staff.disable({ id: ada.id }, byCommand)).toBe('last_administrator');
    expect(await portal.staff.setRole({ email: ada.email }, 'auditor', byCommand)).toBe('last_administrator');
    expect(await portal.staff.setRole({ email: ada.email }, 'administrator', byCommand)).toBe('unchanged');
    expect((await ada.browser.get('/staff/people')).status).toBe(200);
  });

  it('of two administrators who disable each other at the same time, one stays', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    const bea = await aMemberOfStaff('bea', 'administrator');
    const by = ({ id }: Member) => ({ actor: { kind: 'person', id } }) as const;
    const done = await Promise.all([
      portal.staff.disable({ id: bea.id }, by(ada)),
      portal.staff.disable({ id: ada.id }, by(bea)),
    ]);
    expect(done.toSorted()).toEqual(['changed', 'not_staff']);
    expect((await portal.staff.list()).filter(({ disabled }) => !disabled)).toHaveLength(1);
  });

  it('no one changes their own account', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    await aMemberOfStaff('bea', 'administrator');
    await ada.browser.get('/staff/people');
    const answer = await ada.browser.post(urlOf(ada, '/role'), { role: 'auditor' });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('You cannot change your own account here.');
  });

  it('every change asks for a second factor from the last five minutes', async () => {
    const ada = await aMemberOfStaff('ada', 'administrator');
    const olga = await aMemberOfStaff('olga', 'operator');
    await ada.browser.get('/staff/people');
    portal.pass(6 * 60_000);
    const before = await portal
      .db('staff')
      .join('people', 'people.id', 'staff.person_id')
      .select('role', 'disabled_at');
    expect((await ada.browser.get('/staff/people/new')).headers.location).toBe(
      '/sign-in/second-factor?next=%2Fstaff%2Fpeople%2Fnew',
    );
    expect((await ada.browser.post('/staff/people', { name: 'x' })).headers.location).toBe('/sign-in/second-factor');
    for (const act of ['/role', '/disabling', '/enabling', '/second-factor-reset'])
      expect((await ada.browser.post(urlOf(olga, act), { role: 'auditor' })).headers.location).toBe(
        `/sign-in/second-factor?next=${encodeURIComponent(urlOf(olga))}`,
      );
    expect(
      await portal.db('staff').join('people', 'people.id', 'staff.person_id').select('role', 'disabled_at'),
    ).toEqual(before);
  });
});
