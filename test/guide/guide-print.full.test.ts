import { encode } from 'uqr';
import { createFormUrl } from '../../src/guide/guide-page.js';
import { guideRoutes } from '../../src/guide/guide-routes.js';
import { memberPaths } from '../../src/tenants/journey.js';
import { english, textsIn, type Texts } from '../../src/texts/texts.js';
import {
  expectNoSidewaysScroll,
  launchBrowser,
  pageProblems,
  type Page,
  type TestBrowser,
} from '../support/visits/browser.js';
import { pseudoTexts } from '../support/texts/pseudo-texts.js';
import { modulesOf } from '../support/texts/qr-modules.js';
import { serveViews } from '../views/serve.js';

const config = {
  clientId: 'EXAMPLEclientId_PRINT1',
  appName: 'Northwind Fax Reader',
  consoleUrl: 'https://developers.ringcentral.com',
  isvName: 'Northwind Records',
};
/** The app and the texts the page is rendered with. */
let app: Partial<typeof config> = {};
let texts: Texts = english;
let browser: TestBrowser;
let portal: Awaited<ReturnType<typeof serveViews>>;

beforeAll(async () => {
  const routes = guideRoutes({
    configFor: () => ({ ...config, ...app }),
    hasSignInApp: () => true,
    onConsole: () => Promise.resolve(),
    progress: () => Promise.resolve({ state: 'not_started' }),
  });
  [browser, portal] = await Promise.all([
    launchBrowser(),
    serveViews((express) => {
      express.use((_req, res, next) => {
        const tenant = { id: 'north', name: 'North', environment: 'production', timeZone: 'UTC', language: 'en' };
        const journey = { by: { personId: 'alice' }, paths: memberPaths('north') };
        Object.assign(res.locals, { t: texts, tenant, journey });
        next();
      });
      express.use('/tenants/:tenantId/guide', routes);
    }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

async function theSteps(language: Texts = english): Promise<Page> {
  texts = language;
  const page = await browser.newPage({ javaScript: false });
  await page.goto(`${portal.origin}/tenants/north/guide/jwt`, { waitUntil: 'load' });
  return page;
}

/** Each page of a PDF is a separate object; the page tree has the type `Pages`. */
const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;

describe.each([
  ['English', english],
  ['Spanish', textsIn('es')],
  ['words 40 % longer', pseudoTexts],
])('the steps on paper, in %s', (_name, language) => {
  it('fit on one sheet of A4 and of US Letter', async () => {
    const page = await theSteps(language);
    for (const format of ['A4', 'Letter']) expect([format, pagesOf(await page.pdf({ format }))]).toEqual([format, 1]);
  });
});

it('include the deep link as a QR code and as text, the client ID, what to ask for, and the date of the last comparison', async () => {
  const page = await theSteps();
  await page.emulateMedia({ media: 'print' });
  const link = createFormUrl(config);
  const picture = page.getByRole('img', { name: 'Scan this code to open the form in RingCentral.' });
  const size = Number((await picture.getAttribute('viewBox'))?.split(' ').at(-1));
  const path = (await picture.locator('path').getAttribute('d')) ?? '';
  expect(modulesOf(size, path)).toEqual(encode(link, { ecc: 'M', border: 4 }).data);
  // A camera can read modules of half a millimeter; an inch has 96 CSS pixels.
  const millimetres = ((await picture.boundingBox())?.width ?? 0) * (25.4 / 96);
  expect(millimetres / size).toBeGreaterThan(0.5);
  const paper = await page.locator('main').innerText();
  for (const said of ['Developer Portal Access', 'Third Party Apps Access', 'on November 21, 2026'])
    expect(paper).toContain(said);
  const clientId = page.getByLabel('Client ID of Northwind Fax Reader', { exact: true }).first();
  expect([await clientId.isVisible(), await clientId.inputValue()]).toEqual([true, config.clientId]);
  const address = `getComputedStyle(document.querySelector('a[href="${link}"]'), '::after').content`;
  expect(await page.evaluate(address)).toContain(link);
  const drawings = page.locator('.steps .drawing');
  expect(await drawings.count()).toBe(7);
  for (const drawing of await drawings.all()) expect((await drawing.boundingBox())?.width).toBeGreaterThan(90);
});

it('on screen, have no QR code, and show the date where a screen looks different', async () => {
  const page = await theSteps();
  await page.getByText('My screen looks different').click();
  expect(await page.locator('.qr').isVisible()).toBe(false);
  expect(await page.locator('main').innerText()).toContain('on November 21, 2026.');
});

it('have drawings that say their action as text, and are larger than the text beside them', async () => {
  const verbs = {
    en: /^(Paste|Look|Leave|Choose|Point|Under .* choose)\b/,
    es: /^(Pegue|Mire|Deje|Elija|Señale|Debajo .* elija) /,
  };
  for (const language of ['en', 'es'] as const) {
    const page = await theSteps(textsIn(language));
    const drawings = await page.locator('.steps .drawing').all();
    expect(drawings).toHaveLength(7);
    for (const drawing of drawings) expect((await drawing.getAttribute('aria-label')) ?? '').toMatch(verbs[language]);
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      expect((await drawings[0]?.boundingBox())?.width).toBeGreaterThanOrEqual(280);
    }
  }
});

it.each([
  ['200 characters', 'Northwind Fax Reader of the Western States '.repeat(5).slice(0, 200)],
  ['200 characters without a space', 'W'.repeat(200)],
  ['right to left', 'قارئ الفاكس في العيادة '.repeat(8)],
  ['emoji', '👩‍⚕️'.repeat(60)],
  ['markup', '<b style="position:fixed;inset:0">x</b><script>alert(1)</script>'.repeat(3)],
])('draw an app name of %s inside its cell, and cut it there', async (_what, appName) => {
  app = { appName };
  const page = await theSteps();
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoSidewaysScroll(page);
    for (const given of await page.locator('.drawing__given').all()) {
      const [text, cell] = [await given.boundingBox(), await given.locator('..').boundingBox()];
      expect(text?.width).toBeLessThanOrEqual((cell?.width ?? 0) + 1);
      expect(text?.height).toBeLessThanOrEqual((cell?.height ?? 0) + 1);
      expect(await given.evaluate((it) => it.scrollWidth > it.clientWidth)).toBe(true); // cut, with an ellipsis
      expect(await given.innerText()).toContain(appName.trim());
    }
  }
  expect(pageProblems(page)).toEqual([]);
  app = {};
});
