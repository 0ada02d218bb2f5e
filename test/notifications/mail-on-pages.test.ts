import type { SmtpFault } from '../../src/demo/smtp-catcher.js';
import { waitFor } from '../../src/demo/wait-for.js';
import { english as t, textsIn } from '../../src/texts/texts.js';
import { aPassword } from '../support/people.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';
import { routesOf } from '../security/support/routes.js';

const MINUTE_MS = 60_000;
const refusesAll: SmtpFault = { kind: 'refuse', code: 554, at: 'recipient' };
const unknownAddress: SmtpFault = { kind: 'refuse', code: 550, status: '5.1.1', at: 'recipient' };
const fullMailbox: SmtpFault = { kind: 'refuse', code: 552, status: '5.2.2', at: 'recipient' };

let test: TestPortal;
let north: string;
let alice: Visitor;
let operator: Visitor;

beforeAll(async () => {
  test = await TestPortal.start();
  north = await test.addTenant('North Clinic');
  alice = await test.member(north);
  operator = await test.staff('operator');
});
afterAll(() => test.close());
afterEach(async () => {
  test.mail.setFault(null);
  await goesOn(10 * MINUTE_MS);
  // Browser sessions end after 30 minutes without a visit.
  for (const [visitor, path] of [
    [alice, people()],
    [operator, `${staffTenant()}/people`],
  ] as const)
    expect((await visitor.get(path)).status).toBe(200);
});

/** Lets time pass, and waits until the worker has tried all that is due. */
async function goesOn(ms: number): Promise<void> {
  test.clock.advance(ms);
  await waitFor('an empty outbox', 20_000, async () => {
    test.portal.look();
    const now = test.clock().toISOString();
    const due = await test.db('outbox').whereNull('finished_at').andWhere('due_at', '<=', now).first('id');
    return due === undefined ? true : undefined;
  });
}

const people = () => `/tenants/${north}/people`;
const staffTenant = () => `/staff/tenants/${north}`;
const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const show = async (visitor: Visitor, path: string) => textOf((await visitor.get(path)).text);
/** The row of a table about this address. */
const rowOf = async (visitor: Visitor, path: string, email: string) =>
  textOf(
    [...(await visitor.get(path)).text.matchAll(/<tr\b[^>]*>[^]*?<\/tr>/g)].find(([row]) => row.includes(email))?.[0] ??
      '',
  );

async function invite(email: string): Promise<string> {
  await alice.get('/sign-in/password'); // an earlier test took longer than a proof counts
  await alice.post('/sign-in/password', { password: aPassword });
  await alice.get(people());
  expect((await alice.post(`${people()}/invitations`, { email })).status).toBe(303);
  const { id } = await test.db('invitations').where({ email }).first<{ id: string }>('id');
  return `${staffTenant()}/invitations/${id}`;
}

describe('a page that names an email shows what became of it', () => {
  it.each([
    [
      'a server that refuses everything for now',
      refusesAll,
      /Not sent yet. Next try: .* The mail server rejected the email\./,
    ],
    ['an address that does not exist', unknownAddress, /Not delivered\.? .* this address does not exist\./],
    [
      'a full mailbox',
      fullMailbox,
      /Not delivered\.? .* this mailbox does not accept email because it is full or disabled\./,
    ],
    ['a server that accepts it', null, /Accepted by the mail server on [A-Z][a-z]{2} \d/],
  ])('an invitation, on the pages of people, of the clinic and of the invitation: %s', async (what, fault, said) => {
    const email = `${what.replaceAll(' ', '.')}@north.example`;
    test.mail.setFault(fault);
    const page = await invite(email);
    await goesOn(0);
    expect(await rowOf(alice, people(), email)).toMatch(said);
    expect(await rowOf(operator, `${staffTenant()}/people`, email)).toMatch(said);
    expect(await show(operator, page)).toMatch(said);
  });

  it('an invitation that waited is shown as accepted when the server works again', async () => {
    test.mail.setFault(refusesAll);
    const page = await invite('later@north.example');
    await goesOn(0);
    expect(await show(operator, page)).toContain('Email: Not sent yet');
    test.mail.setFault(null);
    await goesOn(MINUTE_MS);
    expect(await show(operator, page)).toContain('Email: Accepted by the mail server');
    expect(test.mail.messages().map(({ to }) => to)).toContain('later@north.example');
  });

  it('a link for a new password that staff started', async () => {
    const { id } = await test.db('people').where({ email: alice.email }).first<{ id: string }>('id');
    const page = `${staffTenant()}/people/${id}/password-reset`;
    test.mail.setFault(unknownAddress);
    expect(await show(operator, page)).not.toContain('Email:');
    await operator.post(page);
    await goesOn(0);
    expect(await show(operator, page)).toMatch(/Email: Not delivered\. .* this address does not exist\./);
  });

  it('a link to a new address, for the person themself', async () => {
    test.mail.setFault(fullMailbox);
    await alice.get('/account/address');
    await alice.post('/account/address', { email: 'alice.new@north.example', current: aPassword });
    await goesOn(0);
    for (const path of ['/account', '/account/address'])
      expect(await show(alice, path)).toMatch(/Waiting for alice\.new@north\.example.* Email: Not delivered\. .* full/);
  });

  it('in Spanish too', async () => {
    test.mail.setFault(unknownAddress);
    await invite('nadie@north.example');
    await goesOn(0);
    await alice.get('/account');
    await alice.post('/language', { language: 'es', next: people() });
    expect(await rowOf(alice, people(), 'nadie@north.example')).toContain('dice que esta dirección no existe');
    await alice.post('/language', { language: 'en', next: people() });
  });

  it('an email of which the outbox remembers nothing is not said to have arrived', async () => {
    const page = await invite('long.ago@north.example');
    await goesOn(0);
    await test.db('outbox').whereNotNull('about').delete();
    expect(await show(operator, page)).toContain('Email: No longer known.');
  });
});

