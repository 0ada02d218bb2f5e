import { createHash } from 'node:crypto';
import { isDoubtful, keepsPaste } from '../../../src/connections/health/causes.js';
import type { CallName } from '../../../src/emulator/traffic/calls.js';
import { aFaultedClinic, advanceToNextCheck, nextCheckOf, type Method } from '../../faults/faulted-clinic.js';
import { eventually } from '../../support/eventually.js';
import { dataOf } from '../../support/visits/visitor.js';
import { expectedAt, sentBy, type Expected, type FaultRow, type Place } from './fault-table.js';
import type { TestPortal, TestPortalOptions } from '../../support/portal.js';
import { signInClientId, startWithSignIn } from '../../support/sign-ins.js';
import { aResolver } from '../../support/visits/resolver.js';
import { findIn, secretPartOf } from '../../security/support/secret-scan.js';
import { everyRow } from '../../support/database/databases.js';

/**
 * A short real deadline; all other waits use the test clock. Long enough to read the longest accepted answer on a
 * busy machine.
 */
export const CALL_DEADLINE_MS = 5000;
/**
 * Added to the deadline of a hanging call, for the portal's own work on a busy machine. A call without a deadline takes
 * minutes.
 */
const SLACK_MS = 10_000;
const LINES = ['Front Desk', 'Referrals', 'Lab', 'Billing', 'Records', 'Pharmacy'];
/** How many fax lines are probed in parallel, so how many calls may be running when the first is refused. */
const AT_ONCE = 4;
/** How long RingCentral asks clients to wait if its answer names no time. */
const AFTER_NO_CONNECTION_MS = 2_000;
const AFTER_AN_OUTAGE_MS = 10_000;
/** The worker's own loop may take this long, so shorter waits are not examined. */
const WORTH_PRESSING_MS = 60_000;
/** An access token has expired then. */
const HOUR_MS = 3_600_000;
/** While our app is refused, one call a minute is made for those who connect. */
const APP_AGAIN_MS = 61_000;

export type Caller = 'submit' | 're-check';
export type Trial = { row: string; place: Place; caller: Caller; verdict: string; ms: number; problems: string[] };

/** The call before the one that must fail; its connection is the last good one. */
const before: Partial<Record<Place, CallName>> = {
  extension: 'token',
  extensions: 'extension',
  messages: 'extensions',
};

/** A whole portal that resolves RingCentral's name and uses TLS, with everything that can fail in between. */
export class FaultStage {
  private constructor(
    readonly test: TestPortal,
    private readonly resolver: ReturnType<typeof aResolver>,
  ) {}
  private readonly secrets: Record<string, string> = {};
  private readonly pages: string[] = [];
  private scanned = { logs: 0, tokens: 0 };

  static async open(options: TestPortalOptions = {}): Promise<FaultStage> {
    const resolver = aResolver();
    const runtime = { callDeadlineMs: CALL_DEADLINE_MS };
    const secure = { lookup: resolver.lookup };
    return new FaultStage(await startWithSignIn({ runtime, secure, ...options }), resolver);
  }

  close = () => this.test.close();

  private arm({ how }: FaultRow, place: Place): void {
    const { emulator } = this.test;
    const after = before[place];
    if ('fault' in how) emulator.faults.add({ ...how.fault, call: place });
    else if ('presents' in how) emulator.secure?.present(how.presents, after);
    else if (after === undefined) {
      this.resolver.fail(how.dns);
      emulator.secure?.endConnections();
    } else emulator.secure?.endConnections(after, () => this.resolver.fail(how.dns));
  }

  private heal({ isForever }: FaultRow): void {
    const { emulator } = this.test;
    emulator.faults.clear();
    this.resolver.fail(null);
    emulator.secure?.present('good');
    if (isForever) emulator.resetLimits();
  }

  /**
   * Both callers on one clinic: a paste or a sign-in meets the fault, and the clinic is connected afterwards; then "check
   * now" meets the fault.
   */
  async try(row: FaultRow, place: Place, method: Method = 'jwt'): Promise<Trial[]> {
    if (expectedAt(row, place) === null) return [];
    const clinic = await aFaultedClinic(this.test, place === 'messages' ? LINES : LINES.slice(0, 1), method);
    if (method === 'jwt') this.secrets[`JWT ${Object.keys(this.secrets).length}`] = secretPartOf(clinic.jwt);
    const setting = (caller: Caller): Setting => {
      const expected = expectedAt(row, place, sentBy(method, caller)) ?? 'accepted';
      const isSpent = method !== 'jwt' && caller === 'submit' && place === 'token';
      return { row, place, method, clinic, wanted: expectedFor(expected, caller, isSpent), expected };
    };
    try {
      const submitted = await this.play(setting('submit'), 'submit');
      const isLost = setting('submit').wanted.isDestroyed;
      if (isLost) await this.connectAgain(setting('submit')); // what the person gave was refused: the one case for a second paste
      await this.fix(setting('submit'), submitted);
      if (method !== 'jwt') await this.expire(clinic); // otherwise a check would use the access token that is kept
      const checked = await this.play(setting('re-check'), 're-check');
      await this.fix(setting('re-check'), checked);
      const { pastes, ciphertexts } = await clinic.kept();
      const most = isLost ? 2 : 1;
      if (pastes !== most || ciphertexts !== 1) checked.problems.push(`${pastes} pastes, ${ciphertexts} ciphertexts`);
      return [submitted, checked];
    } finally {
      clinic.codes.forEach((code, index) => (this.secrets[`code ${clinic.tenantId} ${index}`] = code));
      this.heal(row);
      // Its clinic is done: the clock goes on by days, and its checks would meet the faults of others.
      await this.test.db('check_requests').where({ tenant_id: clinic.tenantId }).delete();
    }
  }

