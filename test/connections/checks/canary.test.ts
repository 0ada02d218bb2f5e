import { canaryEnvironment as canary } from '../../journeys/clinics.js';
import { dataOf } from '../../support/visits/http-visitor.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';
import { eventually } from '../../faults/clinic-in-trouble.js';
import type { ClinicKey } from '../../../src/emulator/seed.js';

const WINDOW_MS = 62_000;

describe('SEC-47: a JWT that works is tried with another app of ours', () => {
  let test: TestPortal;
  let staff: Visitor;
  beforeAll(async () => {
    test = await TestPortal.start({ env: { ...canary, CHECK_EVERY_MINUTES: '10' } });
    staff = await test.staff('auditor');
  });
  afterAll(() => test.close());
  beforeEach(() => {
    test.clock.advance(2 * WINDOW_MS); // a whole budget for every test
    test.emulator.clearLog();
  });

  const canaryCalls = () =>
    test.emulator.tokenCalls
      .filter(({ clientId }) => clientId === canary.RINGCENTRAL_CANARY_CLIENT_ID)
      .map(({ kind }) => kind);
  const tried = async (tenantId: string) =>
    (
      await test.db('audit_events').where({ tenant_id: tenantId, action: 'credential.canary_tried' }).orderBy('seq')
    ).map(({ outcome, detail }: { outcome: string; detail: string }) => [outcome, JSON.parse(detail) as object]);

  async function aClinic(name: ClinicKey, clientIds: string[]) {
    const tenantId = await test.addTenant(`Clinic ${name} ${clientIds.length}`);
    const alice = await test.member(tenantId);
    const { jwt, jti } = test.assertion(name, { clientIds });
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    const answer = await alice.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
    expect(answer.status).toBe(303);
    const page = async () => (await alice.get(`/tenants/${tenantId}/connection`)).text;
    const checkNow = () => alice.post(`/tenants/${tenantId}/connection/checks`);
    return { tenantId, jti, page, checkNow };
  }
  const ours = () => test.example.app.clientId;
  const both = () => [ours(), test.example.canary.clientId];

  it('says nothing to the clinic when that app is refused, and notes the evidence for staff', async () => {
    const { tenantId, page } = await aClinic('riverside', [ours()]);
    expect(dataOf(await page())).toMatchObject({ state: 'healthy', cause: '' });
    expect(canaryCalls()).toEqual(['token']);
    expect(await tried(tenantId)).toEqual([['ok', { answer: 'refused' }]]);
    const { text } = await staff.get(`/staff/tenants/${tenantId}`);
    expect(text).toContain('Another app of ours was refused, as it should be.');
    // The slot of the revocation that was not needed is free again.
    const slots = await test.db('auth_calls').where({ budget_key: canary.RINGCENTRAL_CANARY_CLIENT_ID });
    expect(slots).toHaveLength(1);
  });

  it('warns when that app gets a token, ends the token at once, and clears it when a person asks again', async () => {
    const { tenantId, jti, page, checkNow } = await aClinic('northgate', both());
    const html = await page();
    expect(dataOf(html)).toMatchObject({ state: 'warning', cause: 'over_broad', 'fix-owner': 'tenant' });
    expect(html).toContain('Remove every app from its list except Example Health Fax.');
    expect(html).toContain('Check again');
    expect(html).not.toContain('We also check by ourselves');
    expect(canaryCalls()).toEqual(['token', 'revoke']);
    expect(await tried(tenantId)).toEqual([['ok', { answer: 'token', revoked: true }]]);

    test.clock.advance(11 * 60_000);
    await eventually('the planned check', async () => {
      const checks = await test.db('checks').where({ tenant_id: tenantId, trigger: 'schedule' });
      return checks.length > 0;
    });
    // Tried once: a planned check neither tries again nor forgets.
    expect(canaryCalls()).toEqual(['token', 'revoke']);
    expect(dataOf(await page())).toMatchObject({ state: 'warning', cause: 'over_broad' });

    test.emulator.forbidApp(jti, test.example.canary.clientId);
    expect((await checkNow()).status).toBe(303);
    expect(dataOf(await page())).toMatchObject({ state: 'healthy', cause: '' });
    expect(canaryCalls()).toEqual(['token', 'revoke', 'token']);
    await checkNow();
    expect(canaryCalls()).toHaveLength(3);
  });

  it('never tries what is not accepted', async () => {
    const { tenantId, page } = await aClinic('harbor', [test.example.canary.clientId]);
    expect(dataOf(await page())).toMatchObject({ state: 'pending', cause: 'app_not_permitted' });
    expect(canaryCalls()).toEqual([]);
    expect(await tried(tenantId)).toEqual([]);
  });

  it('never makes the first call without the slot of the second; what has no slot is tried with the next check', async () => {
    await aClinic('lakeside', both());
    await aClinic('cedar', both());
    const late = await aClinic('summit', both()); // four of five slots are gone
    expect(dataOf(await late.page())).toMatchObject({ state: 'healthy' });
    expect(canaryCalls()).toHaveLength(4);
    expect((await staff.get(`/staff/tenants/${late.tenantId}`)).text).toContain('Not tried yet.');
    expect(await tried(late.tenantId)).toEqual([]);
    test.clock.advance(11 * 60_000);
    await eventually('it is tried', async () => (await tried(late.tenantId)).length > 0);
    await eventually('it is told', async () => dataOf(await late.page()).cause === 'over_broad');
  });
});

it('another app of ours that is not set up says nothing about the JWT', async () => {
  const test = await TestPortal.start({ env: { ...canary, RINGCENTRAL_CANARY_CLIENT_SECRET: 'EXAMPLE-wrong' } });
  try {
    const tenantId = await test.addTenant('North');
    const alice = await test.member(tenantId);
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    await alice.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion('riverside').jwt });
    const { text } = await alice.get(`/tenants/${tenantId}/connection`);
    expect(dataOf(text)).toMatchObject({ state: 'healthy', cause: '' });
    const [event] = await test.db('audit_events').where({ action: 'credential.canary_tried' });
    expect(event).toMatchObject({ outcome: 'inconclusive', detail: expect.stringContaining('OAU-146') as string });
  } finally {
    await test.close();
  }
});
