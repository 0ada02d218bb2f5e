// Only on SQLite: what is asked of the database is the order of times. The whole portal, with RingCentral out of reach.
import type { CaughtMail } from '../../../src/demo/smtp-catcher.js';
import { aPassword } from '../../support/people.js';
import type { TestPortal } from '../../support/portal.js';
import { passUntilChecked, signInClientId, signInFor, startWithSignIn } from '../../support/sign-ins.js';
import { dataOf, type Visitor } from '../../support/visits/visitor.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let test: TestPortal;
beforeEach(async () => {
  test = await startWithSignIn();
});
afterEach(() => test.close());

async function aClinic(name: string, clinic: 'riverside' | 'harbor'): Promise<{ tenantId: string; member: Visitor }> {
  const tenantId = await test.addTenant(name);
  const member = await test.member(tenantId);
  await signInFor(test, tenantId, clinic);
  return { tenantId, member };
}
const view = (tenantId: string) => test.portal.services.connections.view(tenantId);
const pass = (milliseconds: number, tenantId: string) => passUntilChecked(test, milliseconds, tenantId);
const outOfReach = () =>
  test.emulator.faults.add({ kind: 'connection_reset', call: 'token', clientId: signInClientId });
const renewalIncidents = () => test.db('incidents').where({ kind: 'renewal' }).pluck('closed_at');
const isMail = (to: Visitor, subject: string) => (mail: CaughtMail) =>
  mail.to === to.email && mail.subject.includes(subject);
/** A mail that is due, without waiting for the next round of the outbox. */
async function mailTo(to: Visitor, subject: string): Promise<CaughtMail> {
  test.portal.look();
  return test.mail.waitFor(isMail(to, subject));
}
const mailsTo = (to: Visitor, subject: string) => test.mail.messages().filter(isMail(to, subject));
const noticesOf = (kind: string) => test.db('notices').where({ kind }).pluck('outcome');
/** The person's session has ended meanwhile. @returns the last page */
async function signsInAndGets(member: Visitor, path: string) {
  const form = await member.follow(await member.get(path));
  const next = /name="next" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  return member.follow(await member.post('/sign-in', { email: member.email, password: aPassword, next }));
}

it('staff are warned once days before sign-ins end, clinics only when signing in again would help, and it ends with the renewal', async () => {
  const staff = await test.staff('administrator');
  const { tenantId, member } = await aClinic('North Clinic', 'riverside');
  await pass(2 * DAY, tenantId);
  expect((await view(tenantId)).renewal).toBeNull();

  outOfReach();
  await pass(3 * DAY + HOUR, tenantId);
  await test.portal.clean();
  expect(await renewalIncidents()).toEqual([]); // this process has only just seen it
  await pass(HOUR + 60_000, tenantId);
  await test.portal.clean();
  await test.portal.clean();
  expect(await renewalIncidents()).toEqual([null]);
  await mailTo(staff, 'RingCentral sign-ins are not renewed');
  const hoursToNoon = ((35 - test.clock().getUTCHours()) % 24) + 1;
  await pass(hoursToNoon * HOUR, tenantId);
  const digest = await mailTo(staff, 'what needs attention today');
  expect(digest.text.replaceAll(/\s+/g, ' ')).toMatch(
    /1 RingCentral sign-in has not been renewed for days. RingCentral ends it on .* unless it is renewed before/,
  );
  const { active, renewal } = await view(tenantId);
  expect(active?.expiresAt).toBeNull();
  expect(renewal?.canSignIn).toBe(false);

  // RingCentral answers others again, and this clinic is not renewed yet.
  await pass(2 * DAY, tenantId);
  expect(await noticesOf('sign_in_ends')).toEqual([]);
  test.emulator.faults.clear();
  await aClinic('South Clinic', 'harbor');
  outOfReach();
  await pass(HOUR + 60_000, tenantId);
  await pass(HOUR + 60_000, tenantId);
  const mail = await mailTo(member, 'sign in to RingCentral again');
  expect(await noticesOf('sign_in_ends')).toHaveLength(1);
  const page = await signsInAndGets(member, `/tenants/${tenantId}/connection`);
  expect(page.text).toContain('We have not been able to renew your sign-in since');
  expect(page.text).toContain('Sign in again to replace it.');
  expect(mail.text).toContain(`/tenants/${tenantId}/guide/sign-in`);

  test.emulator.faults.clear();
  await pass(HOUR + 60_000, tenantId);
  await test.portal.clean();
  expect(await renewalIncidents()).toEqual([expect.any(String)]);
  expect(await view(tenantId)).toMatchObject({ renewal: null, shown: { state: 'healthy' } });
  expect(mailsTo(member, 'RingCentral')).toHaveLength(2); // with the invitation
});

