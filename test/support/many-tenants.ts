import { checkQueue } from '../../src/connections/checks/check-queue.js';
import type { Cause } from '../../src/connections/health/causes.js';
import { connectionStore, emptyConnection } from '../../src/connections/health/connection-store.js';
import { nextHealth, type HealthEvent } from '../../src/connections/health/health.js';
import { credentialStore } from '../../src/credentials/credential-store.js';
import { iso, transactionOn, type Knex } from '../../src/platform/database/database.js';
import { lockFor } from '../../src/platform/database/lock.js';
import { wordsOf } from '../../src/tenants/search/tenant-words.js';
import { tenantService } from '../../src/tenants/tenant-service.js';
import { connectionParts } from './connection-parts.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The history of a clinic: its events and how long ago they happened. */
export type Life = {
  /** Per thousand clinics. */
  share: number;
  events: [event: HealthEvent, agoMs: number][];
  credential?: 'active' | 'pending';
};

const accepted = (warnings: Cause[] = []) => ({ kind: 'accepted', warnings }) as const;
const refused = (cause: Cause) => ({ kind: 'refused', cause }) as const;
const submitted = (agoMs: number): [HealthEvent, number] => [{ kind: 'submitted', keptUntil: '' }, agoMs];
const connected = (warnings: Cause[] = []): [HealthEvent, number][] => [
  submitted(90 * DAY),
  [{ kind: 'pending_judged', verdict: accepted(warnings), kept: false }, 90 * DAY - MINUTE],
  [{ kind: 'serving_checked', verdict: accepted(warnings), confirmMs: 0 }, HOUR],
];
const broken = (cause: Cause, agoMs: number): [HealthEvent, number][] => [
  ...connected(),
  [{ kind: 'serving_checked', verdict: refused(cause), confirmMs: 0 }, agoMs],
  [{ kind: 'serving_checked', verdict: refused(cause), confirmMs: 0 }, agoMs - MINUTE],
];
const kept = (cause: Cause): [HealthEvent, number][] => [
  submitted(3 * HOUR),
  [{ kind: 'pending_judged', verdict: refused(cause), kept: true }, 2 * HOUR],
];

export const healthyOnly: readonly Life[] = [{ share: 1000, events: connected(), credential: 'active' }];

/** Most clinics work; the others cover every state, with different causes. */
export const variedLives: readonly Life[] = [
  { share: 700, events: connected(), credential: 'active' },
  { share: 60, events: connected(['expires_soon']), credential: 'active' },
  { share: 20, events: connected(['no_fax_line']), credential: 'active' },
  { share: 5, events: connected(['environment_differs']), credential: 'active' },
  { share: 30, events: broken('credential_rejected', 3 * DAY), credential: 'active' },
  { share: 20, events: broken('owner_inactive', 2 * DAY), credential: 'active' },
  { share: 10, events: broken('permission_missing', 9 * DAY), credential: 'active' },
  { share: 5, events: broken('third_party_access_missing', 20 * DAY), credential: 'active' },
  { share: 5, events: broken('account_inactive', DAY), credential: 'active' },
  { share: 5, events: broken('credential_expired', DAY), credential: 'active' },
  { share: 2, events: broken('scope_missing', 5 * HOUR), credential: 'active' },
  { share: 1, events: broken('account_restricted', 5 * DAY), credential: 'active' },
  { share: 27, events: connected().slice(0, 2), credential: 'active' }, // no evidence since then: unverified
  { share: 25, events: kept('app_not_permitted'), credential: 'pending' },
  { share: 5, events: kept('permission_missing'), credential: 'pending' },
  { share: 5, events: [submitted(10 * MINUTE)], credential: 'pending' },
  { share: 60, events: [] },
  {
    share: 15,
    events: [
      submitted(2 * DAY),
      [{ kind: 'pending_judged', verdict: refused('credential_damaged'), kept: false }, 2 * DAY - MINUTE],
    ],
  },
];

