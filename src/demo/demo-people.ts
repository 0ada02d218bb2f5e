import { TOTP } from 'otpauth';
import { english as t } from '../texts/texts.js';
import { WalkBrowser } from './walk-browser.js';
import { says, type WalkPage } from './walk-page.js';
import type { Portal } from '../portal.js';

/** Everyone's password in the demo. It protects only invented data on loopback, and the demo prints it. */
export const demoPassword = 'copper-lantern-orchard-27';

const STEP_MS = 30_000;

export type StaffSignIn = { personId: string; name: string; email: string; password: string; totpSecret: string };

/** The six digits that an authenticator app shows at that time. */
export const codeAt = (totpSecret: string, at: Date): string =>
  new TOTP({ secret: totpSecret }).generate({ timestamp: at.getTime() });

/** When the code of that time expires. */
export const codeEnds = (at: Date): Date => new Date((Math.floor(at.getTime() / STEP_MS) + 1) * STEP_MS);

/**
 * Creates an administrator as the command line does; the administrator then chooses a password and sets up the second
 * factor.
 */
export async function createAdministrator({ services }: Portal): Promise<StaffSignIn> {
  const who = { email: 'olivia.grant@example-health.example', name: 'Olivia Grant' };
  const created = await services.staff.createStaff({ ...who, role: 'administrator' });
  if (!created.ok) throw new Error(`the administrator could not be created: ${created.problem}`);
  const browser = new WalkBrowser();
  const setup = await browser.open(created.url);
  const enrolment = await browser.press(setup, says(t.accounts.setup.button), { password: demoPassword });
  const totpSecret = /<code class="secret">([A-Z2-7 ]+)<\/code>/.exec(enrolment.html)?.[1]?.replaceAll(' ', '') ?? '';
  await confirmSecondFactor(browser, enrolment, totpSecret);
  return { personId: created.personId, ...who, password: demoPassword, totpSecret };
}

/**
 * Uses the previous code, because each code works only once and the current one is for the person who signs in now.
 * If a new time step starts at this moment, the previous code is rejected and the loop tries again.
 */
async function confirmSecondFactor(browser: WalkBrowser, enrolment: WalkPage, totpSecret: string): Promise<void> {
  let page = enrolment;
  for (let tries = 0; tries < 3; tries += 1) {
    const code = codeAt(totpSecret, new Date(Date.now() - STEP_MS));
    page = await browser.press(page, says(t.accounts.enrolment.button), { code });
    if (page.status === 200) return;
  }
  throw new Error(`the second factor was not accepted: ${page.describe()}`);
}

/** Accepts an invitation as a new person. */
export async function acceptInvitation(browser: WalkBrowser, url: string, name: string): Promise<WalkPage> {
  const invitation = await browser.open(url);
  return browser.press(invitation, says(t.accounts.invitation.newButton), { name, password: demoPassword });
}

/** Goes from the start of the guide to the paste box and pastes. Returns the connection page, or the box again. */
export async function pasteFromGuide(browser: WalkBrowser, guide: WalkPage, paste: string): Promise<WalkPage> {
  const make = await browser.follow(guide, says(t.guide.start.next));
  const box = await browser.follow(make, says(t.guide.jwt.next));
  return browser.press(box, says(t.credentials.button), { assertion: paste });
}

/**
 * Goes from the start of the guide to RingCentral's own page, signs in there as this user, and comes back. Returns the
 * connection page.
 */
export async function signInFromGuide(browser: WalkBrowser, guide: WalkPage, extensionId: string): Promise<WalkPage> {
  const offer = await browser.follow(guide, says(t.guide.withoutConsole.link));
  const atRingCentral = await browser.press(offer, says(t.codeFlow.page.button));
  return browser.press(atRingCentral, /^Authorize$/, { user: extensionId });
}
