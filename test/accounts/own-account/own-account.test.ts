import { anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
beforeEach(async () => {
  portal = await anAccountsPortal();
});
afterEach(() => portal.close());

it('shows members their name and address and a link to each change they may make', async () => {
  const browser = await portal.aMember(await portal.aTenant('North Clinic'), 'alice@north.example');
  const page = await browser.get('/account');
  expect(page.status).toBe(200);
  expect(page.headers['cache-control']).toContain('no-store');
  for (const text of ['<h1 class="govuk-heading-l">Your account</h1>', '>alice<', 'alice@north.example', 'Not set up'])
    expect(page.text).toContain(text);
  expect(page.text).toContain('href="/account/second-factor"');
  expect(page.text).not.toContain('Administrator');
});

it('shows staff their role and that their authenticator app is set up', async () => {
  const { browser } = await portal.staffMember('sam@isv.example', 'auditor');
  const page = await browser.get('/account');
  for (const text of ['sam@isv.example', 'Auditor', 'Set up']) expect(page.text).toContain(text);
});

it('is linked from every page of a signed-in person, and from no other page', async () => {
  const browser = await portal.aMember(await portal.aTenant('North Clinic'), 'alice@north.example');
  expect((await browser.get('/tenants')).text).toContain('<a class="govuk-link" href="/account">Your account</a>');
  expect((await portal.browser().get('/sign-in')).text).not.toContain('href="/account"');
});

it('SEC-04: is closed to visitors, and to staff before their second factor', async () => {
  expect((await portal.browser().get('/account')).headers.location).toBe('/sign-in?next=%2Faccount');
  const half = await portal.aNewStaffMember('sam@isv.example');
  expect((await half.get('/account')).headers.location).toBe('/account/second-factor');
});
