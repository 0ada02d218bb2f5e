import { latchkeyClient, type LatchkeyClient, type PreflightEntry } from '../../src/client/client.js';
import { aFaultedClinic, type FaultedClinic } from '../faults/faulted-clinic.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';

let test: TestPortal;
let clinic: FaultedClinic;
let client: LatchkeyClient;
beforeAll(async () => {
  test = await TestPortal.start();
  clinic = await aFaultedClinic(test, ['Front Desk Fax']);
  await clinic.paste();
  await clinic.pageWhen({ state: 'healthy' });
  const scopes = ['tokens:issue', 'tenants:read', 'tenants:write'];
  const made = await test.portal.services.apiKeys.make(
    { name: 'Jobs', purpose: 'jobs', scopes, tenantRefs: null, expires: '' },
    { actor: { kind: 'command_line' } },
  );
  if (!made.ok) throw new Error(JSON.stringify(made));
  client = latchkeyClient({ url: test.url, apiKey: made.key.reveal(), maxWaitMs: 0 });
});
afterAll(() => test.close());

describe('the client at a real portal', () => {
  it('gets a token that RingCentral accepts', async () => {
    const answer = await client.tokens(clinic.tenantId).use((token) =>
      fetch(`${token.server_url}/restapi/v1.0/account/~/extension/~`, {
        headers: { authorization: `Bearer ${token.access_token}` },
      }),
    );
    expect(answer.status).toBe(200);
  });

  it('creates a tenant once for one idempotency key, changes it, and lists all of them page by page', async () => {
    const wanted = { name: 'South Clinic', external_ref: 'EHR-1002' };
    const [first, again] = [await client.createTenant(wanted, 'a-key'), await client.createTenant(wanted, 'a-key')];
    expect(again).toEqual(first);
    expect(await client.changeTenant('ref:EHR-1002', { name: 'South Clinic East' })).toMatchObject({
      id: first.id,
      name: 'South Clinic East',
      connection: { state: 'not_connected' },
    });
    expect((await client.tenant('ref:EHR-1002')).id).toBe(first.id);
    const ids: string[] = [];
    for await (const { id } of client.tenants({ limit: 1 })) ids.push(id);
    expect(ids.sort()).toEqual([clinic.tenantId, first.id].sort());
  });

  it('a tenant without a credential needs a connection', async () => {
    expect(await client.accessToken('ref:EHR-1002')).toMatchObject({
      kind: 'connect_needed',
      problem: { status: 409, cause: 'not_connected', fix_owner: 'tenant' },
    });
  });

  it('reads the events a page at a time, and is told of a number that was not given yet', async () => {
    test.portal.look();
    await eventually('the events have numbers', async () => (await client.events()).events.length > 1);
    const types: string[] = [];
    let after: number | undefined;
    for (let more = true; more;) {
      const { events, next_after: next } = await client.events({ after, limit: 1 });
      types.push(...events.map(({ type }) => type));
      more = events.length > 0;
      after = next;
    }
    expect(types).toEqual(expect.arrayContaining(['credential.pending', 'connection.connected']));
    await expect(client.events({ after: 1_000_000 })).rejects.toMatchObject({
      status: 410,
      problem: { cause: 'feed_restarted' },
    });
  });

  it('shows a connection, has it checked, and invites a person', async () => {
    expect(await client.connection(clinic.tenantId)).toMatchObject({ state: 'healthy', owner: { id: clinic.ownerId } });
    await client.check(clinic.tenantId);
    const invited = await client.invite('ref:EHR-1002', { email: 'bob@south.example', deliver: 'email' });
    expect(Date.parse(invited.expires_at)).toBeGreaterThan(test.clock().getTime());
  });

  it('says of each tenant whether a run will work', async () => {
    const by = new Date(test.clock().getTime() + 3_600_000);
    await client.startPreflight(by);
    const entries: PreflightEntry[] = [];
    for await (const entry of client.preflight(by)) entries.push(entry);
    expect(entries.map(({ tenant, verdict }) => [tenant === clinic.tenantId, verdict]).sort()).toEqual([
      [false, 'no_go'],
      [true, 'go'],
    ]);
  });
});
