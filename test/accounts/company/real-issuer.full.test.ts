import { createServer, type RequestListener, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { launchBrowser, pageProblems, type Page, type TestBrowser } from '../../support/visits/browser.js';
import { companySignIn } from '../../support/company.js';
import { TestPortal } from '../../support/portal.js';
import { originOf } from '../../support/visits/visitor.js';

type Listening = { server: Server; origin: string; answer: (listener: RequestListener) => void };

async function listening(): Promise<Listening> {
  let listener: RequestListener = () => undefined;
  const server = createServer((req, res) => listener(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: originOf(server), answer: (given) => void (listener = given) };
}

/**
 * A certified sign-in server, which asks for a name and takes any. Its own page with the form is the test's; everything
 * else is the server's. It remembers the browser, so that only a fresh proof asks again.
 */
async function aCompany(redirectUri: string): Promise<Listening & { visits: () => number }> {
  const at = await listening();
  const { OIDC_CLIENT_ID: client_id, OIDC_CLIENT_SECRET: client_secret } = companySignIn;
  const provider = new Provider(at.origin, {
    clients: [
      { client_id, client_secret, redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_basic' },
    ],
    cookies: { keys: ['a secret of this test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    claims: { openid: ['sub', 'amr'] },
    conformIdTokenClaims: false,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  let forms = 0;
  const real = provider.callback();
  at.answer((req, res) => {
    if (!req.url?.startsWith('/interaction/')) return void real(req, res);
    if (req.method === 'GET') {
      forms += 1;
      const html = '<!doctype html><title>Company</title><form method="post"><button>I am Sam</button></form>';
      return void res.writeHead(200, { 'content-type': 'text/html' }).end(html);
    }
    return void provider.interactionFinished(req, res, { login: { accountId: 'subject-sam', amr: ['pwd', 'mfa'] } });
  });
  return { ...at, visits: () => forms };
}

describe('a sign-in over a real OpenID Connect server, in Chromium', () => {
  let browser: TestBrowser;
  let test: TestPortal;
  let front: Listening;
  let company: Listening & { visits: () => number };
  /** Another site than the company's, whose host is 127.0.0.1. */
  let home: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    front = await listening();
    home = front.origin.replace('127.0.0.1', 'localhost');
    company = await aCompany(`${home}/sign-in/company/callback`);
    test = await TestPortal.start({ env: { ...companySignIn, OIDC_ISSUER: company.origin, PUBLIC_URL: home } });
    front.answer(test.portal.app);
  });
  afterAll(async () => {
    await browser.close();
    await test.close();
    for (const { server } of [front, company]) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function invited(): Promise<string> {
    const email = 'sam@isv.example';
    const by = { actor: { kind: 'person', id: '00000000-0000-4000-8000-000000000000' } } as const;
    await test.portal.services.staff.inviteStaff({ email, name: 'Sam', role: 'operator' }, by);
    const mail = await test.mail.waitFor(({ to }) => to === email);
    return /http:\/\/localhost:\d+\/sign-in\/company\/invitations\/[\w-]{43}/.exec(mail.text)?.[0] ?? '';
  }
  const leave = (page: Page) => page.getByRole('button', { name: /^Continue to 127\.0\.0\.1/ }).click();
  const asCompany = async (page: Page) => {
    await page.waitForURL(/\/interaction\//);
    await page.getByRole('button', { name: 'I am Sam' }).click();
  };

  it('an invitation, a sign-in and a fresh proof; without script as well', async () => {
    const first = await browser.newPage();
    await first.goto(await invited());
    await leave(first);
    await asCompany(first);
    await first.waitForURL(`${home}/staff`);
    expect(pageProblems(first)).toEqual([]);

    const page = await browser.newPage({ javaScript: false });
    await page.goto(`${home}/sign-in?next=/staff/people`);
    await page.getByRole('link', { name: 'For our staff: sign in with your company account' }).click();
    await leave(page);
    await asCompany(page);
    await page.waitForURL(`${home}/staff/people`);
    expect(await page.getByRole('row', { name: /Sam \(you\)/ }).count()).toBe(1);

    // The company knows this browser, and lets it through without a question.
    const before = company.visits();
    await page.goto(`${home}/account`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${home}/sign-in/company`);
    await leave(page);
    await page.waitForURL(`${home}/staff`);
    expect(company.visits()).toBe(before);

    // A fresh proof asks again: the second factor that the company vouches for is older than five minutes.
    test.clock.advance(300_001);
    await page.goto(`${home}/account/sessions`);
    await page.goto(`${home}/account/second-factor/enrolment`);
    expect(new URL(page.url()).pathname).toBe('/sign-in/company');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Confirm that it is you');
    await leave(page);
    await page.waitForURL(/\/interaction\//);
    expect(company.visits()).toBe(before + 1);
  }, 60_000);
});
