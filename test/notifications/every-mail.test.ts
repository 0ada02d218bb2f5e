import { composeMail, shortName } from '../../src/platform/mail-message.js';
import { textsIn } from '../../src/texts/texts.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { htmlTwin, isBalanced, tagsOf, textTwin } from './mail-twins.js';

const hostile = [
  ['200 characters', 'Riverside Family Clinic and Sons '.repeat(7).slice(0, 200)],
  ['200 characters without a space', 'W'.repeat(200)],
  ['right to left', 'עיברית'.repeat(30)],
  ['emoji', '👩‍⚕️'.repeat(40)],
  ['markup', '<img src=x onerror=alert(1)>"\'</td></table><script>alert(1)</script>&lt;b&gt;'],
] as const;

/** What any mail is told. Another function of the catalog gets the whole object, which says nothing of a clinic. */
const facts = (tenant: string) => ({
  ...{ isv: 'Example Health', tenant, act: 'you', at: 'Nov 29, 2026', on: 'Nov 29, 2026', since: 'Nov 28, 2026' },
  ...{ until: 'Nov 30, 2026', by: 'Olivia', email: 'ann@north.example', role: 'Owner', support: 'help@isv.example' },
  ...{ expires: 'Nov 30, 2026', choice: 'Someone else', proved: false, isOwner: true, byStaff: false, title: 'Title' },
  ...{ name: 'Key', id: 'id', scopes: 'scope', url: 'https://x.example', go: '1', noGo: '2', unknown: '3' },
});

type Section = { subject: (told: object) => string };
const isSection = (value: object): value is Section => 'subject' in value && typeof value.subject === 'function';

/** Every part of the catalog that has a subject: one mail. */
const sectionsOf = (value: unknown, path: string): [path: string, section: Section][] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, it]) => sectionsOf(it, `${path}.${key}`));
  return isSection(value) ? [[path, value], ...inner] : inner;
};

const sentencesOf = (value: unknown, told: object): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return sentencesOf((value as (it: object) => unknown)(told), told);
  if (Array.isArray(value)) return value.flatMap((it) => sentencesOf(it, told));
  return [];
};

/** The mail with all sentences that its part of the catalog has. */
function mailOf(section: Section, tenant: string) {
  const { subject, ...others } = section;
  return composeMail({
    to: 'ann@north.example',
    language: 'en',
    subject: subject(facts(shortName(tenant))),
    paragraphs: Object.values(others).flatMap((it) => sentencesOf(it, facts(tenant))),
    button: { text: 'Open the page', url: 'https://portal.example/x?a=1&b=2' },
    signature: 'Example Health. Questions? Write to help@isv.example.',
    contact: 'help@isv.example',
    unsubscribe: { text: 'Stop reminders', url: 'https://portal.example/reminders/x' },
  });
}

describe.each(['en', 'es'] as const)('every mail of the catalog "%s"', (language) => {
  const t = textsIn(language);
  const all = sectionsOf({ mails: t.mails, signIn: t.bySignIn.mails, ended: t.disconnection, hooks: t.webhooks }, 't');

  it('is found', () => {
    expect(all.length).toBeGreaterThan(40);
  });

  it.each(hostile)('with a clinic of a name of %s keeps its subject, its layout and its twin', (_what, name) => {
    for (const [path, section] of all) {
      const [mail, plain] = [mailOf(section, name), mailOf(section, 'x')];
      expect([path, textTwin(mail)]).toEqual([path, htmlTwin(mail)]);
      expect([path, tagsOf(mail.html)]).toEqual([path, tagsOf(plain.html)]);
      expect([path, isBalanced(mail.subject), mail.subject.length <= 200]).toEqual([path, true, true]);
      // What happened, and who must act, is still there.
      for (const part of section.subject(facts('§')).split('§')) expect(mail.subject).toContain(part.trim());
    }
  });
});

it('SEC-52: the mails of a portal, with a clinic of a hostile name, say the same as text and as HTML, and hold no secret', async () => {
  const test = await TestPortal.start();
  const name = `<b>Paws</b> & "עיברית" 👩‍⚕️ ${'W'.repeat(150)}`;
  const created = await test.portal.services.tenants.create({ name, externalRef: 'paws' }, { kind: 'command_line' });
  const tenantId = created.ok ? created.tenant.id : '';
  const alice = await test.member(tenantId);
  const { jwt, jti } = test.assertion('riverside');
  const mailed = (to: string, subject: RegExp) =>
    eventually(`a mail to ${to}`, () => {
      test.portal.look();
      return Promise.resolve(test.mail.messages().some((mail) => mail.to === to && subject.test(mail.subject)));
    });

  await alice.get(`/tenants/${tenantId}/credentials/new`);
  await alice.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
  await alice.get(`/tenants/${tenantId}/connection`);
  const { services } = test.portal;
  const invitedBy = (await test.db('people').where({ email: alice.email }).pluck<string[]>('id'))[0] ?? null;
  await services.invitations.invite({ tenantId, email: 'bob@north.example', invitedBy });
  test.emulator.revokeJwt(jti);
  for (let times = 0; times < 2; times += 1) {
    test.clock.advance(60_000);
    await alice.get(`/tenants/${tenantId}/connection`);
    await alice.post(`/tenants/${tenantId}/connection/checks`);
    await alice.get(`/tenants/${tenantId}/connection`);
  }
  await mailed(alice.email, /^Example Health: action needed – RingCentral is not working for \u2068<b>Paws/);
  await services.offboarding.offboard(tenantId, { kind: 'command_line' });
  await mailed(alice.email, /^Example Health: the access of \u2068<b>Paws.*…\u2069 has ended$/);
  await mailed('bob@north.example', /connect your RingCentral account/);

  for (const mail of test.mail.messages()) {
    expect([mail.subject, textTwin(mail)]).toEqual([mail.subject, htmlTwin(mail, 'Example Health')]);
    expect(mail.html).not.toContain('<b>');
    expect(mail.html.match(/style="[^"]*font:bold 16px/g) ?? []).toHaveLength(textTwin(mail).links.length > 0 ? 1 : 0);
    expect(mail.raw).not.toContain(jwt.slice(-60));
    expect(mail.html + mail.text).not.toContain(jwt.slice(-60));
  }
  await test.close();
});
