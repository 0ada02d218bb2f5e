import { anAccountsPortal, type AccountsPortal, type Browser } from '../support.js';

/** More than the 200 tenants of one chooser page. */
const COUNT = 203;
const nameOf = (number: number) => `Clinic ${String(number).padStart(3, '0')}`;
const shownOn = (text: string) => [...text.matchAll(/\/connection">([^<]+)</g)].map(([, name]) => name);
const nextOn = (text: string) => /rel="next" href="([^"]+)"/.exec(text)?.[1];

describe('a person with more tenants than a page holds', () => {
  let portal: AccountsPortal;
  let alice: Browser;
  let ids: string[];

  beforeAll(async () => {
    portal = await anAccountsPortal();
    ids = [];
    for (let number = 0; number < COUNT; number += 1) ids.push(await portal.aTenant(nameOf(number)));
    alice = await portal.aMember(ids[0] ?? '', 'alice@north.example');
    const { person_id: person } = (await portal.db<{ person_id: string }>('memberships').first()) ?? { person_id: '' };
    for (const id of ids) await portal.tenants.addMember(portal.db, id, person, 'owner');
  }, 60_000);
  afterAll(() => portal.close());

  it('finds each of them once, by name, page by page', async () => {
    const first = await alice.get('/tenants');
    const second = await alice.get(nextOn(first.text) ?? '');
    expect(shownOn(first.text)).toHaveLength(200);
    expect([...shownOn(first.text), ...shownOn(second.text)]).toEqual(ids.map((_, number) => nameOf(number)));
    expect(nextOn(second.text)).toBeUndefined();
  });

  it('sees the first page if the cursor is another person’s tenant', async () => {
    const others = await portal.aTenant('Clinic 100, of somebody else');
    const begin = shownOn((await alice.get('/tenants')).text);
    expect(shownOn((await alice.get(`/tenants?after=${others}`)).text)).toEqual(begin);
    expect(begin).not.toContain('Clinic 100, of somebody else');
  });

  it.each(['', 'a%00b', "x'--", 'a'.repeat(101), 'a&after=b'])('gets a bad request for after=%.20j', async (after) => {
    expect((await alice.get(`/tenants?after=${after}`)).status).toBe(400);
  });

  it('SEC-04: keeps their second factor if only the last tenant requires one', async () => {
    const asked = { language: 'en', timeZone: 'UTC', membersNeedSecondFactor: true };
    const { personId = '' } = (await portal.tenants.members(ids[0] ?? ''))[0] ?? {};
    expect(await portal.tenants.asksForSecondFactor(personId)).toBe(false);
    await portal.tenants.setSettings(ids.at(-1) ?? '', asked, { kind: 'command_line' });
    expect(await portal.tenants.asksForSecondFactor(personId)).toBe(true);
  });
});
