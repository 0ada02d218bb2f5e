import { randomUUID } from 'node:crypto';
import { incidentStore } from '../../src/connections/health/incident-store.js';
import { textsIn, type Texts } from '../../src/texts/texts.js';
import { launchBrowser, type Page, type TestBrowser } from '../support/visits/browser.js';
import { aPassword, totpNow } from '../support/people.js';
import { companySignIn } from '../support/company.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import { someImports } from '../clinic-files/some-imports.js';
import { anEndpoint } from '../webhooks/an-endpoint.js';
import { routesOf } from '../security/support/routes.js';
import { clinicsInEveryState, type ClinicInState } from './clinics.js';
import { here, joinByMail } from './walk.js';

let browser: TestBrowser;
export let test: TestPortal;
export let clinics: ClinicInState[];
/** Every kind of person who may see pages of the portal, each with a separate browser. */
export let people: Record<'nobody' | 'colleague' | 'newcomer' | 'member' | 'viewer' | 'secured' | 'staff', Page>;
/** Shown instead of the texts of the page's language when set. */
let shownTexts: Texts | undefined;
/** The values for each parameter of a path. */
let parameters: Record<string, string[]>;

/** Replaces the texts of all pages, or ends that. */
export const showTexts = (texts?: Texts): void => void (shownTexts = texts);

/** Starts a portal with a clinic in every state, and a browser for each kind of person. */
export async function openEveryPage(): Promise<void> {
  [browser, test] = await Promise.all([
    launchBrowser(),
    TestPortal.start({
      env: { ...signInApp, ...companySignIn, REJECTION_CONFIRM_SECONDS: '3600' },
      runtime: { textsIn: (language) => shownTexts ?? textsIn(language) },
    }),
  ]);
  const [nobody, colleague, newcomer, member, viewer, secured, staff] = await Promise.all(
    [1, 2, 3, 4, 5, 6, 7].map(() => browser.newPage()),
  );
  people = {
    nobody: nobody!,
    colleague: colleague!,
    newcomer: newcomer!,
    member: member!,
    viewer: viewer!,
    secured: secured!,
    staff: staff!,
  };
  clinics = await clinicsInEveryState(test);
  const [first] = clinics;
  await joinByMail(test, people.member, first!.tenantId, 'ana@clinic.example');
  const { services } = test.portal;
  const ana = (await services.tenants.members(first!.tenantId)).at(-1);
  for (const { tenantId } of clinics.slice(1))
    await services.tenants.addMember(test.db, tenantId, ana!.personId, 'owner');
  await joinByMail(test, people.viewer, first!.tenantId, 'vera@clinic.example', 'viewer');
  const vera = (await services.tenants.members(first!.tenantId)).at(-1);
  for (const { name, tenantId } of clinics.slice(1, 5))
    if (name !== 'Healthy') await services.tenants.addMember(test.db, tenantId, vera!.personId, 'viewer');
  // A member of only one connected clinic: no one else there is told about a failure.
  const alone = clinics.find(({ name }) => name === 'Healthy')!.tenantId;
  const [alice] = await services.tenants.members(alone);
  await services.tenants.removeMember(test.db, alone, alice!.personId);
  await joinByMail(test, people.secured, first!.tenantId, 'cara@clinic.example');
  await people.secured.goto(`${test.url}/account/second-factor/enrolment`);
  await people.secured.getByRole('button', { name: 'Show the code to scan' }).click();
  await enrol(people.secured);
  await enter(people.newcomer, await aStaffLink('newcomer'));
  await enter(people.staff, await aStaffLink('staff'));
  await enrol(people.staff);
  const handOff = await aHandOff(first!.tenantId);
  const keys = await someKeys();
  const endpoint = await anEndpoint(test);
  parameters = {
    cause: ['invalid_json', 'app_not_permitted', 'rate_limited'],
    keyId: keys.ids,
    endpointId: [endpoint.id],
    deliveryId: [endpoint.deliveryId],
    importId: Object.values(await someImports(test)),
    incidentId: await someIncidents(),
    handOffId: [handOff.id],
    receiptId: [], // a file, not a page
    offboardedId: await someOffboarded(),
    tenantId: clinics.map(({ tenantId }) => tenantId),
    invitationId: (await test.db('invitations').where({ tenant_id: first!.tenantId }).select('id')).map(
      ({ id }: { id: string }) => id,
    ),
    token: [
      handOff.link,
      await aStaffLink('another'),
      await aCompanyLink(),
      await anInvitation('open'),
      await anInvitation('expired'),
      await aResetLink('ana@clinic.example'),
      await anAddressLink(people.member, 'ana.new@clinic.example'),
      keys.link,
    ].map((url) => url.split('/').at(-1) ?? ''),
    personId: [
      ...(await services.tenants.members(first!.tenantId)).map(({ personId }) => personId),
      ...(await test.db('staff').select('person_id')).map(({ person_id: id }: { person_id: string }) => id),
    ],
  };
}

