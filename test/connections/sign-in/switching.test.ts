// Only on SQLite: each statement has its test on both databases in sign-in.test.ts or ended-sign-ins.test.ts.
// The whole portal: a clinic changes the way it is connected, and RingCentral ends a sign-in that is in use.
import type { ClinicKey } from '../../../src/emulator/seed.js';
import { eventually } from '../../support/eventually.js';
import type { TestPortal } from '../../support/portal.js';
import { passUntilChecked, signInClientId, signInFor, startWithSignIn } from '../../support/sign-ins.js';
import type { Visitor } from '../../support/visits/visitor.js';

let test: TestPortal;
beforeAll(async () => {
  test = await startWithSignIn();
});
afterAll(() => test.close());
beforeEach(() => {
  test.emulator.clearLog();
});
afterEach(() => {
  test.emulator.faults.clear();
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let clinics = 0;
async function aClinic(): Promise<{ tenantId: string; member: Visitor }> {
  const tenantId = await test.addTenant(`Clinic ${(clinics += 1)}`);
  return { tenantId, member: await test.member(tenantId) };
}
const view = (tenantId: string) => test.portal.services.connections.view(tenantId);
const secretsOf = async (tenantId: string): Promise<string[]> =>
  ((await test.db('sealed_secrets').where({ tenant_id: tenantId }).pluck('purpose')) as string[]).sort();
const ended = () =>
  test.emulator.tokenCalls.filter(({ kind, clientId }) => kind === 'revoke' && clientId === signInClientId);
const token = (tenantId: string) => test.portal.services.tokens!.currentToken({ tenantId });
const pass = (milliseconds: number, tenantId: string) => passUntilChecked(test, milliseconds, tenantId);

/** The housekeeping ends the sessions of replaced sign-ins, as fast as the auth budget allows. */
async function endSessions(): Promise<void> {
  await eventually('no session is left to end', async () => {
    await test.portal.clean();
    return (await test.db('refresh_tokens').where({ is_ended: true })).length === 0;
  });
  await test.portal.clean();
}

type Way = 'jwt' | 'authorization_code';
async function connect(way: Way, { tenantId, member }: { tenantId: string; member: Visitor }, clinic: ClinicKey) {
  if (way === 'authorization_code') {
    await signInFor(test, tenantId, clinic);
    return;
  }
  await member.get(`/tenants/${tenantId}/credentials/new`);
  await member.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion(clinic).jwt });
}
async function fail(way: Way, { tenantId, member }: { tenantId: string; member: Visitor }) {
  if (way === 'authorization_code') {
    await signInFor(test, tenantId, 'harbor', { code: `EXAMPLEcode${clinics}` });
    return;
  }
  const { jwt, jti } = test.assertion('harbor');
  test.emulator.revokeJwt(jti);
  await member.get(`/tenants/${tenantId}/credentials/new`);
  await member.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
}

const secretOf = { jwt: 'assertion', authorization_code: 'refresh_token' } as const;

describe('a refusal of a sign-in in use', () => {
  /** Why each check of the clinic was made, and what it found. */
  const foundFor = async (tenantId: string): Promise<string[]> => {
    const rows = (await test.db('checks').where({ tenant_id: tenantId }).orderBy('finished_at')) as {
      trigger: string;
      verdict: string;
    }[];
    return rows.map(({ trigger, verdict }) => `${trigger} ${verdict}`);
  };

  it('does not end the sign-in: the next acceptance clears it, and no one is told', async () => {
    const one = await aClinic();
    await connect('authorization_code', one, 'cedar');
    test.emulator.faults.add({
      ...{ kind: 'status', call: 'token', clientId: signInClientId, count: 1 },
      ...{ status: 400, error: 'invalid_grant', code: 'OAU-211' },
    });
    await pass(DAY, one.tenantId);
    expect((await view(one.tenantId)).shown).toMatchObject({ state: 'healthy', suspect: { cause: 'sign_in_again' } });
    expect(await secretsOf(one.tenantId)).toEqual(['refresh_token']);
    await pass(2000, one.tenantId);
    expect((await view(one.tenantId)).shown).toMatchObject({ state: 'healthy', suspect: null });
    expect(await foundFor(one.tenantId)).toEqual(['submission accepted', 'schedule refused', 'confirmation accepted']);
    expect(await test.db('notices').where({ tenant_id: one.tenantId })).toEqual([]);
  });

  it('is believed once a second one confirms it, as after the user changed the password', async () => {
    const one = await aClinic();
    await connect('authorization_code', one, 'northgate');
    test.emulator.changePassword(test.example.clinics.northgate.serviceUser.id);
    await pass(DAY, one.tenantId);
    expect((await view(one.tenantId)).shown).toMatchObject({ suspect: { cause: 'sign_in_again' } });
    await pass(2000, one.tenantId);
    expect((await view(one.tenantId)).shown).toMatchObject({ state: 'failing', cause: 'sign_in_again' });
    expect(await foundFor(one.tenantId)).toEqual(['submission accepted', 'schedule refused', 'confirmation refused']);
    expect(await token(one.tenantId)).toMatchObject({ kind: 'refused', cause: 'sign_in_again' });
    await connect('authorization_code', one, 'northgate');
    expect((await view(one.tenantId)).shown).toMatchObject({ state: 'healthy' });
  });
});

it.each<[Way, Way, ClinicKey, ClinicKey]>([
  ['jwt', 'authorization_code', 'riverside', 'harbor'],
  ['authorization_code', 'jwt', 'lakeside', 'harbor'],
  ['authorization_code', 'authorization_code', 'summit', 'harbor'],
])('make before break: %s is replaced by %s once that is proved', async (from, to, clinic, other) => {
  await endSessions();
  test.emulator.clearLog();
  const one = await aClinic();
  const { tenantId } = one;
  await connect(from, one, clinic);
  const before = (await view(tenantId)).active;
  expect(before?.method).toBe(from);

  await fail(to, one);
  expect((await view(tenantId)).active?.id).toBe(before?.id);
  expect(await secretsOf(tenantId)).toEqual([secretOf[from]]);
  expect(await token(tenantId)).toMatchObject({ kind: 'token' });

  await connect(to, one, other);
  const held = await view(tenantId);
  expect(held.active?.id).toBe(before?.id);
  expect(held.connection.health.pending).toMatchObject({ cause: 'account_mismatch' });
  expect(await token(tenantId)).toMatchObject({ kind: 'token' });

  await connect(to, one, clinic);
  const after = (await view(tenantId)).active;
  expect(after?.method).toBe(to);
  expect(after?.id).not.toBe(before?.id);
  expect(await token(tenantId)).toMatchObject({ kind: 'token' });

  await endSessions();
  const signIns = [from, to].filter((way) => way === 'authorization_code').length; // what was replaced, and what was held
  expect(ended()).toHaveLength(signIns);
  // The old JWT stays sealed for its death check; the old sign-in has ended.
  expect(await secretsOf(tenantId)).toEqual([...(from === 'jwt' ? [secretOf[from]] : []), secretOf[to]]);
  expect((await view(tenantId)).shown).toMatchObject({ state: 'healthy' });
  test.clock.advance(2 * HOUR);
  expect(await token(tenantId)).toMatchObject({ kind: 'token' }); // its own session goes on
});
