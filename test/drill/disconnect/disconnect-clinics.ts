import type { Authenticate } from '../../../src/app/api-app.js';
import { newSigningKey } from '../../../src/platform/signed-notes/signing-keys.js';
import { parseNoteKey, type NoteKey } from '../../../src/platform/signed-notes/signed-note.js';
import type { Portal } from '../../../src/portal.js';
import { addClinic } from '../../support/clinics.js';
import type { TestPortal } from '../../support/portal.js';
import { anotherProcess } from '../../support/processes/another-process.js';
import { signInFor, startWithSignIn } from '../../support/sign-ins.js';
import type { Visitor } from '../../support/visits/visitor.js';

export const CONFIRM_MS = 180_000;
const key = 'lky_synthetic-key-of-a-program';
const scopes = ['tokens:issue', 'tenants:offboard'];
/** A key for every clinic. */
export const authenticate: Authenticate = (given) =>
  Promise.resolve(
    given === key ? { keyId: 'jobs', name: 'Jobs', purpose: 'nightly-faxes', scopes, tenantIds: null } : null,
  );
const headers = { authorization: `Bearer ${key}` };

/** A connected clinic, and what is true of it at RingCentral. */
export type Clinic = {
  tenantId: string;
  /** The user whose sessions its credential begins. */
  ownerId: string;
  /** Its JWT; undefined if a person signed in. */
  jti: string | undefined;
  /** A job asked for a token of it. */
  credentialId: string;
  member: Visitor;
  personId: string;
};

/** A portal and a worker that does nothing by itself: the drill runs each of its loops. */
export class Stage {
  private clinics = 0;
  private working: Clinic | undefined;
  private readonly work;
  private constructor(
    readonly test: TestPortal,
    private readonly worker: Portal,
    readonly databaseUrl: string,
    readonly keys: readonly NoteKey[],
  ) {
    this.work = worker.work();
  }

  static async open(databaseUrl: string): Promise<Stage> {
    const env = {
      ROLES: 'web,api',
      AUDIT_SIGNING_KEY_FILE: newSigningKey(),
      REJECTION_CONFIRM_SECONDS: String(CONFIRM_MS / 1000),
      RINGCENTRAL_AUTH_PER_MINUTE: '10000',
    };
    const test = await startWithSignIn({ databaseUrl, authenticate, env });
    const worker = await anotherProcess(test, authenticate, 'worker');
    await worker.begin();
    const published = (await test.visitor().get('/.well-known/latchkey-keys')).text.trim().split('\n');
    const keys = published.flatMap((line) => parseNoteKey(line) ?? []);
    return new Stage(test, worker, databaseUrl, keys);
  }

  async close(): Promise<void> {
    await this.test.close();
    await this.worker.close();
  }

  /** One round of this loop of the worker, with all that it starts. */
  async round(name: string, work = this.work): Promise<void> {
    const loop = work.find((one) => one.name === name);
    if (!loop) throw new Error(`the worker has no loop ${name}`);
    await loop.round();
    await loop.idle?.();
  }

  /** A clinic that a person connected, and whose jobs have a token. */
  async clinic(method: 'jwt' | 'sign_in'): Promise<Clinic> {
    const { test } = this;
    const tenantId = await test.addTenant(`Clinic ${(this.clinics += 1)}`);
    const { serviceUserId: ownerId } = addClinic(test.emulator, ['Front Desk Fax']);
    const member = await test.member(tenantId);
    let jti: string | undefined;
    if (method === 'sign_in')
      await this.untilConnected(tenantId, signInFor(test, tenantId, 'harbor', { extensionId: ownerId }));
    else {
      const clientIds = [test.example.app.clientId];
      const made = test.emulator.createJwt({ extensionId: ownerId, clientIds });
      jti = made.jti;
      await member.get(`/tenants/${tenantId}/credentials/new`);
      await this.untilConnected(tenantId, member.post(`/tenants/${tenantId}/credentials`, { assertion: made.jwt }));
    }
    if ((await this.askForToken({ tenantId })).status !== 200) throw new Error('a job got no token');
    const [credentialId = ''] = await test.db('credentials').where({ tenant_id: tenantId }).pluck<string[]>('id');
    const [personId = ''] = await test.db('memberships').where({ tenant_id: tenantId }).pluck<string[]>('person_id');
    return { tenantId, ownerId, jti, credentialId, member, personId };
  }

  /** A clinic whose JWT RingCentral accepts, all the time. */
  async withWitness(): Promise<void> {
    const { connections } = this.test.portal.services;
    const isWorking = this.working && (await connections.view(this.working.tenantId)).shown.state === 'healthy';
    if (!isWorking) this.working = await this.clinic('jwt');
  }

  private async untilConnected(tenantId: string, given: Promise<unknown>): Promise<void> {
    const isConnected = async () =>
      (await this.test.portal.services.connections.view(tenantId)).shown.state === 'healthy';
    for (let rounds = 0; !(await isConnected()); rounds += 1) {
      if (rounds > 500) throw new Error('the clinic was not connected');
      await this.round('checks');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await given;
  }

  askForToken({ tenantId }: Pick<Clinic, 'tenantId'>) {
    return fetch(`${this.test.url}/api/v1/tenants/${tenantId}/access-token`, { method: 'POST', headers });
  }

  /** A program of the ISV lets the clinic go. @returns the status of the answer */
  offboard = async (url: string, { tenantId }: Clinic): Promise<number> =>
    (await fetch(`${url}/api/v1/tenants/${tenantId}`, { method: 'DELETE', headers })).status;
}
