import { randomUUID } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import { incidentStore } from '../../src/connections/health/incident-store.js';
import { textsIn, type Texts } from '../../src/texts/texts.js';
import {
  axeViolations,
  expectNoSidewaysScroll,
  launchBrowser,
  type Page,
  type TestBrowser,
} from '../support/visits/browser.js';
import { isPostgres } from '../support/database/databases.js';
import { aPassword, totpNow } from '../support/people.js';
import { pseudoTexts } from '../support/texts/pseudo-texts.js';
import { TestPortal } from '../support/portal.js';
import { routesOf } from '../security/support/routes.js';
import { clinicsInEveryState, type ClinicInState } from './clinics.js';
import { wordsOfItsOwn } from './texts-on-page.js';
import { expectSound, here, joinByMail, takeShot } from './walk.js';

let browser: TestBrowser;
let test: TestPortal;
let clinics: ClinicInState[];
/** Every kind of person who may see pages of the portal, each with a separate browser. */
let people: Record<'nobody' | 'colleague' | 'newcomer' | 'member' | 'secured' | 'staff', Page>;
/** Replaces the texts of the page's language when set. */
let shownTexts: Texts | undefined;
/** The pages that were checked, each once. */
const looked: { who: Page; route: string; path: string }[] = [];
/** The values for each parameter of a path. */
let parameters: Record<string, string[]>;

beforeAll(async () => {
  [browser, test] = await Promise.all([
    launchBrowser(),
    TestPortal.start({
      env: { REJECTION_CONFIRM_SECONDS: '3600' },
      outside: { textsIn: (language) => shownTexts ?? textsIn(language) },
    }),
  ]);
  const [nobody, colleague, newcomer, member, secured, staff] = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(() => browser.newPage()),
  );
  people = {
    nobody: nobody!,
    colleague: colleague!,
    newcomer: newcomer!,
    member: member!,
    secured: secured!,
    staff: staff!,
  };
  clinics = await clinicsInEveryState(test);
  const [first] = clinics;
  await joinByMail(test, people.member, first!.tenantId, 'ana@clinic.example');
  const { services } = test.portal;
  const ana = (await services.tenants.members(first!.tenantId)).at(-1);
  for (const { tenantId } of clinics.slice(1)) await services.tenants.addMember(test.db, tenantId, ana!.personId);
  // A member of only one connected clinic: no one else there is told about a failure.
  const alone = clinics.find(({ name }) => name === 'Healthy')!.tenantId;
  const [alice] = await services.tenants.members(alone);
  await services.tenants.removeMember(test.db, alone, alice!.personId);
  await joinByMail(test, people.secured, first!.tenantId, 'cara@clinic.example');
  await people.secured.goto(`${test.url}/account/second-factor/enrolment`);
  await people.secured.getByRole('button', { name: 'Show the picture to scan' }).click();
  await enrol(people.secured);
  await enter(people.newcomer, await aStaffLink('newcomer'));
  await enter(people.staff, await aStaffLink('staff'));
  await enrol(people.staff);
  const handOff = await aHandOff(first!.tenantId);
  parameters = {
    incidentId: await someIncidents(),
    handOffId: [handOff.id],
    tenantId: clinics.map(({ tenantId }) => tenantId),
    invitationId: (await test.db('invitations').where({ tenant_id: first!.tenantId }).select('id')).map(
      ({ id }: { id: string }) => id,
    ),
    token: [
      handOff.link,
      await aStaffLink('another'),
      await anInvitation('open'),
      await anInvitation('expired'),
      await aResetLink('ana@clinic.example'),
      await anAddressLink(people.member, 'ana.new@clinic.example'),
    ].map((url) => url.split('/').at(-1) ?? ''),
    personId: (await services.tenants.members(first!.tenantId)).map(({ personId }) => personId),
  };
}, 120_000);
afterAll(async () => {
  await browser.close();
  await test.close();
});

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
  await page.getByLabel('New e-mail address').fill(email);
  await page.getByLabel('Your password as it is now').fill(aPassword);
  await page.getByRole('button', { name: 'Mail me the link' }).click();
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

/** Every path of a route, with all known values for its parameters. */
function pathsOf(route: string): string[] {
  const name = /:(\w+)/.exec(route)?.[1];
  if (name === undefined) return [route];
  const values = parameters[name];
  if (!values) throw new Error(`${route}: add values for :${name} here`);
  return values.flatMap((value) => pathsOf(route.replace(`:${name}`, value)));
}

