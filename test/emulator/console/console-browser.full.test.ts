import { HtmlValidate } from 'html-validate';
import {
  axeViolations,
  expectNoSidewaysScroll,
  launchBrowser,
  pageProblems,
  type TestBrowser,
} from '../../support/visits/browser.js';
import { aRingCentral, type Cast } from '../cast.js';

let cast: Cast;
let browser: TestBrowser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  cast = await aRingCentral({ limits: 'generous', now: () => new Date() });
  cast.emulator.updateApp(cast.app.clientId, {
    grants: ['jwt', 'authorization_code'],
    redirectUris: ['https://isv.example/callback'],
  });
});
afterEach(() => cast.emulator.close());

const html = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: { 'doctype-style': ['error', { style: 'lowercase' }], 'no-trailing-whitespace': 'off' },
});

const mine = '/console/my-credentials';
const pages = (): string[] => [
  '/console',
  mine,
  `${mine}/create?client_id=${cast.app.clientId}`,
  `${mine}/create?client_id=nobody`,
  `${mine}/${cast.jti}`,
  `${mine}/${cast.jti}/jwt`,
  '/console/organization',
  `/console/organization/${cast.ana.id}`,
  '/console/nothing',
  `/restapi/oauth/authorize?response_type=code&client_id=${cast.app.clientId}`,
];

it.each([320, 1280])(
  'every page is accessible, free of errors and fits at %d px',
  async (width) => {
    const page = await browser.newPage({ width });
    const found: unknown[] = [];
    const look = async (path: string) => {
      const response = await page.goto(cast.url + path);
      const problems = await html.validateString((await response?.text()) ?? '');
      found.push(...(await axeViolations(page)).map((one) => `${path}: ${one}`));
      for (const result of problems.results)
        found.push(...result.messages.map((one) => `${path}: ${one.ruleId} ${one.message}`));
      await expectNoSidewaysScroll(page);
    };
    await look('/console/sign-in');
    await page.selectOption('#user', cast.ana.id);
    await page.getByRole('button', { name: 'Sign in' }).click();
    for (const path of pages()) await look(path);
    expect(found).toEqual([]);
    expect(pageProblems(page)).toEqual([]);
  },
  90_000,
);

it.each([true, false])(
  'the guide can be followed word for word (JavaScript: %s)',
  async (javaScript) => {
    const page = await browser.newPage({ javaScript });
    await page.goto(`${cast.url}/console`);
    await page.getByLabel('User').selectOption(cast.ana.id);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Ana Ruiz', { exact: true }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Credentials' }).click();
    await page.getByRole('link', { name: 'Create JWT' }).click();
    await page.getByLabel('Label').fill('Example Health Records');
    await page.getByLabel('Only specific apps of my choice').check();
    await page.getByLabel('Enter client ID').fill(cast.app.clientId);
    await page.getByRole('button', { name: 'Add app' }).click();
    await page.getByRole('cell', { name: cast.app.name, exact: true }).waitFor();
    await page.getByRole('button', { name: 'Create JWT' }).click();
    const jwt = await page.getByLabel('JWT', { exact: true }).inputValue();
    expect((await cast.ask({ assertion: jwt })).status).toBe(200);
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(javaScript ? 1 : 0);
  },
  90_000,
);

it('a browser follows the redirects of single sign-on over a third host to the app', async () => {
  const ssoUrl = await cast.emulator.listenSso();
  cast.clinic.usesSso = true;
  const page = await browser.newPage({});
  cast.emulator.updateApp(cast.app.clientId, { redirectUris: [`${cast.url}/restapi`] });
  await page.goto(
    `${cast.url}/restapi/oauth/authorize?response_type=code&client_id=${cast.app.clientId}&state=EXAMPLEstate`,
  );
  await page.selectOption('#user', cast.ana.id);
  await page.getByRole('button', { name: 'Authorize' }).click();
  expect(new URL(page.url()).origin).toBe(ssoUrl);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign in as Ana Ruiz' }).click();
  await page.waitForURL(`${cast.url}/restapi?*`);
  expect(new URL(page.url()).searchParams.get('state')).toBe('EXAMPLEstate');
});
