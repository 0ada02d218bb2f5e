import { createServer } from 'node:http';
import { originOf } from '../../support/visits/visitor.js';
import { anotherProcess } from '../../support/processes/another-process.js';
import { seededRandom } from '../../support/strict-limiter.js';
import { authenticate, jobKey } from '../../tokens/jobs.js';
import { summed } from '../kills/kill-drill-judge.js';
import { LongWatch, type WatchedClinic } from '../watch/long-watch.js';
import { Agenda } from '../watch/session-drill.js';
import { askForToken, statusAtRingCentral, tokenIn } from './token-jobs.js';

export type TokenCallOptions = { jobs: number; seed: number; hours?: number; databaseUrl?: string | undefined };
export type TokenCallResult = {
  asks: number;
  uses: number;
  /** Calls of the token endpoint for each hour of a clinic, on average. */
  perHour: { usual: number; longer: number };
  problems: string[];
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const JOBS_OF_CLINIC = 10;
/** Many jobs ask at the same times, like those of a schedule. */
const SLOT_MS = 30_000;
/** A job's call that starts in the last second of its token's stated life arrives this much later. */
const UNDER_WAY_MS = 20_000;
/** A job asks again after this long, though its token may still live: it keeps none between its runs. */
const AGAIN_MS = { least: 5 * MINUTE_MS, most: 50 * MINUTE_MS };

/** What jobs ask for, and how often RingCentral may be asked for it in an hour of a clinic. */
const kinds = {
  usual: { minTtlSeconds: 0, mostPerHour: 1.15 },
  longer: { minTtlSeconds: 1800, mostPerHour: 2.2 },
} as const;
type Kind = keyof typeof kinds;

type Clinic = WatchedClinic & { kind: Kind; fingerprint: string };
type Answer = { expires_in: number };

/**
 * For a day, that many jobs in two processes ask for tokens by the API and use each one to the end of its stated life.
 * Half of the clinics have jobs that need tokens for at least 30 minutes. RingCentral ends the oldest session of a user
 * when a sixth begins, which must never be one that a job still uses.
 */
export async function runTokenCallDrill({ databaseUrl, ...options }: TokenCallOptions): Promise<TokenCallResult> {
  const watch = await LongWatch.start({ authenticate, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  const second = await anotherProcess(watch.test, authenticate);
  const server = createServer(second.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await liveThrough(watch, [watch.test.url, originOf(server)], options);
  } finally {
    server.closeAllConnections();
    server.close();
    await watch.close();
    await second.close();
  }
}

async function addClinics(watch: LongWatch, count: number): Promise<Clinic[]> {
  const clinics: Clinic[] = [];
  for (let number = 1; number <= count; number += 1) {
    const clinic = await watch.addClinic(`Clinic ${number}`);
    await watch.liveUntil(watch.day());
    const [fingerprint = ''] = await watch.test
      .db('credentials')
      .where({ tenant_id: clinic.tenantId })
      .pluck<string[]>('fingerprint');
    clinics.push({ ...clinic, fingerprint, kind: number % 2 === 0 ? 'longer' : 'usual' });
  }
  return clinics;
}

async function liveThrough(
  watch: LongWatch,
  urls: readonly string[],
  { jobs, seed, hours = 24 }: TokenCallOptions,
): Promise<TokenCallResult> {
  const { emulator, clock } = watch.test;
  const random = seededRandom(seed);
  const clinics = await addClinics(watch, Math.max(2, Math.round(jobs / JOBS_OF_CLINIC)));
  const now = () => clock().getTime();
  const end = now() + hours * HOUR_MS;
  const agenda = new Agenda();
  const problems: string[] = [];
  const result = { asks: 0, uses: 0 };
  const callsBefore = emulator.tokenCalls.length;
  const slot = (at: number) => Math.ceil(at / SLOT_MS) * SLOT_MS;

  async function use(token: string): Promise<void> {
    result.uses += 1;
    const status = await statusAtRingCentral(emulator.url, token);
    if (status !== 200) problems.push(`a call with a token still in use was answered ${status}`);
  }

  async function ask(clinic: Clinic): Promise<void> {
    result.asks += 1;
    const { tenantId, kind } = clinic;
    const { minTtlSeconds } = kinds[kind];
    const url = urls[Math.floor(random() * urls.length)] ?? '';
    const received = await askForToken(url, { key: jobKey, tenantId, jobId: `job-${result.asks}`, minTtlSeconds });
    const token = tokenIn(received);
    if (token === undefined) problems.push(`a job was answered ${received.status}`);
    else {
      const { expires_in: lifeSeconds } = JSON.parse(received.text) as Answer;
      if (lifeSeconds < minTtlSeconds) problems.push('a token lives shorter than a job asked for');
      agenda.add(now() + lifeSeconds * 1000 + UNDER_WAY_MS, () => use(token));
      await use(token);
    }
    agenda.add(slot(now() + AGAIN_MS.least + random() * (AGAIN_MS.most - AGAIN_MS.least)), () => ask(clinic));
  }

  for (let job = 0; job < jobs; job += 1) {
    const clinic = clinics[job % clinics.length]!;
    agenda.add(slot(now() + random() * AGAIN_MS.least), () => ask(clinic));
  }
  for (let next = agenda.next(end); next; next = agenda.next(end)) {
    if (next.at > now()) await watch.liveUntil(watch.day() + (next.at - now()) / DAY_MS);
    await Promise.all(next.what.map((what) => what()));
  }

  const calls = emulator.tokenCalls.slice(callsBefore);
  const perHourOf = ({ fingerprint }: Clinic) =>
    calls.filter(({ assertionSha256 }) => assertionSha256 === fingerprint).length / hours;
  for (const clinic of clinics) {
    const { mostPerHour } = kinds[clinic.kind];
    if (perHourOf(clinic) > mostPerHour)
      problems.push(`RingCentral was asked ${perHourOf(clinic).toFixed(2)} times an hour, not ${mostPerHour}`);
  }
  const perHour = (kind: Kind) => {
    const mine = clinics.filter((one) => one.kind === kind);
    return mine.reduce((sum, clinic) => sum + perHourOf(clinic), 0) / mine.length;
  };
  return { ...result, perHour: { usual: perHour('usual'), longer: perHour('longer') }, problems: summed(problems) };
}
