import { eventually } from '../support/eventually.js';
import type { TestPortal } from '../support/portal.js';
import { signInFor, startWithSignIn } from '../support/sign-ins.js';
import { verifyReceipt } from './verify-receipt.js';

let test: TestPortal;
beforeAll(async () => {
  test = await startWithSignIn();
});
afterAll(() => test.close());
afterEach(() => test.emulator.faults.clear());

/** A clinic that signed in and disconnected. @returns what its receipt says once there is one */
async function disconnected(name: string, clinic: 'northgate' | 'harbor', meanwhile: (tenantId: string) => unknown) {
  const tenantId = await test.addTenant(name);
  const member = await test.member(tenantId, `Ana ${name}`);
  expect(await signInFor(test, tenantId, clinic)).toMatchObject({ kind: 'checked' });
  const page = `/tenants/${tenantId}/disconnection`;
  expect((await member.get(page)).text).toContain('The sign-in is revoked at RingCentral');
  await meanwhile(tenantId);
  expect((await member.post(page, {})).status).toBe(303);
  const [credential] = (await test.db('credentials').where({ tenant_id: tenantId })) as Record<string, string>[];
  expect(credential).toMatchObject({ status: 'destroyed', destroyed_because: 'disconnected' });
  const note = async (): Promise<string | null> => {
    test.portal.look();
    await test.portal.clean();
    const row = (await test.db('disconnections').where({ tenant_id: tenantId }).first()) as { receipt: string | null };
    return row.receipt;
  };
  return { tenantId, member, page, note };
}
const receiptOf = async (note: () => Promise<string | null>): Promise<string> => {
  await eventually('there is a receipt', async () => (await note()) !== null);
  return (await note()) ?? '';
};

it('a sign-in is destroyed, and the receipt says "revoked" only after RingCentral said so', async () => {
  const { note, member, page, tenantId } = await disconnected('Harbor', 'harbor', () => {
    test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/revoke' });
  });
  expect(await note()).toBeNull();
  expect((await member.get(page)).text).toContain('Access that a program had is being revoked.');
  test.emulator.faults.clear();
  test.clock.advance(2 * 60_000);
  const receipt = await receiptOf(note);
  expect(receipt).toContain('\nresult: revoked\n');
  expect(receipt).toMatch(
    /^credential: \S+ method=authorization_code was=active destroyed=\S+ because=disconnected result=revoked$/m,
  );
  expect(await test.db('refresh_tokens').where({ tenant_id: tenantId })).toEqual([]);
});

it('a sign-in whose session could not be revoked before it ended is "not revoked"', async () => {
  const { note } = await disconnected('Northgate', 'northgate', () => {
    test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/revoke' });
  });
  expect(await note()).toBeNull();
  test.clock.advance(8 * 86_400_000);
  expect(await receiptOf(note)).toContain('\nresult: not_revoked\n');
});

it('a sign-in with a refresh that had no answer is not said to be revoked: RingCentral may have made another token', async () => {
  const { note } = await disconnected('Harbor South', 'harbor', (tenantId) =>
    test
      .db('refresh_tokens')
      .where({ tenant_id: tenantId })
      .update({
        attempted_at: test.clock().toISOString(),
        attempt_id: 'of a process that was killed',
        leased_until: new Date(test.clock().getTime() + 60_000).toISOString(),
      }),
  );
  expect(await note()).toBeNull(); // the answer may still arrive
  test.clock.advance(61_000);
  const receipt = await receiptOf(note);
  expect(receipt).toContain('\nresult: not_revoked\n');
  expect(receipt).toContain('\nsessions-not-revoked: 1\n');
});

it('without a signing key the receipt says that it is unsigned, and verifying it says so', async () => {
  const { note } = await disconnected('Harbor West', 'harbor', () => undefined);
  const receipt = await receiptOf(note);
  expect(receipt).toContain('\nsigned: no\n');
  expect(receipt).not.toContain('— ');
  expect(await verifyReceipt(receipt)).toEqual({
    code: 1,
    out: [],
    err: ['bad: this receipt is unsigned, so nothing shows whether it was changed'],
  });
});

it('a sign-in whose code was never sent had no session: the receipt says so, and "not revoked" if it was sent', async () => {
  const receipts: string[] = [];
  for (const isSent of [false, true]) {
    const tenantId = await test.addTenant(`Waiting ${isSent}`);
    await test.member(tenantId, 'Wanda Waiting');
    const [personId = ''] = await test.db('memberships').where({ tenant_id: tenantId }).pluck<string[]>('person_id');
    const at = test.clock().toISOString();
    const id = `code-${isSent}`;
    const given = { kind: 'authorization_code', status: 'pending', fingerprint: id, environment: 'production' };
    await test
      .db('credentials')
      .insert({ id, tenant_id: tenantId, ...given, submitted_by: personId, submitted_at: at });
    const place = { tenant_id: tenantId, owner_table: 'credentials', row_id: id, purpose: 'authorization_code' };
    if (!isSent) await test.db('sealed_secrets').insert({ ...place, jwe: 'sealed', kid: 'synthetic', created_at: at });
    const actor = { kind: 'person', id: personId } as const;
    await test.portal.services.disconnection.disconnect(tenantId, { by: 'clinic', actor });
    expect(await test.db('sealed_secrets').where({ tenant_id: tenantId })).toEqual([]);
    const read = async () =>
      (await test.db('disconnections').where({ tenant_id: tenantId }).first()) as { receipt: null };
    receipts.push(
      await receiptOf(async () => {
        test.portal.look();
        return (await read()).receipt;
      }),
    );
  }
  expect(receipts.map((text) => /^result: (.*)$/m.exec(text)?.[1])).toEqual(['never_exchanged', 'not_revoked']);
  expect(receipts[0]).toContain('There was nothing to revoke.');
});
