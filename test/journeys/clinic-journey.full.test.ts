// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import { launchBrowser, type TestBrowser } from '../support/visits/browser.js';
import { aPassword } from '../support/people.js';
import type { TestPortal } from '../support/portal.js';
import { startWithSignIn } from '../support/sign-ins.js';
import { consoleWords, ConsoleTab } from './console.js';
import { joinByMail, mailedInvitation, putOnClipboard, Walk } from './walk.js';

/** From the email to a connection, as a budget: pages of the portal, and clicks there and at RingCentral. */
const MOST_PAGES = 6;
const MOST_CLICKS = 14;

let browser: TestBrowser;
let test: TestPortal;

beforeAll(async () => {
  [browser, test] = await Promise.all([launchBrowser({ whole: true }), startWithSignIn({ isReachable: true })]);
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

/** The tab that a button of the page opens. */
async function openConsole(walk: Walk, name: string): Promise<ConsoleTab> {
  const opened = walk.page.context().waitForEvent('page', { timeout: 10_000 });
  await walk.click(walk.page.getByRole('button', { name }));
  return new ConsoleTab(await opened, (target) => walk.click(target));
}

/** As a program of the ISV gets it, with a key of its own. */
async function tokenOfAJob(tenantId: string): Promise<{ access_token: string; server_url: string }> {
  const wanted = { name: 'Nightly faxes', purpose: 'jobs', scopes: ['tokens:issue'], tenantRefs: null, expires: '' };
  const made = await test.portal.services.apiKeys.make(wanted, { actor: { kind: 'command_line' } });
  if (!made.ok) throw new Error('the key was not made');
  const answer = await fetch(`${test.url}/api/v1/tenants/${tenantId}/access-token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.key.reveal()}` },
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { access_token: string; server_url: string };
}

describe.each([true, false])('a clinic with JavaScript: %s', (javaScript) => {
  const word = javaScript ? 'scripted' : 'plain';

  it('connects within 14 clicks, RingCentral’s included, and 6 pages from the email, with one paste of the JWT', async () => {
    const { serviceUser } = test.example.clinics[javaScript ? 'riverside' : 'northgate'];
    const tenantId = await test.addTenant(`Clinic ${word}`);
    const email = `ana.${word}@clinic.example`;
    await test.portal.services.invitations.invite({ tenantId, email, invitedBy: null });
    const page = await browser.newPage({ javaScript });
    const walk = new Walk(page, javaScript);
    const button = (name: string) => page.getByRole('button', { name });

    const invitation = await mailedInvitation(test, email);
    const realClicks = javaScript ? await walk.countRealClicks() : undefined;
    await page.goto(invitation);
    walk.begin();
    await page.locator('#name:focus').waitFor();
    expect(await page.locator('main').innerText()).toContain(email);
    await walk.expectOneMainButton('Accept and continue');
    await walk.type('Your name', 'Ana Ruiz');
    await walk.type('Choose a password', aPassword);
    await walk.look('invitation');
    await walk.click(button('Accept and continue'));
    await page.waitForURL(`${test.url}/tenants/${tenantId}/guide`);

    await walk.expectOneMainButton('Next: make the JWT');
    await walk.look('guide-start');
    await walk.click(button('Next: make the JWT'));
    await page.waitForURL('**/guide/jwt');
    await walk.expectOneMainButton('Open the form in RingCentral');
    await walk.look('guide-jwt');
    const guide = await page.locator('main').innerText();
    for (const said of consoleWords) expect(guide).toContain(said);
    expect(guide).toContain('(opens in a new tab)');

    const console = await openConsole(walk, 'Open the form in RingCentral');
    await console.signIn(serviceUser.id);
    const label = await walk.copy('Suggested label');
    expect(await console.pasteLabel()).toBe(label);
    expect(await console.page.getByLabel('Only specific apps of my choice').isChecked()).toBe(true);
    await console.permittedApp('Example Health Fax').waitFor();
    for (const said of consoleWords) await console.page.getByText(said).first().waitFor();
    const jwt = await console.createAndCopy();

    await page.bringToFront();
    await walk.click(button('I have the JWT: paste it'));
    await page.locator('#assertion:focus').waitFor();
    await walk.expectOneMainButton('Check and save');
    await walk.look('paste');
    expect(await page.locator('[aria-current=page]').innerText()).toBe('Guide'); // pasting is a step of the guide
    await walk.paste('Paste the JWT');
    expect(await page.getByLabel('Paste the JWT').inputValue()).toBe(jwt);
    await walk.click(button('Check and save'));
    await walk.waitForState('healthy');
    await walk.look('result-healthy');

    const result = await page.locator('main').innerText();
    for (const said of [serviceUser.name, 'extension 901', `Clinic ${word}`, 'Front Desk Fax', 'Referrals Fax'])
      expect(result).toContain(said);
    expect(await page.content()).not.toContain(jwt.slice(-60));
    const at = `/tenants/${tenantId}`;
    const { pages, clicks, ...spent } = walk.spent();
    const { pathname } = new URL(invitation);
    expect(pages).toEqual([pathname, `${at}/guide`, `${at}/guide/jwt`, `${at}/credentials/new`, `${at}/connection`]);
    expect(pages.length).toBeLessThanOrEqual(MOST_PAGES);
    const ofTheMail = 1; // the link in the email
    expect(clicks + ofTheMail).toBeLessThanOrEqual(MOST_CLICKS);
    if (realClicks) expect(realClicks()).toBe(clicks);
    const typed = 'Ana Ruiz'.length + aPassword.length;
    expect(spent).toEqual({ pastes: 1, copies: 1, typed, fields: ['_csrf', 'assertion', 'name', 'password'] });
    await page.context().close();
  }, 90_000);

  it('that cannot open the console signs in to RingCentral, in 3 pages and 2 clicks; then a job gets a token', async () => {
    const { admin, faxLines } = test.example.clinics[javaScript ? 'cedar' : 'summit'];
    const tenantId = await test.addTenant(`Signed in ${word}`);
    const page = await browser.newPage({ javaScript });
    const walk = new Walk(page, javaScript);
    await joinByMail(test, page, tenantId, `omar.sign-in.${word}@clinic.example`);
    walk.begin();
    await walk.click(page.getByRole('link', { name: "I can't open the Developer Console" }));
    await walk.look('sign-in');
    await walk.click(page.getByRole('button', { name: 'Sign in to RingCentral' }));

    await page.waitForURL(`${test.emulator.url}/restapi/oauth/authorize?**`);
    await page.getByLabel('User').selectOption(admin.id);
    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.waitForURL(`${test.url}/tenants/${tenantId}/connection`);
    await walk.waitForState('healthy');
    await walk.look('result-signed-in');
    const result = await page.locator('main').innerText();
    for (const said of [admin.name, ...faxLines.map(({ name }) => name)]) expect(result).toContain(said);
    const at = `/tenants/${tenantId}`;
    expect(walk.spent()).toEqual({
      pages: [`${at}/guide`, `${at}/guide/sign-in`, `${at}/connection`],
      clicks: 2,
      pastes: 0,
      copies: 0,
      typed: 0,
      fields: ['_csrf'],
    });
    await page.context().close();

    const token = await tokenOfAJob(tenantId);
    const who = await fetch(`${token.server_url}/restapi/v1.0/account/~/extension/~`, {
      headers: { authorization: `Bearer ${token.access_token}` },
    });
    expect(await who.json()).toMatchObject({ id: Number(admin.id) });
  }, 90_000);

  it('fixes a refused JWT at RingCentral and never pastes twice', async () => {
    const { serviceUser } = test.example.clinics[javaScript ? 'harbor' : 'lakeside'];
    const tenantId = await test.addTenant(`Refused ${word}`);
    const page = await browser.newPage({ javaScript });
    const walk = new Walk(page, javaScript);
    await joinByMail(test, page, tenantId, `marcus.${word}@clinic.example`);
    const { jti, jwt } = test.assertion(javaScript ? 'harbor' : 'lakeside', { clientIds: 'organization' });
    const { label } = test.emulator.world.credential(jti);

    await page.goto(`${test.url}/tenants/${tenantId}/credentials/new`);
    await putOnClipboard(page, jwt);
    walk.begin();
    await walk.paste('Paste the JWT');
    await walk.click(page.getByRole('button', { name: 'Check and save' }));
    await walk.waitForState('pending');
    await walk.look('result-refused');
    const main = page.locator('main');
    expect(await main.getAttribute('data-cause')).toBe('app_not_permitted');
    const step = main.locator('ol.steps > li', { hasText: 'Paste this client ID and choose Add app.' });
    expect(await step.getByRole('textbox').inputValue()).toBe(test.example.app.clientId);
    expect(await main.innerText()).toContain('need to paste it again.');

    const console = await openConsole(walk, "Open RingCentral's console");
    await console.page.getByLabel('User').selectOption(serviceUser.id);
    await console.page.getByRole('button', { name: 'Sign in' }).click();
    expect(await walk.copy('Client ID of Example Health Fax')).toBe(test.example.app.clientId);
    await console.addAppTo(label, 'Example Health Fax');
    await page.bringToFront();
    await walk.click(page.getByRole('button', { name: 'Check again' }));
    await walk.waitForState('healthy');
    expect(walk.spent()).toMatchObject({
      clicks: javaScript ? 4 : 3,
      pastes: 1,
      copies: 1,
      typed: 0,
      fields: ['_csrf', 'assertion'],
    });
    await page.context().close();
  }, 90_000);

  it('sees at the box what a wrong paste was and how to fix it', async () => {
    const tenantId = await test.addTenant(`Wrong ${word}`);
    const page = await browser.newPage({ javaScript });
    const walk = new Walk(page, javaScript);
    await joinByMail(test, page, tenantId, `omar.${word}@clinic.example`);
    const { jwt } = test.assertion('cedar');
    const wrong: Record<string, string> = {
      empty: '',
      client_id: test.example.app.clientId,
      url: `${test.emulator.url}/console/my-credentials`,
      truncated: jwt.slice(0, -40),
      several_jwts: `${jwt} ${test.assertion('cedar').jwt}`,
    };
    await page.goto(`${test.url}/tenants/${tenantId}/credentials/new`);
    for (const [code, text] of Object.entries(wrong)) {
      const box = page.getByRole('textbox', { name: 'Paste the JWT' });
      await box.fill(text);
      await page.getByRole('button', { name: 'Check and save' }).click();
      const summary = page.locator(`.govuk-error-summary[data-code="${code}"]`);
      await summary.waitFor();
      expect(await page.title()).toMatch(/^Error: /);
      expect(await box.inputValue()).toBe('');
      const sentence = await summary.getByRole('link').innerText();
      expect(await page.locator('#assertion-error').innerText()).toContain(sentence);
      expect(await box.getAttribute('aria-describedby')).toContain('assertion-error');
      if (javaScript) await page.locator('.govuk-error-summary:focus').waitFor();
      await summary.getByRole('link').click();
      await page.locator('#assertion:focus').waitFor();
      if (text.length > 60) expect(await page.content()).not.toContain(text.slice(-50));
      if (code === 'truncated') await walk.look('paste-refused');
    }
    await page.context().close();
  }, 90_000);
});
