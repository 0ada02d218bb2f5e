// Also on PostgreSQL: transactions at the same time.
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

describe('parallel requests', () => {
  let test: TestPortal;
  beforeEach(async () => {
    test = await TestPortal.start();
  });
  afterEach(() => test.close());

  async function aClinic(name: string) {
    const tenantId = await test.addTenant(name);
    const member = await test.member(tenantId, `Alice of ${name}`);
    await member.get(`/tenants/${tenantId}/credentials/new`);
    return { tenantId, member };
  }
  const paste = (member: Visitor, tenantId: string, assertion: string) =>
    member.post(`/tenants/${tenantId}/credentials`, { assertion });

  it('are counted together: of ten parallel pastes, five are exchanged and one remains', async () => {
    const { tenantId, member } = await aClinic('North');
    // Each paste is kept, because our app is not on its list; a newer paste replaces it.
    const jwts = Array.from({ length: 10 }, () => test.assertion('riverside', { clientIds: [] }).jwt);
    const answers = await Promise.all(jwts.map((jwt) => paste(member, tenantId, jwt)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(303), ...Array(5).fill(429)]);
    expect(await test.db('audit_events').where({ action: 'credential.submitted' })).toHaveLength(5);
    expect(await test.db('credentials').where({ status: 'pending' })).toHaveLength(1);
    expect(await test.db('credentials').where({ destroyed_because: 'superseded' })).toHaveLength(4);
    expect(await test.db('sealed_secrets')).toHaveLength(1);
    expect(await test.db('check_requests').whereNull('finished_at')).toHaveLength(1);
  });

  it('connect one of four tenants that prove the same account, and hold the others for staff', async () => {
    const clinics = [];
    for (const name of ['North', 'South', 'East', 'West']) clinics.push(await aClinic(name));
    await Promise.all(clinics.map(({ tenantId, member }) => paste(member, tenantId, test.assertion('riverside').jwt)));
    const verdicts = await test.db('checks').select('verdict', 'cause').orderBy('verdict');
    const held = { verdict: 'refused', cause: 'account_shared' };
    expect(verdicts).toEqual([{ verdict: 'accepted', cause: null }, held, held, held]);
    expect(await test.db('connections').whereNotNull('account_id')).toHaveLength(1);
  });
});
