// Also on PostgreSQL: the transaction of a verdict.
import { countAsConfirmed } from '../../support/database/confirmed.js';
import { checkQueue } from '../../../src/connections/checks/check-queue.js';
import { incidentStore } from '../../../src/connections/health/incident-store.js';
import { emptyConnection } from '../../../src/connections/health/connection-store.js';
import { checkRunner } from '../../../src/connections/checks/check-runner.js';
import type { Health, Verdict } from '../../../src/connections/health/health.js';
import type { Proof } from '../../../src/connections/proof/proof.js';
import { transactionOn, type Knex, type Transaction } from '../../../src/platform/database/database.js';
import { everyRow } from '../../support/database/databases.js';
import { aCredentialKeeper, connectionParts } from '../../support/connection-parts.js';
import { aDatabase, addCredentialRow, addTenantRow, aNow } from '../../support/credential-rows.js';

const identity = { ownerId: '901', accountId: '501', ownerName: null, ownerExtensionNumber: null, accountName: null };
const line = { name: 'Front Desk Fax', extensionNumber: '201', type: 'FaxUser', selected: true, listed: true } as const;
const proofOf = (verdict: Verdict): Proof => ({
  kind: 'done',
  verdict,
  detail: {},
  retryAfterMs: null,
  identity,
  owner: null,
  lines: ['1', '2'].map((extensionId) => ({ ...line, extensionId, readable: 'yes', cause: null, probedAt: aNow })),
});

/** Counts the statements of each transaction, and makes the one with this number fail. */
function failingAt(db: Knex, number: number) {
  let statements = 0;
  const transaction: Transaction = (work) =>
    transactionOn(db)((trx) => {
      trx.on('query', ({ sql }: { sql: string }) => {
        if (/^(ROLLBACK|COMMIT)/i.test(sql)) return;
        statements += 1;
        if (statements === number) throw new Error('injected: the database fails');
      });
      return work(trx);
    });
  return { transaction, statements: () => statements };
}

