import type { FaultInput } from '../../../src/emulator/traffic/faults.js';
import { TestPortal } from '../../support/portal.js';
import { aConnectedClinic } from '../connected-clinic.js';
import { askAt, authenticate } from '../jobs.js';

const HOUR_MS = 3_600_000;

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ authenticate, env: { REJECTION_CONFIRM_SECONDS: '180' } });
});
afterAll(() => test.close());

const rowsOf = async (tenantId: string) => {
  const rows: { action: string; outcome: string; detail: string }[] = await test
    .db('audit_events')
    .where({ tenant_id: tenantId })
    .whereIn('action', ['token.issued', 'token.refused'])
    .orderBy('seq');
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as unknown }));
};

it.each([
  ['503', { kind: 'unavailable' }, 'ringcentral_unavailable'],
  ['HTML', { kind: 'html', status: 200 }, 'ringcentral_unavailable'],
  ['cut JSON', { kind: 'cut_json' }, 'ringcentral_unavailable'],
  ['no usable lifetime', { kind: 'changed_members', set: { expires_in: 0 } }, 'ringcentral_unavailable'],
  [
    'a token that no header can hold',
    { kind: 'changed_members', set: { access_token: 'a\nb' } },
    'ringcentral_unavailable',
  ],
  ['429', { kind: 'rate_limited' }, 'rate_limited'],
  ['a redirect', { kind: 'redirect' }, 'unreachable'],
  ['a reset connection', { kind: 'connection_reset' }, 'unreachable'],
  ['invalid_grant', { kind: 'status', status: 400, error: 'invalid_grant' }, 'refusal_unconfirmed'],
  ['invalid_client', { kind: 'status', status: 401, error: 'invalid_client', code: 'OAU-146' }, 'app_misconfigured'],
])(
  'a job that asks while RingCentral answers with %s gets a 503 with its cause, and no token',
  async (_n, fault, cause) => {
    const { tenantId } = await aConnectedClinic(test);
    test.clock.advance(HOUR_MS);
    test.emulator.faults.add({ ...fault, call: 'token', count: 1 } as FaultInput);
    const { status, body, text } = await askAt(test.url, tenantId);
    test.emulator.faults.clear();
    expect({ status, cause: body.cause, retryable: body.retryable }).toEqual({ status: 503, cause, retryable: true });
    expect(text).not.toContain('access_token');
    expect(await rowsOf(tenantId)).toMatchObject([
      { action: 'token.refused', outcome: 'inconclusive', detail: { cause } },
    ]);
    test.clock.advance(120_000); // a 429 stops the whole budget
  },
);
