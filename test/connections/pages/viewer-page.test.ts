import { eventually } from '../../support/eventually.js';
import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

describe('what a viewer sees of a connection', () => {
  let test: TestPortal;
  let alice: Visitor;
  let bob: Visitor;
  let url: string;
  let tenantId: string;
  beforeAll(async () => {
    test = await TestPortal.start();
    tenantId = await test.addTenant('Riverside');
    alice = await test.member(tenantId);
    bob = await test.member(tenantId, 'Bob Tran', 'viewer');
    url = `/tenants/${tenantId}/connection`;
  });
  afterAll(() => test.close());

  /** The targets of the forms and links in the part of the page that differs from page to page. */
  const targetsOf = (html: string) => {
    const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'));
    return [...main.matchAll(/(?:action|href)="(\/[^"]*)"/g)].map(([, to = '']) => to);
  };
  const seenBy = async (visitor: Visitor) => (await visitor.get(url)).text;

  it('of a clinic that is not connected: no way to connect, and whom to ask', async () => {
    expect(targetsOf(await seenBy(alice))).toContain(`/tenants/${tenantId}/guide`);
    const page = await seenBy(bob);
    expect(targetsOf(page)).toEqual([`/tenants/${tenantId}/activity`]);
    expect(page).toContain('To change the connection, ask an owner or a member of your clinic.');
    expect(page).not.toContain(`href="/tenants/${tenantId}/guide"`); // nor in the navigation
  });

  const paste = async (jwt: string) => {
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    await alice.post(`/tenants/${tenantId}/credentials`, { assertion: jwt });
  };

  it('of one whose JWT was refused: what happened and what to do at RingCentral, and no button', async () => {
    await paste(test.assertion('riverside', { clientIds: [] }).jwt);
    await eventually('it is refused', async () => (await seenBy(bob)).includes('data-cause="app_not_permitted"'));
    expect(targetsOf(await seenBy(alice))).toContain(`${url}/checks`);
    const page = await seenBy(bob);
    expect(targetsOf(page)).toEqual([`/tenants/${tenantId}/activity`]);
    expect(page).toContain('class="fix fix--tenant"');
  });

  it('of one that works: every fact, no button, and the lines without boxes', async () => {
    await paste(test.assertion('riverside').jwt);
    await eventually('it works', async () => (await seenBy(bob)).includes('data-state="healthy"'));
    expect(targetsOf(await seenBy(alice))).toEqual(expect.arrayContaining([`${url}/fax-lines`, `${url}/checks`]));
    const page = await seenBy(bob);
    expect(targetsOf(page)).toEqual([`/tenants/${tenantId}/activity`]);
    expect(page).toContain('We can read its faxes.');
    expect(page).not.toContain('type="checkbox"');
  });
});
