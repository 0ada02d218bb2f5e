import type { Portal } from '../../../src/portal.js';
import type { TokenAnswer } from '../../../src/tokens/token-service.js';
import { anotherProcess } from '../../support/processes/another-process.js';
import { addClinic } from '../../support/clinics.js';
import { LongWatch } from './long-watch.js';
import { seededRandom } from '../../support/strict-limiter.js';
import type { Visitor } from '../../support/visits/visitor.js';

export type SessionDrillOptions = {
  jobs: number;
  seed: number;
  databaseUrl?: string | undefined;
  hours?: number;
  /** Ends with the first problem. */
  untilProblem?: boolean;
};
export type SessionDrillResult = {
  asks: number;
  uses: number;
  presses: number;
  /** Calls of the token endpoint. */
  calls: number;
  putOff: number;
  problems: string[];
};

type Clinic = { tenantId: string; serviceUserId: string; member: Visitor };
type Random = () => number;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A job's call that starts in the last second of its token's stated life arrives this much later. */
const UNDER_WAY_MS = 20_000;
/** If four tenants share a user, one may have to wait for the last minutes of an old token. */
const LONGEST_WAIT_MS = 10 * MINUTE_MS;
/** Most requests come at the same times, like those of scheduled jobs. */
const SLOT_MS = 30_000;
/** The numbers of tenants that share a user. */
const SHARING = [3, 2];

/** Tenants with separate users, except for those that share one. */
async function addClinics(watch: LongWatch, count: number): Promise<Clinic[]> {
  const { test } = watch;
  const clinics: Clinic[] = [];
  for (let group = 0; clinics.length < count; group += 1) {
    const user = addClinic(test.emulator, ['Front Desk Fax']);
    for (let site = 0; site < (SHARING[group] ?? 1); site += 1) {
      const tenantId = await test.addTenant(`Clinic ${clinics.length + 1}`);
      const clinic = { tenantId, serviceUserId: user.serviceUserId, member: await test.member(tenantId) };
      await paste(watch, clinic);
      await watch.liveUntil(watch.day());
      if (site > 0) await approve(watch, clinic, user.accountId);
      clinics.push(clinic);
    }
  }
  return clinics;
}

async function paste({ test }: LongWatch, { serviceUserId, tenantId, member }: Clinic): Promise<void> {
  const clientIds = [test.example.app.clientId];
  const { jwt } = test.emulator.createJwt({ extensionId: serviceUserId, clientIds });
  await member.get(`/tenants/${tenantId}/credentials/new`);
  const answer = await member.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
  if (answer.status !== 303) throw new Error(`a paste was answered ${answer.status}`);
}

async function approve(watch: LongWatch, { tenantId }: Clinic, accountId: string): Promise<void> {
  const person = await watch.test.db('people').first<{ id: string }>('id');
  await watch.test.portal.services.connections.approveWithheldAccount(tenantId, accountId, person.id, {});
  await watch.liveUntil(watch.day());
}

/** Planned actions in time order. */
export class Agenda {
  private items: { at: number; what: () => Promise<void> }[] = [];
  add(at: number, what: () => Promise<void>): void {
    this.items.push({ at, what });
  }
  /** All actions due at the next time, up to `until`. */
  next(until: number): { at: number; what: (() => Promise<void>)[] } | undefined {
    const at = Math.min(...this.items.map((item) => item.at));
    if (!(at <= until)) return undefined;
    const due = this.items.filter((item) => item.at === at);
    this.items = this.items.filter((item) => item.at !== at);
    return { at, what: due.map(({ what }) => what) };
  }
}

/**
 * For a day, that many jobs in two processes ask for tokens and use each one as long as they were told. Checks run in
 * parallel, people press "check now" repeatedly, and credentials are replaced. RingCentral ends the oldest session of
 * a user when a sixth begins, which must never be one that a job still uses.
 */
