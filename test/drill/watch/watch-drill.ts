import { faultTable, type FaultRow } from '../faults/fault-table.js';
import { LongWatch, type WatchedClinic } from './long-watch.js';
import type { TestPortalOptions } from '../../support/portal.js';
import { seededRandom } from '../../support/strict-limiter.js';

export type WatchDrillOptions = { clinics: number; seed: number; databaseUrl?: string };
export type WatchDrillResult = { checks: number; problems: string[] };

const HOUR = 1 / 24;
const MINUTE = HOUR / 60;
/** Five calls a minute, and an emulator that enforces them. */
const documented: TestPortalOptions = { env: { RINGCENTRAL_AUTH_PER_MINUTE: '5' }, emulator: { limits: {} } };

/** Clinics that are connected and verified, as fast as five calls a minute allow. */
async function aWatch({ clinics: count, databaseUrl }: WatchDrillOptions, options = documented) {
  const watch = await LongWatch.start({ ...options, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  const clinics: WatchedClinic[] = [];
  for (let number = 1; number <= count; number += 1) {
    clinics.push(await watch.addClinic(`Clinic ${number}`));
    watch.test.clock.advance(13_000);
  }
  await watch.liveUntil(watch.day() + 10 * MINUTE);
  return { watch, clinics };
}

async function lastEvent(watch: LongWatch): Promise<number> {
  const row = await watch.test.db('events').max({ nr: 'nr' }).first<{ nr: number | string | null } | undefined>();
  return Number(row?.nr ?? 0);
}

/** The events of clinics since then. */
const eventsAfter = (watch: LongWatch, nr: number) =>
  watch.test
    .db('events')
    .where('nr', '>', nr)
    .whereNotNull('tenant_id')
    .select<{ tenant_id: string; type: string }[]>('tenant_id', 'type');

const notHealthy = async (watch: LongWatch): Promise<number> =>
  (await watch.test.db('connections').whereNot({ state: 'healthy' }).select('tenant_id')).length;

const checksOf = async (watch: LongWatch): Promise<number> => (await watch.test.db('checks').select('id')).length;

/**
 * RingCentral rejects our own app for an hour: no clinic changes its state or gets a mail, there is one incident, and
 * everything ends automatically.
 */
export async function runWrongSecretDrill(options: WatchDrillOptions): Promise<WatchDrillResult> {
  const { watch, clinics } = await aWatch(options);
  try {
    const problems: string[] = [];
    const { emulator, env, db } = watch.test;
    await watch.liveUntil(watch.day() + 1.1 * HOUR); // no stored token is left that would save a check its call
    const before = await lastEvent(watch);
    const mails = watch.mails.length;
    const callsBefore = emulator.tokenCalls.length;
    emulator.setAppSecret(env.RINGCENTRAL_CLIENT_ID ?? '', 'another-secret-of-the-console');
    // Every check becomes due in this hour.
    const now = new Date(watch.test.clock().getTime()).toISOString();
    await db('check_requests').whereNull('finished_at').update({ due_at: now });
    await watch.liveUntil(watch.day() + HOUR);
    const open = await db('incidents').whereNull('tenant_id').whereNull('closed_at').select<{ kind: string }[]>('kind');
    if (open.map(({ kind }) => kind).join() !== 'app') problems.push(`${open.length} incidents are open, not the one`);
    const calls = emulator.tokenCalls.length - callsBefore;
    if (calls > 62) problems.push(`${calls} calls in an hour: more than one a minute`);
    emulator.setAppSecret(env.RINGCENTRAL_CLIENT_ID ?? '', env.RINGCENTRAL_CLIENT_SECRET ?? '');
    await watch.liveUntil(watch.day() + 1.2);
    const told = await eventsAfter(watch, before);
    if (told.length > 0) problems.push(`${told.length} transitions of clinics`);
    const toClinics = watch.mails.slice(mails).filter(({ mail }) => /is not working|works again/.test(mail.subject));
    if (toClinics.length > 0) problems.push(`${toClinics.length} mails to clinics`);
    const incidents = await db('incidents').select<{ closed_at: string | null }[]>('closed_at');
    if (incidents.length !== 1) problems.push(`${incidents.length} incidents`);
    if (incidents.some(({ closed_at: at }) => at === null)) problems.push('the incident did not end');
    const stale = await watch.test
      .db('connections')
      .where('checked_at', '<', new Date(watch.test.clock().getTime() - 26 * 3_600_000).toISOString())
      .select('tenant_id');
    if (stale.length > 0) problems.push(`${stale.length} clinics were not checked again`);
    if ((await notHealthy(watch)) > 0) problems.push(`${await notHealthy(watch)} of ${clinics.length} are not healthy`);
    if (emulator.violations.length > 0) problems.push(`${emulator.violations.length} calls beyond RingCentral's limit`);
    return { checks: await checksOf(watch), problems };
  } finally {
    await watch.close();
  }
}

/**
 * Our app is missing a scope for an hour, while every clinic is checked and others paste for the first time: no clinic
 * changes its state or gets a mail, there is one incident, it ends within 90 s, and then first pastes are checked first.
 */
export async function runMissingScopeDrill(options: WatchDrillOptions): Promise<WatchDrillResult> {
  const { watch, clinics } = await aWatch(options);
  try {
    const problems: string[] = [];
    const { emulator, env, db, clock } = watch.test;
    const clientId = env.RINGCENTRAL_CLIENT_ID ?? '';
    const { scopes } = emulator.updateApp(clientId, {});
    await watch.liveUntil(watch.day() + 1.1 * HOUR);
    const before = await lastEvent(watch);
    const mails = watch.mails.length;
    const callsBefore = emulator.tokenCalls.length;
    emulator.updateApp(clientId, { scopes: scopes.filter((scope) => scope !== 'ReadMessages') });
    const now = new Date(clock().getTime()).toISOString();
    await db('check_requests').whereNull('finished_at').update({ due_at: now });
    await watch.liveUntil(watch.day() + HOUR / 2);
    const pasted: WatchedClinic[] = [];
    for (let number = 1; number <= 4; number += 1) pasted.push(await watch.addClinic(`New clinic ${number}`));
    await watch.liveUntil(watch.day() + HOUR / 2);
    const open = await db('incidents').whereNull('tenant_id').whereNull('closed_at').select<{ kind: string }[]>('kind');
    if (open.map(({ kind }) => kind).join() !== 'scope')
      problems.push(`${open.length} incidents are open, not the one`);
    const calls = emulator.tokenCalls.length - callsBefore;
    if (calls > 62) problems.push(`${calls} calls in an hour: more than one a minute`);

    emulator.updateApp(clientId, { scopes });
    const repaired = clock().getTime();
    await watch.liveUntil(watch.day() + 1.5 * MINUTE);
    const incidents = await db('incidents').select<{ closed_at: string | null }[]>('closed_at');
    if (incidents.length !== 1) problems.push(`${incidents.length} incidents`);
    if (incidents.some(({ closed_at: at }) => at === null)) problems.push('the incident did not end within 90 s');
    const windows = Math.ceil((clinics.length + pasted.length) / 4) + 2;
    await watch.liveUntil(watch.day() + (windows * 62 * MINUTE) / 60);
    const since = new Date(repaired).toISOString();
    const accepted = await db('checks')
      .where({ verdict: 'accepted' })
      .andWhere('finished_at', '>=', since)
      .orderBy('finished_at')
      .select<{ tenant_id: string }[]>('tenant_id');
    const order = [...new Set(accepted.map(({ tenant_id: id }) => id))];
    const late = [...clinics, ...pasted].filter(({ tenantId }) => !order.includes(tenantId));
    if (late.length > 0) problems.push(`${late.length} clinics were not checked within ${windows} windows`);
    // The probe that ended the incident comes before the pastes.
    const firsts = pasted.map(({ tenantId }) => order.indexOf(tenantId));
    if (Math.max(...firsts) > pasted.length) problems.push(`first pastes are at the places ${firsts.join(', ')}`);
    const told = (await eventsAfter(watch, before)).filter(
      ({ tenant_id: id }) => !pasted.some(({ tenantId }) => tenantId === id),
    );
    if (told.length > 0) problems.push(`${told.length} transitions of clinics`);
    const toClinics = watch.mails.slice(mails).filter(({ mail }) => /is not working|works again/.test(mail.subject));
    if (toClinics.length > 0) problems.push(`${toClinics.length} mails to clinics`);
    if ((await notHealthy(watch)) > 0) problems.push(`${await notHealthy(watch)} clinics are not healthy`);
    if (emulator.violations.length > 0) problems.push(`${emulator.violations.length} calls beyond RingCentral's limit`);
    return { checks: await checksOf(watch), problems };
  } finally {
    await watch.close();
  }
}

/** One JWT of many is revoked: found within the interval and its confirmation, and no other clinic is affected. */
export async function runRevokedDrill(options: WatchDrillOptions): Promise<WatchDrillResult> {
  const { watch, clinics } = await aWatch(options);
  try {
    const problems: string[] = [];
    const chosen = clinics[Math.floor(seededRandom(options.seed)() * clinics.length)]!;
    const before = await lastEvent(watch);
    const revoked = watch.day();
    watch.test.emulator.revokeJwt(chosen.jti);
    const failing: number[] = [];
    await watch.liveUntil(revoked + 1.1, async () => {
      if ((await watch.stateOf(chosen)).state === 'failing') failing.push(watch.day());
    });
    const [found] = failing;
    const { everyMs } = await watch.test.portal.services.connections.proving();
    // The interval, the wait for the confirmation, and its place among the others.
    const latest = revoked + everyMs / 86_400_000 + 180 / 86_400 + 2 * MINUTE;
    if (found === undefined) problems.push('it was not found');
    else if (found > latest) problems.push(`found after ${((found - revoked) * 24).toFixed(2)} hours`);
    const told = await eventsAfter(watch, before);
    const others = told.filter(({ tenant_id: id }) => id !== chosen.tenantId);
    if (others.length > 0) problems.push(`${others.length} transitions of other clinics`);
    if ((await notHealthy(watch)) !== 1) problems.push(`${await notHealthy(watch)} clinics are not healthy, not one`);
    if (watch.test.emulator.violations.length > 0) problems.push('calls beyond the limit');
    return { checks: await checksOf(watch), problems };
  } finally {
    await watch.close();
  }
}

/** Transient faults, with inconclusive answers. Faults that take long in real time belong to another drill. */
const passing = (row: FaultRow): boolean =>
  'fault' in row.how &&
  row.token !== null &&
  row.token !== 'accepted' &&
  row.token.kind === 'inconclusive' &&
  row.isForever === undefined &&
  (row.retryAfterMs ?? 0) <= 120_000 &&
  !/MB|bomb|drip|silence|deep|header|stall|never/.test(row.name);

/** That many transient faults at the token endpoint, cycling through all kinds: none becomes a refusal. */
export async function runTransientDrill(options: WatchDrillOptions & { faults: number }): Promise<WatchDrillResult> {
  const { watch } = await aWatch(options, {
    env: { RINGCENTRAL_AUTH_PER_MINUTE: '1000' },
    emulator: { limits: 'generous' },
  });
  try {
    const { db, emulator, clock } = watch.test;
    const rows = faultTable.filter(passing);
    const random = seededRandom(options.seed);
    const done = async () => (await db('checks').where({ verdict: 'inconclusive' }).select('id')).length;
    while ((await done()) < options.faults) {
      const { how } = rows[Math.floor(random() * rows.length)]!;
      if ('fault' in how) emulator.faults.add({ ...how.fault, call: 'token' });
      await db('check_requests')
        .whereNull('finished_at')
        .update({ due_at: new Date(clock().getTime()).toISOString(), trigger: 'person' }); // which no stored token can answer
      await watch.liveUntil(watch.day() + MINUTE / 6);
      emulator.faults.clear();
      clock.advance(130_000);
    }
    const problems: string[] = [];
    const checks = await db('checks').where({ verdict: 'refused' }).select('id');
    if (checks.length > 0) problems.push(`${checks.length} faults were taken for a refusal`);
    // A refusal that other clinics get too is not believed, but it was taken for one.
    const doubted = (await db('checks').select<{ detail: string }[]>('detail')).filter(({ detail }) =>
      /"step":"(?:control|incident)"/.test(detail),
    );
    if (doubted.length > 0) problems.push(`${doubted.length} faults put a credential or our app in doubt`);
    const failed = await db('events').where({ type: 'connection.failing' }).select('id');
    if (failed.length > 0) problems.push(`${failed.length} clinics fail`);
    return { checks: await done(), problems };
  } finally {
    await watch.close();
  }
}
