import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';
import { aVisit, pasteAt } from '../hand-offs/support.js';

describe('SEC-28: what a tenant may set off', () => {
  let test: TestPortal;
  let tenantId: string;
  let alice: Visitor;

  let tenants = 0;
  beforeAll(async () => {
    test = await TestPortal.start();
  });
  beforeEach(async () => {
    tenantId = await test.addTenant(`Clinic ${(tenants += 1)}`);
    alice = await test.member(tenantId);
    await alice.get(`/tenants/${tenantId}/credentials/new`);
  });
  afterAll(() => test.close());

  const paste = (assertion: string) => alice.post(`/tenants/${tenantId}/credentials`, { assertion });
  const rows = (table: string) => test.db(table).where({ tenant_id: tenantId });
  const check = () => alice.post(`/tenants/${tenantId}/connection/checks`);

  it('five exchanges in ten minutes, then a page that says when', async () => {
    expect((await paste(test.assertion('riverside').jwt)).status).toBe(303);
    for (let more = 0; more < 4; more += 1) expect((await check()).status).toBe(303);
    const refused = await check();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(500);
    expect(refused.text).toMatch(/You can check again in (9|10) minutes \(\d+:\d\d [AP]M UTC\)\./);
    expect(refused.text).toContain(`action="/tenants/${tenantId}/connection/checks"`);
    expect(refused.text).not.toContain('http-equiv="refresh"');
    expect((await paste(test.assertion('riverside').jwt)).status).toBe(429);
    test.clock.advance(10 * 60_000);
    expect((await check()).status).toBe(303);
  });

  it('thirty pastes in an hour, also when they come side by side', async () => {
    const answers = await Promise.all(Array.from({ length: 34 }, () => paste('not a JWT at all')));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
    expect(await rows('audit_events').where({ action: 'credential.paste_refused' })).toHaveLength(30);
  });

  it('a paste above the limit gets the form back, the time of the next try, and the word that it was not stored', async () => {
    for (let more = 0; more < 30; more += 1) await paste('not a JWT at all');
    const { jwt } = test.assertion('riverside');
    const refused = await paste(jwt);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3000);
    expect(refused.text).toContain(`<form method="post" action="/tenants/${tenantId}/credentials"`);
    expect(refused.text).toContain('name="assertion"');
    expect(refused.text).toMatch(
      /You can paste again in (59 minutes|1 hour) \(\d+:\d\d [AP]M UTC\)\. The JWT was not stored/,
    );
    expect(refused.text).not.toContain(jwt);
    expect(await rows('credentials')).toEqual([]);
  });

  describe('through hand-off links', () => {
    const aLink = () => aVisit(test, alice, tenantId);
    const wrongPastes = async (link: { visitor: Visitor; base: string }, count: number) => {
      for (let tries = 0; tries < count; tries += 1) await pasteAt(link.visitor, link.base, 'not a JWT at all');
    };
    const statusOf = async ({ visitor, base }: { visitor: Visitor; base: string }) =>
      (await pasteAt(visitor, base, 'not a JWT at all')).status;

    it('the tries of members do not use up the limit of a colleague', async () => {
      const link = await aLink();
      await alice.get(`/tenants/${tenantId}/credentials/new`);
      for (let tries = 0; tries < 30; tries += 1) await paste('not a JWT at all');
      expect((await paste('not a JWT at all')).status).toBe(429);
      expect(await statusOf(link)).toBe(422);
    });

    it('the tries of a colleague do not use up the limit of the members', async () => {
      const link = await aLink();
      await wrongPastes(link, 30);
      expect(await statusOf(link)).toBe(429);
      await alice.get(`/tenants/${tenantId}/credentials/new`);
      expect((await paste('not a JWT at all')).status).toBe(422);
    });

    it('one colleague’s tries do not use up another’s, and all links together have twice the limit', async () => {
      const links = [await aLink(), await aLink(), await aLink()] as const;
      await wrongPastes(links[0], 31);
      expect(await statusOf(links[1])).toBe(422);
      await wrongPastes(links[1], 29);
      expect(await statusOf(links[2])).toBe(429);
      expect((await paste('not a JWT at all')).status).toBe(422);
    });

    it('a check above the limit gets the page of the result back, with the time of the next one', async () => {
      const { visitor, base } = await aLink();
      await pasteAt(visitor, base, test.assertion('riverside', { clientIds: [] }).jwt);
      test.portal.look();
      let answer = await visitor.get(`${base}/result`);
      for (let tries = 0; tries < 6 && answer.status !== 429; tries += 1) {
        await visitor.get(`${base}/result`);
        answer = await visitor.post(`${base}/result/checks`);
      }
      expect(answer.status).toBe(429);
      expect(answer.text).toMatch(/You can check again in \d+ minutes \(\d+:\d\d [AP]M UTC\)\./);
      expect(answer.text).toContain(`action="${base}/result/checks"`);
    });
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
    expect(await rows('credentials')).toHaveLength(1);
    expect(await rows('sealed_secrets')).toHaveLength(1);
    expect(await rows('check_requests').whereNull('finished_at')).toHaveLength(1);
  });

  it('a new paste supersedes a pending one and its ciphertext is gone', async () => {
    await paste(test.assertion('riverside', { clientIds: 'organization' }).jwt);
    await paste(test.assertion('riverside', { clientIds: [] }).jwt);
    const credentials = rows('credentials').orderBy('submitted_at').select('status', 'destroyed_because');
    expect(await credentials).toEqual([
      { status: 'destroyed', destroyed_because: 'superseded' },
      { status: 'pending', destroyed_because: null },
    ]);
    expect(await rows('sealed_secrets')).toHaveLength(1);
  });
});