const rules = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'doctype-style': ['error', { style: 'lowercase' }],
    'no-trailing-whitespace': 'off',
    'no-redundant-role': 'off', // without bullets, a list of links needs its role
    'long-title': 'off',
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }], // a list of checkboxes
    'no-implicit-button-type': 'off', // our buttons submit their form
    'meta-refresh': 'off', // without the script, a waiting page reloads itself
    'prefer-native-element': 'off', // as govuk-frontend documents links that look like buttons
  },
});

/** Compresses with less effort than the portal, so the result is never smaller. */
const compressed = (body: Buffer | string) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;
/** The weight of each style and script by its address. */
const weights = new Map<string, number>();
async function weigh(url: string, body: () => Promise<Buffer>): Promise<number> {
  const weight = weights.get(url) ?? compressed(await body());
  weights.set(url, weight);
  return weight;
}

/** Pages that differ only in tokens, ids or the clinic are checked once. */
const comparable = (html: string) =>
  clinics.reduce(
    (same, { name }) => same.replaceAll(`${name} Clinic`, 'Clinic'),
    html.replaceAll(/name="_csrf" value="[^"]+"/g, '').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\/[\w-]{43}"/g, ''),
  );

/** A colleague sees the same pages as a member, at other addresses. */
const placeOf = (path: string) =>
  path
    .replace('/hand-offs/:handOffId/result', '/tenants/:tenantId/connection')
    .replace('/hand-offs/:handOffId', '/tenants/:tenantId');

/** Content of pages that is not our text: names given by people and RingCentral, times, support codes. */
const data = [
  /Example Health( Fax)?|Olga Berg|Alice Moss|Ida Inviter|English|Español|UTC/g,
  /[\w.-]+@[\w.-]+\.example/g,
  /http:\/\/127\.0\.0\.1:1\/hand-offs\/[\w-]{43}/g,
  /\d+ [A-Z][a-z]+( \d{4})?( at \d\d:\d\d)?|(in )?\d+ [a-z]+( ago)?|now/g,
  /Riverside Family Clinic|Northgate Pediatrics|Harbor Dental Group|Lakeside Orthopedics|Cedar Hill Imaging|Fax Integration|(Fax)?User/g,
  /\b(verdict|cause|trigger|because): \w+|\bwhat: (status|type|admin|roles| )+|repairs: \d+|(repeated|revoked): (true|false)|answer: \w+/g, // what staff see of an event
  /\b[a-z]+(_[a-z]+)+\b|\b[A-Z]{3}-\d+\b|EXAMPLEclientId_\d+|[\w-]{22}|\b([A-Z2-7]{4} ?){8}/g,
  /\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b/g, // recovery codes
];
const isData = (text: string): boolean => {
  const clinicNames = clinics.map(({ name }) => `${name} Clinic`);
  const refs = clinicNames.map((name) => `ref-${name.toLowerCase().replaceAll(' ', '-')}`);
  const known = [...clinicNames, ...refs, ...data];
  return !/\p{L}/u.test(known.reduce((left: string, it) => left.replaceAll(it, ''), text));
};

/**
 * Checks the page against the rules for every page; on PostgreSQL only the HTML, because the layout does not depend
 * on the database. @returns its title
 */
async function look(page: Page, path: string, html: string): Promise<string> {
  const { results } = await rules.validateString(html);
  const invalid = results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
  expect([path, invalid]).toEqual([path, []]);
  if (!isPostgres) await lookInBrowser(page, path, html);
  const title = /<title>([^<]+)<\/title>/.exec(html)?.[1] ?? '';
  expect([path, title]).not.toEqual([path, '']);
  return title;
}

/** Reloads the page and checks that it is light, loads nothing from other hosts, and is accessible at both widths. */
async function lookInBrowser(page: Page, path: string, html: string): Promise<void> {
  const asked: string[] = [];
  const files: Promise<number>[] = [];
  const onRequest = (request: { url: () => string }) => void asked.push(request.url());
  const onResponse = (response: { url: () => string; body: () => Promise<Buffer> }) => {
    if (/\.(css|js)(\?|$)/.test(response.url())) files.push(weigh(response.url(), () => response.body()));
  };
  page.on('request', onRequest).on('response', onResponse);
  await page.goto(test.url + path, { waitUntil: 'load' });
  page.off('request', onRequest).off('response', onResponse);
  const weight = (await Promise.all(files)).reduce((sum, it) => sum + it, compressed(html));
  expect([path, weight <= 20_000, weight > 5_000]).toEqual([path, true, true]);
  expect([path, new Set(asked).size <= 6]).toEqual([path, true]);
  expect([path, asked.filter((url) => !url.startsWith(`${test.url}/`))]).toEqual([path, []]);
  await expectSound(page, { shot: shotName(path) });
}

