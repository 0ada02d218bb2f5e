import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import type { Response } from 'playwright-core';
import {
  axeViolations,
  expectNoSidewaysScroll,
  launchBrowser,
  pageProblems,
  type Page,
  type TestBrowser,
} from '../../support/visits/browser.js';
import { createEmulator, type Emulator } from '../../../src/emulator/emulator.js';
import { seedExample, type ExampleWorld } from '../../../src/emulator/seed.js';

let emulator: Emulator;
let example: ExampleWorld;
let browser: TestBrowser;
let jti: string;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  emulator = createEmulator({ allowedHosts: ['ringcentral.test'] });
  example = seedExample(emulator);
  const { serviceUser } = example.clinics.riverside;
  ({ jti } = emulator.createJwt({
    extensionId: serviceUser.id,
    clientIds: [example.app.clientId],
    label: 'Example Health',
  }));
  await emulator.listen();
});
afterEach(() => emulator.close());

const html = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: { 'doctype-style': ['error', { style: 'lowercase' }], 'no-trailing-whitespace': 'off' },
});

/** A token call with the JWT. */
function exchange(secret: string): Promise<globalThis.Response> {
  const fields = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: emulator.jwtOf(jti) };
  const authorization = `Basic ${Buffer.from(`${example.app.clientId}:${secret}`).toString('base64')}`;
  return fetch(`${emulator.url}/restapi/oauth/token`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams(fields),
  });
}

/** The token endpoint's answer to the JWT: status and RingCentral code. */
async function mint(secret = example.app.secret ?? ''): Promise<[number, string | undefined]> {
  const response = await exchange(secret);
  const body = (await response.json()) as { errorCode?: string; errors?: { errorCode: string }[] };
  return [response.status, body.errors?.[0]?.errorCode];
}

