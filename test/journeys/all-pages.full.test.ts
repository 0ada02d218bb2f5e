// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
// Runs for 500 s
import { brotliCompressSync, constants } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import { textsIn, type Texts } from '../../src/texts/texts.js';
import { axeViolations, expectNoSidewaysScroll, type Page } from '../support/visits/browser.js';
import { pseudoTexts } from '../support/texts/pseudo-texts.js';
import {
  clinics,
  closeEveryPage,
  everyPage,
  keyIdsShown,
  openEveryPage,
  people,
  shotName,
  showTexts,
  test,
  visitEach,
  type PageSeen,
} from './every-page.js';
import { wordsOfItsOwn } from './texts-on-page.js';
import { EVERY_PAGE_MS, expectSound, takeShot, takeShotsAtBothWidths } from './walk.js';

const spanish = textsIn('es');
let inEnglish: PageSeen[];
let inPseudoTexts: PageSeen[];
let inSpanish: PageSeen[];
let unseen: string[];

beforeAll(async () => {
  await openEveryPage();
  const found = await everyPage([undefined, pseudoTexts, spanish]);
  [inEnglish, inPseudoTexts, inSpanish] = found.pages as [PageSeen[], PageSeen[], PageSeen[]];
  ({ unseen } = found);
}, EVERY_PAGE_MS);
afterAll(closeEveryPage);