/** The public parts of the API keys that pages show. */
export const keyIdsShown = (): readonly string[] => parameters.keyId ?? [];

export async function closeEveryPage(): Promise<void> {
  await browser.close();
  await test.close();
}

/** The link in the email to a colleague who will sign in at the company. */
async function aCompanyLink(): Promise<string> {
  const email = 'company@example-health.example';
  const colleague = { email, name: 'Cora Company', role: 'operator' };
  await test.portal.services.staff.inviteStaff(colleague, { actor: { kind: 'person', id: randomUUID() } });
  const mail = await test.mail.waitFor(({ to }) => to === email);
  return /\/sign-in\/company\/invitations\/[\w-]{43}/.exec(mail.text)?.[0] ?? '';
}

/** One incident that is over, and two that are open. */
async function someIncidents(): Promise<string[]> {
  const incidents = incidentStore(test.db);
  const at = new Date('2026-11-20T12:00:00.000Z');
  const ids = ['over', 'app', 'rejections'].map(() => randomUUID());
  for (const [n, kind] of (['app', 'app', 'rejections'] as const).entries()) {
    const incident = { kind, subject: 'biz', tenantId: null, cause: 'app_misconfigured', codes: ['OAU-153'] } as const;
    await incidents.open({
      ...incident,
      codes: [...incident.codes],
      id: ids[n]!,
      openedAt: at,
      probedAt: test.clock(),
    });
    if (n === 0) await incidents.close(kind, 'biz', test.clock());
  }
  return ids;
}

/** A clinic that can come back, and one that was erased. */
async function someOffboarded(): Promise<string[]> {
  const { offboarding } = test.portal.services;
  const ids = [await test.addTenant('Leaving Clinic'), await test.addTenant('Left Clinic')];
  for (const id of ids) await offboarding.offboard(id, { kind: 'command_line' });
  await test.db('offboardings').where({ tenant_id: ids[1]! }).update({ erase_at: '2026-11-01T00:00:00.000Z' });
  await test.portal.clean();
  return ids;
}

/** A key that works, one that was revoked, and one that waits for its link. */
async function someKeys(): Promise<{ ids: string[]; link: string }> {
  const { apiKeys } = test.portal.services;
  const by = { actor: { kind: 'command_line' } } as const;
  const asked = { name: 'Nightly faxes', purpose: 'faxes', scopes: ['tokens:issue'], tenantRefs: null, expires: '' };
  const ids: string[] = [];
  for (const expires of ['', '2090-12-31']) {
    const made = await apiKeys.make({ ...asked, expires }, by);
    if (!made.ok) throw new Error(JSON.stringify(made));
    ids.push(made.made.id);
  }
  await apiKeys.revoke(ids[0]!, by);
  const link = await apiKeys.makeLink({ ...asked, name: 'Reports' }, 7 * 24 * 60, by);
  if (!link.ok) throw new Error(JSON.stringify(link));
  return { ids: [...ids, link.id], link: link.url.reveal() };
}

async function aStaffLink(name: string): Promise<string> {
  const asked = { email: `${name}@example-health.example`, name: 'Olga Berg', role: 'administrator' };
  const created = await test.portal.services.staff.createStaff(asked);
  if (!created.ok) throw new Error(created.problem);
  return created.url;
}

async function anInvitation(name: 'open' | 'expired'): Promise<string> {
  const asked = { tenantId: clinics[0]!.tenantId, email: `${name}@clinic.example`, invitedBy: null };
  const invited = await test.portal.services.invitations.invite(asked);
  if (!invited.ok) throw new Error(invited.problem);
  if (name === 'expired')
    await test.db('invitations').where({ id: invited.id }).update({ expires_at: '2026-01-01T00:00:00.000Z' });
  return invited.url;
}

async function aResetLink(email: string): Promise<string> {
  await test.portal.services.passwordResets.ask(email, {});
  const mail = await test.mail.waitFor(({ to, text }) => to === email && text.includes('/password-resets/'));
  return /https?:\S+/.exec(mail.text)?.[0] ?? '';
}

async function anAddressLink(page: Page, email: string): Promise<string> {
  await page.goto(`${test.url}/account/address`);
  await page.getByLabel('New email address').fill(email);
  await page.getByLabel('Current password').fill(aPassword);
  await page.getByRole('button', { name: 'Email me the link' }).click();
  await page.waitForURL('**/account?notice=address_asked');
  const mail = await test.mail.waitFor(({ to }) => to === email);
  return /https?:\S+/.exec(mail.text)?.[0] ?? '';
}