  private async expire(clinic: Clinic): Promise<void> {
    this.test.clock.advance(HOUR_MS);
    await clinic.page(); // the member may have to sign in to the portal again
  }

  private async connectAgain({ row, method, clinic }: Setting): Promise<void> {
    this.heal(row);
    if (method !== 'jwt') this.test.clock.advance((row.retryAfterMs ?? 0) + APP_AGAIN_MS);
    await clinic.page();
    await clinic.paste();
  }

  private async play(setting: Setting, caller: Caller): Promise<Trial> {
    const { row, place, wanted, clinic } = setting;
    const problems: string[] = [];
    this.arm(row, place);
    const calls = this.callsOf(setting);
    const from = this.test.clock().getTime();
    const startedAt = performance.now();
    await (caller === 'submit' ? clinic.paste() : clinic.checkNow());
    const ms = Math.round(performance.now() - startedAt);
    const { verdict, cause } = await clinic.newestCheck();
    if (verdict !== wanted.verdict || cause !== wanted.cause)
      problems.push(`${verdict} ${String(cause)} instead of ${wanted.verdict} ${String(wanted.cause)}`);
    if (ms > CALL_DEADLINE_MS + SLACK_MS) problems.push(`took ${ms} ms`);
    problems.push(...callProblems(setting, calls.counted()));
    const page = await clinic.page();
    this.pages.push(page.text);
    const shown = dataOf(page.text);
    for (const [name, value] of Object.entries(wanted.shown))
      if (shown[name] !== value) problems.push(`the page says ${name} ${String(shown[name])} instead of ${value}`);
    const ciphertexts = wanted.isDestroyed ? 0 : 1;
    const kept = await clinic.kept();
    if (kept.ciphertexts !== ciphertexts) problems.push(`${kept.ciphertexts} ciphertexts instead of ${ciphertexts}`);
    problems.push(...(await this.waitProblems(setting, from, nextCheckOf(page))));
    return { row: row.name, place, caller, verdict: cause ?? verdict, ms, problems };
  }

  /** During RingCentral's penalty and the waits it asks for, no call is sent early, for any caller. */
  private async waitProblems(setting: Setting, from: number, nextCheckAt: string): Promise<string[]> {
    const { row, place, clinic, expected } = setting;
    const { retryAfterMs = 0 } = row;
    if (expected === 'accepted' || expected.kind === 'refused') return [];
    const problems: string[] = [];
    const least = Math.max(
      retryAfterMs,
      expected.cause === 'unreachable' ? AFTER_NO_CONNECTION_MS : AFTER_AN_OUTAGE_MS,
    );
    const wait = Date.parse(nextCheckAt) - from;
    if (!(wait >= least)) problems.push(`is checked again in ${wait} ms, RingCentral's rule is ${least}`);
    if (retryAfterMs < WORTH_PRESSING_MS) return problems;
    const calls = this.callsOf(setting);
    await clinic.checkNow();
    const { token = 0, ...api } = calls.counted();
    const sent = place === 'token' ? token : Object.values(api).reduce((sum, count) => sum + count, 0);
    if (sent > 0) problems.push(`${sent} calls while it was to wait`);
    return problems;
  }

  /** Ends the fault and lets the time pass; the connection must recover without a person. */
  private async fix({ row, clinic, place, method, expected }: Setting, trial: Trial): Promise<void> {
    this.heal(row);
    // A kept access token does not show that RingCentral accepts our app again. The next check is due then.
    const isDue = method !== 'jwt' && place !== 'token' && isOurApp(expected);
    if (isDue) await this.expire(clinic);
    const violations = this.test.emulator.violations.length;
    try {
      let page = await clinic.page();
      if (dataOf(page.text).state === 'failing') {
        this.test.clock.advance(10 * 60_000);
        await clinic.checkNow();
        page = await clinic.page();
      } else if (!isDue && (await clinic.newestCheck()).verdict !== 'accepted') advanceToNextCheck(this.test, page);
      page = await clinic.pageWhen({ state: 'healthy', cause: '' });
      await eventually('it is proved again', async () => (await clinic.newestCheck()).verdict === 'accepted');
      this.pages.push(page.text);
    } catch (error) {
      trial.problems.push((error as Error).message);
    }
    if (this.test.emulator.violations.length > violations) trial.problems.push('a token call inside the penalty');
  }

