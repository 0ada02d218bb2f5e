import { fixOwnerOf } from '../../../src/connections/health/causes.js';
import type { Notice } from '../../../src/notifications/notice-store.js';
import { invitationPage, invitationState, invitePage } from '../../../src/staff/tenants/invitation-page.js';
import { newTenantPage, tenantSettingsPage } from '../../../src/staff/tenants/tenant-form-pages.js';
import { approvalPage } from '../../../src/staff/clinic/account-approval-page.js';
import { checksPage } from '../../../src/staff/clinic/checks-page.js';
import { clinicActivityPage } from '../../../src/staff/clinic/clinic-activity-page.js';
import { clinicPages } from '../../../src/staff/clinic-urls.js';
import { overviewPage } from '../../../src/staff/clinic/overview-page.js';
import { clinicPeoplePage } from '../../../src/staff/clinic/people-page.js';
import { settingsPage } from '../../../src/staff/clinic/settings-page.js';
import { minutes, samples } from '../../connections/sample-connections.js';
import { render } from '../../views/render.js';
import {
  aTenant,
  evidence,
  evidences,
  facts,
  held,
  invitation,
  type TenantEvidence,
} from '../tenants/sample-tenants.js';

const { t, clock } = facts;
const tenant = aTenant('north', 'Riverside Family Clinic');

describe('the form for a new clinic', () => {
  it('keeps the typed values and shows each error at its field, in the order of the page', async () => {
    const typed = { name: '', externalRef: 'clinic-7', environment: 'biz', timeZone: 'Denver' };
    const page = newTenantPage(t, ['production', 'biz'], typed, [
      { field: 'timeZone', code: 'unknown' },
      { field: 'externalRef', code: 'duplicate' },
      { field: 'name', code: 'missing' },
    ]);
    expect(page.errors.map(({ href }) => href)).toEqual(['#name', '#external_ref', '#time_zone']);
    const html = await render('staff/new-tenant', { page });
    expect(html).toContain('value="clinic-7"');
    expect(html).toContain('<option value="Denver" selected>Denver</option>');
    expect(html).toMatch(/value="biz" checked/);
    for (const { text } of page.errors) expect(html.split(text)).toHaveLength(3);
  });

  it('offers only environments with an app of the ISV, and no choice if there is only one', async () => {
    expect(newTenantPage(t, ['production', 'biz']).environment?.items.map(({ value }) => value)).toEqual([
      'production',
      'biz',
    ]);
    const page = newTenantPage(t, ['production']);
    expect(page.environment).toBeNull();
    expect(await render('staff/new-tenant', { page })).not.toContain('name="environment"');
  });
});

describe('the language and time zone of a clinic', () => {
  it('shows the current values and the error of each', async () => {
    expect(tenantSettingsPage({ ...tenant, hasSignInApp: false }, tenant, t)).toMatchObject({
      errors: [],
      language: {
        items: [
          { text: 'English', checked: true },
          { text: 'Español', checked: false },
        ],
      },
    });
    const zones = (page: ReturnType<typeof tenantSettingsPage>) =>
      page.timeZone.items.filter(({ selected }) => selected).map(({ text }) => text);
    expect(zones(tenantSettingsPage({ ...tenant, hasSignInApp: false }, tenant, t))).toEqual([
      'Mountain Time – Denver',
    ]);
    const honduras = { ...tenant, timeZone: 'America/Tegucigalpa' };
    expect(zones(tenantSettingsPage({ ...tenant, hasSignInApp: false }, honduras, t))).toEqual(['America/Tegucigalpa']);
    const refused = tenantSettingsPage(
      { ...tenant, hasSignInApp: false },
      { ...tenant, language: '', timeZone: 'Denver' },
      t,
      [
        { field: 'language', code: 'unknown' },
        { field: 'timeZone', code: 'unknown' },
      ],
    );
    expect(refused.errors.map(({ href }) => href)).toEqual(['#language', '#time_zone']);
    const html = await render('staff/clinic/settings-form', { page: refused });
    expect(html).toContain('value="Denver"');
    for (const { text } of refused.errors) expect(html.split(text)).toHaveLength(3);
  });

  it('SEC-18: can be changed from the clinic’s page, but not by an auditor or operator', () => {
    const linked = (mayManage: boolean) =>
      settingsPage(evidences.kept!, { ...facts, mayManage }).settings.change?.href ?? null;
    expect([linked(true), linked(false)]).toEqual(['/staff/tenants/north/settings/change', null]);
  });

  it('applies to the text for the clinic, whatever language staff use', () => {
    const kept = evidences.kept!;
    const page = overviewPage({ ...kept, tenant: { ...kept.tenant, language: 'es' } }, facts);
    expect(page.fix?.heading).toBe('RingCentral has not been told that Northwind Records may use this JWT');
    expect(page.fix?.other.copy.value).toContain('3. Pegue este client ID y elija Add app');
    expect(page.fix?.other.copy.value).toMatch(/^Hola:[^]*en la página Conexión\.$/);
  });
});

