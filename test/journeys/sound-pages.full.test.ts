// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import { brotliCompressSync, constants } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import type { Page } from '../support/visits/browser.js';
import { clinics, closeEveryPage, everyPage, openEveryPage, people, shotName, test, visitEach } from './every-page.js';
import { EVERY_PAGE_MS, expectSound } from './walk.js';

beforeAll(openEveryPage, 120_000);
afterAll(closeEveryPage);

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
    const { pages, unseen } = await everyPage();
    await visitEach(pages, async ({ who, route, path, html }) => {
      const title = await look(who, path, html);
      const place = placeOf(route);
      expect([title, routeOfTitle.get(title) ?? place]).toEqual([title, place]);
      routeOfTitle.set(title, place);
      const state = /data-state="(\w+)" data-cause="(\w*)"/.exec(html);
      if (state) shown.push(state.slice(1, 3).join(' '));
    });
    expect(unseen).toEqual([]);
    // Each state on the clinic's own page and on that of staff.
    for (const { state, cause } of clinics)
      expect([state, cause, shown.filter((it) => it === `${state} ${cause}`).length > 1]).toEqual([state, cause, true]);
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
