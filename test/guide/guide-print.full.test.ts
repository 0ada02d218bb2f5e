import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'uqr';
import { createFormUrl } from '../../src/guide/guide-page.js';
import { guideRoutes } from '../../src/guide/guide-routes.js';
import { memberPaths } from '../../src/tenants/journey.js';
import { english, textsIn, type Texts } from '../../src/texts/texts.js';
import { launchBrowser, type Page, type TestBrowser } from '../support/visits/browser.js';
import { pseudoTexts } from '../support/texts/pseudo-texts.js';
import { modulesOf } from '../support/texts/qr-modules.js';
import { root } from '../views/render.js';
import { serveViews } from '../views/serve.js';

const config = {
  clientId: 'EXAMPLEclientId_PRINT1',
  appName: 'Northwind Fax Reader',
  consoleUrl: 'https://developers.ringcentral.com',
  isvName: 'Northwind Records',
};
/** The texts the page is rendered with. */
let texts: Texts = english;
let browser: TestBrowser;
let portal: Awaited<ReturnType<typeof serveViews>>;

beforeAll(async () => {
  const routes = guideRoutes({
    configFor: () => config,
    hasSignInApp: () => true,
    progress: () => Promise.resolve({ state: 'not_started' }),
  });
  [browser, portal] = await Promise.all([
    launchBrowser(),
    serveViews((app) => {
      app.use((_req, res, next) => {
        const tenant = { id: 'north', name: 'North', environment: 'production', timeZone: 'UTC', language: 'en' };
        const journey = { by: { personId: 'alice' }, paths: memberPaths('north') };
        Object.assign(res.locals, { t: texts, tenant, journey });
        next();
      });
      app.use('/tenants/:tenantId/guide', routes);
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
  for (const said of ['Developer Portal Access', 'Third Party Apps Access', 'last checked on November 21, 2026'])
    expect(paper).toContain(said);
  const clientId = page.getByLabel('Client ID of Northwind Fax Reader', { exact: true }).first();
  expect([await clientId.isVisible(), await clientId.inputValue()]).toEqual([true, config.clientId]);
  const address = `getComputedStyle(document.querySelector('a[href="${link}"]'), '::after').content`;
  expect(await page.evaluate(address)).toContain(link);
  const drawings = page.locator('.steps img');
  expect(await drawings.count()).toBe(5);
  for (const drawing of await drawings.all()) expect((await drawing.boundingBox())?.width).toBeGreaterThan(90);
});

it('on screen, have no QR code and show the date of the last comparison', async () => {
  const page = await theSteps();
  expect(await page.locator('.qr').isVisible()).toBe(false);
  expect(await page.locator('main').innerText()).toContain('These steps were last checked on November 21, 2026.');
});

it('have drawings of at most 25 kB in total, each with its action as text', async () => {
  const drawings = readFileSync(join(root, 'public/guide-steps.svg'));
  expect(drawings.length).toBeLessThan(25_000);
  for (const language of ['en', 'es'] as const) {
    const page = await theSteps(textsIn(language));
    for (const drawing of await page.locator('.steps img').all()) {
      const [, id = ''] = ((await drawing.getAttribute('src')) ?? '').split('#');
      expect(drawings.toString()).toContain(`<view id="${id}"`);
      const said = (await drawing.getAttribute('alt')) ?? '';
      const verbs = {
        en: /^(Point|Under .* choose|Paste|Look|Choose)\b/,
        es: /^(Señale|Debajo .* elija|Pegue|Mire|Elija) /,
      };
      expect(said).toMatch(verbs[language]);
    }
  }
});
