import { english as t } from '../texts/texts.js';
import type { DemoWorld } from './demo-world.js';
import { waitFor } from './wait-for.js';
import { checked, control, type Connected } from './walk-connect.js';
import type { Invited } from './walk-invitation.js';
import { says, type WalkPage } from './walk-page.js';
import { expect, expectPage, isLike, type Step } from './walk-step.js';

const MOST_WAIT_MS = 60_000;

/** RingCentral is away for a while, which breaks nothing; then the JWT is deleted, which does, once it is sure. */
export async function walkThroughBreaks(
  world: DemoWorld,
  { staff, tenantUrl, member }: Invited,
  { connection, console, label }: Connected,
  step: Step,
): Promise<void> {
  const checkNow = async (from: WalkPage) => {
    const page = await checked(member, await member.press(from, says(t.connections.checkNow)));
    expect(page.main('data-checked-at') !== from.main('data-checked-at'), 'no check was made');
    return page;
  };

  await step('staff see the clinic connected', async () => {
    expectPage(await asStaffSee(world, { staff, tenantUrl }), { state: 'healthy' });
  });

  const during = await step('RingCentral was away (503) and a check was asked for: still connected', async () => {
    await control(world, 'POST', '/faults', { kind: 'unavailable' });
    return expectPage(await checkNow(connection), { state: 'healthy' });
  });

  const recovered = await step('RingCentral came back: a check proves the connection again', async () => {
    await control(world, 'DELETE', '/faults');
    return expectPage(await checkNow(during), { state: 'healthy', cause: '' });
  });

  await step('the JWT was deleted in the console', async () => {
    const list = await console.open(`${world.urls.console}/my-credentials`);
    const after = await console.press(list, new RegExp(`^Delete ${label}$`));
    expect(after.status === 200 && after.linkInRow(label) === undefined, after.describe());
  });

  const suspect = await step('the first refusal is only a suspicion: shown as before, asked again soon', async () => {
    const page = expectPage(await checkNow(recovered), { state: 'healthy' });
    const said = t.connections.suspect('', null).split(' at ')[0] ?? '';
    expect(page.text.includes(said), `${page.describe()}: no word of the refusal`);
    expect(Date.parse(page.main('data-next-check-at')) > 0, 'no time for the next check');
    return page;
  });

  await step('refused again when asked again: failing, and the clinic can mend it', async () => {
    const expected = { state: 'failing', cause: 'credential_rejected', 'fix-owner': 'tenant' };
    let page = suspect;
    await waitFor('a confirmed refusal', MOST_WAIT_MS, async () => {
      page = await member.open(suspect.url);
      return page.main('data-state') === 'healthy' ? undefined : page;
    });
    expectPage(page, expected);
    page.link(says(t.connections.pasteNew));
  });

  await step('staff see why, who must mend it, and the two refusals', async () => {
    const page = await asStaffSee(world, { staff, tenantUrl });
    expectPage(page, { state: 'failing', cause: 'credential_rejected', 'fix-owner': 'tenant' });
    const { triggers } = t.staff.tenant.checks;
    expect(page.text.includes(triggers.confirmation) && page.text.includes(triggers.person), 'not both checks');
    expect(isLike(page, { status: 200 }) && page.valueOf('fix') !== '', 'no text to send to the clinic');
  });
}

/** From the list, where the clinic has a row of its own. */
async function asStaffSee(world: DemoWorld, { staff, tenantUrl }: Pick<Invited, 'staff' | 'tenantUrl'>) {
  const list = await staff.open(`${world.urls.portal}/staff/tenants`);
  const listed = list.links().some(({ href }) => href === tenantUrl);
  expect(listed, `${list.describe()}: the clinic is not listed`);
  return staff.open(tenantUrl);
}
