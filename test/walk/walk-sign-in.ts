import { clinicNames } from '../../src/emulator/seed.js';
import { english as t } from '../../src/texts/texts.js';
import { acceptInvitation } from '../../src/demo/demo-people.js';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import { WalkBrowser } from '../../src/demo/walk-browser.js';
import { says } from '../../src/demo/walk-page.js';
import { checked } from './walk-connect.js';
import { expect, expectHeading, expectPage, type Step } from './walk-step.js';

/** A clinic whose admin cannot open the Developer Console. */
export const signInClinic = { key: 'riverside', name: clinicNames.riverside, externalRef: 'EHR-2002' } as const;

/** The second way to connect: the clinic's admin signs in to RingCentral. No JWT is made. */
export async function walkToSignedIn(world: DemoWorld, step: Step): Promise<{ member: WalkBrowser }> {
  const { admin, faxLines } = world.example.clinics[signInClinic.key];
  const { signInApp } = world.example;
  const member = new WalkBrowser();

  const guide = await step('the admin of another clinic was invited and accepted', async () => {
    const { tenants, invitations } = world.portal.services;
    const { name, externalRef } = signInClinic;
    const created = await tenants.create({ name, externalRef }, { kind: 'command_line' });
    if (!created.ok) throw new Error('the clinic was not added');
    const invited = await invitations.invite({ tenantId: created.tenant.id, email: admin.email, invitedBy: null });
    if (!invited.ok) throw new Error(invited.problem);
    const page = await acceptInvitation(member, invited.url, admin.name);
    return expectHeading(page, t.guide.start.title('Example Health'));
  });

  const offer = await step('the guide has a plain link for people who cannot open the Developer Console', async () => {
    const page = expectHeading(await member.follow(guide, says(t.guide.withoutConsole.link)), t.codeFlow.page.title);
    expect(page.hasForm(says(t.codeFlow.page.button)), `${page.describe()}: no button`);
    return page;
  });

  const atRingCentral = async () => {
    const page = await member.press(offer, says(t.codeFlow.page.button));
    expect(page.url.startsWith(`${world.urls.emulator}/restapi/oauth/authorize?`), page.describe());
    expect(page.heading.includes(signInApp.name), page.describe());
    return page;
  };

  await step("denied access on RingCentral's page: nothing connected, and the button again", async () => {
    const page = await member.press(await atRingCentral(), /^Deny$/, { user: admin.id });
    expectHeading(page, t.codeFlow.page.title);
    expect(page.text.includes(t.codeFlow.refusals.denied), `${page.describe()}: does not say why`);
    expect(page.hasForm(says(t.codeFlow.page.button)), `${page.describe()}: no button`);
  });

  await step('signed in and allowed it: connected, fax lines readable', async () => {
    const returned = await member.press(await atRingCentral(), /^Authorize$/, { user: admin.id });
    expect(new URL(returned.url).search === '', 'the address holds the code');
    const asked = expectPage(await checked(member, returned), { state: 'pending', cause: 'not_confirmed' });
    const page = expectPage(await member.press(asked, says(t.connections.confirm.yes)), {
      state: 'healthy',
      cause: '',
    });
    for (const { name } of faxLines) expect(page.text.includes(name), `fax line ${name} is missing`);
    expect(page.text.includes(admin.name), 'the page does not name the user who signed in');
  });

  return { member };
}