it('after more than 7 days out of reach each clinic is asked once to sign in, by a mail whose link leads to the button, and to why', async () => {
  const { tenantId, member } = await aClinic('North Clinic', 'riverside');
  outOfReach();
  await pass(8 * DAY, tenantId);
  test.emulator.faults.clear();
  await pass(HOUR + 60_000, tenantId);
  expect(await view(tenantId)).toMatchObject({ shown: { state: 'unverified', suspect: { cause: 'sign_in_again' } } });
  expect(await noticesOf('failing')).toEqual([]);
  await pass(2000, tenantId);
  await pass(DAY, tenantId);
  const mail = await mailTo(member, 'RingCentral is not working');
  expect(mailsTo(member, 'RingCentral is not working')).toHaveLength(1);

  const link = /https?:\/\/[^/\s]+(\/tenants\/\S+)/.exec(mail.text)?.[1] ?? '';
  const page = await signsInAndGets(member, link); // one page to sign in to the portal, and the page with the button
  expect(page.text).toContain('The connection to RingCentral is not working');
  expect(page.text).toContain('RingCentral did not accept the last sign-in, or no longer accepts it.');
  expect(page.text).toContain('The last user was Fax Integration of Riverside Family Clinic.');
  expect(page.text).not.toContain('You have connected RingCentral');
  expect(page.text).toMatch(
    /<form method="post" action="\/tenants\/[^"]+\/guide\/sign-in"[^>]*>[^]*?Sign in to RingCentral/,
  );
  const started = await member.post(link);
  expect(started.headers.location).toMatch(/\/restapi\/oauth\/authorize\?/);
});

it('a sign-in of an app that is configured no more is not sent, and when it has ended the clinic is asked to sign in', async () => {
  const { tenantId, member } = await aClinic('North Clinic', 'riverside');
  await test.db('refresh_tokens').update({ client_id: 'EXAMPLE-former-app' });
  test.emulator.clearLog();
  await pass(5 * DAY + HOUR, tenantId);
  expect(await view(tenantId)).toMatchObject({ renewal: { canSignIn: true }, shown: { suspect: null } });
  await mailTo(member, 'sign in to RingCentral again');
  await pass(2 * DAY, tenantId);
  await pass(2000, tenantId);
  expect(test.emulator.tokenCalls.filter(({ grantType }) => grantType === 'refresh_token')).toEqual([]);
  const page = await signsInAndGets(member, `/tenants/${tenantId}/connection`);
  expect(dataOf(page.text)).toMatchObject({ state: 'failing', cause: 'sign_in_again' });
  await mailTo(member, 'RingCentral is not working');
});

it('a sign-in that its account limits has an end, and a reminder in the words of a sign-in; any other sign-in has none', async () => {
  const { account } = test.example.clinics.harbor;
  const free = await aClinic('North Clinic', 'riverside');
  Object.assign(account, { sessionAbsoluteSeconds: (31 * DAY) / 1000 });
  const limited = await aClinic('South Clinic', 'harbor');
  await pass(DAY + HOUR, limited.tenantId);
  const mail = await mailTo(limited.member, 'the sign-in of South Clinic ends on');
  expect(mail.text).toContain(`/tenants/${limited.tenantId}/guide/sign-in`);
  expect(mail.text).not.toContain('JWT');
  expect(mailsTo(free.member, 'ends on')).toEqual([]);

  expect((await view(free.tenantId)).active?.expiresAt).toBeNull();
  const page = await signsInAndGets(free.member, `/tenants/${free.tenantId}/connection`);
  expect(page.text).toContain('Never, as long as we renew it every day');
  const { text } = await signsInAndGets(limited.member, `/tenants/${limited.tenantId}/connection`);
  expect(dataOf(text)).toMatchObject({ state: 'warning', cause: 'expires_soon' });
  expect(text).toMatch(/The sign-in ends on [^]*Sign in to RingCentral again/);
  expect(text).not.toContain('as long as we renew it every day');
});
