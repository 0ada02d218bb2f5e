// Only on SQLite: words and layout are the same on both databases.
import { textsIn, type Texts } from '../../src/texts/texts.js';
import { axeViolations, expectNoSidewaysScroll } from '../support/visits/browser.js';
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
import { EVERY_PAGE_MS, takeShot } from './walk.js';

beforeAll(openEveryPage, 120_000);
afterAll(closeEveryPage);

/** Content of pages that is not our text: names given by people and RingCentral, times, support codes. */
const data = [
  /Example Health( Fax)?|Olga Berg|Alice Moss|Ida Inviter|English|Español|UTC/g,
  /[\w.-]+@[\w.-]+\.example/g,
  /http:\/\/127\.0\.0\.1:1\/hand-offs\/[\w-]{43}/g,
  /\d+ [A-Z][a-z]+( \d{4})?( at \d\d:\d\d)?|(in )?\d+ [a-z]+( ago)?|\bnow\b/g,
  /Riverside Family Clinic|Northgate Pediatrics|Harbor Dental Group|Lakeside Orthopedics|Cedar Hill Imaging|Example (Clinic|User) \d+|Fax Integration|(Fax)?User/g,
  /\b(verdict|cause|trigger|because|needs): \w+|\bwhat: (status|type|admin|roles| )+|repairs: \d+|(repeated|revoked|secondFactor|knownDevice): (true|false)|(answer|role|how): \w+|route: [A-Z]+ [\w/:-]+/g, // what staff see of an event
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
 * Every page in other texts and at the width of a phone.
 * @returns the pages that scroll sideways, and the results of `find`
 */
async function everyPageIn(texts: Texts, find: (seen: PageSeen) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  showTexts(texts);
  for (const page of Object.values(people)) await page.setViewportSize({ width: 320, height: 900 });
  const { pages } = await everyPage();
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
    const found = await everyPageIn(pseudoTexts, async ({ who, path }) => {
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
    const found = await everyPageIn(textsIn('es'), async ({ who, path, route }) => {
      await takeShot(who, `es-${shotName(path)}`);
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
