import type { MortalProcess } from '../tokens/mortal-process.js';
import type { Visitor } from '../../support/visits/visitor.js';
import { CONFIRM_MS, type Clinic, type Stage } from './disconnect-clinics.js';

const WEEK_MS = 7 * 86_400_000;

/** What one process does while it can die, at a clinic for which something was done before. */
export type Scenario = {
  name: string;
  method: 'jwt' | 'sign_in';
  /** The process with which a person or a program talks, or a worker. */
  roles: 'web,api' | 'worker';
  before?: (stage: Stage, clinic: Clinic) => Promise<unknown>;
  /** @returns the status of an answer, if there is one */
  act: (stage: Stage, process: MortalProcess, clinic: Clinic) => Promise<number | undefined>;
  /** A person or a program who got no answer tries again. */
  again?: (stage: Stage, clinic: Clinic) => Promise<unknown>;
  /** Why its credential is destroyed in the end. */
  ends: string;
};

const pageOf = ({ tenantId }: Clinic) => `/tenants/${tenantId}/disconnection`;

/** Presses a button of the page with the token of a form that was loaded before. */
const press = async (visitor: Visitor, path: string, fields = {}): Promise<number> =>
  (await visitor.post(path, fields)).status;
const disconnect = async (stage: Stage, clinic: Clinic, url = stage.test.url): Promise<number> =>
  press(clinic.member.twin(url), pageOf(clinic));
const destroyNow = async ({ test }: Stage, clinic: Clinic, url = test.url): Promise<number> => {
  const [id = ''] = await test.db('disconnections').where({ tenant_id: clinic.tenantId }).pluck<string[]>('id');
  return press(clinic.member.twin(url), `${pageOf(clinic)}/destruction`, { disconnection_id: id });
};
const staff = new WeakMap<Clinic, Visitor>();
const byStaff = async (clinic: Clinic, url: string): Promise<number> =>
  press((staff.get(clinic) ?? clinic.member).twin(url), `/staff${pageOf(clinic)}`);
const undo = async (clinic: Clinic, url: string): Promise<number> =>
  press((staff.get(clinic) ?? clinic.member).twin(url), `/staff/offboarded/${clinic.tenantId}/undoing`);

const disconnected = (stage: Stage, clinic: Clinic) => disconnect(stage, clinic);
const revoked = async (stage: Stage, clinic: Clinic) => {
  await disconnected(stage, clinic);
  await stage.round('ending sessions');
};
const said = async (stage: Stage, clinic: Clinic) => {
  await revoked(stage, clinic);
  const { sayDeleted } = stage.test.portal.services.connections;
  await sayDeleted(clinic.tenantId, clinic.credentialId, { personId: clinic.personId }, {});
};
const deleted = (stage: Stage, { jti = '' }: Clinic) => stage.test.emulator.revokeJwt(jti);
const work = (name: string) => async (stage: Stage, process: MortalProcess) => {
  await stage.round(name, process.portal.work());
  return undefined;
};

export const staffUndo = 'staff undo an offboarding';
export const everyJwtRefused = 'RingCentral refuses every JWT, as if our app were broken';

export const scenarios: readonly Scenario[] = [
  {
    ...{ name: 'an owner disconnects a JWT', method: 'jwt', roles: 'web,api', ends: 'not_proved_dead' },
    act: (stage, { url }, clinic) => disconnect(stage, clinic, url),
    again: disconnected,
  },
  {
    ...{ name: 'an owner disconnects a sign-in', method: 'sign_in', roles: 'web,api', ends: 'disconnected' },
    act: (stage, { url }, clinic) => disconnect(stage, clinic, url),
    again: disconnected,
  },
  {
    ...{ name: 'staff disconnect', method: 'jwt', roles: 'web,api', ends: 'not_proved_dead' },
    before: async ({ test }, clinic) => {
      staff.set(clinic, await test.staff('operator'));
    },
    act: (_stage, { url }, clinic) => byStaff(clinic, url),
    again: ({ test }, clinic) => byStaff(clinic, test.url),
  },
  {
    ...{ name: 'a program offboards the clinic', method: 'jwt', roles: 'web,api', ends: 'not_proved_dead' },
    act: (stage, { url }, clinic) => stage.offboard(url, clinic),
    again: (stage, clinic) => stage.offboard(stage.test.url, clinic),
  },
  {
    ...{ name: staffUndo, method: 'jwt', roles: 'web,api', ends: 'not_proved_dead' },
    before: async (stage, clinic) => {
      staff.set(clinic, await stage.test.staff('administrator'));
      await stage.offboard(stage.test.url, clinic);
    },
    act: (_stage, { url }, clinic) => undo(clinic, url),
    again: ({ test }, clinic) => undo(clinic, test.url),
  },
  {
    ...{ name: 'a person wants the JWT destroyed now', method: 'jwt', roles: 'web,api', ends: 'on_request' },
    before: disconnected,
    act: (stage, { url }, clinic) => destroyNow(stage, clinic, url),
    again: (stage, clinic) => destroyNow(stage, clinic),
  },
  {
    ...{ name: 'sessions of a JWT are revoked', method: 'jwt', roles: 'worker', ends: 'not_proved_dead' },
    before: disconnected,
    act: work('ending sessions'),
  },
  {
    ...{ name: 'the session of a sign-in is revoked', method: 'sign_in', roles: 'worker', ends: 'disconnected' },
    before: disconnected,
    act: work('housekeeping'),
  },
  {
    ...{ name: 'a JWT is proved dead', method: 'jwt', roles: 'worker', ends: 'proved_dead' },
    before: async (stage, clinic) => {
      await stage.withWitness();
      await said(stage, clinic);
      deleted(stage, clinic);
    },
    act: async (stage, process) => {
      const loops = process.portal.work();
      await stage.round('checks', loops);
      await stage.round('checks', loops); // of the other clinic, which is brought forward
      stage.test.clock.advance(CONFIRM_MS + 1000);
      await stage.round('checks', loops);
      return undefined;
    },
  },
  {
    ...{ name: everyJwtRefused, method: 'jwt', roles: 'worker', ends: 'not_proved_dead' },
    before: async (stage, clinic) => {
      await said(stage, clinic);
      const answer = { status: 400, code: 'OAU-213', error: 'invalid_grant' };
      stage.test.emulator.faults.add({ kind: 'status', call: 'token', ...answer });
    },
    act: async (stage, process) => {
      const loops = process.portal.work();
      await stage.round('checks', loops);
      stage.test.clock.advance(CONFIRM_MS + 1000);
      await stage.round('checks', loops);
      return undefined;
    },
  },
  {
    ...{ name: 'a JWT that still works is tried', method: 'jwt', roles: 'worker', ends: 'not_proved_dead' },
    before: said,
    act: work('checks'),
  },
  {
    ...{ name: 'the week of a JWT is over', method: 'jwt', roles: 'worker', ends: 'not_proved_dead' },
    before: async (stage, clinic) => {
      await revoked(stage, clinic);
      stage.test.clock.advance(WEEK_MS + 1000);
    },
    act: work('housekeeping'),
  },
  {
    ...{ name: 'a receipt is made and signed', method: 'jwt', roles: 'worker', ends: 'on_request' },
    before: async (stage, clinic) => {
      await revoked(stage, clinic);
      await destroyNow(stage, clinic);
    },
    act: work('receipts'),
  },
];
