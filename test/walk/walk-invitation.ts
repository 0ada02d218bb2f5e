import { clinicNames } from '../../src/emulator/seed.js';
import { english as t } from '../../src/texts/texts.js';
import {
  acceptInvitation,
  codeAt,
  createAdministrator,
  demoPassword,
  type StaffSignIn,
} from '../../src/demo/demo-people.js';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import { waitFor } from '../../src/demo/wait-for.js';
import { WalkBrowser } from '../../src/demo/walk-browser.js';
import { says, type WalkPage } from '../../src/demo/walk-page.js';
import { expect, expectHeading, expectPage, type Step } from './walk-step.js';

/** The ISV's own id of the clinic of the walk. */
export const externalRef = 'EHR-2001';
const MOST_WAIT_MS = 60_000;
/** The clinic of the walk; the demo has no tenant for it. */
const clinic = { key: 'summit', name: clinicNames.summit, externalRef } as const;

export type Invited = {
  clinicName: string;
  staff: WalkBrowser;
  /** The clinic's page for staff. */
  tenantUrl: string;
  member: WalkBrowser;
  /** The first page of the guide, which follows the acceptance. */
  guide: WalkPage;
};

const isInvitation = (href: string): boolean => /\/invitations\/[\w-]{43}$/.test(href);

/** Staff sign in, add a clinic and invite its admin, who accepts. */
export async function walkToTheGuide(world: DemoWorld, step: Step): Promise<Invited> {
  const { admin } = world.example.clinics[clinic.key];
  const administrator = await createAdministrator(world.portal);
  const staff = new WalkBrowser();

  const list = await step('staff signed in with a second factor', () => signIn(world, staff, administrator));

  const tenant = await step('staff added a clinic', async () => {
    const form = await staff.follow(list, says(t.staff.list.create));
    const fields = { name: clinic.name, external_ref: clinic.externalRef, time_zone: 'America/Los_Angeles' };
    const page = await staff.press(form, says(t.staff.create.button), fields);
    return expectPage(expectHeading(page, clinic.name), { state: 'not_connected' });
  });

  await step('staff sent an invitation, and did not see its link', async () => {
    const page = await staff.press(tenant, says(t.staff.invite.button), { email: admin.email });
    expectHeading(page, t.staff.invitation.title);
    expect(!page.links().some(({ href }) => isInvitation(href)), 'the page has the link');
  });

  const link = await step('invitation email received, with its link and without the clinic’s name', async () => {
    const mail = await mailTo(world, new WalkBrowser(), admin.email);
    expect(!mail.text.includes(clinic.name), 'the clinic’s name is in the email');
    const found = mail.links().find(({ href }) => isInvitation(href));
    expect(found !== undefined, 'the email does not contain a link of an invitation');
    return found?.href ?? '';
  });

  await step('opening the link did not consume it (GET and HEAD, as mail scanners do)', async () => {
    const { invitation } = t.accounts;
    for (let looks = 0; looks < 2; looks += 1) {
      const scanner = new WalkBrowser();
      const status = await scanner.head(link);
      expect(status === 200, `HEAD answered ${status}`);
      const page = await scanner.open(link);
      expect(page.status === 200 && page.hasForm(says(invitation.newButton)), page.describe());
    }
  });

  const member = new WalkBrowser();
  const guide = await step('the clinic accepted and is on the first page of the guide', async () => {
    const page = await acceptInvitation(member, link, admin.name);
    expect(page.hasForm(says(t.common.signOut)), `${page.describe()}: no one is signed in`);
    return expectHeading(page, t.guide.start.title('Example Health'));
  });

  await step('the link worked once', async () => {
    const page = await new WalkBrowser().open(link);
    expectHeading(page, t.accounts.signIn.title);
  });

  return { clinicName: clinic.name, staff, tenantUrl: tenant.url.replace(/\/people.*/, ''), member, guide };
}

async function signIn(world: DemoWorld, browser: WalkBrowser, { email, totpSecret }: StaffSignIn): Promise<WalkPage> {
  const form = await browser.open(world.urls.portal);
  const { signIn: texts, secondFactor } = t.accounts;
  let page = await browser.press(form, says(texts.button), { email, password: demoPassword });
  expectHeading(page, secondFactor.title);
  // If a new time step starts at this moment, the typed code may have expired; then type the next one.
  for (let tries = 0; tries < 3 && page.heading === secondFactor.title; tries += 1)
    page = await browser.press(page, says(secondFactor.button), { code: codeAt(totpSecret, new Date()) });
  expectHeading(page, t.staff.overview.title);
  return browser.open(`${world.urls.portal}/staff/tenants`);
}

/** Waits for a mail to this address and opens it. */
async function mailTo(world: DemoWorld, browser: WalkBrowser, address: string): Promise<WalkPage> {
  const url = await waitFor(`a mail to ${address}`, MOST_WAIT_MS, async () =>
    (await browser.open(world.urls.mailbox)).linkInRow(address),
  );
  return browser.open(url);
}