describe('the transaction of a verdict', () => {
  let db: Knex;
  let ids: number;
  const world = {
    now: () => aNow,
    newId: () => `id-${(ids += 1)}`,
    randomBytes: (size: number) => Buffer.alloc(size, 128),
    wait: () => Promise.resolve(),
  };

  /** A runner with a RingCentral that always gives the same answer. */
  const runnerWith = (proof: Proof, transaction: Transaction) =>
    checkRunner({
      db,
      transaction,
      world,
      credentials: aCredentialKeeper(db, world),
      environmentOf: () => Promise.resolve('production'),
      prove: () => Promise.resolve(proof),
      ...connectionParts(world),
    });

  /** A clinic with a credential in use and a second paste that is being checked. */
  async function aReplacement() {
    ids = 0;
    db = await aDatabase();
    await addTenantRow(db, 'north');
    await countAsConfirmed(db, ['north'], [identity.accountId], aNow);
    const add = (credentialId: string, dueAt: Date, priority: 'interactive' | 'background') =>
      checkQueue(db, world)
        .forTenant('north')
        .add({ credentialId, trigger: 'submission', priority, requestedBy: 'alice', dueAt, inconclusiveStreak: 0 });
    await addCredentialRow(db, 'north', 'old', 'active');
    await add('old', new Date(aNow.getTime() + 60_000), 'background');
    await addCredentialRow(db, 'north', 'new');
    await add('new', aNow, 'interactive');
    const request = await checkQueue(db, world).lease('worker', 20_000);
    if (request?.credentialId !== 'new') throw new Error('the new credential is not due');
    return request;
  }
  afterEach(() => db.destroy());

  const verdicts: [string, Verdict, string][] = [
    ['activates a credential and retires the old one', { kind: 'accepted', warnings: [] }, 'active'],
    ['destroys a refused one', { kind: 'refused', cause: 'credential_rejected' }, 'destroyed'],
    ['keeps one that can be fixed', { kind: 'refused', cause: 'app_not_permitted' }, 'pending'],
    [
      'postpones one that RingCentral did not answer',
      { kind: 'inconclusive', cause: 'ringcentral_unavailable' },
      'pending',
    ],
  ];

  it.each(verdicts)('%s, or changes nothing if any statement fails', async (_what, verdict, status) => {
    const request = await aReplacement();
    const before = await everyRow(db);
    for (let number = 1; ; number += 1) {
      const { transaction, statements } = failingAt(db, number);
      const running = runnerWith(proofOf(verdict), transaction).run(request);
      if (
        await running.then(
          () => true,
          () => false,
        )
      ) {
        expect(number).toBeGreaterThan(8); // every one of them has failed once
        expect(statements()).toBe(number - 1);
        break;
      }
      expect(await everyRow(db)).toEqual(before);
    }
    const after = await everyRow(db);
    expect(after['credentials']).toContainEqual(expect.objectContaining({ id: 'new', status }));
    const old = status === 'active' ? { status: 'retired', retired_because: 'replaced' } : { status: 'active' };
    expect(after['credentials']).toContainEqual(expect.objectContaining({ id: 'old', ...old }));
    for (const table of ['checks', 'audit_events']) expect(after[table]?.length).toBeGreaterThan(0);
    const open = await db('check_requests').whereNull('finished_at').orderBy('credential_id').pluck('credential_id');
    expect(open).toEqual({ active: ['new'], destroyed: ['old'], pending: ['new', 'old'] }[status]);
  });

  it('writes nothing for a worker whose claim another worker has taken over', async () => {
    const request = await aReplacement();
    await db('check_requests')
      .where({ id: request.id })
      .update({ attempts: request.claimVersion + 1 });
    const before = await everyRow(db);
    await runnerWith(proofOf({ kind: 'accepted', warnings: [] }), transactionOn(db)).run(request);
    expect(await everyRow(db)).toEqual(before);
  });

  it.each([
    ['serves', { state: 'working', since: aNow.toISOString(), warnings: [] }, ['connection.replaced']],
    [
      'is in use and was refused once',
      {
        state: 'suspect',
        since: aNow.toISOString(),
        cause: 'credential_rejected',
        before: { since: aNow.toISOString(), warnings: [] },
      },
      ['connection.replaced'],
    ],
    [
      'is no longer in use',
      { state: 'failing', since: aNow.toISOString(), cause: 'credential_rejected' },
      ['connection.recovered'],
    ],
  ] as const)('records events for the replacement of a credential that %s', async (_what, serving, types) => {
    const request = await aReplacement();
    const { writer } = connectionParts(world);
    const empty = emptyConnection('north', aNow);
    const health = { ...empty.health, serving: { ...serving } as Health['serving'] };
    await transactionOn(db)((trx) => writer.save(trx, { ...empty, health }));
    const before = await db('events').pluck('nr');
    await runnerWith(proofOf({ kind: 'accepted', warnings: [] }), transactionOn(db)).run(request);
    const told = await db('events').whereNotIn('nr', before).orderBy('nr').pluck('type');
    expect(told).toEqual(types);
  });

  it('a missing scope of our app holds back a check of a sign-in, but not the recovery of one', async () => {
    ids = 0;
    db = await aDatabase();
    await addTenantRow(db, 'north');
    await addCredentialRow(db, 'north', 'c1', 'active');
    await db('credentials').update({ kind: 'authorization_code' });
    const incident = { id: 'missing', kind: 'scope', subject: 'production sign_in', tenantId: null } as const;
    await incidentStore(db).open({ ...incident, cause: 'scope_missing', codes: [], openedAt: aNow, probedAt: aNow });
    const queue = checkQueue(db, world);
    const next = { trigger: 'schedule', requestedBy: null, dueAt: aNow, inconclusiveStreak: 0 } as const;
    await queue.forTenant('north').add({ ...next, credentialId: 'c1', priority: 'background' });
    const runner = runnerWith(proofOf({ kind: 'accepted', warnings: [] }), transactionOn(db));
    expect(await runner.run((await queue.lease('worker', 20_000))!)).toBe('not_asked');
    expect(await queue.lease('worker', 20_000)).toBeUndefined();
    await queue.forTenant('north').recover('c1');
    expect(await runner.run((await queue.lease('worker', 20_000))!)).toBe('asked');
  });

  it('only finishes the request of a credential that was replaced meanwhile', async () => {
    const request = await aReplacement();
    await db('credentials').where({ id: 'new' }).update({ status: 'destroyed' });
    const before = await everyRow(db);
    await runnerWith(proofOf({ kind: 'accepted', warnings: [] }), transactionOn(db)).run(request);
    const after = await everyRow(db);
    expect({ ...after, check_requests: [] }).toEqual({ ...before, check_requests: [] });
    expect(await checkQueue(db, world).forTenant('north').openFor('new')).toBeUndefined();
  });
});
