// Runs for 65 s
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeAt } from '../../src/demo/demo-people.js';
import { WalkBrowser } from '../../src/demo/walk-browser.js';
import { says } from '../../src/demo/walk-page.js';
import { english as t } from '../../src/texts/texts.js';
import { runScript, startScript, type RunningProcess } from '../support/processes/processes.js';

const anyFree = { PORT: '0', EMULATOR_PORT: '0', MAILBOX_PORT: '0' };
/** Generous, for a machine that is busy with other work. */
const MOST_WAIT_MS = 90_000;

type Told = {
  portal: string;
  emulator: string;
  console: string;
  mailbox: string;
  staff: { email: string; password: string; totpSecret: string };
  tenants: { id: string; externalRef: string; name: string; state: string; invitationUrl?: string }[];
  apiKey: string;
};

describe('npm run demo -- --json', () => {
  let demo: RunningProcess;
  let told: Told;

  beforeAll(async () => {
    demo = startScript('src/demo.ts', { args: ['--json'], env: anyFree });
    await demo.line(/^/, { timeoutMs: MOST_WAIT_MS });
    told = JSON.parse(demo.lines.stdout[0] ?? '') as Told;
  }, MOST_WAIT_MS);

  it('prints its addresses and sign-ins under the documented keys on its first line', () => {
    expect(Object.keys(told)).toEqual([
      'portal',
      'emulator',
      'console',
      'mailbox',
      'receiver',
      'staff',
      'tenants',
      'apiKey',
    ]);
    expect(Object.keys(told.staff)).toEqual(['email', 'password', 'totpSecret']);
    for (const url of [told.portal, told.emulator, told.console, told.mailbox])
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+(\/console)?$/);
    expect(told.tenants.length).toBeGreaterThan(0);
    for (const { invitationUrl, ...tenant } of told.tenants) {
      expect(Object.keys(tenant)).toEqual(['id', 'externalRef', 'name', 'state']);
      expect(invitationUrl === undefined || invitationUrl.startsWith(`${told.portal}/invitations/`)).toBe(true);
    }
  });

  it('has clinics in different states and an open invitation', async () => {
    const states = told.tenants.map(({ state }) => state);
    expect(states).toEqual(['not_connected', 'healthy', 'pending', 'warning', 'failing', 'pending', 'healthy']);
    const [open] = told.tenants.filter(({ invitationUrl }) => invitationUrl !== undefined);
    expect(open?.state).toBe('not_connected');
    const page = await new WalkBrowser().open(open?.invitationUrl ?? '');
    expect(page.hasForm(says(t.accounts.invitation.newButton))).toBe(true);
  });

  it('gives a job a token of each connected clinic with its key, by JWT and by sign-in', async () => {
    const connected = told.tenants.filter(({ state }) => state === 'healthy');
    expect(connected.map(({ name }) => name)).toEqual(['Northgate Pediatrics', 'Summit Eye Care']);
    for (const { externalRef } of connected) {
      const response = await fetch(`${told.portal}/api/v1/tenants/ref:${externalRef}/access-token`, {
        method: 'POST',
        headers: { authorization: `Bearer ${told.apiKey}` },
      });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ token_type: 'Bearer', server_url: told.emulator });
    }
  });

  it.each(['/healthz', '/readyz'])('answers %s with 200', async (path) => {
    const response = await fetch(`${told.portal}${path}`);
    expect(response.status).toBe(200);
  });

  it.each(['emulator', 'console', 'mailbox'] as const)('serves the %s', async (which) => {
    expect((await new WalkBrowser().open(told[which])).status).toBe(200);
  });

  it('signs its administrator in with the current code', async () => {
    const { email, password, totpSecret } = told.staff;
    const browser = new WalkBrowser();
    let page = await browser.open(`${told.portal}/sign-in`);
    page = await browser.press(page, says(t.accounts.signIn.button), { email, password });
    page = await browser.press(page, says(t.accounts.secondFactor.button), { code: codeAt(totpSecret, new Date()) });
    expect(page.heading).toBe(t.staff.overview.title);
    page = await browser.open(`${told.portal}/staff/tenants`);
    for (const { name } of told.tenants) expect(page.text).toContain(name);
  });

  it('exits 0 on SIGTERM and prints nothing else on standard output', async () => {
    const exit = await demo.stop('SIGTERM');
    expect(exit).toEqual({ code: 0, signal: null });
    expect(demo.lines.stdout).toHaveLength(1);
    await expect(fetch(`${told.portal}/healthz`)).rejects.toThrow();
  });
});

describe('npm run demo', () => {
  it('names the variable of a port that is in use, in one line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runScript('src/demo.ts', { env: { ...anyFree, MAILBOX_PORT: String(port) } });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`MAILBOX_PORT ${port} is in use: choose another port, 0 for any free one`);
  }, 30_000);

  it('rejects an invalid port', async () => {
    const { code, stderr } = await runScript('src/demo.ts', { env: { ...anyFree, PORT: '70000' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^PORT must be a whole number/);
  }, 30_000);

  it('rejects an unknown kind of database without repeating its address', async () => {
    const address = 'mysql://portal:synthetic-password-17@127.0.0.1/portal';
    const { code, stdout, stderr } = await runScript('src/demo.ts', { env: { ...anyFree, DATABASE_URL: address } });
    const problem = 'DATABASE_URL must start with sqlite: or postgres://';
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: problem });
  }, 30_000);

  it('rejects an unknown option', async () => {
    const { code, stderr } = await runScript('src/demo.ts', { args: ['--jsn'] });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^usage: /);
  }, 30_000);
});
