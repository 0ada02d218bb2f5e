import type { ClinicRole } from '../app/clinic-roles.js';
import { clinicNames, type ClinicKey } from '../emulator/seed.js';
import { english as t } from '../texts/texts.js';
import { acceptInvitation, pasteFromGuide, signInFromGuide, type StaffSignIn } from './demo-people.js';
import type { DemoWorld } from './demo-world.js';
import { waitFor } from './wait-for.js';
import { WalkBrowser } from './walk-browser.js';
import { says, type WalkPage } from './walk-page.js';

const DAY_MS = 24 * 3_600_000;
/** Longer than a confirmation takes, with a margin for slow machines. */
const MOST_WAIT_MS = 60_000;

export type DemoClinic = {
  id: string;
  externalRef: string;
  name: string;
  state: string;
  cause: string | null;
  /** The person who can sign in; null if the invitation has not been accepted. */
  member: { name: string; email: string } | null;
  /** Others who can sign in, with less than the role of an owner. */
  colleagues: Colleague[];
  /** How it was connected; null if no one has tried. */
  by: 'JWT' | 'sign-in' | null;
  invitationUrl?: string;
};

type Colleague = { name: string; email: string; role: ClinicRole };

type Plan = {
  key: ClinicKey;
  name: string;
  timeZone: string;
  /** What happens at the clinic. Without it, the invitation stays open. */
  live?: (clinic: Joined) => Promise<unknown>;
  by?: 'sign-in';
  colleagues?: Colleague[];
};

/** A person of the clinic who has accepted the invitation and is on the first page of the guide. */
type Joined = { world: DemoWorld; key: ClinicKey; tenantId: string; browser: WalkBrowser; guide: WalkPage };

/** In the order of the banner. */
const plans: Plan[] = [
  { key: 'riverside', name: clinicNames.riverside, timeZone: 'America/Los_Angeles' },
  {
    key: 'northgate',
    name: clinicNames.northgate,
    timeZone: 'America/Chicago',
    live: connect,
    colleagues: [
      { name: 'Mia Torres', email: 'mia.torres@northgate.example', role: 'member' },
      { name: 'Victor Hale', email: 'victor.hale@northgate.example', role: 'viewer' },
    ],
  },
  { key: 'harbor', name: clinicNames.harbor, timeZone: 'America/New_York', live: forgetOurApp },
  { key: 'lakeside', name: clinicNames.lakeside, timeZone: 'America/Denver', live: chooseEarlyExpiry },
  { key: 'cedar', name: clinicNames.cedar, timeZone: 'America/Phoenix', live: connectThenRevoke },
  { key: 'northgate', name: `${clinicNames.northgate} West`, timeZone: 'America/Chicago', live: connect },
  { key: 'summit', name: clinicNames.summit, timeZone: 'America/Boise', live: signIn, by: 'sign-in' },
];

/**
 * Adds clinics in different states. Each reaches its state as a real clinic would: through its people, the worker and
 * RingCentral.
 */
export async function addClinics(world: DemoWorld, staff: StaffSignIn): Promise<DemoClinic[]> {
  const added = await Promise.all(plans.map((plan, index) => invite(world, staff, plan, index)));
  // Clinics run in parallel, except that the second of two clinics on one account must find the first one connected.
  await Promise.all(
    [...new Set(plans.map(({ key }) => key))].map(async (key) => {
      for (const [index, plan] of plans.entries()) {
        const clinic = added[index];
        if (clinic && plan.key === key) await liveOn(world, plan, clinic);
      }
    }),
  );
  const createdAt = new Date();
  const shown = await world.portal.services.connections.shownOf(added.map(({ id }) => ({ id, createdAt })));
  return added.map(({ email, invitationUrl, ...clinic }, index) => {
    const { state = 'not_connected', cause = null } = shown.get(clinic.id) ?? {};
    const plan = plans[index];
    const member = plan?.live ? { name: clinic.admin, email } : null;
    const by = member && (plan?.by ?? 'JWT');
    const { id, externalRef, name } = clinic;
    const colleagues = plan?.colleagues ?? [];
    return { id, externalRef, name, state, cause, member, colleagues, by, ...(member ? {} : { invitationUrl }) };
  });
}

type Invited = { id: string; externalRef: string; name: string; admin: string; email: string; invitationUrl: string };

