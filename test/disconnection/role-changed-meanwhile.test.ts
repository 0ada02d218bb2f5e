// Also on PostgreSQL: a request and a change of a role decide in two transactions.
import { isPostgres, transactionOn } from '../../src/platform/database/database.js';
import { lockFor } from '../../src/platform/database/lock.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { aConnectedClinic, type Connected } from '../tokens/connected-clinic.js';

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start();
  await test.portal.begin();
});
afterAll(() => test.close());

type Role = 'owner' | 'member' | 'viewer';
const memberships = ({ tenantId }: Connected, db = test.db) => db('memberships').where({ tenant_id: tenantId });

/** Commits the role after the guard of the request has read the one before, and before the request decides. */
async function withRoleMeanwhile<T>(clinic: Connected, role: Role, request: () => PromiseLike<T>): Promise<T> {
  const { tenantId } = clinic;
  if (!isPostgres(test.db)) {
    // One connection: what asks for it now has it before the transaction of the request.
    const changed = new Promise<unknown>((resolve) => {
      const onResponse = (_rows: unknown, { sql, bindings = [] }: { sql: string; bindings?: unknown[] }) => {
        if (!sql.includes('memberships') || !bindings.includes(tenantId)) return;
        test.db.removeListener('query-response', onResponse);
        resolve(memberships(clinic).update({ role }));
      };
      test.db.on('query-response', onResponse);
    });
    const [answer] = await Promise.all([request(), changed]);
    return answer;
  }
  let answer: PromiseLike<T> | undefined;
  await transactionOn(test.db)(async (trx) => {
    await lockFor(trx, 'tenant', tenantId);
    await memberships(clinic, trx).update({ role });
    answer ??= request();
    void answer.then(() => undefined);
    await eventually('the request waits for the lock', async () => {
      const waiting = await trx('pg_locks')
        .where({ locktype: 'advisory', granted: false })
        .whereRaw('((classid::bigint << 32) | objid::bigint) = hashtextextended(?, 0)', [`tenant ${tenantId}`]);
      return waiting.length > 0;
    });
  });
  return answer!;
}

it('a person whose role is taken while the request is under way does not paste, replace, disconnect, destroy or say that a JWT was deleted', async () => {
  const clinic = await aConnectedClinic(test);
  const { tenantId, member } = clinic;
  const page = `/tenants/${tenantId}/disconnection`;
  const status = () => test.db('credentials').where({ tenant_id: tenantId }).pluck<string[]>('status');
  const clientIds = [test.example.app.clientId];
  const { jwt: assertion } = test.emulator.createJwt({ extensionId: clinic.serviceUserId, clientIds });
  const tried = async (role: Role, get: string, post: string, fields: Record<string, string> = {}) => {
    await memberships(clinic).update({ role: 'owner' });
    await member.get(get);
    const answer = await withRoleMeanwhile(clinic, role, () => member.post(post, fields));
    expect((await memberships(clinic).first()).role).toBe(role);
    return answer.status;
  };

  expect(
    await tried('viewer', `/tenants/${tenantId}/credentials/new`, `/tenants/${tenantId}/credentials`, { assertion }),
  ).toBe(403);
  expect(
    await tried('viewer', `/tenants/${tenantId}/replacement`, `/tenants/${tenantId}/replacement`, { assertion }),
  ).toBe(403);
  // The JWT that is in use changes nothing, and is checked.
  const same = { assertion: test.emulator.jwtOf(clinic.jti) };
  expect(await tried('viewer', `/tenants/${tenantId}/credentials/new`, `/tenants/${tenantId}/credentials`, same)).toBe(
    403,
  );
  expect(await tried('member', page, page)).toBe(403);
  expect(await status()).toEqual(['active']);
  expect(await tried('owner', page, page)).toBe(303);
  expect(await status()).toEqual(['retired']);
  const { id } = await test.db('disconnections').where({ tenant_id: tenantId }).first();
  expect(await tried('member', page, `${page}/destruction`, { disconnection_id: id })).toBe(403);
  const [credential = ''] = await test.db('credentials').where({ tenant_id: tenantId }).pluck<string[]>('id');
  expect(await tried('viewer', page, `${page}/deletions`, { credential_id: credential })).toBe(403);
  expect(await test.db('audit_events').where({ action: 'credential.said_deleted' })).toEqual([]);
  expect(await status()).toEqual(['retired']);
});

it('staff whose role is taken before the act decides do not disconnect, destroy, say "deleted", offboard or bring back', async () => {
  const { tenantId } = await aConnectedClinic(test);
  const { disconnection, connections, offboarding } = test.portal.services;
  await test.staff('auditor');
  const [personId = ''] = await test.db('staff').where({ role: 'auditor' }).pluck<string[]>('person_id');
  const actor = { kind: 'person', id: personId } as const;
  const refused = { code: 'forbidden' };
  const asked = { by: 'staff', actor } as const;
  await expect(disconnection.disconnect(tenantId, asked)).rejects.toMatchObject(refused);
  await expect(disconnection.destroyNow(tenantId, 'any', asked)).rejects.toMatchObject(refused);
  await expect(connections.sayDeleted(tenantId, 'any', { personId, isStaff: true }, {})).rejects.toMatchObject(refused);
  await expect(offboarding.offboard(tenantId, actor)).rejects.toMatchObject(refused);
  await expect(offboarding.undo(tenantId, actor)).rejects.toMatchObject(refused);
  await test.db('staff').where({ person_id: personId }).update({ role: 'operator' });
  await expect(offboarding.offboard(tenantId, actor)).rejects.toMatchObject(refused);
  expect(await disconnection.disconnect(tenantId, asked)).toMatchObject({ by: 'staff' });
});
