import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  axeViolations,
  expectNoSidewaysScroll,
  launchBrowser,
  pageProblems,
  type TestBrowser,
} from '../../support/visits/browser.js';
import { serveViews } from '../serve.js';

let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const drawing = (width: number, height: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><style>.ground{fill:#14566b}</style>` +
  `<rect class="ground" width="${width}" height="${height}"/><circle cx="20" cy="20" r="15" fill="#fff"/></svg>`;

/** A portal page with the logo in its header. */
async function pageWith(logo?: string) {
  const logoFile = join(mkdtempSync(join(tmpdir(), 'latchkey-')), 'logo');
  if (logo !== undefined) writeFileSync(logoFile, logo);
  const portal = await serveViews(
    (app) =>
      app.get('/', (_req, res) => res.render('accounts/text', { page: { title: 'A page', paragraphs: ['Text.'] } })),
    logo === undefined ? {} : { logoFile },
  );
  const page = await browser.newPage();
  await page.goto(portal.origin, { waitUntil: 'load' });
  return { page, portal };
}

it.each([
  ['wide', 900, 90],
  ['square', 64, 64],
  ['tall', 60, 300],
])('a %s logo is complete, keeps its proportions and does not change the layout', async (name, width, height) => {
  const { page, portal } = await pageWith(drawing(width, height));
  for (const screen of [320, 1280]) {
    await page.setViewportSize({ width: screen, height: 900 });
    await expectNoSidewaysScroll(page);
    expect([name, screen, await axeViolations(page)]).toEqual([name, screen, []]);
    const seen = await page.evaluate<unknown[]>(
      "(() => { const it = document.querySelector('.top__logo'); return [it.clientWidth, it.clientHeight, getComputedStyle(it).objectFit]; })()",
    );
    // A wide logo is as wide as its box and less high.
    expect(seen).toEqual([Math.min(Math.round((40 * width) / height), screen === 320 ? 128 : 192), 40, 'contain']);
    // The name beside it has room and wraps only on a phone.
    expect([screen, (await page.locator('.top__brand').boundingBox())!.height <= (screen === 320 ? 60 : 41)]).toEqual([
      screen,
      true,
    ]);
  }
  expect(pageProblems(page)).toEqual([]);
  await portal.close();
});

it('without a logo only the name is shown', async () => {
  const { page, portal } = await pageWith();
  expect([await page.locator('.top__logo').count(), await page.locator('.top__brand').innerText()]).toEqual([
    0,
    'Northwind Records',
  ]);
  await portal.close();
});

it('a logo opened directly runs, loads and sends nothing', async () => {
  const { page, portal } = await pageWith(drawing(64, 64));
  const answer = await page.goto(portal.origin + ((await page.locator('.top__logo').getAttribute('src')) ?? ''));
  expect(answer?.headers()['content-type']).toBe('image/svg+xml');
  const ran = await page
    .evaluate(
      "(() => { const it = document.createElementNS('http://www.w3.org/2000/svg', 'script'); it.textContent = 'document.ran = true'; document.documentElement.append(it); return document.ran; })()",
    )
    .catch(() => null);
  expect(ran ?? null).toBeNull();
  await portal.close();
});
