// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import { textsIn } from '../../src/texts/texts.js';
import { launchBrowser, type Page, type TestBrowser } from '../support/visits/browser.js';
import { aPassword } from '../support/people.js';
import { TestPortal } from '../support/portal.js';
import { mailedInvitation, Walk } from './walk.js';

const t = textsIn('es');
let browser: TestBrowser;
let test: TestPortal;

beforeAll(async () => {
  [browser, test] = await Promise.all([launchBrowser(), TestPortal.start()]);
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

/** Words that almost every English text of ours contains and no Spanish text does. */
const english = /\b(the|your|you|this|with|and|we)\b/i;

async function expectSpanish(page: Page): Promise<void> {
  expect(await page.locator('html').getAttribute('lang')).toBe('es');
  expect(english.exec(await page.locator('body').innerText())?.[0]).toBeUndefined();
}

describe.each([true, false])('a clinic that reads Spanish, with JavaScript: %s', (javaScript) => {
  const word = javaScript ? 'con' : 'sin';
  const clinic = javaScript ? 'riverside' : 'northgate';

  it('is invited, guided, connected, notified of a failure and signed out in Spanish', async () => {
    const asked = { name: `Clínica ${word}`, externalRef: word, language: 'es', timeZone: 'America/Denver' };
    const created = await test.portal.services.tenants.create(asked, { kind: 'command_line' });
    if (!created.ok) throw new Error(JSON.stringify(created.problems));
    const tenantId = created.tenant.id;
    const email = `ana.${word}@clinica.example`;
    await test.portal.services.invitations.invite({ tenantId, email, invitedBy: null });
    const link = await mailedInvitation(test, email);
    const mail = await test.mail.waitFor(({ to }) => to === email);
    expect(mail.subject).toBe(t.mails.invitation.subject({ isv: 'Example Health' }));
    expect(mail.text).toMatch(
      /hasta el \d+ de [a-z]+ de \d{4} a las \d+:\d\d [ap]\.m\. hora de las Montañas Rocosas\./,
    );
    expect(english.exec(mail.text.replaceAll(/https?:\S+/g, ''))?.[0]).toBeUndefined();

    const page = await browser.newPage({ javaScript });
    await page.setExtraHTTPHeaders({ 'Accept-Language': 'es-US,es;q=0.9,en;q=0.8' });
    const walk = new Walk(page, javaScript);
    const look = async (shot: string) => {
      await expectSpanish(page);
      await walk.look(`es-${shot}`);
    };
    const press = (name: string) => page.getByRole('button', { name, exact: false }).click();

    await page.goto(link);
    await look('invitation');
    await press(t.accounts.invitation.newButton);
    await look('invitation-error');
    await walk.type(t.accounts.invitation.name, 'Ana Ruiz');
    await walk.type(t.accounts.password.chooseLabel, aPassword);
    await press(t.accounts.invitation.newButton);
    await page.waitForURL(`${test.url}/tenants/${tenantId}/guide`);
    // From here on, the clinic's language applies, whatever the browser requests.
    await page.setExtraHTTPHeaders({ 'Accept-Language': 'en' });
    await page.reload();
    await look('guide');
    await press(t.guide.start.next);
    await page.waitForURL('**/guide/jwt');
    // The console's labels stay English, because the person sees them in English there.
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    await walk.look('es-jwt');
    await press(t.guide.jwt.next);

    const { jwt, jti } = test.assertion(clinic);
    await page.getByLabel(t.credentials.title).fill(jwt.slice(0, -30));
    await press(t.credentials.button);
    await page.locator('.govuk-error-summary[data-code="truncated"]').waitFor();
    expect(await page.title()).toMatch(/^Error: Pegue el JWT/);
    await look('paste-error');
    await page.getByLabel(t.credentials.title).fill(jwt);
    await press(t.credentials.button);
    await walk.waitForState('healthy');
    await look('connected');
    const shown = await page.locator('main').innerText();
    for (const said of ['Conectado', 'extensión 901', 'hora de las Montañas Rocosas', 'dentro de'])
      expect(shown).toContain(said);

    test.emulator.forbidApp(jti, test.example.app.clientId);
    await press(t.connections.checkNow);
    await walk.waitForState('failing');
    expect(await page.locator('main').innerText()).toContain('Su clínica puede arreglarlo');
    await walk.look('es-failing');

    await press(t.common.signOut);
    await page.waitForURL('**/sign-in?notice=signed_out');
    await page.context().close();
  }, 90_000);
});

it('a person who reads no English can switch to Spanish at the foot of the first page, and back', async () => {
  for (const javaScript of [true, false]) {
    const page = await browser.newPage({ javaScript, width: 320 });
    await page.goto(`${test.url}/sign-in?notice=link`);
    await page.getByRole('button', { name: 'Español' }).click();
    await page.waitForURL('**/sign-in?notice=link');
    await expectSpanish(page);
    await new Walk(page, javaScript).look('es-sign-in');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.context().close();
  }
}, 60_000);
