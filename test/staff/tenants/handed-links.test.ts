import { TestPortal } from '../../support/portal.js';
import type { Visitor } from '../../support/visits/visitor.js';

describe('SEC-61: on the pages of staff', () => {
  let test: TestPortal;
  let north: string;
  let operator: Visitor;
  beforeAll(async () => {
    test = await TestPortal.start();
    north = await test.addTenant('North Clinic');
    operator = await test.staff('operator');
  });
  afterAll(() => test.close());

  const invite = async (email: string, more: Record<string, string> = {}) => {
    await operator.get(`/staff/tenants/${north}`);
    const sent = await operator.post(`/staff/tenants/${north}/invitations`, { email, ...more });
    return { path: sent.headers.location ?? '', text: (await operator.follow(sent)).text };
  };

  it('an invitation that is mailed shows no link to the person who sent it', async () => {
    const page = await invite('alice@north.example');
    expect(page.text).toContain('The link is in the email to that address. No one here can see it.');
    expect(page.text).not.toMatch(/\/invitations\/[\w-]{43}/);
    const mail = await test.mail.waitFor(({ to }) => to === 'alice@north.example');
    expect(mail.text).toMatch(/\/invitations\/[\w-]{43}/);
  });

  it('a link is shown to those who say that they hand it over, and then it is not mailed', async () => {
    const page = await invite('bob@north.example', { by_hand: 'yes' });
    expect(page.text).toContain('We have emailed nothing. Hand this link over to bob@north.example yourself.');
    expect(page.text).toMatch(/\/invitations\/[\w-]{43}/);
    const other = await test.staff('administrator');
    expect((await other.get(page.path)).text).not.toMatch(/\/invitations\/[\w-]{43}/);
    await invite('carol@north.example'); // its mail follows
    await test.mail.waitFor(({ to }) => to === 'carol@north.example');
    expect(test.mail.messages().filter(({ to }) => to === 'bob@north.example')).toEqual([]);
  });

  it('an open invitation can be replaced by a link to hand over', async () => {
    const page = await invite('dora@north.example');
    const shown = await operator.follow(await operator.post(`${page.path}/renewals`, { by_hand: 'yes' }));
    expect(shown.text).toMatch(/\/invitations\/[\w-]{43}/);
    const rows = await test.db('invitations').where({ email: 'dora@north.example' }).orderBy('created_at');
    expect(
      rows.map((row: { by_hand: number; revoked_at: string | null }) => [row.by_hand, row.revoked_at !== null]),
    ).toEqual([
      [0, true],
      [1, false],
    ]);
  });
});
