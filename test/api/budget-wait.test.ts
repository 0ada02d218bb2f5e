import { TestPortal } from '../support/portal.js';
import { aConnectedClinic, type Connected } from '../tokens/connected-clinic.js';
import { askAt, authenticate } from '../tokens/jobs.js';

const HOUR_MS = 3_600_000;
const WINDOW_MS = 62_000;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate, env: { RINGCENTRAL_AUTH_PER_MINUTE: '5' } });
});
afterAll(() => test.close());

const ask = (tenantId: string) => askAt(test.url, tenantId);
const minted = () => test.emulator.tokenCalls.length;

/** Clinics without a token, and a penalty of RingCentral of 40 seconds that began moments ago. */
async function coldClinics(count: number): Promise<Connected[]> {
  const clinics: Connected[] = [];
  for (let number = 0; number <= count; number += 1) {
    clinics.push(await aConnectedClinic(test));
    test.clock.advance(WINDOW_MS);
  }
  test.clock.advance(HOUR_MS);
  test.emulator.faults.add({ kind: 'rate_limited', call: 'token', retryAfter: 40 });
  await ask(clinics.pop()!.tenantId);
  test.emulator.faults.clear();
  return clinics;
}

it('clinics that wait for the auth budget are told times one behind the other, in the order in which they asked', async () => {
  const times: number[] = [];
  for (const { tenantId } of await coldClinics(3)) {
    const { status, body } = await ask(tenantId);
    expect({ status, cause: body.cause }).toEqual({ status: 503, cause: 'auth_budget' });
    times.push(Date.parse(body.retry_at ?? ''));
  }
  const [first = NaN, second = NaN, third = NaN] = times;
  // A call each 15.5 seconds, told at most 5 seconds late.
  for (const gap of [second - first, third - second]) expect(gap).toBeGreaterThan(10_000);
  for (const gap of [second - first, third - second]) expect(gap).toBeLessThan(21_000);
  test.clock.advance(HOUR_MS);
});

it('a clinic that waits for the auth budget is told its own time, at most 5 seconds late, with an audit row', async () => {
  const [waiting] = await coldClinics(1);
  const { tenantId } = waiting!;
  const before = minted();
  const askedAt = test.clock().getTime();
  for (const { status, body } of [await ask(tenantId), await ask(tenantId)]) {
    expect({ status, cause: body.cause }).toEqual({ status: 503, cause: 'auth_budget' });
    const at = Date.parse(body.retry_at ?? '');
    expect(at).toBeGreaterThanOrEqual(askedAt + 38_000); // the penalty began moments ago
    expect(at).toBeLessThanOrEqual(askedAt + 50_000);
  }
  expect(minted()).toBe(before);
  const rows = await test
    .db('audit_events')
    .where({ tenant_id: tenantId, action: 'token.refused' })
    .select<{ outcome: string; detail: string }[]>('outcome', 'detail');
  expect(rows.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive']);
  for (const { detail } of rows) expect(JSON.stringify(detail)).toContain('auth_budget');
});
