// Only on SQLite: what a browser shows and does; first-connection goes through the same routes on PostgreSQL.
import { launchBrowser, pageProblems, type Page, type TestBrowser } from '../support/visits/browser.js';
import { aPassword } from '../support/people.js';
import { TestPortal } from '../support/portal.js';
import { mailedInvitation, putOnClipboard } from './walk.js';

let browser: TestBrowser;
let test: TestPortal;

beforeAll(async () => {
  [browser, test] = await Promise.all([launchBrowser(), TestPortal.start()]);
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

type Stop = { name: string; inMain: boolean; shownAt: number; lastLooksTheSame: string | null };

/**
 * The element with the focus. Then the previously focused element is compared: if losing the focus changed nothing
 * about it, its label's box or its surroundings, its focus was invisible.
 */
const stopScript = `(() => {
  const lookOf = (element) => {
    const parts = [[element, null], ...[...(element.labels ?? [])].flatMap((label) => [[label, null], [label, '::before']])];
    return JSON.stringify(parts.map(([it, pseudo]) => {
      const s = getComputedStyle(it, pseudo);
      return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.borderWidth];
    }));
  };
  const last = window.lastStop;
  const now = document.activeElement;
  window.lastStop = now === document.body ? undefined : { element: now, name: nameOf(now), look: lookOf(now) };
  function nameOf(it) {
    return (it.labels?.[0]?.textContent ?? it.textContent).replace(/\\s+/g, ' ').trim() || it.tagName;
  }
  return {
    name: nameOf(now),
    inMain: now.closest('main') !== null,
    shownAt: now.getBoundingClientRect().top,
    lastLooksTheSame: last && last.element !== now && lookOf(last.element) === last.look ? last.name : null,
  };
})()`;

/** Presses Tab once; the element that had the focus must have shown it. */
async function tab(page: Page): Promise<Stop> {
  await page.keyboard.press('Tab');
  const stop = await page.evaluate<Stop>(stopScript);
  expect([page.url(), stop.lastLooksTheSame]).toEqual([page.url(), null]);
  return stop;
}

/** Presses Tab until the focus is on the named element. */
async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  while (seen.length < 60) {
    const stop = await tab(page);
    if (stop.name.startsWith(name)) return;
    seen.push(stop.name);
  }
  throw new Error(`the keyboard does not reach "${name}", only ${seen.join(' | ')}`);
}

/** The first stop of every page: visible when focused, and it skips the parts that all pages share. */
async function skipToMain(page: Page): Promise<void> {
  await page.waitForLoadState(); // the jump works only after the page has loaded completely
  const first = await tab(page);
  expect(first.name).toBe('Skip to main content');
  expect(first.shownAt).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  const next = await tab(page);
  expect([page.url(), next.inMain]).toEqual([page.url(), true]);
  await page.evaluate('document.activeElement.blur()');
  await page.goto(page.url().replace(/#.*/, ''));
}

const press = async (page: Page, key: 'Enter' | 'Space', path: string): Promise<void> => {
  await page.keyboard.press(key);
  await page.waitForURL((url) => url.pathname === path);
};

it.each([true, false])(
  'a clinic connects with the keyboard alone and always sees the focus (JavaScript: %s)',
  async (javaScript) => {
    const tenantId = await test.addTenant(`Keyboard ${javaScript}`);
    const at = `/tenants/${tenantId}`;
    const email = `kim.${javaScript}@clinic.example`;
    await test.portal.services.invitations.invite({ tenantId, email, invitedBy: null });
    const page = await browser.newPage({ javaScript });

    await page.goto(await mailedInvitation(test, email));
    await page.locator('#name:focus').waitFor(); // the first field has the focus
    await page.keyboard.type('Kim Park');
    await tabTo(page, 'Choose a password');
    await page.keyboard.type(aPassword);
    await press(page, 'Enter', `${at}/guide`);

    await skipToMain(page);
    await tabTo(page, 'Next: make the JWT');
    await press(page, 'Enter', `${at}/guide/jwt`);

    await skipToMain(page);
    await tabTo(page, 'Open the form in RingCentral');
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('Enter');
    const console = await opened;
    await console.waitForURL(/\/console\/sign-in/);
    await console.close();
    await page.bringToFront();
    if (javaScript) {
      await tabTo(page, 'Copy Suggested label');
      await page.keyboard.press('Space');
      await page
        .getByRole('status')
        .filter({ hasText: /Copied|selected/ })
        .waitFor();
    }
    await tabTo(page, 'The JWT is for a service user');
    await page.keyboard.press('Space');
    await page.getByText('A Developer Admin opens Organization').waitFor();
    await tabTo(page, 'I have the JWT: paste it');
    // This is a link: the space bar activates it only with the script.
    await press(page, javaScript ? 'Space' : 'Enter', `${at}/credentials/new`);

    await page.locator('#assertion:focus').waitFor();
    const { jwt } = test.assertion(javaScript ? 'summit' : 'cedar', { clientIds: 'organization' });
    await putOnClipboard(page, 'not a JWT');
    await page.keyboard.press('Control+V');
    await tabTo(page, 'Check and save');
    await press(page, 'Enter', `${at}/credentials`);
    await page.locator('.govuk-error-summary').waitFor();
    if (javaScript) await page.locator('.govuk-error-summary:focus').waitFor();
    await tabTo(page, 'This is not a JWT');
    await page.keyboard.press('Enter');
    await page.locator('#assertion:focus').waitFor();

    await putOnClipboard(page, jwt);
    await page.keyboard.press('Control+V');
    await tabTo(page, 'Check and save');
    await press(page, 'Space', `${at}/connection`);
    await page.locator('main[data-state="pending"][data-checking="no"]').waitFor({ timeout: 20_000 });

    await skipToMain(page);
    const [pasted] = test.emulator.world.credentialsOf(
      test.example.clinics[javaScript ? 'summit' : 'cedar'].serviceUser.id,
    );
    test.emulator.permitApp(pasted!.jti, test.example.app.clientId);
    await tabTo(page, 'Check again');
    await press(page, 'Enter', `${at}/connection`);
    await page.locator('main[data-state="healthy"][data-checking="no"]').waitFor({ timeout: 20_000 });
    await skipToMain(page);
    await tabTo(page, 'Replace');
    expect(pageProblems(page)).toEqual([]);
    await page.context().close();
  },
  90_000,
);