/** A link for a colleague, which the colleague has opened. */
async function aHandOff(tenantId: string): Promise<{ id: string; link: string }> {
  const { member, colleague } = people;
  await member.goto(`${test.url}/tenants/${tenantId}/hand-offs`);
  await member.getByRole('button', { name: 'Make a link for a colleague' }).click();
  const link = await member.getByLabel('Link for your colleague', { exact: true }).inputValue();
  await colleague.goto(here(test, link));
  await colleague.getByRole('button', { name: 'Continue' }).click();
  await colleague.waitForURL('**/guide');
  return { id: new URL(colleague.url()).pathname.split('/')[2] ?? '', link };
}

async function enter(page: Page, link: string): Promise<void> {
  await page.goto(here(test, link));
  await page.getByLabel('Choose a password').fill(aPassword);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/account/second-factor');
}

async function enrol(page: Page): Promise<void> {
  const secret = (await page.locator('code.secret').innerText()).replaceAll(' ', '');
  await page.getByLabel('Code', { exact: true }).fill(totpNow(secret, test.clock()));
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.waitForURL('**/account/recovery-codes'); // the page is shown until the codes are confirmed
}

/** What a page is asked that shows other states of it. */
const queries: Record<string, string[]> = {
  '/staff/tenants': [
    '?state=failing',
    '?q=clinic',
    '?q=healthy&state=healthy',
    '?q=no+such+name',
    '?q=healthy&state=failing',
    '?invited=silent',
  ],
};

/** Every path of a route, with all known values for its parameters. */
function pathsOf(route: string): string[] {
  const name = /:(\w+)/.exec(route)?.[1];
  if (name === undefined) return [route, ...(queries[route.replace(/\/$/, '')] ?? []).map((query) => route + query)];
  const values = parameters[name];
  if (!values) throw new Error(`${route}: add values for :${name} here`);
  return values.flatMap((value) => pathsOf(route.replace(`:${name}`, value)));
}

/** Pages that differ only in tokens, ids or the clinic are checked once. */
const comparable = (html: string) =>
  clinics.reduce(
    (same, { name }) => same.replaceAll(`${name} Clinic`, 'Clinic'),
    html.replaceAll(/name="_csrf" value="[^"]+"/g, '').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\/[\w-]{43}"/g, ''),
  );

/** An id would mean nothing to a person who looks at the pictures. */
export const shotName = (path: string): string =>
  clinics
    .reduce((name, { tenantId, name: clinic }) => name.replace(tenantId, clinic.toLowerCase()), `all${path}`)
    .replaceAll(/[^a-z-]+/g, '-')
    .slice(0, 80);

/** A page as one person sees it, with the HTML of the answer. */
export type PageSeen = { who: Page; route: string; path: string; html: string };

/**
 * Every page in every state as each kind of person who may see it, and the routes no one sees. `inTexts` are the texts
 * to show, undefined for those of the page's language; the pages in each of them are listed, similar ones once. Texts
 * change nothing in who may see a page and which pages are similar, so a page that is not listed in the first ones is
 * not asked for in the others.
 */
export async function everyPage(
  inTexts: readonly (Texts | undefined)[],
): Promise<{ pages: PageSeen[][]; unseen: string[] }> {
  const routes = routesOf(test.portal.mounts).filter(({ method }) => method === 'get');
  const unseen: string[] = [];
  const pages = inTexts.map(() => new Map<string, PageSeen>());
  for (const route of routes) {
    let looks = 0;
    for (const path of pathsOf(route.path))
      for (const who of Object.values(people))
        for (const [index, texts] of inTexts.entries()) {
          showTexts(texts);
          const answer = await who.context().request.get(test.url + path, { maxRedirects: 0 });
          if (answer.status() !== 200 && index > 0) throw new Error(`${path}: not in all texts`);
          if (answer.status() !== 200) break;
          looks += 1;
          // What programs read, and files to keep, are no pages.
          if (!answer.headers()['content-type']?.startsWith('text/html')) break;
          const html = await answer.text();
          const key = comparable(html);
          const isListed = pages[index]!.has(key);
          if (isListed && index === 0) break;
          if (!isListed) pages[index]!.set(key, { who, route: route.path, path, html });
        }
    if (looks === 0) unseen.push(route.path);
  }
  showTexts();
  return { pages: pages.map((found) => [...found.values()]), unseen };
}

/** Visits the pages of each person one after the other, and of all persons in parallel. */
export async function visitEach(pages: readonly PageSeen[], visit: (page: PageSeen) => Promise<void>): Promise<void> {
  const lanes = Object.values(people).map(async (person) => {
    for (const page of pages.filter(({ who }) => who === person)) await visit(page);
  });
  await Promise.all(lanes);
}
