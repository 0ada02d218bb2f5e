import { english as t } from '../../src/texts/texts.js';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import { waitFor } from '../../src/demo/wait-for.js';
import { checked, control, type Connected } from './walk-connect.js';
import type { Invited } from './walk-invitation.js';
import { says, type WalkPage } from '../../src/demo/walk-page.js';
import { expect, expectPage, isLike, type Step } from './walk-step.js';

const MOST_WAIT_MS = 60_000;
const MINUTE_MS = 60_000;

/**
 * A RingCentral outage, which changes no state; then the JWT is deleted, which fails the connection once it is
 * confirmed.
 */
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

  const before = await statesOf(world, staff);
  const unchanged = async () => {
    const after = await statesOf(world, staff);
    expect(after.join() === before.join(), 'the state of a clinic changed');
  };

  const during = await step('RingCentral was down (503) and a check was requested: still connected', async () => {
    await control(world, 'POST', '/faults', { kind: 'unavailable' });
    return expectPage(await checkNow(connection), { state: 'healthy' });
  });

  const back = await step(
    'RingCentral recovered: the next scheduled check proves the connection, and no clinic changed state',
    async () => {
      await control(world, 'DELETE', '/faults');
      world.pass(MINUTE_MS);
      const page = await checkedByItself(member, during);
      await unchanged();
      return expectPage(page, { state: 'healthy', cause: '' });
    },
  );

  const { clientId, secret } = world.example.app;
  const refused = await step(
    "our app's secret was wrong: the check does not blame the clinic, and staff see one incident",
    async () => {
      world.emulator.setAppSecret(clientId, 'another-secret-of-the-console');
      const page = expectPage(await checkNow(back), { state: 'healthy' });
      const list = await staff.open(`${world.urls.portal}/staff/tenants`);
      const incidents = list.links().filter(({ href }) => href.includes('/staff/incidents/'));
      expect(incidents.length === 1, `${incidents.length} incidents on the list of clinics`);
      await unchanged();
      return page;
    },
  );

  const recovered = await step(
    'the secret was corrected: the incident closed automatically, and no clinic changed state',
    async () => {
      world.emulator.setAppSecret(clientId, secret);
      world.pass(2 * MINUTE_MS);
      const page = await checkedByItself(member, refused);
      const list = await staff.open(`${world.urls.portal}/staff/tenants`);
      expect(
        list.links().every(({ href }) => !href.includes('/staff/incidents/')),
        'the incident is still open',
      );
      await unchanged();
      return expectPage(page, { state: 'healthy', cause: '' });
    },
  );

  await step('the JWT was deleted in the console', async () => {
    const list = await console.open(`${world.urls.console}/my-credentials`);
    const after = await console.press(list, new RegExp(`^Delete ${label}$`));
    expect(after.status === 200 && after.linkInRow(label) === undefined, after.describe());
  });

  const suspect = await step(
    'the first refusal is only a suspicion: the shown state stays, and another check follows soon',
    async () => {
      const page = expectPage(await checkNow(recovered), { state: 'healthy' });
      const said = t.connections.suspect('', null).split('.')[0]?.trim() ?? '';
      expect(page.text.includes(said), `${page.describe()}: does not mention the refusal`);
      expect(Date.parse(page.main('data-next-check-at')) > 0, 'the time of the next check is missing');
      return page;
    },
  );

  await step('refused again in the second check: failing, and the clinic can fix it', async () => {
    const expected = { state: 'failing', cause: 'credential_rejected', 'fix-owner': 'tenant' };
    let page = suspect;
    world.pass(MINUTE_MS);
    await waitFor('a confirmed refusal', MOST_WAIT_MS, async () => {
      page = await member.open(suspect.url);
      return page.main('data-state') === 'healthy' ? undefined : page;
    });
    expectPage(page, expected);
    page.link(says(t.connections.pasteNew));
  });

  await step('staff see the cause, who must fix it, and both refusals', async () => {
    const page = await asStaffSee(world, { staff, tenantUrl });
    expectPage(page, { state: 'failing', cause: 'credential_rejected', 'fix-owner': 'tenant' });
    const { triggers } = t.staff.tenant.checks;
    const { text } = await staff.open(`${tenantUrl}/checks`);
    expect(text.includes(triggers.confirmation) && text.includes(triggers.person), 'not both checks are shown');
    expect(isLike(page, { status: 200 }) && page.valueOf('fix') !== '', 'the text for the clinic is missing');
  });
}

/** Waits for a scheduled check. */
const checkedByItself = (member: Invited['member'], from: WalkPage): Promise<WalkPage> =>
  waitFor('a check by itself', MOST_WAIT_MS, async () => {
    const page = await member.open(from.url);
    const isDone = page.main('data-checking') === 'no' && page.main('data-checked-at') !== from.main('data-checked-at');
    return isDone ? page : undefined;
  });

/** The state of each clinic on the list, in its order. */
async function statesOf(world: DemoWorld, staff: Invited['staff']): Promise<string[]> {
  const list = await staff.open(`${world.urls.portal}/staff/tenants`);
  const states = [...list.html.matchAll(/class="badge badge--(\w+)"/g)].map(([, state = '']) => state);
  expect(states.length > 0, `${list.describe()}: no clinics`);
  return states;
}

/** Opens the clinic's page from the list, which must contain the clinic. */
async function asStaffSee(world: DemoWorld, { staff, tenantUrl }: Pick<Invited, 'staff' | 'tenantUrl'>) {
  const list = await staff.open(`${world.urls.portal}/staff/tenants`);
  const listed = list.links().some(({ href }) => href === tenantUrl);
  expect(listed, `${list.describe()}: the clinic is not listed`);
  return staff.open(tenantUrl);
}
