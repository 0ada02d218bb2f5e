// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import { launchBrowser, type Page, type TestBrowser } from '../support/visits/browser.js';
import { TestPortal } from '../support/portal.js';
import { aPassword } from '../support/people.js';
import { expectSound, joinByMail, mailedInvitation, Walk } from './walk.js';

let browser: TestBrowser;
let test: TestPortal;
beforeAll(async () => {
  [browser, test] = await Promise.all([launchBrowser(), TestPortal.start()]);
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

it.each([true, false])(
  'a member invites a colleague, sees who has access, and removes the access (JavaScript: %s)',
  async (javaScript) => {
    const word = javaScript ? 'scripted' : 'plain';
    const tenantId = await test.addTenant(`People ${word}`);
    const email = `ana.${word}@clinic.example`;
    const page = await browser.newPage({ javaScript });
    await joinByMail(test, page, tenantId, email);
    const walk = new Walk(page, javaScript);

    // The only member cannot be removed. Every page links here.
    await page.getByRole('navigation').getByRole('link', { name: 'People' }).click();
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'People' }).getAttribute('aria-current')).toBe(
      'page',
    );
    await walk.look('people-alone');
    expect(await page.getByRole('link', { name: /^Remove/ }).count()).toBe(0);

    await page.getByLabel('Email address').fill('bob at the desk');
    await press(page, 'Send the invitation');
    await page.getByRole('link', { name: 'Enter an email address' }).waitFor();
    await walk.look('people-refused');
    if (javaScript) await page.locator('.govuk-error-summary:focus').waitFor();
    expect(await page.getByLabel('Email address').inputValue()).toBe('bob at the desk');

    const bob = `bob.the.colleague.with.a.long.address.${word}@clinic.example`;
    await page.getByLabel('Email address').fill(bob);
    await press(page, 'Send the invitation');
    await page.getByText('The person was invited.').waitFor();
    await walk.look('people-invited');
    await press(page, `Send a new link to ${bob}`);
    await page.getByText('There is a new link').waitFor();
    await press(page, `Revoke to ${bob}`);
    await page.getByText('The invitation was revoked.').waitFor();
    await walk.look('people-revoked');
    await page.getByLabel('Email address').fill(bob);
    await press(page, 'Send the invitation');
    await press(page, `Send a new link to ${bob}`);
    await page.getByText('This address was sent 3 invitations in 24 hours.').waitFor();
    await expectSound(page, { javaScript, shot: javaScript ? 'people-limited' : '' }); // the same page from another form

    // The link of the third mail works.
    await test.mail.waitFor(
      (mail) => mail.to === bob && test.mail.messages().filter(({ to }) => to === bob).length === 3,
    );
    const colleague = await browser.newPage({ javaScript });
    const links = test.mail.messages().filter(({ to }) => to === bob);
    await colleague.goto(await mailedInvitation(test, bob));
    expect(colleague.url()).toContain('/sign-in?notice=link');
    await colleague.goto(test.url + (/\/invitations\/[\w-]+/.exec(links.at(-1)?.text ?? '')?.[0] ?? ''));
    await colleague.getByLabel('Your name').fill('Bob Hall');
    await colleague.getByLabel('Choose a password').fill(aPassword);
    await press(colleague, 'Accept and continue');
    await colleague.waitForURL('**/guide');
    expect((await test.mail.waitFor(({ to, subject }) => to === email && /joined/.test(subject))).text).toContain(bob);

    await page.goto(`${test.url}/tenants/${tenantId}/people`);
    await walk.look('people-two');
    await page.getByRole('link', { name: 'Leave this clinic' }).click();
    await page.getByText('You are the only owner').waitFor();
    await walk.look('people-last-owner');
    await page.getByRole('link', { name: 'People' }).first().click();
    await page.getByRole('link', { name: 'Change role Bob Hall' }).click();
    await walk.look('people-role');
    await page.getByLabel('Owner').check();
    await press(page, 'Save the role');
    await page.getByText('The role was changed.').waitFor();
    await page.getByRole('link', { name: 'Leave this clinic' }).click();
    await page.getByText('You lose access immediately.').waitFor();
    await walk.look('people-remove-self');
    await page.getByRole('link', { name: 'People' }).first().click();
    await page.getByRole('link', { name: 'Remove Bob Hall' }).click();
    await page.getByRole('heading', { level: 1, name: 'Remove Bob Hall' }).waitFor();
    await press(page, 'Remove this person');
    await page.getByText('The person no longer has access.').waitFor();
    await walk.look('people-removed');
    expect((await colleague.reload())?.status()).toBe(404);

    await page.goto(`${test.url}/tenants/${tenantId}/people/leaving`);
    await page.getByText('You are the only owner').waitFor();
    await walk.look('people-last');
    await Promise.all([page.context().close(), colleague.context().close()]);
  },
  90_000,
);
