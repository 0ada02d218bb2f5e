import { aPassword, anAccountsPortal, type AccountsPortal } from '../support.js';

let portal: AccountsPortal;
let north: string;
beforeEach(async () => {
  portal = await anAccountsPortal();
  north = await portal.aTenant('North Clinic');
});
afterEach(() => portal.close());

const email = 'alice@north.example';

async function handedLink(): Promise<string> {
  const made = await portal.invitations.invite({ tenantId: north, email, invitedBy: null, byHand: true });
  if (!made.ok) throw new Error(made.problem);
  return new URL(made.url).pathname;
}

async function accept(path: string) {
  const browser = portal.browser();
  await browser.get(path);
  const accepted = await browser.post(path, { name: 'Alice', password: aPassword });
  expect(accepted.headers.location).toBe(`/tenants/${north}/guide`);
  return browser;
}

const isProved = async () => (await portal.membersOf(north)).find((member) => member.email === email)?.proved;
const mailedPath = () =>
  new URL(/http:\S+\/account\/address-changes\/\S+/.exec(portal.mails.at(-1)?.text ?? '')![0]).pathname;

describe('SEC-61: a link that staff hand over', () => {
  it('is not mailed, and no one is reminded of it', async () => {
    await handedLink();
    portal.pass(3 * 24 * 3600_000);
    await portal.remind();
    expect([portal.mails, portal.asked]).toEqual([[], []]);
  });

  it('makes an account that counts as proved only after its mailbox is confirmed', async () => {
    const alice = await accept(await handedLink());
    expect(await isProved()).toBe(false);
    expect(portal.mails.at(-1)).toMatchObject({ to: email, subject: 'Example Health: confirm your address' });
    expect((await alice.get(`/tenants/${north}/people`)).text).toContain('alice@north.example, not confirmed');
    expect((await alice.get('/account')).text).toContain('Not confirmed. Open the link in our email.');

    const path = mailedPath();
    expect((await alice.get(path)).text).toContain('You received our email at alice@north.example.');
    expect(await isProved()).toBe(false);
    expect((await alice.post(path)).headers.location).toBe('/account?notice=address_proved');
    expect(await isProved()).toBe(true);
    expect((await alice.get('/account')).text).not.toContain('Not confirmed');
    expect(await portal.audit()).toContain('person.address_proved ok');
  });

  it('does not let the account change the access of others before that', async () => {
    const alice = await accept(await handedLink());
    const people = `/tenants/${north}/people`;
    await portal.aMember(north, 'bob@north.example');
    const bob = (await portal.membersOf(north)).find((member) => member.email === 'bob@north.example')!;
    await alice.get(people);
    for (const path of [`${people}/invitations`, `${people}/${bob.id}/removal`, `${people}/invitations/x/revocation`])
      expect((await alice.post(path, { email: 'eve@north.example' })).headers.location).toBe(
        '/account?notice=unproved',
      );
    expect(await portal.membersOf(north)).toHaveLength(2);
    expect(await portal.invitations.waiting(north)).toEqual([]);
  });

  it('says in the mail to the other members that the address is not confirmed', async () => {
    await portal.aMember(north, 'bob@north.example');
    await accept(await handedLink());
    const toBob = portal.mails.find(({ to, text }) => to === 'bob@north.example' && text.includes(email));
    expect(toBob?.text).toContain('The address is not confirmed yet');
  });

  it('is followed by another mail on request, three times an hour at most', async () => {
    const alice = await accept(await handedLink());
    await alice.get('/account');
    const places: unknown[] = [];
    for (let times = 0; times < 4; times += 1)
      places.push((await alice.post('/account/address/proofs')).headers.location);
    expect(places).toEqual([
      ...Array.from({ length: 3 }, () => '/account?notice=proof_mailed'),
      '/account?notice=proof_waits',
    ]);
    expect((await alice.post(mailedPath())).headers.location).toBe('/account?notice=address_proved');
  });

  it('no confirmation of one person proves the address of another', async () => {
    await accept(await handedLink());
    const path = mailedPath();
    const bob = await portal.aMember(north, 'bob@north.example');
    expect((await bob.post(path)).headers.location).toBe('/account?notice=link');
    expect(await isProved()).toBe(false);
  });
});

it('SEC-61: an account that a mailed link made is proved at once', async () => {
  await portal.aMember(north, email);
  expect(await isProved()).toBe(true);
});

it('SEC-61: a mailed link for a new password proves the mailbox', async () => {
  await accept(await handedLink());
  await portal.passwordResets.ask(email, {});
  await portal.work();
  const token = /\/password-resets\/([\w-]{43})/.exec(portal.mails.at(-1)?.text ?? '')?.[1] ?? '';
  const visitor = portal.browser();
  await visitor.get(`/password-resets/${token}`);
  await visitor.post(`/password-resets/${token}`, { password: 'nine copper kettles sing at noon' });
  expect(await isProved()).toBe(true);
});
