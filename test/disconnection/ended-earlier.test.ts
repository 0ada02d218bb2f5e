import { newSigningKey } from '../../src/platform/signed-notes/signing-keys.js';
import { eventually } from '../support/eventually.js';
import type { TestPortal } from '../support/portal.js';
import { signInFor, startWithSignIn } from '../support/sign-ins.js';
import type { Visitor } from '../support/visits/visitor.js';
import { makeLink, openLink, pasteAt } from '../hand-offs/support.js';
import { aConnectedClinic, paste, stateOf } from '../tokens/connected-clinic.js';
import { askAt, authenticate, statusWith } from '../tokens/jobs.js';

let test: TestPortal;
beforeAll(async () => {
  test = await startWithSignIn({ authenticate, env: { AUDIT_SIGNING_KEY_FILE: newSigningKey() } });
  await test.portal.begin();
  await aConnectedClinic(test);
});
afterAll(() => test.close());
afterEach(() => test.emulator.faults.clear());

/** The newest receipt; null while there is none. */
const note = async (tenantId: string): Promise<string | null> => {
  test.portal.look();
  await test.portal.clean();
  const row = (await test.db('disconnections').where({ tenant_id: tenantId }).first()) as { receipt: string | null };
  return row.receipt;
};
async function receiptOf(tenantId: string): Promise<string> {
  await eventually('there is a receipt', async () => (await note(tenantId)) !== null);
  return (await note(tenantId)) ?? '';
}
async function disconnect(tenantId: string, member: Visitor): Promise<void> {
  const page = `/tenants/${tenantId}/disconnection`;
  await member.get(page);
  expect((await member.post(page, {})).status).toBe(303);
}

it('a sign-in that a JWT replaced is on the receipt while its session lives: jobs may still have its token', async () => {
  const tenantId = await test.addTenant('Harbor North');
  const member = await test.member(tenantId, 'Ana North');
  await signInFor(test, tenantId, 'harbor');
  const { body } = await askAt(test.url, tenantId);
  test.emulator.faults.add({ kind: 'unavailable', path: '/restapi/oauth/revoke' });
  const extensionId = test.example.clinics.harbor.serviceUser.id;
  const { jwt } = test.emulator.createJwt({ extensionId, clientIds: [test.example.app.clientId] });
  await paste(test, { tenantId, member }, jwt);
  const credentials = () => test.db('credentials').where({ tenant_id: tenantId });
  await eventually(
    'the JWT serves',
    async () => (await credentials().where({ status: 'active', kind: 'jwt' })).length === 1,
  );
  const page = `/tenants/${tenantId}/disconnection`;
  await disconnect(tenantId, member);
  const [open] = (await test.db('disconnections').where({ tenant_id: tenantId })) as { id: string }[];
  await member.get(page);
  expect((await member.post(`${page}/destruction`, { disconnection_id: open?.id ?? '' })).status).toBe(303);
  expect([await note(tenantId), await statusWith(test, body.access_token)]).toEqual([null, 200]);
  test.emulator.faults.clear();
  test.clock.advance(2 * 60_000);
  const receipt = await receiptOf(tenantId);
  expect(receipt).toMatch(
    /^credential: \S+ method=authorization_code was=destroyed destroyed=\S+ because=replaced result=revoked$/m,
  );
  expect([/^sessions-revoked: \d+$/m.exec(receipt)?.[0], await statusWith(test, body.access_token)]).toEqual([
    'sessions-revoked: 2', // that of the sign-in, and that of the check of the JWT
    401,
  ]);
});

it('a JWT that staff refused while a job had its token is on the receipt, and nothing is said to be proved', async () => {
  const { tenantId, member } = await aConnectedClinic(test);
  const { body } = await askAt(test.url, tenantId);
  await test.db('connections').where({ tenant_id: tenantId }).update({ held_account_id: '999', held_owner_id: '998' });
  const { connections } = test.portal.services;
  await test.staff('administrator');
  const [staffId = ''] = await test.db('staff').pluck<string[]>('person_id');
  await connections.refuseWithheldAccount(tenantId, '999', staffId, {});
  await disconnect(tenantId, member);
  const receipt = await receiptOf(tenantId);
  expect(receipt).toMatch(
    /^credential: \S+ method=jwt was=destroyed destroyed=\S+ because=refused result=not_proved_dead$/m,
  );
  expect(receipt).toContain('\nsessions-revoked: 0\nsessions-not-revoked: 1\n');
  expect(receipt).toContain('\nresult: not_proved_dead\n');
  expect(await statusWith(test, body.access_token)).toBe(200); // what the receipt says: it ends by itself
});

it('links for colleagues end with the disconnection: only people of the clinic may connect it again', async () => {
  const { tenantId, member } = await aConnectedClinic(test);
  const { path } = await makeLink(member, tenantId);
  const { visitor, base } = await openLink(test, path);
  await disconnect(tenantId, member);
  expect(await stateOf(test, tenantId)).toBe('disconnected');
  await expect(openLink(test, path)).rejects.toThrow('the link was not opened');
  expect((await pasteAt(visitor, base, 'a JWT')).status).toBe(404);
  const row = await test
    .db('audit_events')
    .where({ tenant_id: tenantId, action: 'connection.disconnected' })
    .first('detail');
  expect(JSON.parse((row as { detail: string }).detail)).toMatchObject({ links: 1 });
});