/** RingCentral's answer about the user of the JWT. */
async function identity(): Promise<unknown> {
  const { access_token: token } = (await (await exchange(example.app.secret ?? '')).json()) as Record<string, string>;
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${emulator.url}/restapi/v1.0/account/~/extension/~`, { headers })).json();
}

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.LATCHKEY_SHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const width = page.viewportSize()?.width ?? 0;
  await page.screenshot({ path: join(folder, `emulator-${name}@${width}.png`), fullPage: true });
}

it.each([320, 1280])(
  'every page of the emulator is accessible, free of errors and fits at %d px',
  async (width) => {
    const page = await browser.newPage({ width });
    const found: string[] = [];
    const look = async (name: string, answer: Response | null) => {
      const problems = await html.validateString((await answer?.text()) ?? '');
      found.push(...(await axeViolations(page)).map((one) => `${name}: ${one}`));
      for (const result of problems.results)
        found.push(...result.messages.map((one) => `${name}: ${one.ruleId} ${one.message}`));
      await expectNoSidewaysScroll(page);
      await shot(page, name);
    };
    const open = async (name: string, path: string) => {
      await look(name, await page.goto(emulator.url + path));
    };
    await open('calls-none', '/');
    await open('faults-none', '/emulator/faults');
    emulator.faults.add({ kind: 'rate_limited', call: 'token', count: 2, retryAfter: 'in a moment' });
    emulator.faults.add({ kind: 'unavailable', path: '/restapi/v1.0' });
    await Promise.all(Array.from({ length: 3 }, () => mint()));
    await fetch(`${emulator.url}/restapi/v1.0/account/~/extension/~/message-store?messageType=Fax&direction=Inbound`);
    await open('calls', '/emulator');
    await open('faults', '/emulator/faults');
    await page.getByLabel('How many times').fill('often');
    const answer = page.waitForResponse((one) => one.status() === 422);
    await page.getByRole('button', { name: 'Set the fault' }).click();
    await look('faults-problem', await answer);
    expect(await page.title()).toMatch(/^Error: /);
    await open('people', '/emulator/people');
    await open('faxes', '/emulator/faxes');
    emulator.createJwt({ extensionId: example.clinics.harbor.admin.id, clientIds: 'organization' });
    emulator.revokeJwt(jti);
    await open('apps', '/emulator/apps');
    await open('not-found', '/emulator/nothing');
    expect(found).toEqual([]);
    expect(pageProblems(page)).toEqual([]);
  },
  90_000,
);

it('plain forms can change everything', async () => {
  const page = await browser.newPage({ javaScript: false });
  const { clinics, app } = example;
  const owner = clinics.riverside.serviceUser;
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const said = () => page.getByRole('status').textContent();

  await page.goto(`${emulator.url}/emulator/faults`);
  await page.getByLabel('Fault', { exact: true }).selectOption('status');
  await page.getByLabel('Call', { exact: true }).selectOption('token');
  await page.getByLabel('Status', { exact: true }).fill('599');
  await page.getByLabel('How many times').fill('1');
  await press('Set the fault');
  expect(await said()).toBe('The fault status is set.');
  expect(emulator.faults.list()).toMatchObject([{ kind: 'status', call: 'token', status: 599, count: 1 }]);
  expect((await mint())[0]).toBe(599);
  emulator.faults.add({ kind: 'hang' });
  await page.reload();
  await press('Clear all faults');
  expect(emulator.faults.list()).toEqual([]);

  await page.getByLabel('auth', { exact: true }).fill('1');
  await press('Change the limits');
  emulator.resetLimits();
  expect([(await mint())[0], (await mint())[0]]).toEqual([200, 429]);
  await page.reload();
  await press('Forget counted calls and penalties');
  expect(await said()).toBe('Counted calls and penalties are forgotten.');
  emulator.setLimits({ auth: 100 });

  await page.goto(`${emulator.url}/emulator/people`);
  const row = page.getByRole('row').filter({ hasText: owner.id });
  await row.getByLabel('Status of').selectOption('Disabled');
  await row.getByLabel('Role of').selectOption('super_admin');
  await row.getByRole('button').click();
  expect(await said()).toBe('Fax Integration is changed.');
  expect(emulator.world.extension(owner.id)).toMatchObject({ status: 'Disabled', role: 'super_admin' });
  expect(emulator.world.extension(owner.id).permissions.has('AccountAdministration')).toBe(true);
  expect(await mint()).toEqual([400, 'OAU-141']);
  await page.getByLabel('A user who is not Enabled').selectOption('served');
  await press('Save what becomes of users who are not Enabled');
  expect(await said()).toBe('Users who are not Enabled are served.');
  const user = page.getByRole('row').filter({ hasText: owner.id });
  await user.getByLabel('Status of').selectOption('Frozen');
  await user.getByLabel('Type of').selectOption('DigitalUser');
  await user.getByLabel('Role of').selectOption('standard');
  await user.getByRole('button').click();
  expect(await identity()).toMatchObject({
    status: 'Frozen',
    type: 'DigitalUser',
    permissions: { admin: { enabled: false } },
    roles: [{ id: '3', displayName: 'Standard' }],
  });
  emulator.setInactiveOwners('refused');
  expect(await mint()).toEqual([400, 'OAU-141']);
  emulator.setExtensionStatus(owner.id, 'Enabled');

  const [line] = clinics.riverside.faxLines;
  await page.goto(`${emulator.url}/emulator/faxes`);
  await page.getByLabel('Most messages').fill('12');
  await page.getByLabel('A message that is dropped is').selectOption('unlisted');
  await press('Save the rules of full mailboxes');
  expect(await said()).toBe('The rules of mailboxes are changed.');
  await page.getByLabel('Fax line').selectOption(line!.id);
  await page.getByLabel('How many').fill('5');
  await page.getByLabel('Hours late').fill('1');
  await page.getByLabel('Seconds without a document').fill('30');
  await press('Deliver');
  expect(await said()).toBe('5 faxes are delivered to Front Desk Fax.');
  const mailbox = emulator.messagesOf(line!.id);
  expect([mailbox.length, mailbox.at(-1)?.documentAt]).toEqual([12, (mailbox.at(-1)?.appearsAt ?? 0) + 30_000]);
  await page.getByLabel('How many').fill('many');
  await press('Deliver');
  expect(await said()).toBe('No fax was delivered: the number is from 1 to 300.');

  await page.goto(`${emulator.url}/emulator/apps`);
  await page.getByLabel(`Secret of ${app.name}`).fill('another-synthetic-secret');
  await press(`Change the secret of ${app.name}`);
  expect([await mint('EXAMPLEsecret'), await mint('another-synthetic-secret')]).toEqual([
    [401, 'OAU-146'],
    [200, undefined],
  ]);
  await press('Revoke Example Health of Fax Integration');
  expect(await mint('another-synthetic-secret')).toEqual([400, 'OAU-213']);

  await page.goto(`${emulator.url}/emulator`);
  expect(await page.getByText('POST /restapi/oauth/token').count()).toBeGreaterThan(4);
  expect(await page.content()).not.toContain(emulator.jwtOf(jti).split('.')[2]);
  await press('Forget the calls');
  expect(emulator.requests).toEqual([]);
}, 90_000);

describe('a page of another site changes nothing', () => {
  /** A call as a browser would send it after another site led it to this machine. */
  const call = (host: string, path: string, method = 'GET', headers: Record<string, string> = {}, body = '') =>
    new Promise<number>((resolve, reject) => {
      const options = { method, headers: { ...headers, host } };
      const sent = request(emulator.url + path, options, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject).end(body);
    });
  const paths = ['/emulator', '/emulator/control/jwts', '/console', '/restapi', '/emulator/assets/emulator.css'];

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '', '[::1].evil.example'])(
    'DNS rebinding: a request for host "%s" gets no answer',
    async (name) => {
      const { port } = new URL(emulator.url);
      const answers = await Promise.all(paths.map((path) => call(`${name}:${port}`, path)));
      expect(answers).toEqual(paths.map(() => 421));
    },
  );

  it('answers to its own names and to the names it was given', async () => {
    for (const name of ['localhost', '127.0.0.1:4000', '[::1]:4000', 'LOCALHOST', 'ringcentral.test:4000'])
      expect([name, await call(name, '/restapi')]).toEqual([name, 200]);
  });

  it('rejects a form of another site, which has no token', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const change = [
      ['/emulator/faults', 'kind=hang'],
      ['/emulator/faults/removal', ''],
      ['/emulator/limits/removal', ''],
      ['/emulator/calls/removal', ''],
      [`/emulator/jwts/${jti}/revocation`, ''],
      [`/emulator/apps/${example.app.clientId}/secret`, 'secret=x'],
      [`/emulator/people/${example.clinics.riverside.admin.id}`, 'status=Disabled'],
      [`/emulator/accounts/${example.clinics.riverside.account.id}`, 'status=Disabled'],
    ] as const;
    for (const [path, body] of change)
      expect([path, await call('localhost', path, 'POST', form, body)]).toEqual([path, 403]);
    expect(emulator.faults.list()).toEqual([]);
    expect(await mint()).toEqual([200, undefined]);
  });

  it('the control API rejects the content types that browsers send without a preflight request', async () => {
    const type = { 'content-type': 'text/plain' };
    expect(await call('localhost', '/emulator/control/faults', 'POST', type, '{"kind":"hang"}')).toBe(422);
    expect(emulator.faults.list()).toEqual([]);
  });
});
