import type { Advice, DoctorCheck } from '../../app/capability.js';
import type { BudgetWait, Outcome } from '../../ringcentral/catalogue/outcome.js';
import type { Probed, TokenClient } from '../../ringcentral/clients/ringcentral-types.js';
import { appNamed, type AppName, type Environment, type OurApp } from '../../ringcentral/environments.js';
import type { World } from '../../platform/world.js';

/** Whether RingCentral accepts one of our own apps, as far as an invalid assertion, or code, can show. */
export type AppAnswer = 'accepted' | 'refused' | 'unknown';

/** All checks that doubt an app share one answer for this long. */
const REMEMBERED_MS = 60_000;

/**
 * An error code that the catalogue does not hold may concern one clinic only, so it is not blamed on our app before an
 * invalid assertion was tried. The call uses the slot of people, because there is never room in the background lane for
 * two calls in a row.
 */
export const appControl = ({ probeApp, world }: Pick<TokenClient, 'probeApp'> & { world: Pick<World, 'now'> }) => {
  const last = new Map<AppName, { at: number; answer: Promise<AppAnswer> }>();

  async function tryApp(name: AppName): Promise<AppAnswer> {
    const place = { lane: 'interactive', tenantId: null, maxWaitMs: 20_000, ...appNamed(name) } as const;
    const { kind } = await probeApp(place);
    return kind === 'accepted' || kind === 'refused' ? kind : 'unknown';
  }

  return (name: AppName): Promise<AppAnswer> => {
    const now = world.now().getTime();
    const known = last.get(name);
    if (known && now - known.at < REMEMBERED_MS) return known.answer;
    const answer = tryApp(name);
    last.set(name, { at: now, answer });
    return answer;
  };
};

type App = {
  environment: Environment;
  app: OurApp;
  serverUrl: string;
  /** The settings that this app's client ID, secret and address come from. */
  settings: { clientId: string; clientSecret: string; serverUrl: string };
  hasPreviousSecret: boolean;
};

/** What differs between the apps. Only RingCentral's token endpoint refuses what is invalid with one of these codes. */
const ofApp = {
  jwt: { name: 'RingCentral app', sent: 'JWT', codes: ['OAU-331', 'OAU-345', 'OAU-347'], flow: 'JWT auth flow' },
  sign_in: {
    name: 'RingCentral sign-in app',
    sent: 'authorization code',
    codes: ['OAU-106', 'OAU-108', 'OAU-110'],
    flow: 'auth code flow',
  },
} as const satisfies Record<OurApp, object>;
const NO_REDIRECT_URI = ['OAU-109', 'OAU-113'];

const subjectOf = ({ environment, app }: Pick<App, 'environment' | 'app'>): string =>
  environment === 'production' ? ofApp[app].name : `${ofApp[app].name} (${environment})`;

/**
 * Asks RingCentral about our own app with an invalid assertion or code: RingCentral checks the client before it. Each
 * secret is tried by itself, because the portal would also work with the previous one for a while.
 */
export const appCheck = ({ probeApp }: Pick<TokenClient, 'probeApp'>, app: App): DoctorCheck => ({
  subject: subjectOf(app),
  advice: async () => {
    const place = { lane: 'interactive', tenantId: null, environment: app.environment, app: app.app } as const;
    const answer = await probeApp({ ...place, secret: 'current' });
    if (!app.hasPreviousSecret || answer.kind !== 'refused' || !answer.codes.includes('OAU-146'))
      return appAdvice(answer, app);
    const other = await probeApp({ ...place, secret: 'previous' });
    if (other.kind !== 'accepted') return appAdvice(answer, app);
    return `RingCentral rejects the client secret (OAU-146) and accepts the previous one: copy the new secret again from the app`;
  },
});

/** What only a sign-in can prove: an invalid code is refused whatever these settings are. */
export const signInSettings = (environment: Environment, callbackUrl: string): DoctorCheck => ({
  subject: `redirect URI and refresh tokens of the ${subjectOf({ environment, app: 'sign_in' })}`,
  advice: () =>
    Promise.resolve({
      unproved: `only a sign-in shows whether the app has the redirect URI ${callbackUrl}, and "Issue refresh tokens" on: sign in once with a clinic of your own`,
    }),
});

/** What to do about our own app after this answer; null if all is well. */
export function appAdvice(
  answer: Outcome<Probed> | BudgetWait,
  { serverUrl, settings, app }: Pick<App, 'serverUrl' | 'settings' | 'app'>,
): Advice {
  if (answer.kind === 'wait')
    return { unproved: `the auth budget is used up until ${answer.until.toISOString()}: try again then` };
  const codes = answer.kind === 'accepted' ? answer.value.codes : answer.codes;
  const told = codes.join(' ') || (answer.kind === 'accepted' ? 'a token' : `status ${answer.status ?? 'unknown'}`);
  const expected: readonly string[] = ofApp[app].codes;
  const notRingCentral = `${serverUrl} answers an invalid ${ofApp[app].sent} with ${told}, which RingCentral does not: check ${settings.serverUrl}`;
  if (app === 'sign_in' && codes.some((code) => NO_REDIRECT_URI.includes(code)))
    return `the app does not have our redirect URI (${told}): add <PUBLIC_URL>/oauth/callback to it in RingCentral's console`;
  if (answer.kind === 'accepted') return codes.some((code) => expected.includes(code)) ? null : notRingCentral;
  if (answer.kind === 'inconclusive') {
    if (codes.includes('CMN-303')) return noPlan;
    if (answer.cause === 'ringcentral_unavailable' && codes.length === 0 && isAnswer(answer.status))
      return notRingCentral;
    return {
      unreachable: `${serverUrl} cannot be reached: check DNS, TLS and the firewall`,
      rate_limited: 'RingCentral asks us to wait: try again in a minute',
      ringcentral_unavailable: 'RingCentral is not answering as expected: try again later',
      owner_locked: `RingCentral answered ${told}: try again later`,
    }[answer.cause];
  }
  if (answer.cause === 'scope_missing')
    return `RingCentral refuses the scopes of RINGCENTRAL_REQUIRED_SCOPES (${told}): add them to the app in RingCentral's console`;
  const has = (...some: string[]) => codes.some((code) => some.includes(code));
  if (has('CMN-303')) return noPlan;
  if (has('OAU-146'))
    return `RingCentral rejects the client secret (OAU-146): copy it again from the app to ${settings.clientSecret}`;
  if (has('OAU-153')) return `RingCentral does not know the client ID (OAU-153): check ${settings.clientId}`;
  if (has('OAU-165'))
    return `the client ID is of a sandbox app (OAU-165): use the app's client ID and secret for production in ${settings.clientId}`;
  if (has('OAU-251', 'OAU-112', 'OAU-125'))
    return `the app may not use this grant (${told}): turn on the ${ofApp[app].flow} in its settings`;
  if (has('OAU-127'))
    return `the release of the app is not valid (OAU-127): open the app in RingCentral's console and look at its status`;
  if (has('invalid_client'))
    return `RingCentral refuses the app without a code, as it does with a blocked app: open it in RingCentral's console, look at its status, and ask RingCentral's developer support to unblock it`;
  return `RingCentral answered ${told}: report this to RingCentral support`;
}

/** RingCentral has answered, and not that it is failing. */
const isAnswer = (status: number | null): boolean => status !== null && status < 500 && status !== 408;

const noPlan =
  "RingCentral finds no API plan for the app (CMN-303): open it in RingCentral's console, see whether it was graduated to production, and ask RingCentral's developer support to assign a plan";