export async function runSessionDrill(options: SessionDrillOptions): Promise<SessionDrillResult> {
  const { jobs, seed, databaseUrl, hours = 24, untilProblem = false } = options;
  const random = seededRandom(seed);
  const watch = await LongWatch.start({
    env: { CHECK_EVERY_MINUTES: '240' },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  const second = await anotherProcess(watch.test);
  try {
    const clinics = await addClinics(watch, Math.max(4, Math.ceil(jobs / 10)));
    const portals = [watch.test.portal, second];
    return await liveThrough(watch, { clinics, jobs, hours, untilProblem, random, portals });
  } finally {
    await watch.close();
    await second.close();
  }
}

type Day = {
  clinics: Clinic[];
  jobs: number;
  hours: number;
  untilProblem: boolean;
  random: Random;
  portals: Portal[];
};

async function liveThrough(
  watch: LongWatch,
  { clinics, jobs, hours, untilProblem, random, portals }: Day,
): Promise<SessionDrillResult> {
  const { test } = watch;
  const now = () => test.clock().getTime();
  const began = now();
  const end = began + hours * HOUR_MS;
  const agenda = new Agenda();
  const result = { asks: 0, uses: 0, presses: 0, putOff: 0 };
  const isPutOffTooOften = () => result.putOff > result.asks / 20;
  const lost = new Map<string, number>();
  const problems: string[] = [];
  const callsBefore = test.emulator.tokenCalls.length;
  const soon = (withinMs: number) => Math.ceil((now() + random() * withinMs) / SLOT_MS) * SLOT_MS;
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;

  // For some hours no job runs and no session is in use; before the jobs return, people press repeatedly.
  const quiet = { from: began + (hours / 3) * HOUR_MS, to: began + (hours / 2) * HOUR_MS };
  const afterQuiet = (at: number) =>
    Math.ceil((at > quiet.from && at < quiet.to ? quiet.to + random() * MINUTE_MS : at) / SLOT_MS) * SLOT_MS;

  async function use(token: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${test.emulator.url}/restapi/v1.0/account/~/extension/~`, { headers });
    result.uses += 1;
    const body = await response.text();
    if (response.status === 200) return;
    const code = /"errorCode":"(OAU-\d+)"/.exec(body)?.[1] ?? String(response.status);
    lost.set(code, (lost.get(code) ?? 0) + 1);
  }

  async function ask(clinic: Clinic, since: number): Promise<void> {
    const answer: TokenAnswer = await oneOf(portals).services.tokens!.currentToken({ tenantId: clinic.tenantId });
    result.asks += 1;
    if (answer.kind === 'token') {
      const token = answer.session.accessToken.reveal();
      const lifeMs = answer.expiresInSeconds * 1000;
      const last = now() + lifeMs + UNDER_WAY_MS;
      for (let call = 0; call < 3; call += 1) agenda.add(Math.min(soon(lifeMs), last), () => use(token));
      agenda.add(last, () => use(token));
      const again = afterQuiet(last + random() * 30 * MINUTE_MS);
      agenda.add(again, () => ask(clinic, again));
      return;
    }
    if (answer.kind !== 'later') {
      problems.push(`a job was answered ${answer.kind}`);
      return;
    }
    result.putOff += 1;
    if (now() - since > LONGEST_WAIT_MS)
      problems.push(`a job waited for ${Math.round((now() - since) / MINUTE_MS)} minutes`);
    agenda.add(Math.max(now() + 1000, answer.until.getTime()), () => ask(clinic, since));
  }

  async function press(clinic: Clinic): Promise<void> {
    const person = await test.db('people').first<{ id: string }>('id');
    await test.portal.services.connections.requestCheck(clinic.tenantId, { personId: person.id }, {});
    result.presses += 1;
  }

  for (let job = 0; job < jobs; job += 1) {
    const clinic = clinics[job % clinics.length]!;
    const at = soon(HOUR_MS);
    agenda.add(at, () => ask(clinic, at));
  }
  for (const [index, clinic] of clinics.entries()) {
    for (let burst = 0; burst < hours / 6; burst += 1) {
      const at = soon(hours * HOUR_MS);
      for (let time = 0; time < 5; time += 1) agenda.add(at + time * 4 * MINUTE_MS, () => press(clinic));
    }
    // Tenants that share a user press one after another, so that the sessions of the first are evicted.
    const last = quiet.to - 20 * (1 + (index % SHARING[0]!)) * MINUTE_MS;
    for (let time = 0; time < 5; time += 1) agenda.add(last + time * 4 * MINUTE_MS, () => press(clinic));
  }
  // One after another: the token of a replaced credential is used until it expires, in parallel with the new one.
  const replaced = clinics.slice(0, Math.max(1, Math.floor(hours / 2.4)));
  replaced.forEach((clinic, index) => {
    const at = began + ((index + random() / 2) / replaced.length) * hours * HOUR_MS;
    agenda.add(Math.ceil(at / SLOT_MS) * SLOT_MS, async () => {
      await paste(watch, { ...clinic, member: await test.member(clinic.tenantId, 'Bea Ward') });
    });
  });

  const live = (until: number) => watch.liveUntil(watch.day() + (until - now()) / DAY_MS);
  for (let next = agenda.next(end); next; next = agenda.next(end)) {
    if (next.at > now()) await live(next.at);
    await Promise.all(next.what.map((what) => what()));
    const isFound = problems.length > 0 || lost.size > 0 || (result.asks > 100 && isPutOffTooOften());
    if (untilProblem && isFound) break;
  }
  await live(now());

  const calls = test.emulator.tokenCalls.length - callsBefore;
  for (const [code, count] of lost) problems.push(`${count} calls with a token still in use were answered ${code}`);
  // One an hour for each tenant, plus its checks and the presses of people.
  const usual = clinics.length * (hours * 1.2 + hours / 4 + 2) + 2 * result.presses;
  if (calls > usual) problems.push(`${calls} calls of the token endpoint, not ${Math.floor(usual)} at the most`);
  if (isPutOffTooOften()) problems.push(`${result.putOff} of ${result.asks} asks were put off`);
  const unwell = await test.db('connections').whereNot({ state: 'healthy' }).select('tenant_id');
  if (unwell.length > 0) problems.push(`${unwell.length} clinics are not healthy`);
  return { ...result, calls, problems };
}