/** Content of pages that is not our text: names given by people and RingCentral, times, support codes. */
const data = [
  /Leaving Clinic|ref-leaving-clinic|\b(people|invitations|links|keys|mails|credentials): \d+|\bby: clinic\b|\b[a-z_]+: \d{4}-\d\d-\d\dT[\d:.]+Z/g, // what is left of a clinic
  /(\btest_)?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b|^(offboardings|events|tenants|outbox)$/g, // ids and tables
  /\b[A-Z]\w+\/[A-Z][\w/ -]+|[A-Z][\w -]+ Time – [A-Z][\w ]+|Hora [\w ]+ – [A-Z][\w ]+/g, // time zones
  /Import One|W{200}|import-\d|^(external_ref|name|admin_email|language|time_zone|environment|production):?$/g, // a file of clinics
  /Tickets|(https:\/\/)?hooks\.invalid(\/in)?|\b(connection|credential|invitation|tenant|incident|audit)\.[a-z]+\b|^\{"data":\{.*"test":true.*\}$/g, // webhooks
  /Example Health( Fax)?|Olga Berg|Cora Company|Alice Moss|Ida Inviter|English|Español|UTC/g,
  /[\w.-]+@[\w.-]+\.example/g,
  /http:\/\/127\.0\.0\.1:1\/hand-offs\/[\w-]{43}/g,
  /Riverside Family Clinic|Northgate Pediatrics|Harbor Dental Group|Lakeside Orthopedics|Cedar Hill Imaging|Example (Clinic|User) \d+|Fax Integration|(Fax)?User/g,
  /[A-Z][a-z]+ \d+(, \d{4}(, \d+:\d\d [AP]M)?)?|\d+:\d\d [AP]M|(in )?\d+ [a-z]+( ago)?|\bnow\b/g,
  /\b(verdict|cause|trigger|because|needs): \w+|\bwhat: (status|type|admin|roles| )+|repairs: \d+|(repeated|revoked|secondFactor|knownDevice): (true|false)|(answer|role|how|method): \w+|route: [A-Z]+ [\w/:-]+/g, // what staff see of an event
  /Nightly faxes|Reports|tokens:issue|\bfaxes\b|\b(scopes|tenants|minutes|expires): [\w:.-]+/g, // API keys
  /\b[a-z]+(_[a-z]+)+\b|\b[A-Z]{3}-\d+\b|EXAMPLEclientId_\d+|[\w-]{22}|\b([A-Z2-7]{4} ?){8}/g,
  /\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b/g, // recovery codes
];
const isData = (text: string): boolean => {
  const clinicNames = clinics.map(({ name }) => `${name} Clinic`);
  const refs = clinicNames.map((name) => `ref-${name.toLowerCase().replaceAll(' ', '-')}`);
  const known = [...clinicNames, ...refs, ...keyIdsShown(), ...data];
  return !/\p{L}/u.test(known.reduce((left: string, it) => left.replaceAll(it, ''), text));
};

/**
 * Visits every page in other texts and at the width of a phone.
 *
 * @returns the pages that scroll sideways, and the results of `find`
 */
async function visitOnPhone(
  pages: readonly PageSeen[],
  texts: Texts,
  find: (seen: PageSeen) => Promise<string[]>,
): Promise<string[]> {
  const found: string[] = [];
  showTexts(texts);
  for (const page of Object.values(people)) await page.setViewportSize({ width: 320, height: 900 });
  expect(pages.length).toBeGreaterThan(30);
  const visit = async (seen: PageSeen) => {
    const { who, path, html } = seen;
    if (!html.includes(texts.common.skipToMain)) found.push(`${path}: not in these texts`);
    await who.goto(test.url + path, { waitUntil: 'load' });
    await who.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
    await expectNoSidewaysScroll(who).catch((error: unknown) => found.push(`${path}: ${String(error)}`));
    found.push(...(await find(seen)));
  };
  await visitEach(pages, visit).finally(() => showTexts());
  return found;
}

it(
  'with words 40 % longer, every page fits a phone, and all text that is not data comes from the catalog',
  async () => {
    const found = await visitOnPhone(inPseudoTexts, pseudoTexts, async ({ who, path }) => {
      await takeShot(who, `pseudo-${shotName(path)}`);
      if (path === '/docs/api') return []; // the words of the OpenAPI document
      return (await wordsOfItsOwn(who)).filter((text) => !isData(text));
    });
    expect([...new Set(found)]).toEqual([]);
  },
  EVERY_PAGE_MS,
);

it(
  'in Spanish, every page fits a phone, declares its language, and is accessible',
  async () => {
    const routes = new Set<string>();
    const found = await visitOnPhone(inSpanish, spanish, async ({ who, path, route }) => {
      await takeShotsAtBothWidths(who, `es-${shotName(path)}`);
      const lang = await who.locator('html').getAttribute('lang');
      // The result of axe hardly depends on the language, so one page of each kind is enough.
      const violations = routes.has(route) ? [] : await axeViolations(who);
      routes.add(route);
      return [...(lang === 'es' ? [] : [`${path}: lang ${lang}`]), ...violations];
    });
    expect(found).toEqual([]);
  },
  EVERY_PAGE_MS,
);

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

/** A colleague sees the same pages as a member, at other addresses. */
const placeOf = (path: string) =>
  path
    .replace('/hand-offs/:handOffId/result', '/tenants/:tenantId/connection')
    .replace('/hand-offs/:handOffId', '/tenants/:tenantId');

/**
 * Checks the page against the rules for every page.
 *
 * @returns its title
 */
async function look(page: Page, path: string, html: string): Promise<string> {
  const { results } = await rules.validateString(html);
  const invalid = results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
  expect([path, invalid]).toEqual([path, []]);
  await lookInBrowser(page, path, html);
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

it(
  'every page in every state is accessible, valid and light, and loads nothing from other hosts',
  async () => {
    const routeOfTitle = new Map<string, string>();
    const shown: string[] = [];
    for (const page of Object.values(people)) await page.setViewportSize({ width: 1280, height: 900 });
    await visitEach(inEnglish, async ({ who, route, path, html }) => {
      const title = await look(who, path, html);
      const place = placeOf(route);
      expect([title, routeOfTitle.get(title) ?? place]).toEqual([title, place]);
      routeOfTitle.set(title, place);
      const state = /data-state="(\w+)" data-cause="(\w*)"/.exec(html);
      if (state) shown.push(state.slice(1, 3).join(' '));
    });
    // These are no pages: some always lead on to a page, and receipts are files.
    const receipts = ['/tenants', '/staff/tenants'].map(
      (start) => `${start}/:tenantId/disconnection/receipts/:receiptId`,
    );
    const leadOn = [
      '/oauth/callback',
      '/sign-in/company/callback',
      '/tenants/:tenantId/credentials',
      '/hand-offs/:handOffId/credentials',
    ];
    expect([...unseen].sort()).toEqual([...leadOn, ...receipts].sort());
    // Each state on the clinic's own page and on that of staff.
    for (const { state, cause } of clinics)
      expect([state, cause, shown.filter((it) => it === `${state} ${cause}`).length > 1]).toEqual([state, cause, true]);
  },
  EVERY_PAGE_MS,
);

/** Pages that together have every class of the style sheets, so each component is seen once. */
function onePagePerComponent(pages: readonly PageSeen[]): PageSeen[] {
  const seen = new Set<string>();
  return pages.filter(({ html }) => {
    const classes = [...html.matchAll(/ class="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' '));
    const fresh = classes.filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    return fresh.length > 0;
  });
}

it.each([
  ['on a dark screen', 'dark', { colorScheme: 'dark' }],
  ['with forced colors', 'forced', { forcedColors: 'active' }],
] as const)(
  'each component is accessible %s',
  async (_when, mode, media) => {
    const pages = onePagePerComponent(inEnglish);
    expect(pages.length).toBeGreaterThan(8);
    const found: string[] = [];
    await visitEach(pages, async ({ who, path }) => {
      await who.emulateMedia(media);
      await who.goto(test.url + path, { waitUntil: 'load' });
      found.push(...(await axeViolations(who)).map((it) => `${path}: ${it}`));
      if (mode === 'forced') await takeShot(who, `forced-${shotName(path)}`);
      await who.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    });
    expect(found).toEqual([]);
  },
  EVERY_PAGE_MS,
);

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