const places = ['Riverside', 'Lakeview', 'St. Mary', 'Cedar Grove', 'Harbor Point', 'Maple Street', 'North Hills'];
const kinds = ['Family Clinic', 'Pediatrics', 'Dental Group', 'Orthopedic Surgery and Sports Medicine', 'Eye Care'];
const nameOf = (number: number): string =>
  `${places[number % places.length] ?? ''} ${kinds[number % kinds.length] ?? ''} ${number}`;

/** The per-tenant tables with many rows, except those with a global order (audit, events). */
const tables = ['connections', 'connection_days', 'credentials', 'sealed_secrets', 'check_requests', 'incidents'];
const ROWS_AT_ONCE = 400; // SQLite accepts 500 rows per statement
const SPREAD_MS = 10 * HOUR;
const idOf = (digits: string): string => `clinic-${digits}`;
const isoTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

export type ManyTenants = {
  count: number;
  /** The current time; the clinics' history lies before it. */
  now: Date;
  lives?: readonly Life[];
  /** Offsets the tenants of one call from those of another; default 0. */
  from?: number;
};

/**
 * Adds many tenants quickly: the stores create one tenant per life, whose rows are then copied with other ids, names
 * and times; the counters are increased accordingly. @returns their ids
 */
export async function addManyTenants(db: Knex, { count, now, lives = variedLives, from = 0 }: ManyTenants) {
  await db('people')
    .insert({ id: 'many-paster', email: 'many.paster@clinic.example', name: 'Ann Whitfield', created_at: iso(now) })
    .onConflict('id')
    .ignore();
  const wanted = shares(lives, count);
  const ids: string[] = [];
  for (const [index, life] of lives.entries()) {
    const numbers = wanted[index] ?? [];
    const [first, ...others] = numbers;
    if (first === undefined) continue;
    const digits = (number: number) => String(1_000_000 + from + number);
    await live(db, life, digits(first), now);
    await copy(
      db,
      digits(first),
      others.map((number) => ({
        digits: digits(number),
        name: nameOf(from + number),
        shiftMs: (number * 7919_000) % SPREAD_MS,
      })),
    );
    ids.push(...numbers.map((number) => idOf(digits(number))));
  }
  return ids;
}

/** Distributes the lives evenly; every life with a share occurs at least once. */
function shares(lives: readonly Life[], count: number): number[][] {
  const found: number[][] = lives.map(() => []);
  const total = lives.reduce((sum, { share }) => sum + share, 0);
  for (let number = 0; number < count; number += 1) {
    if (number < lives.length && count >= 10 * lives.length) found[number]?.push(number);
    else {
      let left = (number * 617) % total; // 617 is coprime to every total here, so neighbors differ
      const index = lives.findIndex(({ share }) => (left -= share) < 0);
      found[index]?.push(number);
    }
  }
  return found;
}

