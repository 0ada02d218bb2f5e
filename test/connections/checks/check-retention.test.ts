// Also on PostgreSQL: the statement that finds what no page needs.
import { checkStore } from '../../../src/connections/checks/check-store.js';
import type { Check } from '../../../src/connections/health/check-types.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { daily } from '../../../src/platform/retention.js';
import { addCredentialRow, addTenantRow, aDatabase } from '../../support/credential-rows.js';

const HOUR_MS = 3_600_000;
const start = Date.parse('2026-01-01T00:00:00.000Z');

describe('old checks', () => {
  let db: Knex;
  beforeAll(async () => {
    db = await aDatabase();
    for (const tenant of ['north', 'south', 'east']) {
      await addTenantRow(db, tenant);
      await addCredentialRow(db, tenant, `${tenant}-1`);
      await addCredentialRow(db, tenant, `${tenant}-2`, 'active');
    }
  });
  afterAll(() => db.destroy());

  /** Checks of a credential, one an hour from `hour` on: `+` accepted, `-` refused, `?` no answer. */
  async function add(tenantId: string, credentialId: string, hour: number, verdicts: string): Promise<void> {
    for (const [n, sign] of Array.from(verdicts).entries()) {
      const at = new Date(start + (hour + n) * HOUR_MS);
      const verdict = ({ '+': 'accepted', '-': 'refused', '?': 'inconclusive' } as const)[sign] ?? 'inconclusive';
      const check: Check = {
        id: `${credentialId}@${hour + n}`,
        credentialId,
        trigger: 'schedule',
        verdict,
        cause: sign === '+' ? null : 'owner_inactive',
        warnings: [],
        detail: { step: 'mint' },
        startedAt: at,
        finishedAt: at,
      };
      await checkStore(db).forTenant(tenantId).append(check);
    }
  }
  const kept = async (tenantId: string) =>
    (await db('checks').where({ tenant_id: tenantId }).orderBy('finished_at').pluck<string[]>('id')).map((id) =>
      id.replace(/^.*-/, ''),
    );
  const newest = (credential: number, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => `${credential}@${from + n}`);

  it('are deleted in batches; the newest of each clinic and what decided about each credential stay', async () => {
    await add('north', 'north-1', 0, '?+-+-?'); // answers at 0 to 5
    await add('north', 'north-2', 10, `-${'+'.repeat(600)}`); // at 10 to 610
    await add('south', 'south-1', 0, '+'.repeat(55));
    await add('east', 'east-1', 600, '+'.repeat(60)); // too young
    await checkStore(db).deleteBefore(new Date(start + 600 * HOUR_MS));
    // Of the first credential: first and last acceptance, and the last answer. Of the second: its first acceptance.
    expect(await kept('north')).toEqual(['1@1', '1@3', '1@5', '2@11', ...newest(2, 561, 610)]);
    expect(await kept('south')).toEqual(['1@0', ...newest(1, 5, 54)]);
    expect(await kept('east')).toHaveLength(60);
    await checkStore(db).deleteBefore(new Date(start + 600 * HOUR_MS));
    expect(await kept('north')).toHaveLength(54);
  });

  it('are looked for at the first housekeeping, and then once a day', async () => {
    let at = start;
    let runs = 0;
    const chore = daily({ now: () => new Date(at) }, () => Promise.resolve((runs += 1)));
    const runsAfter = async (hours: number) => {
      at += hours * HOUR_MS;
      await chore();
      return runs;
    };
    expect([await runsAfter(0), await runsAfter(23), await runsAfter(1), await runsAfter(1)]).toEqual([1, 1, 2, 2]);
  });
});
