import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import { jwtPage, startPage } from '../../src/guide/guide-page.js';
import { errorPage } from '../../src/platform/http/error-pages.js';
import { memberPaths } from '../../src/tenants/journey.js';
import { english } from '../../src/texts/texts.js';
import {
  axeViolations,
  expectNoSidewaysScroll,
  launchBrowser,
  pageProblems,
  type Page,
  type TestBrowser,
} from '../support/visits/browser.js';
import { root } from './render.js';
import { samples } from './samples.js';
import { serveViews } from './serve.js';

const guide = {
  clientId: 'aB3dE5fG7hJ9kL1mN2pQ4r',
  appName: 'Northwind Fax Reader',
  consoleUrl: 'https://developers.ringcentral.com',
  isvName: 'Northwind Records',
};
const now = new Date('2026-11-21T14:01:00Z');
const facts = { now, retryAt: new Date('2026-11-21T14:05:00Z'), requestId: 'req-7f3a' };

/** Pages and states of the frame, the partials and the guide. */
const pages: Record<string, [view: string, page: object]> = {
  '/guide': ['guide/start', startPage(guide, memberPaths('north'), { state: 'not_started' }, english)],
  '/guide/connected': ['guide/start', startPage(guide, memberPaths('north'), { state: 'healthy' }, english)],
  '/guide/jwt': ['guide/jwt', jwtPage(guide, memberPaths('north'), english)],
  '/errors/404': ['errors/error', errorPage('not_found', english, facts)],
  '/errors/429': ['errors/error', errorPage('too_many_requests', english, facts)],
  '/errors/500': ['errors/error', errorPage('internal', english, facts)],
};
const paths = [...Object.keys(pages), ...Object.keys(samples)];

let browser: TestBrowser;
let page: Page;
let served: Awaited<ReturnType<typeof serveViews>>;

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ width: 320 });
  served = await serveViews((app) => {
    for (const [path, [view, page]] of Object.entries(pages)) {
      app.get(path, (_req, res) => {
        res.render(view, { page });
      });
    }
    for (const [path, page] of Object.entries(samples)) {
      app.get(path, (_req, res) => {
        res.render(join(root, 'test/views/sample'), { page });
      });
    }
  });
});

afterAll(async () => {
  await browser.close();
  await served.close();
});

it.each(paths)(
  '%s passes axe, its security policy and a check for sideways scrolling at 320 and 1280 px',
  async (path) => {
    const before = pageProblems(page).length;
    await page.goto(served.origin + path);
    await page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await axeViolations(page)).toEqual([]);
      await expectNoSidewaysScroll(page);
    }
    expect(pageProblems(page).slice(before)).toEqual([]);
  },
);

describe('the HTML of', () => {
  const rules = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
      'doctype-style': ['error', { style: 'lowercase' }],
      'no-trailing-whitespace': 'off',
      'no-redundant-role': 'off', // without bullets, a list of links needs its role
      'long-title': 'off',
      'no-implicit-button-type': 'off', // our buttons submit their form
      'prefer-native-element': 'off', // as govuk-frontend documents links that look like buttons
    },
  });
  it.each(paths)('%s is valid', async (path) => {
    const html = await (await fetch(served.origin + path)).text();
    const { results } = await rules.validateString(html);
    const found = results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => [ruleId, message, line]),
    );
    expect(found).toEqual([]);
  });
});

describe('the weight of', () => {
  const size = (content: Buffer | string) => brotliCompressSync(content).length;
  it.each(paths)('%s is at most 20 kB compressed, including style and script', async (path) => {
    const html = await (await fetch(served.origin + path)).text();
    const files = ['public/build/app.css', 'public/app.js'].map((file) => size(readFileSync(join(root, file))));
    expect(files.reduce((sum, it) => sum + it, size(html))).toBeLessThanOrEqual(20_000);
  });

  it('/guide/jwt, the heaviest page, needs at most 6 requests and none to another host', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${served.origin}/guide/jwt`, { waitUntil: 'networkidle' });
    expect(new Set(asked).size).toBeLessThanOrEqual(6);
    expect(asked.filter((url) => !url.startsWith(served.origin))).toEqual([]);
    await page.context().close();
  });
});
