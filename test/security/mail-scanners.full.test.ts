// Only on SQLite: who opens a link and what a page answers; the writes behind it have tests of their own on PostgreSQL.
import { launchBrowser, type TestBrowser } from '../support/visits/browser.js';
import { rowsOf, tablesOf } from '../support/database/databases.js';
import { aPassword } from '../support/people.js';
import { TestPortal } from '../support/portal.js';
import type { Answer, Visitor } from '../support/visits/visitor.js';
import { makeLink } from '../hand-offs/support.js';

const MINUTE_MS = 60_000;
let test: TestPortal;
let browser: TestBrowser;
let north: string;
let count = 0;

beforeAll(async () => {
  [test, browser] = await Promise.all([TestPortal.start(), launchBrowser()]);
});
beforeEach(async () => {
  count += 1;
  north = await test.addTenant(`North Clinic ${count}`);
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

/** A link from a mail: where it leads, what the person does there, and the result. */
type Link = { path: string; accept: (person: Visitor) => Promise<Answer>; leadsTo: RegExp; signedInAs?: string };

const another = (what: string) => `${what}.${count}@clinic.example`;
const pathIn = (text: string, start: string) => new RegExp(`${start}/[\\w-]{43}`).exec(text)?.[0] ?? '';
const mailed = async (address: string, start: string) =>
  pathIn((await test.mail.waitFor(({ to, text }) => to === address && text.includes(start))).text, start);

async function anInvitation(email: string): Promise<string> {
  const invited = await test.portal.services.invitations.invite({ tenantId: north, email, invitedBy: null });
  if (!invited.ok) throw new Error(invited.problem);
  return new URL(invited.url).pathname;
}

const links: Record<string, () => Promise<Link>> = {
  async 'an invitation'() {
    const path = await anInvitation(another('carol'));
    const accept = (person: Visitor) => person.post(path, { name: 'Carol Reed', password: aPassword });
    return { path, accept, leadsTo: /^\/tenants\/[\w-]+\/guide$/ };
  },
  async 'a hand-off'() {
    const { path } = await makeLink(await test.member(north), north);
    return { path, accept: (person) => person.post(path), leadsTo: /^\/hand-offs\/[\w-]+\/guide$/ };
  },
  async 'a password reset'() {
    const { email } = await test.member(north, 'Dora Finch');
    await test.portal.services.passwordResets.ask(email, {});
    const path = await mailed(email, '/password-resets');
    const accept = (person: Visitor) => person.post(path, { password: 'eleven brown geese cross slowly' });
    return { path, accept, leadsTo: /^\/sign-in\?notice=password_reset$/ };
  },
  async 'a new address to confirm'() {
    const person = await test.member(north, 'Erin Lake');
    const email = another('erin.new');
    await person.get('/account/address');
    await person.post('/account/address', { email, current: aPassword });
    const path = await mailed(email, '/account/address-changes');
    const leadsTo = /^\/account\?notice=address_changed$/;
    return { path, accept: (again) => again.post(path), leadsTo, signedInAs: person.email };
  },
  async "a staff member's first sign-in"() {
    const asked = { email: another('olga'), name: 'Olga Berg', role: 'operator' };
    const created = await test.portal.services.staff.createStaff(asked);
    if (!created.ok) throw new Error(created.problem);
    const path = new URL(created.url).pathname;
    const accept = (person: Visitor) => person.post(path, { password: aPassword });
    return { path, accept, leadsTo: /^\/account\/second-factor$/ };
  },
  async 'a link against reminders'() {
    const email = another('fay');
    await anInvitation(email);
    const path = await mailed(email, '/reminders');
    return { path, accept: (person) => person.post(path), leadsTo: /^\/reminders\/stopped$/ };
  },
};

/** The pages of ours that a page links to, which a crawler would open. */
const linksOn = (html: string): string[] => [
  ...new Set([...html.matchAll(/\b(?:href|src|action|formaction)="(\/[^"]*)"/g)].map(([, path = '']) => path)),
];

const habits: Record<string, (link: Link) => Promise<void>> = {
  async 'HEAD asks for the headers only'({ path }) {
    expect((await test.visitor().send('head', path)).status).toBeLessThan(400);
  },
  async 'two GETs at once come from two machines'({ path }) {
    await Promise.all([test.visitor().get(path), test.visitor().get(path)]);
  },
  async 'a headless browser opens the link and runs its scripts'({ path }) {
    const page = await browser.newPage();
    const seen = await page.goto(test.url + path, { waitUntil: 'networkidle' });
    expect(seen?.ok()).toBe(true);
    expect(await page.evaluate<string>('document.readyState')).toBe('complete');
    await page.context().close();
  },
  async 'a crawler follows every link of the page, and of those pages, without POST'({ path }) {
    const crawler = test.visitor();
    const seen = new Set([path]);
    for (const next of seen) {
      const page = await crawler.get(next);
      const found = [
        page.headers.location ?? '',
        ...(page.headers['content-type']?.startsWith('text/html') ? linksOn(page.text) : []),
      ].filter((to) => to.startsWith('/'));
      if (seen.size < 60) for (const to of found) seen.add(to.replaceAll('&amp;', '&'));
    }
    expect(seen.size).toBeGreaterThan(3);
  },
  async 'a GET comes half an hour after the mail, and another one with it'({ path }) {
    await test.visitor().get(path);
    test.clock.advance(30 * MINUTE_MS);
    expect((await test.visitor().get(path)).status).toBeLessThan(400);
  },
};

/** The tables that a link could change; the worker's own tables change by themselves. */
async function written(): Promise<Record<string, object[]>> {
  const ofWorker = /^(outbox|auth_|check|connections|events|sequences|incidents|audit_checkpoints|audit_tree)/;
  /** What the worker adds to a row when it seals it. */
  const unsealed = ({
    leaf_index: _1,
    leaf_hash: _2,
    tenant_seq: _3,
    ip_hash: _4,
    ip_salt: _5,
    ...row
  }: Record<string, unknown>) => row;
  const rows: Record<string, object[]> = {};
  for (const name of await tablesOf(test.db))
    if (!ofWorker.test(name)) rows[name] = ((await rowsOf(test.db, name)) as Record<string, unknown>[]).map(unsealed);
  return rows;
}

describe.each(Object.entries(habits))('habits of mail scanners: %s', (_habit, scan) => {
  it.each(Object.entries(links))('do not consume the link: the person can still use %s', async (_what, make) => {
    const link = await make();
    const before = await written();
    await scan(link);
    const { sessions = [], ...after } = await written();
    expect(after).toEqual({ ...before, sessions: undefined });
    expect(before.sessions).toEqual(expect.arrayContaining(sessions)); // the worker may have taken what was idle
    const person = test.visitor();
    if (link.signedInAs !== undefined) {
      await person.get('/sign-in');
      await person.post('/sign-in', { email: link.signedInAs, password: aPassword });
    }
    expect((await person.get(link.path)).status).toBe(200);
    const accepted = await link.accept(person);
    expect(accepted.headers.location).toMatch(link.leadsTo);
    expect(accepted.status).toBe(303);
  });
});
