// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import type { AddressInfo } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import {
  axeViolations,
  expectNoSidewaysScroll,
  launchBrowser,
  pageProblems,
  type TestBrowser,
} from '../../support/visits/browser.js';
import { aPassword, anAccountsPortal, authenticatorOf, type AccountsPortal } from '../support.js';

/** Every page and state of this folder, as the server answered it. */
async function everyPage(portal: AccountsPortal): Promise<Record<string, string>> {
  const pages: Record<string, string> = {};
  const keep = async (name: string, answer: Promise<{ text: string }>) => {
    pages[name] = (await answer).text;
  };
  const north = await portal.aTenant('North Clinic');
  const stranger = portal.browser();
  await keep('sign-in', stranger.get('/sign-in?next=/tenants'));
  await keep('sign-in with a notice', stranger.get('/sign-in?notice=link'));
  await keep('sign-in refused', stranger.signIn('alice@north.example', 'wrong'));
  for (let count = 0; count < 4; count += 1) await stranger.signIn('alice@north.example', 'wrong');
  await keep('sign-in stopped', stranger.signIn('alice@north.example', 'wrong'));
  const invitation = await portal.invited(north, 'alice@north.example');
  const alice = portal.browser();
  await keep('invitation', alice.get(invitation));
  await keep('invitation refused', alice.post(invitation, { name: '', password: 'short' }));
  await keep(
    'no organization',
    portal.staffMember('eve@isv.example').then(({ browser }) => browser.get('/tenants')),
  );
  await alice.post(invitation, { name: 'Alice Moss', password: aPassword });
  await keep('organizations', alice.get('/tenants'));
  await keep('second factor offered', alice.get('/account/second-factor'));
  await keep('enrolment begins', alice.get('/account/second-factor/enrolment'));
  await keep('password again', alice.get('/sign-in/password?next=/tenants'));
  await keep('password again refused', alice.post('/sign-in/password', { password: '' }));
  const second = await portal.invited(await portal.aTenant('South Clinic'), 'alice@north.example');
  await keep('invitation with an account', portal.browser().get(second));
  await keep('invitation signed in', alice.get(second));
  const created = await portal.staff.createStaff({ email: 'sam@isv.example', name: 'Sam', role: 'auditor' });
  const setup = new URL(created.ok ? created.url : '').pathname;
  const sam = portal.browser();
  await keep('setup', sam.get(setup));
  await sam.post(setup, { password: aPassword });
  await keep('enrolment', sam.get('/account/second-factor'));
  await keep('enrolment refused', sam.post('/account/second-factor', { code: '12' }));
  const { code } = authenticatorOf(await sam.get('/account/second-factor'), portal);
  await sam.post('/account/second-factor', { code: code() });
  await keep('recovery codes', sam.get('/account/recovery-codes'));
  await keep('second factor in use', sam.get('/account/second-factor'));
  await keep('new recovery codes', sam.get('/account/recovery-codes/new'));
  await keep('second factor', sam.get('/sign-in/second-factor'));
  await keep('recovery code refused', sam.post('/sign-in/second-factor', { recovery_code: '0000' }));
  const late = await portal.invited(north, 'bob@north.example');
  portal.pass(8 * 24 * 3600_000);
  await keep('invitation expired', portal.browser().get(late));
  await keep('invitation renewed', portal.browser().get('/invitations/renewed'));
  return pages;
}

let portal: AccountsPortal;
let pages: Record<string, string>;
beforeAll(async () => {
  portal = await anAccountsPortal();
  pages = await everyPage(portal);
});
afterAll(() => portal.close());

it('SEC-16: every page is valid, without inline code or style', async () => {
  const validate = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
      'doctype-style': ['error', { style: 'lowercase' }],
      'no-trailing-whitespace': 'off',
      'long-title': 'off',
      'no-implicit-button-type': 'off', // our buttons submit their form
      'prefer-native-element': 'off', // govuk-frontend's notification has role=region
    },
  });
  expect(Object.keys(pages)).toHaveLength(24);
  for (const [name, html] of Object.entries(pages)) {
    const { results } = await validate.validateString(html);
    const found = results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
    expect([name, found]).toEqual([name, []]);
    expect(html).not.toMatch(/ style="|<style|<script(?! type="module" src=)| on[a-z]+="/);
  }
});

it('every page stays small: beside style and script it may have 5 kB compressed', () => {
  for (const [name, html] of Object.entries(pages))
    expect([name, brotliCompressSync(html).length < 5000]).toEqual([name, true]);
});

it('every page has a unique title and one h1', () => {
  const titles = new Set<string>();
  for (const [name, html] of Object.entries(pages)) {
    expect([name, html.match(/<h1/g)?.length]).toEqual([name, 1]);
    titles.add(/<title>([^<]+)</.exec(html)?.[1] ?? '');
  }
  expect([...titles].every((title) => title.endsWith('– Example Health'))).toBe(true);
  expect(titles.has('Error: Sign in – Example Health')).toBe(true);
});

it('SEC-56: axe finds no problem on any page at 320 and 1280 pixels, and no page scrolls sideways', async () => {
  const { port } = portal.server.address() as AddressInfo;
  const policy = (await portal.browser().get('/sign-in')).headers['content-security-policy'] ?? '';
  const browser: TestBrowser = await launchBrowser();
  try {
    for (const width of [320, 1280]) {
      const page = await browser.newPage({ width });
      await page.goto(`http://127.0.0.1:${port}/sign-in`);
      for (const [name, html] of Object.entries(pages)) {
        await page.route('**/a-page', (route) =>
          route.fulfill({ contentType: 'text/html', body: html, headers: { 'content-security-policy': policy } }),
        );
        await page.goto(`http://127.0.0.1:${port}/a-page`);
        expect([name, await axeViolations(page)]).toEqual([name, []]);
        await expectNoSidewaysScroll(page);
        await page.unroute('**/a-page');
      }
      expect(pageProblems(page)).toEqual([]);
    }
  } finally {
    await browser.close();
  }
}, 180_000);
