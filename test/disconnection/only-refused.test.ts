import { newSigningKey } from '../../src/platform/signed-notes/signing-keys.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { aConnectedClinic, type Connected } from '../tokens/connected-clinic.js';

const DAY_MS = 86_400_000;
const PAUSE_MS = 5 * 60_000 + 1000;
const everyJwtRefused = {
  kind: 'status',
  call: 'token',
  status: 400,
  code: 'OAU-213',
  error: 'invalid_grant',
} as const;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ env: { AUDIT_SIGNING_KEY_FILE: newSigningKey() } });
  await test.portal.begin();
});
afterAll(() => test.close());
afterEach(() => test.emulator.faults.clear());

const credential = async ({ tenantId }: Connected) =>
  (await test.db('credentials').where({ tenant_id: tenantId }).first()) as Record<string, string | null>;
const receipt = async ({ tenantId }: Connected): Promise<string> => {
  const read = () => test.db('disconnections').where({ tenant_id: tenantId }).pluck<(string | null)[]>('receipt');
  await eventually('there is a receipt', async () => {
    test.portal.look();
    return (await read())[0] != null;
  });
  return (await read())[0] ?? '';
};
const deathsTried = async ({ tenantId }: Connected): Promise<string[]> =>
  (
    await test
      .db('audit_events')
      .where({ tenant_id: tenantId, action: 'credential.death_checked' })
      .orderBy('seq')
      .pluck<string[]>('detail')
  ).map((detail) => (JSON.parse(detail) as { other_jwt?: string }).other_jwt ?? 'not asked');

it('SEC-27: while RingCentral may refuse every JWT no death is proved: after seven days the receipt says "refused"', async () => {
  const clinic = await aConnectedClinic(test);
  const page = `/tenants/${clinic.tenantId}/disconnection`;
  await clinic.member.get(page);
  await clinic.member.post(page);
  test.emulator.faults.add(everyJwtRefused);
  const { id = '' } = await credential(clinic);
  await clinic.member.get(page);
  await clinic.member.post(`${page}/deletions`, { credential_id: id ?? '' });
  for (const tries of [2, 3]) {
    test.clock.advance(PAUSE_MS);
    await eventually(`it is refused ${tries} times`, async () => {
      test.portal.look();
      return (await deathsTried(clinic)).length === tries;
    });
  }
  expect(await deathsTried(clinic)).toEqual(['not asked', 'not_shown', 'not_shown']);
  expect(await credential(clinic)).toMatchObject({ status: 'retired', proved_dead_at: null });
  expect((await clinic.member.get(page)).text).toContain(
    'We will try again when RingCentral accepts another JWT from us.',
  );
  test.clock.advance(7 * DAY_MS);
  await test.portal.clean();
  const note = await receipt(clinic);
  expect(note).toContain('\nresult: refused\n');
  expect(note).toContain('Nothing showed that RingCentral accepted other JWTs');
  expect(note).not.toMatch(/proved-dead=|proved_dead;|result=proved_dead/);
  expect(await credential(clinic)).toMatchObject({ destroyed_because: 'not_proved_dead', app_worked_at: null });
});

it('the check of another clinic is brought forward, and the token that it gets proves that our app works', async () => {
  const [clinic, other] = [await aConnectedClinic(test), await aConnectedClinic(test)];
  const page = `/tenants/${clinic.tenantId}/disconnection`;
  await clinic.member.get(page);
  await clinic.member.post(page);
  test.emulator.revokeJwt(clinic.jti);
  const checks = () => test.db('checks').where({ tenant_id: other.tenantId, trigger: 'confirmation' });
  expect(await checks()).toEqual([]);
  const { id = '' } = await credential(clinic);
  await clinic.member.get(page);
  await clinic.member.post(`${page}/deletions`, { credential_id: id ?? '' });
  await eventually('the other clinic is checked', async () => (await checks()).length === 1);
  test.clock.advance(2000);
  expect(await receipt(clinic)).toMatch(/ other-jwt-accepted=\S+ proved-dead=\S+ .*result=proved_dead$/m);
  expect(await deathsTried(clinic)).toEqual(['not asked', 'works']);
});
