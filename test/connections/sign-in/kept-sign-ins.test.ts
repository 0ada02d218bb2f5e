// What happens to sign-ins that work when a refresh is not answered or not sent, with the whole portal.
import type { ClinicKey } from '../../../src/emulator/seed.js';
import { incidentStore } from '../../../src/connections/health/incident-store.js';
import { eventually } from '../../support/eventually.js';
import type { TestPortal } from '../../support/portal.js';
import { signInFor, startWithSignIn } from '../../support/sign-ins.js';

let test: TestPortal;
beforeAll(async () => {
  test = await startWithSignIn();
});
afterAll(() => test.close());
beforeEach(() => {
  test.emulator.clearLog();
});
afterEach(async () => {
  test.emulator.faults.clear();
  await test.db('incidents').delete();
});

async function connected(clinic: ClinicKey): Promise<string> {
  const tenantId = await test.addTenant(`Clinic ${clinic}`);
  await test.member(tenantId);
  const done = await signInFor(test, tenantId, clinic);
  if (done.kind !== 'checked') throw new Error(done.kind);
  return tenantId;
}
const token = (tenantId: string) => test.portal.services.tokens!.currentToken({ tenantId });
const refreshTokenOf = (tenantId: string) => test.db('refresh_tokens').where({ tenant_id: tenantId }).first();

it('a refresh for a job without an answer is recovered by the next check, also while our app lacks a scope', async () => {
  const tenantId = await connected('summit');
  test.clock.advance(3_600_000);
  const at = test.clock();
  const incident = { id: 'scope-missing', kind: 'scope', subject: 'production sign_in', tenantId: null } as const;
  await incidentStore(test.db).open({ ...incident, cause: 'scope_missing', codes: [], openedAt: at, probedAt: at });
  await test
    .db('check_requests')
    .where({ tenant_id: tenantId })
    .whereNull('finished_at')
    .update({ waits_for: 'scope production sign_in' });
  test.emulator.faults.add({ kind: 'answer_lost', call: 'token' });
  expect(await token(tenantId)).toMatchObject({ kind: 'later' });
  test.emulator.faults.clear();
  await test.portal.clean();
  await eventually('the session is recovered', async () => (await refreshTokenOf(tenantId)).version === 2);
  expect(await refreshTokenOf(tenantId)).toMatchObject({ attempted_at: null });
});