  /** The clinic's calls from now on, by name. */
  private callsOf({ method, clinic: { jwt, ownerId } }: Setting) {
    const { requests } = this.test.emulator;
    const from = requests.length;
    const sha = createHash('sha256').update(jwt).digest('hex');
    return {
      counted(): Partial<Record<CallName, number>> {
        const counts: Partial<Record<CallName, number>> = {};
        for (const { call, assertionSha256, clientId, extensionId } of requests.slice(from)) {
          // No other clinic signs in meanwhile.
          const isSent = method === 'jwt' ? assertionSha256 === sha : call === 'token' && clientId === signInClientId;
          if (call && (isSent || extensionId === ownerId)) counts[call] = (counts[call] ?? 0) + 1;
        }
        return counts;
      },
    };
  }

  /** Searches logs, pages, mails and all rows written since the last search for every secret of the trials. */
  async secretsFound(): Promise<string[]> {
    const { test, scanned } = this;
    const tokens = test.issuedTokens();
    const secrets = {
      ...this.secrets,
      'the client secret': test.env.RINGCENTRAL_CLIENT_SECRET ?? '',
      ...Object.fromEntries(tokens.slice(scanned.tokens).map((token, index) => [`token ${index}`, token])),
    };
    const places = {
      'the logs': test.logs.slice(scanned.logs).join('\n'),
      'the pages': this.pages.splice(0).join('\n'),
      'the mails': JSON.stringify(test.mail.messages()),
      'the database': JSON.stringify(await everyRow(test.db)),
    };
    this.scanned = { logs: test.logs.length, tokens: tokens.length };
    for (const name of Object.keys(this.secrets)) Reflect.deleteProperty(this.secrets, name);
    return Object.entries(places).flatMap(([place, text]) =>
      findIn(text, secrets).map((name) => `${name} is in ${place}`),
    );
  }
}

type Clinic = Awaited<ReturnType<typeof aFaultedClinic>>;
type Setting = {
  row: FaultRow;
  place: Place;
  method: Method;
  expected: Expected;
  wanted: ReturnType<typeof expectedFor>;
  clinic: Clinic;
};

/**
 * What is stored and shown: a rejection of our own app is not a verdict on a credential in use.
 *
 * @param isSpent whether what the person gave is a code, which RingCentral accepts only once
 */
function expectedFor(expected: Expected, caller: Caller, isSpent: boolean) {
  if (expected === 'accepted')
    return { verdict: 'accepted', cause: null, isDestroyed: false, shown: { state: 'healthy', cause: '' } };
  const { cause } = expected;
  if (caller === 'submit') {
    const isDestroyed = isSpent || (expected.kind === 'refused' && !keepsPaste(cause));
    const state = isDestroyed ? 'not_connected' : 'pending';
    return { verdict: expected.kind, cause, isDestroyed, shown: { state, cause } };
  }
  const isOurs = cause === 'app_misconfigured';
  const verdict = isOurs ? 'inconclusive' : expected.kind;
  const fails = verdict === 'refused' && !isDoubtful(cause);
  const shown = fails ? { state: 'failing', cause } : { state: 'healthy', cause: '' };
  return { verdict, cause, isDestroyed: false, shown };
}

const isOurApp = (expected: Expected): boolean => expected !== 'accepted' && expected.cause === 'app_misconfigured';

/** A failed call is not repeated at once, as RingCentral asks; after an API call's 401, one new token is minted. */
function callProblems({ row, place, method, expected }: Setting, counts: Partial<Record<CallName, number>>): string[] {
  const isApi = place !== 'token';
  // An invalid code finds out whether it is our app that is refused.
  const isProbed = method !== 'jwt' && isOurApp(expected);
  const mints = isProbed || (row.mintsAgain === (isApi ? 'api' : 'token') && place !== 'company') ? 2 : 1;
  const isOutage = expected !== 'accepted' && expected.kind === 'inconclusive';
  const lines = isOutage ? AT_ONCE : LINES.length + 1; // every line and the owner's own
  // RingCentral says 400 also if it refuses the size of a page, so a smaller one is requested.
  const pages = place === 'extensions' && row.name === '400' ? 2 : 1;
  const most = place === 'messages' ? mints * lines : mints * pages;
  const problems: string[] = [];
  if ((counts.token ?? 0) > mints) problems.push(`${String(counts.token)} token calls`);
  if ((counts[place] ?? 0) > most) problems.push(`${String(counts[place])} calls of ${place}`);
  return problems;
}