/** An id would mean nothing to a person who looks at the pictures. */
const shotName = (path: string): string =>
  clinics
    .reduce((name, { tenantId, name: clinic }) => name.replace(tenantId, clinic.toLowerCase()), `all${path}`)
    .replaceAll(/[^a-z-]+/g, '-')
    .slice(0, 80);

it('every page in every state is accessible, valid and light, and loads nothing from other hosts', async () => {
  const routes = routesOf(test.portal.mounts).filter(({ method }) => method === 'get');
  const unseen: string[] = [];
  const seen = new Set<string>();
  const routeOfTitle = new Map<string, string>();
  for (const route of routes) {
    let looks = 0;
    for (const path of pathsOf(route.path))
      for (const page of Object.values(people)) {
        const answer = await page.context().request.get(test.url + path, { maxRedirects: 0 });
        if (answer.status() !== 200) continue;
        looks += 1;
        const html = await answer.text();
        if (seen.has(comparable(html))) continue;
        seen.add(comparable(html));
        looked.push({ who: page, route: route.path, path });
        const title = await look(page, path, html);
        const place = placeOf(route.path);
        expect([title, routeOfTitle.get(title) ?? place]).toEqual([title, place]);
        routeOfTitle.set(title, place);
      }
    if (looks === 0) unseen.push(route.path);
  }
  expect(unseen).toEqual([]);
  const shown = [...seen].flatMap(
    (html) => /data-state="(\w+)" data-cause="(\w*)"/.exec(html)?.slice(1, 3).join(' ') ?? [],
  );
  // Each state on the clinic's own page and on that of staff.
  for (const { state, cause } of clinics)
    expect([state, cause, shown.filter((it) => it === `${state} ${cause}`).length > 1]).toEqual([state, cause, true]);
}, 240_000);

it('an unknown page and a page of another role are valid too', async () => {
  for (const [who, path] of [
    ['nobody', '/no/such/page'],
    ['nobody', '/hand-offs/gone/guide'],
    ['member', '/staff/tenants'],
  ] as const) {
    const page = people[who];
    expect((await page.goto(test.url + path))?.status()).toBe(404);
    await expectSound(page, { shot: `all-404-${who}` });
  }
});

/**
 * Checks every page seen before with other texts and at the width of a phone; on PostgreSQL only the HTML.
 * @returns the pages that scroll sideways, and the results of `find`
 */
async function everyPageIn(
  texts: Texts,
  find: (page: Page, path: string, route: string) => Promise<string[]>,
): Promise<string[]> {
  expect(looked.length).toBeGreaterThan(30);
  const found: string[] = [];
  shownTexts = texts;
  const each = Object.values(people).map(async (page) => {
    await page.setViewportSize({ width: 320, height: 900 });
    for (const { path, route } of looked.filter(({ who }) => who === page)) {
      if (isPostgres) {
        const html = await (await page.context().request.get(test.url + path, { maxRedirects: 0 })).text();
        if (!html.includes(texts.common.skipToMain)) found.push(`${path}: not in these texts`);
        continue;
      }
      await page.goto(test.url + path, { waitUntil: 'load' });
      await page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
      await expectNoSidewaysScroll(page).catch((error: unknown) => found.push(`${path}: ${String(error)}`));
      found.push(...(await find(page, path, route)));
    }
  });
  await Promise.all(each).finally(() => (shownTexts = undefined));
  return found;
}

it('with words 40 % longer, every page fits a phone, and all text that is not data comes from the catalog', async () => {
  const found = await everyPageIn(pseudoTexts, async (page, path) => {
    await takeShot(page, `pseudo-${shotName(path)}`);
    return (await wordsOfItsOwn(page)).filter((text) => !isData(text));
  });
  expect([...new Set(found)]).toEqual([]);
}, 120_000);

it('in Spanish, every page fits a phone, declares its language, and is accessible', async () => {
  const routes = new Set<string>();
  const found = await everyPageIn(textsIn('es'), async (page, path, route) => {
    await takeShot(page, `es-${shotName(path)}`);
    const lang = await page.locator('html').getAttribute('lang');
    // The result of axe hardly depends on the language, so one page of each kind is enough.
    const violations = routes.has(route) ? [] : await axeViolations(page);
    routes.add(route);
    return [...(lang === 'es' ? [] : [`${path}: lang ${lang}`]), ...violations];
  });
  expect(found).toEqual([]);
}, 120_000);