/** Creates one tenant through the stores, at the times of its events. */
async function live(db: Knex, { events, credential }: Life, digits: string, now: Date): Promise<void> {
  let at = new Date(now.getTime() - 100 * DAY);
  let ids = 0;
  const tenantId = idOf(digits);
  const world = { now: () => at, newId: () => ((ids += 1) === 1 ? tenantId : `${tenantId}-${ids}`) };
  const { writer } = connectionParts(world);
  await transactionOn(db)(async (trx) => {
    await lockFor(trx, 'tenant', tenantId);
    const tenants = tenantService({
      db: trx,
      transaction: (work) => work(trx),
      world,
      onCreated: (handle, id) => writer.save(handle, emptyConnection(id, at)),
    });
    const name = nameOf(Number(digits) - 1_000_000);
    await tenants.create({ name, externalRef: `ehr-${digits}` }, { kind: 'command_line' });
    const identity = {
      ownerId: `6330${digits}`,
      accountId: `3743${digits}`,
      ownerName: 'Fax Integration',
      ownerExtensionNumber: '901',
      accountName: name,
    };
    const steps: [HealthEvent | null, number][] = [...events, [null, 0]]; // and the current state
    for (const [event, agoMs] of steps) {
      at = new Date(now.getTime() - agoMs);
      const before = (await connectionStore(trx).forTenant(tenantId).find()) ?? emptyConnection(tenantId, at);
      const dated: HealthEvent | null =
        event?.kind === 'submitted' ? { ...event, keptUntil: iso(new Date(at.getTime() + 7 * DAY)) } : event;
      const health = dated ? nextHealth(before.health, dated, iso(at)) : before.health;
      const judged = event !== null && 'verdict' in event;
      const proved = credential === 'active' && judged;
      await writer.save(trx, {
        ...before,
        health,
        ...(judged ? { checkedAt: at } : {}),
        ...(proved ? { identity, connectedAt: before.connectedAt ?? at } : {}),
      });
    }
    if (!credential) return;
    const pastedAt = new Date(now.getTime() - (events[0]?.[1] ?? 0));
    const credentialId = `${tenantId}-jwt`;
    await credentialStore(trx)
      .forTenant(tenantId)
      .add(
        {
          id: credentialId,
          method: 'jwt',
          clientId: null,
          status: credential,
          fingerprint: `fingerprint-${digits}`,
          submittedBy: 'many-paster',
          submittedAt: pastedAt,
          expiresAt: null,
          environment: 'production',
          keptUntil: credential === 'active' ? null : new Date(pastedAt.getTime() + 7 * DAY),
        },
        { assertion: { jwe: '{"synthetic":"nobody can open it"}', kid: 'SYNTHETIC' } },
      );
    const trigger = credential === 'active' ? 'schedule' : 'pending';
    const priority = credential === 'active' ? 'background' : 'urgent';
    const dueAt = new Date(now.getTime() + SPREAD_MS + HOUR);
    await checkQueue(trx, world)
      .forTenant(tenantId)
      .add({ credentialId, trigger, priority, requestedBy: null, dueAt, inconclusiveStreak: 0 });
  });
}

type Copied = { digits: string; name: string; shiftMs: number };

async function copy(db: Knex, template: string, copies: Copied[]): Promise<void> {
  const tenantId = idOf(template);
  const tenant = await db<Record<string, unknown>>('tenants').where({ id: tenantId }).first();
  await insert(
    db,
    'tenants',
    copies.map((one) => ({ ...copyOf(tenant ?? {}, template, one), name: one.name })),
  );
  await insert(
    db,
    'tenant_words',
    copies.flatMap(({ digits, name }) =>
      wordsOf(name, `ehr-${digits}`).map((word) => ({ tenant_id: idOf(digits), word })),
    ),
  );
  for (const table of tables) {
    const rows = await db<Record<string, unknown>>(table).where({ tenant_id: tenantId });
    await insert(
      db,
      table,
      copies.flatMap((one) => rows.map((row) => copyOf(row, template, one))),
    );
  }
  const known = await db<{ tenant_id: string; state: string; cause: string | null }>('connections')
    .where({ tenant_id: tenantId })
    .first();
  await db('connection_counts')
    .where({ state: known?.state ?? '', cause: known?.cause ?? '' })
    .increment('count', copies.length);
}

/** Replaces the template's ids, and moves every time back by the same amount. */
const copyOf = (row: Record<string, unknown>, template: string, { digits, name, shiftMs }: Copied) =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (column === 'account_name' && value !== null) return [column, name];
      if (typeof value !== 'string' || column === 'day') return [column, value];
      const shifted = value.replace(isoTime, (time) => iso(new Date(Date.parse(time) - shiftMs)));
      return [column, shifted.replaceAll(template, digits)];
    }),
  );

async function insert(db: Knex, table: string, rows: object[]): Promise<void> {
  await transactionOn(db)(async (trx) => {
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
      await trx(table).insert(rows.slice(from, from + ROWS_AT_ONCE));
  });
}
