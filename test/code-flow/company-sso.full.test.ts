import { createServer, type RequestListener, type Server } from 'node:http';
import { launchBrowser, pageProblems, type Page, type TestBrowser } from '../support/visits/browser.js';
import { originOf } from '../support/visits/visitor.js';
import { TestPortal } from '../support/portal.js';
import { signInApp } from '../support/sign-in-app.js';
import { codeFlowInto, nothingReceived, pageOf } from './support.js';

/**
 * The whole way in a real browser: portal, RingCentral and the company's sign-in are three origins, and RingCentral is
 * another site than the portal, as it is for clinics.
 */
describe('a sign-in over the company’s own server, in Chromium', () => {
  let browser: TestBrowser;
  let test: TestPortal;
  let front: Server;
  /** Another site than the emulator's, whose host is 127.0.0.1. */
  let home: string;
  let north: string;
  const received = nothingReceived();

  beforeAll(async () => {
    browser = await launchBrowser();
    let answer: RequestListener = () => undefined;
    front = createServer((req, res) => answer(req, res));
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    home = originOf(front).replace('127.0.0.1', 'localhost');
    test = await TestPortal.start({ env: { ...signInApp, PUBLIC_URL: home }, added: [codeFlowInto(received)] });
    answer = test.portal.app;
    await test.emulator.listenSso();
    test.emulator.addApp({
      clientId: signInApp.RINGCENTRAL_CODE_CLIENT_ID,
      name: 'Example Health Sign-in',
      provider: 'Example Health Records',
      ownerAccountId: test.example.isv.id,
      grants: ['authorization_code'],
      redirectUris: [`${home}/oauth/callback`],
    });
    test.example.clinics.riverside.account.usesSso = true;
    north = await test.addTenant('North Clinic');
  });
  afterAll(async () => {
    await browser.close();
    front.closeAllConnections();
    front.close();
    await test.close();
  });

  const start = async (javaScript: boolean): Promise<Page> => {
    const page = await browser.newPage({ javaScript });
    const alice = await test.member(north);
    for (const [name, value] of alice.cookies)
      await page.context().addCookies([{ name, value, url: home, sameSite: 'Lax' }]);
    await page.goto(home + pageOf(north));
    await page.getByRole('button', { name: 'Sign in to RingCentral' }).click();
    await page.waitForURL(/^http:\/\/127.0.0.1:\d+\/restapi\/oauth\/authorize/);
    return page;
  };

  it.each([true, false])('comes back to the connection page (JavaScript: %s)', async (javaScript) => {
    const before = received.codes.length;
    const page = await start(javaScript);
    await page.getByLabel('User').selectOption(test.example.clinics.riverside.receptionist.id);
    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.waitForURL(/\/sso\/sign-in\?/);
    expect(new URL(page.url()).origin).not.toBe(new URL(test.emulator.url).origin);
    await page.getByRole('button', { name: /^Sign in as/ }).click();
    await page.waitForURL(`${home}/tenants/${north}/connection`);
    expect(received.codes).toHaveLength(before + 1);
    expect(pageProblems(page)).toEqual([]);
    await page.goBack();
    expect(page.url()).not.toContain('code=');
    await page.context().close();
  });

  it('comes back to the page with the button, where a person did not allow it', async () => {
    const page = await start(false);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.waitForURL(`${home}${pageOf(north)}?notice=denied`);
    expect(await page.getByText('access was not allowed').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Sign in to RingCentral' }).isVisible()).toBe(true);
    await page.context().close();
  });
});