async function invite(world: DemoWorld, staff: StaffSignIn, plan: Plan, index: number): Promise<Invited> {
  const { tenants, invitations } = world.portal.services;
  const actor = { kind: 'person', id: staff.personId } as const;
  const wanted = { name: plan.name, externalRef: `EHR-${1001 + index}`, timeZone: plan.timeZone };
  const created = await tenants.create(wanted, actor);
  if (!created.ok) throw new Error(`${plan.name} could not be added: ${JSON.stringify(created.problems)}`);
  const { id, externalRef, name } = created.tenant;
  const { admin } = world.example.clinics[plan.key];
  const person =
    name === clinicNames[plan.key] ? admin : { name: 'Nora Whitfield', email: 'nora.whitfield@northgate.example' };
  const invited = await invitations.invite({ tenantId: id, email: person.email, invitedBy: staff.personId });
  if (!invited.ok) throw new Error(`${plan.name} could not be invited: ${invited.problem}`);
  return { id, externalRef, name, admin: person.name, email: person.email, invitationUrl: invited.url };
}

async function liveOn(world: DemoWorld, plan: Plan, clinic: Invited): Promise<void> {
  if (!plan.live) return;
  const browser = new WalkBrowser();
  const guide = await acceptInvitation(browser, clinic.invitationUrl, clinic.admin);
  await plan.live({ world, key: plan.key, tenantId: clinic.id, browser, guide });
  for (const { name, email, role } of plan.colleagues ?? []) {
    const invited = await world.portal.services.invitations.invite({
      tenantId: clinic.id,
      email,
      role,
      invitedBy: null,
    });
    if (!invited.ok) throw new Error(`${name} could not be invited: ${invited.problem}`);
    await acceptInvitation(new WalkBrowser(), invited.url, name);
  }
}

/** A JWT as the clinic's service user would create it in the console. */
function makeJwt({ world, key }: Joined, how: { clientIds?: 'organization'; exp?: number } = {}) {
  const { serviceUser } = world.example.clinics[key];
  world.emulator.world.extension(serviceUser.id).hasSignedInToConsole = true;
  const label = t.guide.jwt.label('Example Health', world.example.app.name);
  return world.emulator.createJwt({
    extensionId: serviceUser.id,
    label,
    clientIds: [world.example.app.clientId],
    ...how,
  });
}

async function paste(clinic: Joined, jwt: string): Promise<WalkPage> {
  const page = await pasteFromGuide(clinic.browser, clinic.guide, jwt);
  return confirmed(clinic, await untilChecked(clinic, page));
}

/** Says that the company is theirs, with the fax lines as they are selected. */
async function confirmed({ browser }: Joined, page: WalkPage): Promise<WalkPage> {
  if (page.main('data-cause') !== 'not_confirmed') return page;
  return browser.press(page, says(t.connections.confirm.yes));
}

/** The page answers within seconds; on a slow machine the check may still be running. */
const untilChecked = ({ browser }: Joined, page: WalkPage): Promise<WalkPage> =>
  waitFor('a checked connection', MOST_WAIT_MS, async (looks) => {
    const now = looks === 0 ? page : await browser.open(page.url);
    return now.main('data-checking') === 'no' ? now : undefined;
  });

async function connect(clinic: Joined): Promise<WalkPage> {
  return paste(clinic, makeJwt(clinic).jwt);
}

/** Its admin signs in to RingCentral, through the portal's button, RingCentral's page and the return. */
async function signIn(clinic: Joined): Promise<WalkPage> {
  const { admin } = clinic.world.example.clinics[clinic.key];
  const page = await signInFromGuide(clinic.browser, clinic.guide, admin.id);
  return confirmed(clinic, await untilChecked(clinic, page));
}

/** The most common mistake: a JWT for the apps of the clinic's own organization, which does not include our app. */
async function forgetOurApp(clinic: Joined): Promise<void> {
  await paste(clinic, makeJwt(clinic, { clientIds: 'organization' }).jwt);
}

async function chooseEarlyExpiry(clinic: Joined): Promise<void> {
  const exp = Math.floor((Date.now() + 12 * DAY_MS) / 1000);
  await paste(clinic, makeJwt(clinic, { exp }).jwt);
}

/** Someone deletes the JWT in the console. The portal asks RingCentral twice before it reports the failure. */
async function connectThenRevoke(clinic: Joined): Promise<void> {
  const { jwt, jti } = makeJwt(clinic);
  const connected = await paste(clinic, jwt);
  clinic.world.emulator.revokeJwt(jti);
  const { url } = await clinic.browser.press(connected, says(t.connections.checkNow));
  await waitFor('a confirmed refusal', MOST_WAIT_MS, async () => {
    const page = await clinic.browser.open(url);
    return page.main('data-state') === 'failing' ? page : undefined;
  });
}
