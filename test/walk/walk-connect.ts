import { english as t } from '../../src/texts/texts.js';
import type { DemoWorld } from '../../src/demo/demo-world.js';
import { waitFor } from '../../src/demo/wait-for.js';
import { WalkBrowser } from '../../src/demo/walk-browser.js';
import type { Invited } from './walk-invitation.js';
import { says, type WalkPage } from '../../src/demo/walk-page.js';
import { clinicNames } from '../../src/emulator/seed.js';
import { expect, expectHeading, expectPage, type Step } from './walk-step.js';

const MOST_WAIT_MS = 60_000;
/** From the email to the answer of RingCentral; what is left of 6 and 14 is for the confirmation. */
const MOST_PAGES = 5;
const MOST_CLICKS = 13;
/** What requests do not show: the label is copied, its field chosen, and the JWT copied. */
const COPYING = 3;

export type Connected = {
  /** The connection page as last seen. */
  connection: WalkPage;
  /** The clinic admin's other tab: RingCentral's console. */
  console: WalkBrowser;
  label: string;
  jwt: string;
};

/**
 * The clinic creates a JWT without our app, sees why it was refused, fixes it in the console, and is connected
 * without a second paste.
 */
export async function walkToConnected(world: DemoWorld, { member, guide }: Invited, step: Step): Promise<Connected> {
  const { app, clinics } = world.example;
  const user = new RegExp(`^${clinics.summit.admin.name}`);
  const console = new WalkBrowser();

  const make = await step("the guide shows our client ID and the way to RingCentral's console", async () => {
    const page = expectHeading(await member.follow(guide, says(t.guide.start.next)), t.guide.jwt.title);
    expect(page.valueOf('client-id') === app.clientId, 'a different client ID');
    const link = page.link(says(t.guide.jwt.open));
    expect(
      link.startsWith(world.urls.emulator) && link.includes(app.clientId),
      'the link does not contain our client ID',
    );
    return page;
  });
  const label = make.valueOf('label');

  const jwt = await step(
    'created a JWT in the console for the apps of its own organization, which do not include ours',
    async () => {
      const signIn = await console.open(make.link(says(t.guide.jwt.open)));
      const form = await console.press(signIn, /^Sign in$/, { user });
      const made = await console.press(form, /^Create JWT$/, { label, permitted: 'organization' });
      expect(made.status === 200, made.describe());
      return made.valueOf('jwt');
    },
  );

  const pending = await step('pasted it: kept, pending, and the page says that our app is not permitted', async () => {
    const box = await member.follow(make, says(t.guide.jwt.next));
    const page = await checked(member, await member.press(box, says(t.credentials.button), { assertion: jwt }));
    expectPage(page, { state: 'pending', cause: 'app_not_permitted', 'fix-owner': 'tenant' });
    expect(
      page.text.includes(t.connections.fix.kept('').split('.')[0]?.trim() ?? ''),
      'the page does not say that it is kept',
    );
    expect(!page.html.includes(jwt), 'the JWT is on the page');
    return page;
  });

  await step('from the email to the answer: at most 5 pages and 13 clicks, RingCentral’s included', () => {
    const pages = new Set(member.seen.map(({ url }) => new URL(url).pathname));
    expect(pages.size <= MOST_PAGES, `${pages.size} pages`);
    const toOpen = 2; // the link in the email, and the form in a new tab
    const clicks = member.clicks + console.clicks + COPYING + toOpen;
    expect(clicks <= MOST_CLICKS, `${clicks} clicks`);
    return Promise.resolve();
  });

  await step('added our client ID to the same JWT in the console', async () => {
    const list = await console.follow(pending, says(t.connections.fix.openConsole));
    const row = list.linkInRow(label);
    expect(row !== undefined, `${list.describe()}: no row for the JWT`);
    const edit = await console.open(row ?? '');
    const added = await console.press(edit, /^Add app$/, { client_id: pending.valueOf('client-id') });
    expect(added.text.includes(app.name), `${added.describe()}: the app is not in the table`);
    const saved = await console.press(added, /^Save$/);
    expect(saved.status === 200 && saved.text.includes('was saved'), saved.describe());
  });

  const asked = await step('checked again without pasting: asked whether the company is theirs', async () => {
    const page = await checked(member, await member.press(pending, says(t.connections.checkAgain)));
    expectPage(page, { state: 'pending', cause: 'not_confirmed', 'fix-owner': 'tenant' });
    expect(page.text.includes(clinicNames.summit), 'the page does not name the company');
    return page;
  });

  const connection = await step('confirmed the company: connected, fax lines readable', async () => {
    const page = await member.press(asked, says(t.connections.confirm.yes));
    expectPage(page, { state: 'healthy', cause: '' });
    const lines = clinics.summit.faxLines;
    for (const { name } of lines) expect(page.text.includes(name), `fax line ${name} is missing`);
    const readable = page.text.split(t.connections.lines.readable).length - 1;
    expect(readable >= lines.length, `${readable} of ${lines.length} fax lines readable`);
    return page;
  });

  return { connection, console, label, jwt };
}

