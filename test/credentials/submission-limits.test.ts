// Also on PostgreSQL: limits are counted under a lock.
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';

describe('SEC-28: what a tenant may set off', () => {
  let test: TestPortal;
  let tenantId: string;
  let alice: Visitor;

  beforeEach(async () => {
    test = await TestPortal.start();
    tenantId = await test.addTenant('Riverside Family Clinic');
    alice = await test.member(tenantId);
    await alice.get(`/tenants/${tenantId}/credentials/new`);
  });
  afterEach(() => test.close());

  const paste = (assertion: string) => alice.post(`/tenants/${tenantId}/credentials`, { assertion });
  const check = () => alice.post(`/tenants/${tenantId}/connection/checks`);

  it('five exchanges in ten minutes, then a page that says when', async () => {
    expect((await paste(test.assertion('riverside').jwt)).status).toBe(303);
    for (let more = 0; more < 4; more += 1) expect((await check()).status).toBe(303);
    const refused = await check();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(500);
    expect(refused.text).toMatch(/in 9 minutes|in 10 minutes/);
    expect((await paste(test.assertion('riverside').jwt)).status).toBe(429);
    test.clock.advance(10 * 60_000);
    expect((await check()).status).toBe(303);
  });

  it('thirty pastes in an hour, also when they come side by side', async () => {
    const answers = await Promise.all(Array.from({ length: 34 }, () => paste('not a JWT at all')));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
    expect(await test.db('audit_events').where({ action: 'credential.paste_refused' })).toHaveLength(30);
  });

  it('another clinic is not slowed by it', async () => {
    await Promise.all(Array.from({ length: 31 }, () => paste('not a JWT at all')));
    const south = await test.addTenant('South Clinic');
    const charlie = await test.member(south, 'Charlie Ward');
    await charlie.get(`/tenants/${south}/credentials/new`);
    expect((await charlie.post(`/tenants/${south}/credentials`, { assertion: 'x' })).status).toBe(422);
  });

  it('the same JWT sent twice has one effect: one credential, one ciphertext', async () => {
    const { jwt } = test.assertion('riverside');
    const [one, two] = await Promise.all([paste(jwt), paste(jwt)]);
    expect([one.status, two.status]).toEqual([303, 303]);
    expect(await test.db('credentials')).toHaveLength(1);
    expect(await test.db('sealed_secrets')).toHaveLength(1);
    expect(await test.db('check_requests').whereNull('finished_at')).toHaveLength(1);
  });

  it('a new paste supersedes a pending one and its ciphertext is gone', async () => {
    await paste(test.assertion('riverside', { clientIds: 'organization' }).jwt);
    await paste(test.assertion('riverside', { clientIds: [] }).jwt);
    const rows = await test.db('credentials').orderBy('submitted_at').select('status', 'destroyed_because');
    expect(rows).toEqual([
      { status: 'destroyed', destroyed_because: 'superseded' },
      { status: 'pending', destroyed_because: null },
    ]);
    expect(await test.db('sealed_secrets')).toHaveLength(1);
  });
});