const pages = {
  overview: overviewPage,
  people: clinicPeoplePage,
  checks: checksPage,
  activity: clinicActivityPage,
  settings: settingsPage,
};
const renderAll = (found: TenantEvidence, given = facts) =>
  Promise.all(clinicPages.map((name) => render(`staff/clinic/${name}`, { page: pages[name](found, given) })));

describe('the pages of a clinic', () => {
  it.each(Object.keys(evidences))('render with one heading and without gaps: %s', async (name) => {
    for (const html of await renderAll(evidences[name]!)) {
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html).not.toMatch(/undefined|\[object|NaN/);
    }
  });

  it('say on each of them which clinic it is, its state, since when, who must act, and which page is the current one', async () => {
    const all = await renderAll(evidences.kept!);
    const hrefs = ['', '/people', '/checks', '/activity', '/settings'].map((path) => `/staff/tenants/north${path}`);
    for (const [index, html] of all.entries()) {
      expect(html).toMatch(/<h1[^>]*><bdi>Riverside Family Clinic<\/bdi><\/h1>/);
      expect(html).toMatch(/badge--pending">Setting up<\/span>\s+<time datetime="[^"]+">Since Nov \d+, 2026, .*ago\)/);
      expect(html).toContain('The clinic needs to act.');
      const [, nav = ''] = /<nav class="subnav" aria-label="Pages of this clinic">([^]*?)<\/nav>/.exec(html) ?? [];
      const links = [...nav.matchAll(/href="([^"]+)"( aria-current="page")?/g)];
      expect(links.map(([, href]) => href)).toEqual(hrefs);
      expect(links.flatMap(([, , current], at) => (current ? [at] : []))).toEqual([index]);
      expect(html).toMatch(/action="\/staff\/tenants\/north\/checks"[^]*Check now/);
      expect(html).toMatch(/href="\/staff\/tenants\/north\/people#invite"[^>]*>Invite</);
    }
    const titles = all.map((html) => /<title>([^<]*) – /.exec(html)?.[1]);
    expect(titles).toEqual([
      'Riverside Family Clinic',
      'People: Riverside Family Clinic',
      'Checks: Riverside Family Clinic',
      'Activity: Riverside Family Clinic',
      'Settings: Riverside Family Clinic',
    ]);
  });

  it.each([
    ['failing', 'The clinic needs to act.'],
    ['healthy', 'No one needs to act.'],
    ['fresh', 'The clinic has not connected yet.'],
    ['held', 'We need to decide about a new account.'],
  ])('name who must act: %s', (name, said) => {
    expect(overviewPage(evidences[name]!, facts).who).toBe(said);
  });

  it('show sentences; the codes that support may ask for are in small print', async () => {
    const [overview = '', , checks = '', activity = ''] = await renderAll(evidences.kept!);
    expect(overview).toContain('data-state="pending" data-cause="app_not_permitted" data-fix-owner="tenant"');
    expect(overview).toMatch(/Client ID not added<\/bdi><span class="note"><bdi>app_not_permitted</);
    expect(checks).toMatch(/Rejected: Client ID not added<\/bdi><span class="note"><bdi>[^<]*OAU-473[^<]*8f1c0d6e/);
    expect(activity).toMatch(/Rejected: Client ID not added<\/bdi><span class="note"><bdi>verdict: refused, cause:/);
    for (const text of ['Olga Petrov', 'JWT or RingCentral sign-in checked']) expect(activity).toContain(text);
    expect(activity).toContain('href="/staff/tenants/north/activity?before=6#activity"');
    expect(overview).toContain('clinic-north');
  });

  const rowsOf = (page: ReturnType<typeof overviewPage>) =>
    new Map([...page.state.rows, ...page.identity.rows].map(({ key, value }) => [key, value]));
  const checkRowsOf = (found: TenantEvidence) =>
    new Map(checksPage(found, facts).plan.rows.map(({ key, value }) => [key, value]));

  it('shows the last check and the last clear answer as two facts, and says of a check that it had no answer', () => {
    const rows = checkRowsOf(evidence(samples.unanswered!));
    expect(rows.get('Last check')).toMatchObject({
      time: { iso: minutes(-1).toISOString() },
      note: 'RingCentral answered with an error',
    });
    const { lastClear } = samples.unanswered!.view.connection.health;
    expect(rows.get('Last clear answer')).toMatchObject({ text: 'It works', time: { iso: lastClear?.at } });
    expect(lastClear?.at).not.toBe(minutes(-1).toISOString());
    const refused = checkRowsOf(evidences.failing!);
    expect(refused.get('Last clear answer')).toMatchObject({ text: 'Rejected: JWT no longer accepted' });
    expect(refused.get('Last check')).not.toHaveProperty('note');
  });

  it('says how the clinic is connected', () => {
    const { view, checks } = samples.healthy!;
    const active = { ...view.active!, method: 'authorization_code' as const };
    const ways = [view, { ...view, active }, { ...view, active: null }].map((one) =>
      rowsOf(overviewPage(evidence({ view: one, checks }), facts)).get('Method'),
    );
    expect(ways).toEqual(['A JWT', 'A RingCentral sign-in', undefined]);
  });

  it('speaks of a connection in the past tense while it does not work', () => {
    const works = rowsOf(overviewPage(evidences.healthy!, facts));
    expect([works.has('Connected since'), works.has('Acts as')]).toEqual([true, true]);
    const fails = rowsOf(overviewPage(evidences.failing!, facts));
    expect([fails.has('Connected since'), fails.has('Acts as'), fails.has('Acted as')]).toEqual([false, false, true]);
  });

  it('shows a change of the user in staff’s terms, with its possible consequences', async () => {
    const html = await render('staff/clinic/overview', { page: overviewPage(evidences.owner_changed!, facts) });
    for (const told of ['now Frozen.', 'may soon reject the JWT', 'administrator of the clinic&#39;s RingCentral'])
      expect(html).toContain(told);
    expect(html).not.toContain('paste it here');
  });

  it.each([
    [0, 'it has no members'],
    [1, 'Only one person at the clinic hears about problems.'],
    [2, null],
  ])('if %i people would be told of a failure, says: %s', (count, told) => {
    const [ann] = evidences.healthy!.members;
    const members = Array.from({ length: count }, () => ann!);
    const { reach } = clinicPeoplePage(evidence(samples.healthy!, { members }), facts);
    if (told === null) expect(reach).toBeNull();
    else expect(reach).toContain(told);
    expect(clinicPeoplePage(evidence(samples.not_connected!, { members }), facts).reach).toBeNull();
  });

  it('shows the text to send exactly if the clinic can fix it', () => {
    const page = overviewPage(evidences.kept!, facts);
    expect(page.fix?.other.copy.value).toContain('3. Paste this client ID and choose Add app.');
    expect(page.fix?.other.copy.value).toContain(facts.isv.clientId);
    expect(fixOwnerOf('account_shared')).toBe('isv');
    expect(overviewPage(evidences.held!, facts).fix).toBeNull();
  });

  describe('with something that the clinic can fix', () => {
    const two = [
      { id: 'ann', name: 'Ann Whitfield', email: 'ann@c.example', since: minutes(-60), role: 'owner' as const },
      { id: 'bob', name: 'Bob Hale', email: 'bob@c.example', since: minutes(-60), role: 'member' as const },
      { id: 'vera', name: 'Vera Lund', email: 'vera@c.example', since: minutes(-60), role: 'viewer' as const },
    ];
    const names = new Map(two.map(({ id, name }) => [id, { name }]));
    const notice = (personId: string, at: Date, more: Partial<Notice> = {}): Notice => ({
      ...{ id: `fix-${personId}`, about: 'mail-1', kind: 'fix', tenantId: 'north', personId },
      ...{ createdAt: at, settledAt: at, outcome: 'delivered', error: null, ...more },
    });
    const fixOf = (more: Partial<TenantEvidence>, given = facts) =>
      overviewPage({ ...evidences.kept!, members: two, names, ...more }, given).fix!;

    it('says to whom the email goes: owners and members, not viewers', () => {
      expect(fixOf({}).to).toBe('The email with the steps goes to Ann Whitfield and Bob Hale.');
      expect(fixOf({}).send?.action).toBe('/staff/tenants/north/fix-mails');
      const none = fixOf({ members: two.slice(2) });
      expect([none.send, none.to]).toEqual([
        null,
        'No one at the clinic gets the email with the steps. Invite an owner or a member first.',
      ]);
    });

    it('says when it was emailed last, to whom, and what came of it, and offers it again after an hour', async () => {
      const bounced = { outcome: 'refused', error: 'address_refused' } as const;
      const sent = (at: Date) => [notice('ann', at), notice('bob', at, bounced)];
      const soon = fixOf({ lastFix: sent(minutes(-59)) });
      expect(soon.send).toBeNull();
      expect(soon.again).toMatch(/^You can email it again in 1 minute \(/);
      expect(soon.last?.text).toMatch(/^Last emailed on Nov 21, 2026, .* \(59 minutes ago\):$/);
      expect(soon.last?.items).toEqual([
        { name: 'Ann Whitfield', outcome: 'Accepted by the mail server' },
        {
          name: 'Bob Hale',
          outcome: expect.stringMatching(/^Not delivered: contact them another way\. .*address does not exist/),
        },
      ]);
      expect(fixOf({ lastFix: sent(minutes(-60)) })).toMatchObject({ again: null, send: { button: {} } });
      const html = await render('staff/clinic/overview', {
        page: overviewPage({ ...evidences.kept!, members: two, names, lastFix: sent(minutes(-59)) }, facts),
      });
      expect(html).toMatch(/<bdi>Bob Hale<\/bdi>: Not delivered/);
    });

    it('SEC-18: offers an auditor no button', () => {
      expect(fixOf({}, { ...facts, mayChange: false }).send).toBeNull();
    });
  });

  it.each([
    [1, 'key_missing', 'The key that sealed what the clinic gave us is missing.', 'Tried once'],
    [4, 'stopped', 'The process stopped during the check.', 'Tried 4 times in a row'],
  ] as const)('says that a check failed %i times, and why: %s', async (times, because, ...told) => {
    const { view, checks } = samples.checking!;
    const sample = { view: { ...view, trouble: { times, because } }, checks };
    const html = await render('staff/clinic/overview', { page: overviewPage(evidence(sample), facts) });
    for (const text of told) expect(html).toContain(text);
  });

  it('SEC-11: links a held account to a separate page, which approves exactly the account it shows', async () => {
    expect(overviewPage(evidence(held), facts).withheld?.approve?.href).toBe('/staff/tenants/north/account-approval');
    const html = await render('staff/clinic/approval', { page: approvalPage(evidence(held), t) });
    expect(html).toContain('action="/staff/tenants/north/account-approval"');
    expect(html).toContain('name="account_id" value="37439510"');
    expect(html).toContain('action="/staff/tenants/north/account-refusal"');
    expect(html).toContain('Refuse this account');
    expect(html).toContain('May Riverside Family Clinic connect as Riverside Family Clinic?');
    expect(html).toContain('We then destroy what the clinic gave us for it, and the clinic must connect again.');
  });

  it('SEC-18: lets an auditor read everything and change nothing', async () => {
    const all = await renderAll(evidence(held), { ...facts, mayChange: false, mayManage: false });
    expect(all[0]).toContain('An account is waiting for approval');
    for (const html of all) expect(html).not.toMatch(/<form|settings\/change|#invite|\/export|\/offboarding/);
  });

  it('SEC-16: shows names as text', async () => {
    const odd = { ...tenant, name: '<img src=x onerror=alert(1)>' };
    for (const html of await renderAll(evidence(samples.healthy!, { tenant: odd }))) {
      expect(html).not.toContain('<img src=x');
      expect(html).toContain('&lt;img src=x');
    }
  });
});

it('has nothing to approve if no account is held', () => {
  expect(approvalPage(evidence(samples.healthy!), t)).toBeNull();
});

describe('an invitation', () => {
  const link = 'https://portal.example/invitations/abc';
  const pageOf = (given: Partial<Parameters<typeof invitationPage>[0]>) =>
    invitationPage({ tenant, invitation, link: null, mayChange: true, ...given }, t, clock);

  it('shows its link for copying to the person who hands it over', async () => {
    const html = await render('staff/invitation', {
      page: pageOf({ link, invitation: { ...invitation, byHand: true } }),
    });
    expect(html).toContain(link);
    expect(html).toContain('Hand this link over to ann.whitfield@riverside-clinic.example yourself.');
  });

  it('SEC-61: otherwise says where the link is, and offers a new one', async () => {
    const html = await render('staff/invitation', { page: pageOf({}) });
    expect(html).toContain('The link is in the email to that address. No one here can see it.');
    const handed = await render('staff/invitation', { page: pageOf({ invitation: { ...invitation, byHand: true } }) });
    expect(handed).toContain('The link was shown to the person who created it.');
    expect(html).toContain('action="/staff/tenants/north/invitations/inv-1/renewals"');
    expect(html).toContain('action="/staff/tenants/north/invitations/inv-1/revocation"');
  });

  it('shows no link and offers no new one after it was accepted or revoked', () => {
    for (const ended of [{ acceptedAt: minutes(-1) }, { revokedAt: minutes(-1) }]) {
      const page = pageOf({ link, invitation: { ...invitation, ...ended } });
      expect(page.link).toBeNull();
      expect([page.sendAgain, page.showLink, page.revoke]).toEqual([null, null, null]);
    }
  });

  it('SEC-18: an auditor can neither send a new one nor revoke it', () => {
    const page = pageOf({ mayChange: false });
    expect([page.sendAgain, page.showLink, page.revoke]).toEqual([null, null, null]);
  });

  it('expires on time', () => {
    expect(invitationState(invitation, new Date(invitation.expiresAt.getTime() - 1))).toBe('open');
    expect(invitationState(invitation, invitation.expiresAt)).toBe('expired');
  });

  it('keeps a rejected address and says how to correct it', async () => {
    const page = invitePage(
      t,
      tenant,
      { email: 'ann at clinic', role: 'owner' },
      { problem: 'email_unreadable' },
      clock,
    );
    const html = await render('staff/invite', { page });
    expect(html).toContain('value="ann at clinic"');
    expect(html).toContain('<title>Error: Invite someone from Riverside Family Clinic');
  });
});