/** Wrong pastes, and the code that names each. */
export async function walkThroughMistakes(
  world: DemoWorld,
  { member }: Invited,
  connected: Connected,
  step: Step,
): Promise<{ pasted: string[] }> {
  const { connection, jwt } = connected;
  const replace = await member.follow(connection, says(t.connections.replace.link));
  const make = await member.follow(replace, says(t.connections.replace.how));
  const past = Math.floor(Date.now() / 1000) - 24 * 3600;
  const expired = await anotherJwt(world, { exp: past });
  const another = await anotherJwt(world);
  const mistakes = [
    { what: 'the client ID', code: 'client_id', paste: make.valueOf('client-id') },
    { what: 'a truncated JWT', code: 'truncated', paste: jwt.slice(0, -40) },
    { what: 'an expired JWT', code: 'expired', paste: expired },
    { what: 'two different JWTs', code: 'several_jwts', paste: `${jwt}\n${another}` },
  ];
  for (const { what, code, paste } of mistakes)
    await step(`pasted ${what}: rejected as ${code}, box empty, nothing changed`, async () => {
      const page = await member.press(replace, says(t.connections.replace.button), { assertion: paste });
      expect(page.status === 422 && page.code === code, `${page.describe()}, code=${page.code || '-'}`);
      expect(page.valueOf('assertion') === '' && !page.html.includes(paste), 'the page repeats the paste');
      const after = expectPage(await member.open(connection.url), { state: 'healthy', checking: 'no' });
      expect(after.main('data-checked-at') === connection.main('data-checked-at'), 'another check was made');
    });
  return { pasted: [expired, another] };
}

/** Waits until the page's check has finished. The page answers within seconds; a slow machine may need longer. */
export const checked = (browser: WalkBrowser, page: WalkPage): Promise<WalkPage> =>
  waitFor('the end of a check', MOST_WAIT_MS, async (looks) => {
    const now = looks === 0 ? page : await browser.open(page.url);
    expect(now.status === 200, now.describe());
    return now.main('data-checking') === 'no' ? now : undefined;
  });

/** A JWT of another program for our app. Created with the emulator's control API, which a clinic does not have. */
export async function anotherJwt(world: DemoWorld, how: { exp?: number } = {}): Promise<string> {
  const { app, clinics } = world.example;
  const made = await control(world, 'POST', '/jwts', {
    extensionId: clinics.summit.serviceUser.id,
    clientIds: [app.clientId],
    ...how,
  });
  return ((await made.json()) as { jwt: string }).jwt;
}

/** Changes RingCentral itself; a clinic cannot do this. */
export async function control(world: DemoWorld, method: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(`${world.urls.emulator}/emulator/control${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  expect(response.ok, `the emulator's control API answered ${response.status}`);
  return response;
}