describe('while email waits and none has gone out for 15 minutes', () => {
  const warning =
    /No email has gone out for 15 minutes\. One has been waiting since .* The mail server rejected the email\./;
  const staffPages = () =>
    routesOf(test.portal.mounts)
      .filter(({ method, access, path }) => method === 'get' && access === 'staff' && !/:(?!tenantId)/.test(path))
      .map(({ path }) => path.replace(':tenantId', north));

  it('every page of staff warns, with the reason, and ends the warning when email goes out again', async () => {
    test.mail.setFault(refusesAll);
    await invite('stalled@north.example');
    await goesOn(0);
    test.clock.advance(15 * MINUTE_MS - 10_000);
    expect(await show(operator, '/staff/tenants')).not.toMatch(warning);
    test.clock.advance(20_000);
    const pages = staffPages();
    expect(pages.length).toBeGreaterThan(5);
    const administrator = await test.staff('administrator');
    const statuses: number[] = [];
    for (const path of pages) {
      const { status, text } = await administrator.get(path);
      statuses.push(status);
      // Some pages ask for a code first.
      expect({ path, warns: status === 200 ? warning.test(textOf(text)) : status }).toEqual({
        path,
        warns: status === 200 ? true : 303,
      });
    }
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
    expect(await show(alice, people())).not.toMatch(warning);

    test.mail.setFault(null);
    await goesOn(30 * MINUTE_MS - 20 * MINUTE_MS);
    expect(await show(operator, '/staff/tenants')).not.toMatch(warning);
  });

  it('pages that must not tell who has an account say so to everyone', async () => {
    test.mail.setFault(refusesAll);
    await invite('stalled.too@north.example');
    await goesOn(0);
    const visitor = test.visitor();
    const pages = ['/password-reset/asked', '/invitations/renewed'];
    for (const path of pages) expect(await show(visitor, path)).not.toContain(t.mailStates.stalledForAll);
    test.clock.advance(16 * MINUTE_MS);
    for (const path of pages) expect(await show(visitor, path)).toContain(t.mailStates.stalledForAll);
  });

  it('a request for a new password, which is not an email, does not hide it', async () => {
    test.mail.setFault(refusesAll);
    await invite('stalled.again@north.example');
    await goesOn(0);
    test.clock.advance(16 * MINUTE_MS);
    await test.portal.services.passwordResets.ask('nobody@north.example', {});
    await waitFor('the request to be handled', 20_000, () => {
      test.portal.look();
      return test.db('outbox').where({ kind: 'password_reset_asked', outcome: 'delivered' }).first<object>('id');
    });
    expect(await show(operator, '/staff/tenants')).toMatch(warning);
  });
});

it('every class of error has a sentence in both languages', () => {
  expect(Object.keys(textsIn('es').mailStates.errors)).toEqual(Object.keys(t.mailStates.errors));
});
