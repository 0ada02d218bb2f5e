import { programOf } from '../../src/cli/program.js';
import { TestPortal } from '../support/portal.js';
import { againstAuditPolicy } from '../security/support/audit-policy.js';
import { toyCapability } from '../support/toy-capability/toy-capability.js';

describe('a capability is one folder and one line', () => {
  const seen: string[] = [];
  const toy = toyCapability(seen);
  let test: TestPortal;
  let tenantId: string;
  beforeAll(async () => {
    const keys = (key: string) =>
      Promise.resolve(
        key === 'toy-key'
          ? { keyId: 'k', name: 'Toys', purpose: 'toys', scopes: ['toys:read'], tenantIds: [tenantId] }
          : null,
      );
    test = await TestPortal.start({ added: [toy], authenticate: keys });
    tenantId = await test.addTenant('North Clinic');
  });
  afterAll(() => test.close());

  const until = async (wanted: string): Promise<void> => {
    const end = Date.now() + 10_000;
    while (!seen.includes(wanted) && Date.now() < end) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toContain(wanted);
  };

  it('its page is shown in the frame, behind the guard of its access', async () => {
    const alice = await test.member(tenantId);
    const { status, text } = await alice.get(`/tenants/${tenantId}/toys`);
    expect({ status, isFramed: text.includes('<h1 class="govuk-heading-l">Toys</h1>') }).toEqual({
      status: 200,
      isFramed: true,
    });
    expect((await test.visitor().get(`/tenants/${tenantId}/toys`)).headers.location).toMatch(/^\/sign-in/);
  });

  it('its API call answers a caller with a key, and no other caller', async () => {
    const path = `/api/v1/tenants/${tenantId}/toys`;
    const answer = await test.visitor().call('get', path, { key: 'toy-key' });
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 200,
      body: { toys: 3, tenant: tenantId },
    });
    expect((await test.visitor().call('get', path, { key: 'another-key' })).status).toBe(401);
  });

  it('its loop, its delivery and its chore run in the worker', async () => {
    await until('a round');
    const bob = await test.member(tenantId, 'Bob Reed');
    await bob.get(`/tenants/${tenantId}/toys`);
    expect((await bob.post(`/tenants/${tenantId}/toys`)).status).toBe(303);
    await until('a parcel');
    await test.portal.clean();
    expect(seen).toContain('a chore');
  });

  it('its audit act is declared, and its rows are as declared', async () => {
    expect(await test.db('audit_events').where({ action: 'toys.sent', tenant_id: tenantId }).select('id')).toHaveLength(
      1,
    );
    expect(await againstAuditPolicy(test.db, [toy])).toEqual([]);
    expect(await againstAuditPolicy(test.db)).toEqual(['toys.sent: no capability declares it']);
  });

  it('its command is in the help, and the doctor asks its check', () => {
    const program = programOf({ say: () => undefined, fail: () => 1 }, () => undefined, [toy]);
    const group = program.commands.find((command) => command.name() === 'toys');
    expect(group?.helpInformation()).toMatch(/count +prints the number of toys/);
    expect(test.portal.checks.map(({ subject }) => subject)).toContain('toys');
  });

  it('every declared command that needs an installation is run by a capability', async () => {
    const said: string[] = [];
    const run = test.portal.runs.get('toys count');
    const terminal = { say: (line: string) => void said.push(line), fail: () => 1 as const };
    expect({ code: await run?.({}, terminal), said }).toEqual({ code: 0, said: ['3'] });
    expect([...test.portal.runs.keys()].sort()).toEqual([
      'api-keys create',
      'api-keys list',
      'api-keys revoke',
      'check',
      'keys forget',
      'staff create',
      'staff disable',
      'staff enable',
      'staff list',
      'staff remove-company-account',
      'staff reset-second-factor',
      'staff role',
      'tenants create',
      'tenants export',
      'tenants import',
      'tenants list',
      'toys count',
    ]);
  });
});
