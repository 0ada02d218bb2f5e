// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import { launchBrowser, type Page, type TestBrowser } from '../support/visits/browser.js';
import { aPassword, totpNow } from '../support/people.js';
import { TestPortal } from '../support/portal.js';
import { here, Walk } from './walk.js';

let browser: TestBrowser;
let test: TestPortal;

/** Not used for any network call. */
const biz = {
  serverUrl: 'https://platform.ringcentral.biz',
  mediaUrl: 'https://media.ringcentral.biz',
  clientId: 'EXAMPLEclientId_000003',
  clientSecretFile: '/nothing/here',
};

beforeAll(async () => {
  [browser, test] = await Promise.all([
    launchBrowser(),
    TestPortal.start({ env: { RINGCENTRAL_ENVIRONMENTS_FILE: JSON.stringify({ biz }) } }),
  ]);
  const tenantId = await test.addTenant('Broken Clinic');
  const alice = await test.member(tenantId);
  const { jwt } = test.assertion('riverside', { clientIds: 'organization' });
  await alice.get(`/tenants/${tenantId}/credentials/new`);
  await alice.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

/** Chooses a password and sets up the second factor, as new staff do. @returns the authenticator app's secret */
async function setUp(walk: Walk, email: string): Promise<string> {
  const { page } = walk;
  const created = await test.portal.services.staff.createStaff({ email, name: 'Olga Berg', role: 'operator' });
  if (!created.ok) throw new Error(created.problem);
  await page.goto(here(test, created.url));
  await walk.look('staff-setup');
  await page.getByLabel('Choose a password').fill(aPassword);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/account/second-factor');
  await walk.look('staff-enrolment');
  const secret = (await page.locator('code.secret').innerText()).replaceAll(' ', '');
  await page.getByLabel('Code', { exact: true }).fill(totpNow(secret, test.clock()));
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.waitForURL('**/account/recovery-codes');
  await walk.look('staff-recovery-codes');
  await page.getByRole('button', { name: 'I have saved the codes' }).click();
  await page.waitForURL('**/staff');
  return secret;
}

async function signIn(walk: Walk, email: string, secret: string): Promise<void> {
  const { page } = walk;
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You have signed out.').waitFor();
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(aPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/sign-in/second-factor');
  await walk.look('staff-second-factor');
  test.clock.advance(30_000); // a code works only once; this is the next one
  await page.getByLabel('Code', { exact: true }).fill(totpNow(secret, test.clock()));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/staff');
}

const valueOf = (page: Page, label: string) => page.getByLabel(label, { exact: true }).inputValue();

it.each([true, false])(
  'staff sign in, add a clinic, invite its admin, and see which clinic fails and why (JavaScript: %s)',
  async (javaScript) => {
    const word = javaScript ? 'scripted' : 'plain';
    const email = `olga.${word}@example-health.example`;
    const page = await browser.newPage({ javaScript });
    const walk = new Walk(page, javaScript);
    const secret = await setUp(walk, email);
    await signIn(walk, email, secret);
    await walk.look('staff-overview');
    await page.getByRole('navigation').getByRole('link', { name: 'Clinics' }).first().click();
    await walk.look('staff-list');

    // First with an error: the typed values are kept.
    await page.getByRole('button', { name: 'Add a clinic' }).click();
    await walk.look('staff-new');
    await page.getByLabel('Name of the clinic').fill(`Hillside ${word}`);
    await page.getByLabel('Your own ID for it').fill('ref-broken-clinic');
    await page.getByLabel('AT&T Office@Hand or Verizon').check();
    await page.getByLabel('Time zone').selectOption('America/Denver');
    await page.getByRole('button', { name: 'Add the clinic' }).click();
    await page.getByRole('link', { name: 'Another clinic has this ID.' }).waitFor();
    await walk.look('staff-new-refused');
    expect(await page.title()).toMatch(/^Error: /);
    if (javaScript) await page.locator('.govuk-error-summary:focus').waitFor();
    expect(await valueOf(page, 'Name of the clinic')).toBe(`Hillside ${word}`);
    expect(await valueOf(page, 'Your own ID for it')).toBe('ref-broken-clinic');
    expect(await valueOf(page, 'Time zone')).toBe('America/Denver');
    expect(await page.getByLabel('AT&T Office@Hand or Verizon').isChecked()).toBe(true);
    await page.getByLabel('Your own ID for it').fill(`hillside-${word}`);
    await page.getByRole('button', { name: 'Add the clinic' }).click();
    await page.getByRole('heading', { level: 1, name: `Hillside ${word}` }).waitFor();
    await walk.look('staff-tenant-new');
    expect(await page.locator('main').getAttribute('data-state')).toBe('not_connected');
    const tenantUrl = `${test.url}/staff/tenants/${/tenants\/([\w-]+)\/people/.exec(page.url())?.[1] ?? ''}`;

    // The invitation's link is in its mail only, or is shown to the person who hands it over, and to no one else.
    await page.getByLabel('Email address').fill('nobody');
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByRole('link', { name: 'Enter an email address' }).waitFor();
    await walk.look('staff-invite-refused');
    expect(await valueOf(page, 'Email address')).toBe('nobody');
    const invited = `lena.${word}@clinic.example`;
    await page.getByLabel('Email address').fill(invited);
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByRole('heading', { level: 1, name: 'Invitation' }).waitFor();
    await walk.look('staff-invitation');
    expect(await page.getByLabel('Invitation link').count()).toBe(0);
    await test.mail.waitFor(({ to }) => to === invited);
    await page.getByRole('button', { name: 'Show a new link to hand over' }).click();
    await page.getByLabel('Invitation link').waitFor();
    await walk.look('staff-invitation-handed');
    const link = await walk.copy('Invitation link');
    await page.reload();
    expect(await valueOf(page, 'Invitation link')).toBe(link);
    const other = await test.staff('operator');
    const seenByOther = await other.get(new URL(page.url()).pathname);
    expect(seenByOther.status).toBe(200);
    expect(seenByOther.text).toContain(invited);
    expect(seenByOther.text).not.toContain(link);

    await page.goto(`${tenantUrl}/people`);
    expect(await page.locator('main').innerText()).toMatch(new RegExp(`${invited}[\\s\\S]*Open[\\s\\S]*Olga Berg`));

    // Which clinic fails, since when, why, and the text to send.
    await page.getByRole('navigation').getByRole('link', { name: 'Clinics' }).first().click();
    const row = page.getByRole('row', { name: 'Broken Clinic' });
    expect(await row.innerText()).toMatch(/Setting up[\s\S]*Client ID not added[\s\S]*The clinic/);
    await row.getByRole('link', { name: 'Broken Clinic' }).click();
    await page.getByRole('heading', { level: 1, name: 'Broken Clinic' }).waitFor();
    await walk.look('staff-tenant-broken');
    const main = page.locator('main');
    expect(await main.getAttribute('data-cause')).toBe('app_not_permitted');
    expect(await valueOf(page, 'Text for the clinic')).toContain(test.example.app.clientId);
    const pages = page.getByRole('navigation', { name: 'Pages of this clinic' });
    await pages.getByRole('link', { name: 'Checks' }).click();
    await walk.look('staff-tenant-checks');
    const checks = page.getByRole('table', { name: 'Checks' });
    expect(await checks.innerText()).toMatch(/New JWT or sign-in[\s\S]*Rejected: Client ID not added[\s\S]*OAU-473/);
    await pages.getByRole('link', { name: 'Activity' }).click();
    await walk.look('staff-tenant-activity');
    expect(await page.getByRole('table', { name: 'Activity' }).innerText()).toMatch(
      /JWT or RingCentral sign-in checked[\s\S]*Alice Moss/,
    );
    await page.context().close();
  },
  90_000,
);
