// Also on PostgreSQL: the mails are written in the transactions of the offboarding and of the receipt.
import { newSigningKey } from '../../src/platform/signed-notes/signing-keys.js';
import type { CaughtMail } from '../../src/demo/smtp-catcher.js';
import { verifyReceipt } from '../disconnection/verify-receipt.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import { aConnectedClinic, type Connected } from '../tokens/connected-clinic.js';

const DAY_MS = 86_400_000;
const operator = { kind: 'command_line' } as const;

let test: TestPortal;
let clinic: Connected;
beforeAll(async () => {
  test = await TestPortal.start({ env: { AUDIT_SIGNING_KEY_FILE: newSigningKey() } });
  await test.portal.begin();
  clinic = await aConnectedClinic(test);
  await test.member(clinic.tenantId, 'Vic Viewer', 'viewer');
  await test.member(clinic.tenantId, 'Fay Former');
  await test.staff('administrator');
  await test.staff('auditor');
  const [former] = await test.db('people').where({ name: 'Fay Former' }).pluck<string[]>('id');
  await test.db('memberships').where({ person_id: former! }).delete();
});
afterAll(() => test.close());

/** Of administrators and operators. */
const staff = (): Promise<string[]> =>
  test
    .db('staff')
    .join('people', 'people.id', 'staff.person_id')
    .whereIn('role', ['administrator', 'operator'])
    .pluck('email');
const offboard = (tenantId: string) => test.portal.services.offboarding.offboard(tenantId, operator);
/** The mails with this in their subject, when there is one to each of these addresses and no other. */
async function mailsTo(addresses: string[], subject: RegExp): Promise<CaughtMail[]> {
  const found = () => test.mail.messages().filter((mail) => subject.test(mail.subject));
  await eventually(`mails ${String(subject)}`, () => {
    test.portal.look();
    return Promise.resolve(found().length >= addresses.length);
  });
  expect(
    found()
      .map(({ to }) => to)
      .toSorted(),
  ).toEqual(addresses.toSorted());
  return found();
}
const day = (at: string) =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(at));

it('the owners at that moment and staff get an email with the facts, although all access and other emails end', async () => {
  test.mail.setFault({ kind: 'refuse', code: 451, at: 'recipient' });
  await test.portal.services.invitations.invite({
    tenantId: clinic.tenantId,
    email: 'waiting@north.example',
    invitedBy: (await test.db('memberships').where({ tenant_id: clinic.tenantId, role: 'owner' }).first('person_id'))!
      .person_id as string,
  });
  await offboard(clinic.tenantId);
  test.mail.setFault(null);
  test.clock.advance(60_000);
  const mails = await mailsTo([clinic.member.email, ...(await staff())], /: the access of Clinic \d+ has ended$/);
  const [row] = (await test.db('offboardings').where({ tenant_id: clinic.tenantId })) as { erase_at: string }[];
  for (const { text, files, html } of mails) {
    for (const said of [
      'no longer fetches its faxes',
      'can undo this until',
      'we erase names, addresses and other personal data',
      'Delete the JWT in RingCentral',
      'We send the receipt of the disconnection in another email.',
    ])
      expect(text).toContain(said);
    expect(files).toEqual([]);
    for (const name of ['Alice Moss', 'Vic Viewer', 'Fay Former', clinic.member.email])
      expect(text + html).not.toContain(name);
  }
  const staffPage = `/staff/offboarded/${clinic.tenantId}`;
  for (const { to, text } of mails) expect(text.includes(staffPage)).toBe(to !== clinic.member.email);
  expect(mails[0]!.text.replace(/\s+/g, ' ')).toContain(`undo this until ${day(row!.erase_at)}`);
  expect(test.mail.messages().filter(({ to }) => to === 'waiting@north.example')).toEqual([]);
});

it('the receipt follows as a file that `latchkey receipt verify` accepts, and rejects when one character is changed', async () => {
  test.clock.advance(7 * DAY_MS + 1000);
  await test.portal.clean();
  const mails = await mailsTo([clinic.member.email, ...(await staff())], /: receipt for Clinic/);
  const [stored] = await test.db('disconnections').where({ tenant_id: clinic.tenantId }).pluck<string[]>('receipt');
  const keys = (await test.visitor().get('/.well-known/latchkey-keys')).text.trim();
  for (const { text, files } of mails) {
    expect(files).toEqual([{ name: 'latchkey-receipt.txt', text: stored }]);
    expect(await verifyReceipt(files[0]!.text, keys)).toMatchObject({ code: 0 });
    expect(await verifyReceipt(files[0]!.text.replace('not_proved', 'not-proved'), keys)).toMatchObject({ code: 1 });
    for (const said of ['confirm that RingCentral rejects it.', '/.well-known/latchkey-keys'])
      expect(text).toContain(said);
  }
});

it('a clinic that was disconnected before gets its receipt with the first email, and an email when it comes back', async () => {
  const other = await aConnectedClinic(test);
  await other.member.get(`/tenants/${other.tenantId}/disconnection`);
  await other.member.post(`/tenants/${other.tenantId}/disconnection`);
  const [{ id } = { id: '' }] = await test.db('disconnections').where({ tenant_id: other.tenantId }).select('id');
  await other.member.post(`/tenants/${other.tenantId}/disconnection/destruction`, { disconnection_id: id });
  await eventually('there is a receipt', async () => {
    test.portal.look();
    return (await test.db('disconnections').where({ id }).whereNotNull('receipt')).length === 1;
  });
  await offboard(other.tenantId);
  const owner = other.member;
  const mail = await test.mail.waitFor(({ subject, to }) => to === owner.email && /has ended$/.test(subject));
  expect(mail.text).toContain('The receipt of the disconnection is attached.');
  expect(mail.files[0]?.text).toContain('\nresult: destroyed_on_request\n');
  await test.portal.services.offboarding.undo(other.tenantId, operator);
  const back = await test.mail.waitFor(({ subject, to }) => to === owner.email && /has its access again/.test(subject));
  expect(back.text).toContain(`/tenants/${other.tenantId}/connection`);
});

it('SEC-59: addresses leave the outbox when a mail is sent, and with the erasure if it never could be', async () => {
  const third = await aConnectedClinic(test);
  test.mail.setFault({ kind: 'refuse', code: 451, at: 'recipient' });
  await offboard(third.tenantId);
  const waiting = () => test.db('outbox').where({ tenant_id: third.tenantId }).whereNot({ sealed: '' });
  const readers = 1 + (await staff()).length;
  expect(await waiting()).toHaveLength(readers);
  // Then no mail says any more that it has left.
  await test.portal.services.offboarding.undo(third.tenantId, operator);
  expect(await waiting()).toHaveLength(readers);
  await offboard(third.tenantId);
  expect(await test.db('outbox').where({ tenant_id: clinic.tenantId }).whereNot({ sealed: '' })).toEqual([]);
  test.clock.advance(30 * DAY_MS + 1000);
  await test.portal.clean();
  expect(await test.db('outbox').where({ tenant_id: third.tenantId })).toEqual([]);
  test.mail.setFault(null);
});
