import { setTimeout as pass } from 'node:timers/promises';
import { openDatabase } from '../../../src/platform/database/database.js';
import { addClinic } from '../../support/clinics.js';
import type { Stage } from '../../support/processes/real-processes.js';

/** A connected clinic with one fax line. */
export type FaxClinic = { externalRef: string; extensionId: string };

const PASTES_AT_ONCE = 16;

/** Adds clinics; each pastes a good JWT. Resolves when all connections are healthy. */
export async function connectClinics(
  { installation, emulator, clientId }: Stage,
  origin: string,
  count: number,
): Promise<FaxClinic[]> {
  const db = openDatabase(installation.databaseUrl);
  const ids = await installation.addTenants(count);
  const refs = await db('tenants').select<{ id: string; external_ref: string }[]>('id', 'external_ref');
  const clinics: FaxClinic[] = [];
  const connect = async (tenantId: string) => {
    const { accountId, serviceUserId } = addClinic(emulator, ['Front Desk Fax']);
    const line = emulator.world.extensionsOf(accountId).find(({ type }) => type === 'FaxUser');
    const externalRef = refs.find(({ id }) => id === tenantId)?.external_ref ?? '';
    clinics.push({ externalRef, extensionId: line?.id ?? '' });
    const { jwt } = emulator.createJwt({ extensionId: serviceUserId, clientIds: [clientId] });
    await installation.confirm([{ tenantId, accountId }]);
    const visitor = installation.member.twin(origin);
    const { status } = await visitor.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
    await visitor.close();
    if (status !== 303) throw new Error(`a paste was answered ${status}`);
  };
  const queue = [...ids];
  const work = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) await connect(id);
  };
  await Promise.all(Array.from({ length: PASTES_AT_ONCE }, work));
  const working = () => db('connections').where({ state: 'healthy' }).select('tenant_id');
  while ((await working()).length < ids.length) await pass(100);
  await db.destroy();
  return clinics;
}
