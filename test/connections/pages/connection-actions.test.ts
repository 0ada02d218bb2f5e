import { eventually } from '../../support/eventually.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

const MINUTE_MS = 60_000;

describe('what a member does on the connection page', () => {
  let test: TestPortal;
  let alice: Visitor;
  let tenantId: string;
  beforeEach(async () => {
    test = await TestPortal.start();
    tenantId = await test.addTenant('Riverside');
    alice = await test.member(tenantId);
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    await alice.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion('riverside').jwt });
  });
  afterEach(() => test.close());

  const url = () => `/tenants/${tenantId}/connection`;
  const lines = () => test.db('fax_lines').where({ tenant_id: tenantId });
  const nextDueAt = async () =>
    Date.parse((await test.db('check_requests').whereNull('finished_at').first<{ due_at: string }>('due_at')).due_at);
  async function checkNow() {
    await alice.get(url());
    return alice.post(`${url()}/checks`);
  }

  it('saving the lines when no check is left queues the check and says when it is made', async () => {
    await alice.get(url());
    await alice.post(`${url()}/fax-lines`, {});
    expect((await alice.get(url())).text).toContain('data-cause="no_fax_line"');
    while ((await checkNow()).status === 303);

    const before = test.clock().getTime();
    const [line] = await lines().select<{ extension_id: string }[]>('extension_id');
    await alice.get(url());
    const saved = await alice.post(`${url()}/fax-lines`, { extension_id: line!.extension_id });
    expect(saved.headers.location).toBe(`${url()}?saved=later`);
    const dueAt = await nextDueAt();
    expect(dueAt).toBeGreaterThan(before);
    expect(dueAt).toBeLessThanOrEqual(before + 10 * MINUTE_MS);
    const page = (await alice.get(saved.headers.location!)).text;
    expect(page).toMatch(/Saved\. We will check it at \d+:\d\d/);
    expect(page).toMatch(/You selected fax lines\. We will check them at \d+:\d\d/);
    expect(page).not.toContain('cannot read any faxes until you select a line');

    test.clock.advance(dueAt - before);
    await eventually('the chosen line is checked', async () =>
      (await alice.get(url())).text.includes('data-state="healthy"'),
    );
  });

  it('a check that RingCentral does not answer leaves the state and says when it was last confirmed', async () => {
    const confirmed = /data-confirmed-at="([^"]+)"/.exec((await alice.get(url())).text)?.[1];
    test.clock.advance(MINUTE_MS);
    test.emulator.faults.add({ kind: 'unavailable' });
    await checkNow();
    const page = (await alice.get(url())).text;
    expect(page).toContain('data-state="healthy"');
    expect(page).toContain(`data-confirmed-at="${confirmed}"`);
    expect(page).toMatch(/RingCentral answered with an error \([^)]*\)\. We last confirmed the connection at/);
    expect(page).not.toContain('can read your faxes');
  });
});
