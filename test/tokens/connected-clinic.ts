import { addClinic, type EmulatedClinic } from '../support/clinics.js';
import type { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';
import { eventually } from '../support/eventually.js';

export type Connected = EmulatedClinic & { tenantId: string; jti: string; member: Visitor };

let clinics = 0;

/** A tenant whose JWT works, with a member. */
export async function aConnectedClinic(test: TestPortal): Promise<Connected> {
  clinics += 1;
  const tenantId = await test.addTenant(`Clinic ${clinics}`);
  const clinic = addClinic(test.emulator, ['Front Desk Fax']);
  const clientIds = [test.example.app.clientId];
  const { jwt, jti } = test.emulator.createJwt({ extensionId: clinic.serviceUserId, clientIds });
  const member = await test.member(tenantId);
  await paste(test, { tenantId, member }, jwt);
  return { ...clinic, tenantId, jti, member };
}

export async function paste(
  test: TestPortal,
  { tenantId, member }: Pick<Connected, 'tenantId' | 'member'>,
  assertion: string,
): Promise<void> {
  await member.get(`/tenants/${tenantId}/credentials/new`);
  expect((await member.post(`/tenants/${tenantId}/credentials`, { assertion })).status).toBe(303);
  await eventually('it is connected', async () => (await stateOf(test, tenantId)) === 'healthy');
}

export const stateOf = async (test: TestPortal, tenantId: string): Promise<string> =>
  (await test.portal.services.connections.view(tenantId)).shown.state;

/** Replaces the JWT by another one of the same user. @returns the id of the credential that was replaced */
export async function replaceJwt(test: TestPortal, clinic: Connected): Promise<string> {
  const clientIds = [test.example.app.clientId];
  const { jwt } = test.emulator.createJwt({ extensionId: clinic.serviceUserId, clientIds });
  const active = async (): Promise<string> => {
    const [id = ''] = await test.db('credentials').where({ tenant_id: clinic.tenantId, status: 'active' }).pluck('id');
    return id as string;
  };
  const before = await active();
  const member = await test.member(clinic.tenantId); // the clock may be past the end of the first one's session
  await paste(test, { ...clinic, member }, jwt);
  await eventually('it is replaced', async () => (await active()) !== before);
  return before;
}
