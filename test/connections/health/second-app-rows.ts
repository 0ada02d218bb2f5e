import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import type { ClinicKey } from '../../../src/emulator/seed.js';
import { anEmptyDatabaseUrl } from '../../support/database/databases.js';

/** The last migration of the version that still tried each JWT with a second app. */
const LAST_BEFORE = '20261121_55_watched_owners.cjs';

/** When the checks of each clinic were made. */
export const FIRST = '2026-11-18T10:00:00.000Z';
const LATE = '2026-11-18T10:00:02.000Z';
export const SECOND = '2026-11-19T10:00:00.000Z';
export const STALE = '2026-11-20T12:00:00.000Z';

export type Day = [day: string, worst: string, last: string];
type Clinic = {
  status?: 'active' | 'pending';
  canary?: string;
  serving: object;
  /** The state and cause on the connection page, as `state cause`. */
  shown: string;
  since: string;
  stateSince?: string;
  pending?: object;
  lastConclusive?: { state: string; at: string };
  checks: [at: string, warnings: string[]][];
  days: Day[];
};

const working = (...warnings: string[]) => ({ state: 'working', since: FIRST, warnings });

/** The rows that the old version stored. A day consists of its worst and its last `state cause`. */
export const clinics: Record<string, Clinic> = {
  live: {
    canary: 'refused',
    serving: working('expires_soon'),
    shown: 'warning expires_soon',
    since: FIRST,
    lastConclusive: { state: 'warning', at: SECOND },
    checks: [
      [FIRST, ['expires_soon']],
      [SECOND, ['expires_soon']],
    ],
    days: [['2026-11-18', 'warning expires_soon', 'warning expires_soon']],
  },
  pending: {
    status: 'pending',
    serving: { state: 'none' },
    pending: { since: FIRST, cause: 'app_not_permitted', refused: true, keptUntil: '2026-11-25T10:00:00.000Z' },
    shown: 'pending app_not_permitted',
    since: FIRST,
    checks: [],
    days: [['2026-11-18', 'pending app_not_permitted', 'pending app_not_permitted']],
  },
  failing: {
    serving: { state: 'failing', since: SECOND, cause: 'owner_inactive' },
    shown: 'failing owner_inactive',
    since: SECOND,
    lastConclusive: { state: 'failing', at: SECOND },
    checks: [[FIRST, []]],
    days: [
      ['2026-11-18', 'healthy', 'healthy'],
      ['2026-11-19', 'failing owner_inactive', 'failing owner_inactive'],
    ],
  },
  broad: {
    canary: 'token',
    serving: working('over_broad'),
    shown: 'warning over_broad',
    since: FIRST,
    lastConclusive: { state: 'warning', at: SECOND },
    checks: [
      [FIRST, ['over_broad']],
      [SECOND, ['over_broad']],
    ],
    days: [['2026-11-18', 'warning over_broad', 'warning over_broad']],
  },
  'broad and late': {
    canary: 'token',
    serving: working('over_broad'),
    shown: 'warning over_broad',
    since: LATE,
    lastConclusive: { state: 'healthy', at: FIRST },
    checks: [[FIRST, []]],
    days: [['2026-11-18', 'warning over_broad', 'warning over_broad']],
  },
  'broad and of another environment': {
    canary: 'token',
    serving: working('environment_differs', 'over_broad'),
    shown: 'warning over_broad',
    since: FIRST,
    lastConclusive: { state: 'warning', at: FIRST },
    checks: [[FIRST, ['environment_differs', 'over_broad']]],
    days: [
      ['2026-11-18', 'warning over_broad', 'warning over_broad'],
      ['2026-11-20', 'warning over_broad', 'warning over_broad'], // a check without an answer
    ],
  },
  'broad and without a line': {
    canary: 'token',
    serving: working('no_fax_line', 'over_broad'),
    shown: 'warning no_fax_line',
    since: FIRST,
    lastConclusive: { state: 'warning', at: SECOND },
    checks: [
      [FIRST, ['over_broad']],
      [SECOND, ['no_fax_line', 'over_broad']],
    ],
    days: [
      ['2026-11-18', 'warning over_broad', 'warning over_broad'],
      ['2026-11-19', 'warning over_broad', 'warning no_fax_line'],
    ],
  },
  'broad and with lines again': {
    canary: 'token',
    serving: working('over_broad'),
    shown: 'warning over_broad',
    since: FIRST,
    lastConclusive: { state: 'warning', at: SECOND },
    checks: [
      [FIRST, ['no_fax_line', 'over_broad']],
      [SECOND, ['over_broad']],
    ],
    days: [
      ['2026-11-18', 'warning no_fax_line', 'warning no_fax_line'],
      ['2026-11-19', 'warning no_fax_line', 'warning over_broad'],
      ['2026-11-20', 'warning over_broad', 'warning over_broad'],
    ],
  },
  'broad and refused once': {
    canary: 'token',
    serving: {
      state: 'suspect',
      since: SECOND,
      cause: 'credential_rejected',
      before: { since: FIRST, warnings: ['over_broad'] },
    },
    shown: 'warning over_broad',
    since: FIRST,
    lastConclusive: { state: 'warning', at: FIRST },
    checks: [[FIRST, ['over_broad']]],
    days: [['2026-11-18', 'warning over_broad', 'warning over_broad']],
  },
  'broad and unverified': {
    canary: 'token',
    serving: working('over_broad'),
    shown: 'unverified',
    since: FIRST,
    stateSince: STALE,
    lastConclusive: { state: 'warning', at: FIRST },
    checks: [[FIRST, ['over_broad']]],
    days: [
      ['2026-11-18', 'warning over_broad', 'warning over_broad'],
      ['2026-11-20', 'unverified', 'unverified'],
    ],
  },
  'broad between two failures': {
    canary: 'token',
    serving: { state: 'failing', since: SECOND, cause: 'owner_inactive' },
    shown: 'failing owner_inactive',
    since: SECOND,
    lastConclusive: { state: 'failing', at: SECOND },
    checks: [[FIRST, ['over_broad']]],
    days: [
      ['2026-11-18', 'failing owner_inactive', 'warning over_broad'],
      ['2026-11-19', 'failing owner_inactive', 'failing owner_inactive'],
    ],
  },
  'no longer broad': {
    canary: 'refused',
    serving: working(),
    shown: 'healthy',
    since: SECOND,
    lastConclusive: { state: 'healthy', at: SECOND },
    checks: [
      [FIRST, ['over_broad']],
      [SECOND, []],
    ],
    days: [
      ['2026-11-18', 'warning over_broad', 'warning over_broad'],
      ['2026-11-19', 'warning over_broad', 'healthy'],
    ],
  },
};

