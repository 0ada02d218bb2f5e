// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import { launchBrowser, type TestBrowser } from '../support/visits/browser.js';
import { TestPortal } from '../support/portal.js';
import { here, joinByMail, putOnClipboard, Walk } from './walk.js';

let browser: TestBrowser;
let test: TestPortal;

beforeAll(async () => {
  [browser, test] = await Promise.all([launchBrowser(), TestPortal.start()]);
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

describe.each([true, false])('handing the step to a colleague, with JavaScript: %s', (javaScript) => {
  const word = javaScript ? 'scripted' : 'plain';

  it('takes one click of a member; a colleague without an account does the rest in 5 clicks and 1 paste', async () => {
    const tenantId = await test.addTenant(`Clinic ${word}`);
    const ana = new Walk(await browser.newPage({ javaScript }), javaScript);
    const colleague = new Walk(await browser.newPage({ javaScript }), javaScript);
    const button = ({ page }: Walk, name: string) => page.getByRole('button', { name });
    const outcome = (name: string) =>
      colleague.page.locator(`main[data-outcome="${name}"][data-checking="no"]`).waitFor({ timeout: 20_000 });

    await joinByMail(test, ana.page, tenantId, `ana.${word}@clinic.example`);
    await ana.page.getByText('Someone else does this here').click();
    ana.begin();
    await ana.click(button(ana, 'Make a link for a colleague'));
    await ana.look('hand-offs-made');
    expect(ana.spent()).toMatchObject({ clicks: 1, typed: 0 });
    const link = await ana.page.getByLabel('Link for your colleague', { exact: true }).inputValue();
    expect(await ana.page.getByLabel('Text for an email', { exact: true }).inputValue()).toContain(link);

    await colleague.page.goto(here(test, link));
    const landing = await colleague.page.content();
    for (const name of [`Clinic ${word}`, 'Alice', tenantId]) expect(landing).not.toContain(name);
    await colleague.look('hand-off-landing');
    colleague.begin();
    await colleague.click(button(colleague, 'Continue'));
    await colleague.page.getByText(`For Clinic ${word}`).waitFor();
    await colleague.look('hand-off-guide');
    await colleague.click(button(colleague, 'Next: make the JWT'));
    await colleague.look('hand-off-jwt');
    await colleague.click(button(colleague, 'I have the JWT: paste it'));
    await colleague.look('hand-off-paste');
    const { jwt, jti } = test.assertion(javaScript ? 'riverside' : 'northgate', { clientIds: 'organization' });
    await putOnClipboard(colleague.page, jwt);
    await colleague.paste('Paste the JWT');
    await colleague.click(button(colleague, 'Check and save'));
    await outcome('refused');
    await colleague.look('hand-off-refused');
    await ana.page.reload();
    await ana.look('hand-offs-refused');

    test.emulator.permitApp(jti, test.example.app.clientId);
    await colleague.click(button(colleague, 'Check again'));
    await outcome('accepted');
    await colleague.look('hand-off-accepted');
    expect(colleague.spent()).toMatchObject({ clicks: 5, pastes: 1, typed: 0, fields: ['_csrf', 'assertion'] });

    const lines = test.example.clinics[javaScript ? 'riverside' : 'northgate'];
    const seen = await colleague.page.locator('body').innerText();
    for (const name of [lines.serviceUser.name, 'Front Desk Fax', 'Alice']) expect(seen).not.toContain(name);

    await colleague.page.goto(here(test, link));
    await colleague.look('hand-off-closed');
    await ana.page.reload();
    await ana.page.getByText('Done: the JWT was accepted').waitFor();
    await ana.look('hand-offs-done');
  }, 120_000);
});