export const split = (shown: string): [state: string, cause: string | null] => {
  const [state = '', cause = null] = shown.split(' ');
  return [state, cause];
};
export const ranks = ['not_connected', 'disconnected', 'pending', 'healthy', 'warning', 'unverified', 'failing'];

/** RingCentral accounts in the emulator, for clinics that are checked after the migration. */
export const accounts: Record<string, { clinic: ClinicKey; accountId: string; ownerId: string }> = {
  broad: { clinic: 'northgate', accountId: '37439520', ownerId: '63304567104' },
  failing: { clinic: 'harbor', accountId: '37439530', ownerId: '63304567204' },
  pending: { clinic: 'riverside', accountId: '37439510', ownerId: '63304567004' },
};

async function store(db: Knex, name: string, clinic: Clinic): Promise<void> {
  const { status = 'active', canary = null, serving, pending = null, since, checks } = clinic;
  const id = `jwt of ${name}`;
  await db('tenants').insert({ id: name, external_ref: name, name: `Clinic ${name}`, created_at: FIRST });
  await db('credentials').insert({
    id,
    tenant_id: name,
    kind: 'jwt',
    status,
    fingerprint: `fingerprint of ${name}`,
    submitted_by: 'alice',
    submitted_at: FIRST,
    environment: 'production',
    kept_until: status === 'active' ? null : '2100-01-01T00:00:00.000Z',
    canary,
    canary_at: canary === null ? null : LATE,
  });
  const secret = { owner_table: 'credentials', tenant_id: name, row_id: id, purpose: 'assertion', jwe: '{}' };
  await db('sealed_secrets').insert({ ...secret, kid: 'none', created_at: FIRST });
  const [state, cause] = split(clinic.shown);
  const evidence = { lastGoodAt: FIRST, mintedAt: FIRST, probedAt: FIRST };
  const { lastConclusive = null } = clinic;
  const health = { since, serving, pending, lastRefusal: null, lastConclusive, ...(lastConclusive ? evidence : {}) };
  const works = status === 'active';
  await db('connections').insert({
    tenant_id: name,
    health: JSON.stringify(health),
    checked_at: FIRST,
    connected_at: works ? FIRST : null,
    owner_id: works ? (accounts[name]?.ownerId ?? `owner of ${name}`) : null,
    account_id: works ? (accounts[name]?.accountId ?? `account of ${name}`) : null,
    state,
    cause,
    state_since: clinic.stateSince ?? since,
  });
  await db('connection_counts')
    .insert({ state, cause: cause ?? '', count: 1 })
    .onConflict(['state', 'cause'])
    .merge({ count: db.raw('connection_counts.count + 1') });
  for (const [at, warnings] of checks)
    await db('checks').insert({
      id: `check of ${name} at ${at}`,
      tenant_id: name,
      credential_id: id,
      trigger: 'schedule',
      verdict: 'accepted',
      warnings: JSON.stringify(warnings),
      detail: '{}',
      started_at: at,
      finished_at: at,
    });
  for (const [day, worst, last] of clinic.days) {
    const [worstState, worstCause] = split(worst);
    const [lastState, lastCause] = split(last);
    await db('connection_days').insert({
      tenant_id: name,
      day,
      state: worstState,
      cause: worstCause,
      rank: ranks.indexOf(worstState),
      last_state: lastState,
      last_cause: lastCause,
    });
  }
  await db('check_requests').insert({
    id: `request of ${name}`,
    tenant_id: name,
    credential_id: id,
    trigger: 'schedule',
    lane: 'background',
    requested_at: FIRST,
    due_at: '2100-01-01T00:00:00.000Z',
  });
}

/** A database from the earlier version with these clinics. */
export async function anOldDatabase(): Promise<string> {
  const url = await anEmptyDatabaseUrl();
  const db = openDatabase(url);
  const [, waiting] = (await db.migrate.list()) as [unknown, { file: string }[]];
  for (const { file } of waiting) if (file <= LAST_BEFORE) await db.migrate.up({ name: file });
  await db('people').insert({ id: 'alice', email: 'alice@clinic.example', name: 'Alice', created_at: FIRST });
  for (const [name, clinic] of Object.entries(clinics)) await store(db, name, clinic);
  await db('audit_events').insert({
    id: 'tried',
    at: LATE,
    actor_kind: 'portal',
    tenant_id: 'broad',
    action: 'credential.canary_tried',
    target: 'jwt of broad',
    outcome: 'ok',
    detail: JSON.stringify({ answer: 'token', revoked: true }),
  });
  await db('events').insert({
    id: 'warned',
    at: LATE,
    type: 'connection.warning',
    tenant_id: 'broad',
    data: JSON.stringify({ cause: 'over_broad', fix_owner: 'tenant', since: FIRST }),
  });
  await db.destroy();
  return url;
}
