// Also on PostgreSQL: two answers at the same time.
import { confirmedAccounts } from '../../../src/connections/proof/confirmed-account-store.js';
import { clinicNames } from '../../../src/emulator/seed.js';
import { transactionOn } from '../../../src/platform/database/database.js';
import { textsIn } from '../../../src/texts/texts.js';
import { aVisit, pasteAt } from '../../hand-offs/support.js';
import { addClinic } from '../../support/clinics.js';
import { eventually } from '../../support/eventually.js';
import type { TestPortal } from '../../support/portal.js';
import { signInFor, startWithSignIn } from '../../support/sign-ins.js';
import { dataOf, type Answer, type Visitor } from '../../support/visits/visitor.js';
import { askAt, authenticate, jobKey } from '../../tokens/jobs.js';

const HOUR_MS = 3_600_000;
const texts = textsIn('en').connections.confirm;
const line = 'Front Desk Fax';

let test: TestPortal;
let clinics = 0;
beforeAll(async () => {
  test = await startWithSignIn({ asksToConfirm: true, authenticate });
});
afterAll(() => test.close());

type Clinic = Awaited<ReturnType<typeof aClinic>>;

/** A clinic at RingCentral, and one of ours that has not pasted yet. */
async function aClinic() {
  const tenantId = await test.addTenant(`Clinic ${(clinics += 1)}`);
  return { ...addClinic(test.emulator, [line]), tenantId, alice: await test.member(tenantId) };
}

const jwtOf = ({ serviceUserId: extensionId }: { serviceUserId: string }) =>
  test.emulator.createJwt({ extensionId, clientIds: [test.example.app.clientId] }).jwt;

async function paste({ tenantId, alice }: Clinic, assertion: string): Promise<void> {
  await alice.get(`/tenants/${tenantId}/credentials/new`);
  expect((await alice.post(`/tenants/${tenantId}/credentials`, { assertion })).status).toBe(303);
}

async function aWaitingClinic(): Promise<Clinic> {
  const clinic = await aClinic();
  await paste(clinic, jwtOf(clinic));
  expect(await shown(clinic)).toMatchObject({ state: 'pending', cause: 'not_confirmed', 'fix-owner': 'tenant' });
  return clinic;
}

const pageOf = ({ tenantId }: Clinic) => `/tenants/${tenantId}/connection`;
const shown = async (clinic: Clinic, visitor = clinic.alice) => dataOf((await visitor.get(pageOf(clinic))).text);
/** What the form on the page names, and all fax lines of which it knows. */
async function formOf(clinic: Clinic, visitor = clinic.alice, page = pageOf(clinic)) {
  const { text } = await visitor.get(page);
  const field = (name: string) =>
    new RegExp(`name="${name}"(?: type="checkbox")? value="([^"]+)"`).exec(text)?.[1] ?? '';
  return {
    credential_id: field('credential_id'),
    account_id: field('account_id'),
    extension_id: field('extension_id'),
  };
}
const confirm = async (clinic: Clinic, visitor = clinic.alice) =>
  visitor.post(`${pageOf(clinic)}/confirmation`, await formOf(clinic, visitor));
const refuse = async (clinic: Clinic, visitor = clinic.alice) => {
  const { extension_id: _, ...seen } = await formOf(clinic, visitor);
  return visitor.post(`${pageOf(clinic)}/refusal`, seen);
};
const ask = async ({ tenantId }: Clinic) => {
  const { status, body } = await askAt(test.url, tenantId);
  return status === 200 ? { status } : { status, cause: body.cause };
};
const waits = { status: 409, cause: 'not_confirmed' };
const actsOf = async ({ tenantId }: Clinic) => {
  const acts = ['account.confirmed', 'account.disowned'];
  const rows = await test.db('audit_events').where({ tenant_id: tenantId }).whereIn('action', acts).orderBy('seq');
  return (rows as { action: string; target: string }[]).map(({ action, target }) => [action, target]);
};
const credentialsOf = ({ tenantId }: Clinic) =>
  test.db('credentials').where({ tenant_id: tenantId }).orderBy('submitted_at').select('status', 'destroyed_because');

describe('until a person confirms the company', () => {
  it('no job gets a token by the broker, nor from what a check has minted, and preflight says no', async () => {
    const clinic = await aWaitingClinic();
    expect(await test.db('access_tokens').where({ tenant_id: clinic.tenantId })).not.toEqual([]);
    expect(await ask(clinic)).toEqual(waits);
    const by = new Date(test.clock().getTime() + HOUR_MS).toISOString();
    const preflight = await test.visitor().call('get', `/api/v1/preflight?by=${by}`, { key: jobKey });
    expect(preflight.body).toMatchObject({
      no_go: expect.arrayContaining([
        expect.objectContaining({ tenant: clinic.tenantId, cause: 'not_confirmed', fix_owner: 'tenant' }),
      ]) as unknown,
    });
    test.clock.advance(13 * HOUR_MS);
    test.portal.look();
    await eventually('the next check', async () => {
      const checks = await test.db('checks').where({ tenant_id: clinic.tenantId, cause: 'not_confirmed' });
      return checks.length === 2;
    });
    expect(await ask(clinic)).toEqual(waits);
    expect(await test.db('fax_lines').where({ tenant_id: clinic.tenantId })).toEqual([]);
  });

  it('a sign-in gives no token either, and refusing it revokes its session', async () => {
    const { tenantId } = await aClinic();
    const alice = await test.member(tenantId);
    await signInFor(test, tenantId, 'summit');
    const clinic = { tenantId, alice, accountId: '', serviceUserId: '' };
    expect(await shown(clinic)).toMatchObject({ state: 'pending', cause: 'not_confirmed' });
    expect(await ask(clinic)).toEqual(waits);
    expect((await refuse(clinic)).status).toBe(303);
    const { id } = test.example.clinics.summit.serviceUser;
    await test.portal.clean();
    await eventually('its session is revoked', () => Promise.resolve(test.emulator.sessionsOf(id).living === 0));
    expect(test.emulator.sessionsOf(id)).toMatchObject({ revoked: 1, living: 0 });
    expect(await credentialsOf(clinic)).toEqual([{ status: 'destroyed', destroyed_because: 'not_ours' }]);
    expect(await ask(clinic)).toEqual({ status: 409, cause: 'not_connected' });
  });

  it('the page names the company, its lines and whom the JWT acts as, and a member answers; a viewer cannot', async () => {
    const { tenantId, alice } = await aClinic();
    const clinic = { ...test.example.clinics.riverside, tenantId, alice, accountId: '', serviceUserId: '' };
    await paste(clinic, test.assertion('riverside').jwt);
    const { text } = await alice.get(pageOf(clinic));
    for (const told of [clinicNames.riverside, texts.yes, texts.no, texts.userText[0]]) expect(text).toContain(told);
    const viewer = await test.member(tenantId, 'Vera Lind', 'viewer');
    const seen = (await viewer.get(pageOf(clinic))).text;
    expect(seen).toContain(clinicNames.riverside);
    expect(seen).toContain(texts.viewer);
    expect(seen).not.toContain(texts.yes);
    const form = await formOf(clinic);
    for (const path of ['confirmation', 'refusal'])
      expect((await viewer.post(`${pageOf(clinic)}/${path}`, form)).status).toBe(403);
    const member = await test.member(tenantId, 'Mia Berg', 'member');
    const answered = await confirm(clinic, member);
    expect(answered.headers.location).toBe(`${pageOf(clinic)}?notice=confirmed`);
    expect((await member.follow(answered)).text).toContain(texts.done.title);
    expect(await ask(clinic)).toEqual({ status: 200 });
  });

  it('a colleague with a link sees no name, and a member is mailed at once', async () => {
    const clinic = await aClinic();
    const { visitor, base } = await aVisit(test, clinic.alice, clinic.tenantId);
    await pasteAt(visitor, base, test.assertion('harbor').jwt);
    const { text } = await visitor.get(`${base}/result`);
    expect(text).toContain('Your colleague confirms the company');
    for (const name of [clinicNames.harbor, test.example.clinics.harbor.account.id, texts.yes])
      expect(text).not.toContain(name);
    for (const path of ['confirmation', 'refusal'])
      expect((await visitor.post(`${base}/${path}`, { credential_id: 'x', account_id: 'y' })).status).toBe(404);
    expect(await shown(clinic)).toMatchObject({ cause: 'not_confirmed' });
    await test.mail.waitFor(
      ({ to, subject }) => to.includes(clinic.alice.email) && subject.includes('is this the company'),
    );
  });

  it('one mail is sent after an hour, once, and none if it was answered by then', async () => {
    const [asked, answered] = [await aWaitingClinic(), await aWaitingClinic()];
    const mailsTo = ({ alice }: Clinic) =>
      test.mail
        .messages()
        .filter(({ to, subject }) => to.includes(alice.email) && subject.includes('is this the company'));
    test.clock.advance(HOUR_MS - 60_000);
    test.portal.look();
    const later = await test.member(answered.tenantId, 'Mia Berg'); // Alice's session has ended
    expect((await confirm(answered, later)).headers.location).toContain('?notice=confirmed');
    expect(mailsTo(asked)).toEqual([]);
    test.clock.advance(60_000);
    test.portal.look();
    await eventually('the mail', () => Promise.resolve(mailsTo(asked).length > 0));
    test.clock.advance(13 * HOUR_MS);
    test.portal.look();
    await eventually('another check', async () => {
      return (await test.db('checks').where({ tenant_id: asked.tenantId })).length === 2;
    });
    const ids = [asked.tenantId, answered.tenantId];
    await eventually('nothing is left to send', async () => {
      return (await test.db('outbox').whereNull('finished_at').whereIn('tenant_id', ids)).length === 0;
    });
    expect([mailsTo(asked).length, mailsTo(answered).length]).toEqual([1, 0]);
  });
});

describe('an answer', () => {
  it('that it is theirs connects at once, selects the chosen lines, and is in the audit trail', async () => {
    const clinic = await aWaitingClinic();
    await confirm(clinic);
    expect(await shown(clinic)).toMatchObject({ state: 'healthy', cause: '' });
    expect(await actsOf(clinic)).toEqual([['account.confirmed', clinic.accountId]]);
    const { body } = await askAt(test.url, clinic.tenantId);
    expect(body.fax_extensions).toHaveLength(1);
  });

  it('that it is not theirs destroys the JWT and what was found, and is in the audit trail', async () => {
    const clinic = await aWaitingClinic();
    await refuse(clinic);
    expect(await credentialsOf(clinic)).toEqual([{ status: 'destroyed', destroyed_because: 'not_ours' }]);
    for (const table of ['sealed_secrets', 'unconfirmed_accounts', 'confirmed_accounts', 'fax_lines'])
      expect(await test.db(table).where({ tenant_id: clinic.tenantId })).toEqual([]);
    expect(await actsOf(clinic)).toEqual([['account.disowned', clinic.accountId]]);
    expect(await shown(clinic)).toMatchObject({ state: 'not_connected' });
    await test.portal.clean();
    await eventually('the session of its check is revoked', () => {
      return Promise.resolve(test.emulator.sessionsOf(clinic.serviceUserId).living === 0);
    });
    expect(await ask(clinic)).toEqual({ status: 409, cause: 'not_connected' });
  });

  it('counts once: a second click changes nothing, and the other answer comes too late', async () => {
    const clinic = await aWaitingClinic();
    const form = await formOf(clinic);
    const { extension_id: _, ...seen } = form;
    const post = (path: string, fields: object) => clinic.alice.post(`${pageOf(clinic)}/${path}`, { ...fields });
    expect((await post('confirmation', form)).status).toBe(303);
    expect((await post('confirmation', form)).status).toBe(303);
    expect((await post('refusal', seen)).status).toBe(409);
    expect(await actsOf(clinic)).toHaveLength(1);
    const other = await aWaitingClinic();
    const [both, tab] = [await formOf(other), other.alice.twin()];
    const answers = await Promise.all([
      other.alice.post(`${pageOf(other)}/confirmation`, both),
      tab.post(`${pageOf(other)}/refusal`, { credential_id: both.credential_id, account_id: both.account_id }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await actsOf(other)).toHaveLength(1);
    const [first] = await actsOf(other);
    const [credential] = (await credentialsOf(other)) as { status: string }[];
    expect(credential?.status).toBe(first?.[0] === 'account.confirmed' ? 'active' : 'destroyed');
  });

  it('SEC-18: applies only to what its form names: another paste, account, line or clinic is refused', async () => {
    const [clinic, other] = [await aWaitingClinic(), await aWaitingClinic()];
    const form = await formOf(clinic);
    const theirs = await formOf(other);
    const post = (fields: object, visitor = clinic.alice, to = clinic): Promise<Answer> =>
      visitor.post(`${pageOf(to)}/confirmation`, { ...fields });
    expect((await post({ ...form, extension_id: theirs.extension_id })).status).toBe(400);
    expect((await post({ ...form, account_id: theirs.account_id })).status).toBe(409);
    expect((await post({ ...form, credential_id: theirs.credential_id })).status).toBe(409);
    const foreign = await post(theirs, clinic.alice, other);
    const absent = await post(theirs, clinic.alice, { ...other, tenantId: '00000000-0000-4000-8000-000000000000' });
    const plain = ({ text }: Answer) => text.replaceAll(/[\w-]{20,}/g, '');
    expect([foreign.status, plain(foreign)]).toEqual([404, plain(absent)]);
    const { csrf } = clinic.alice;
    expect((await clinic.alice.postRaw(`${pageOf(clinic)}/confirmation`, { ...form })).status).toBe(403);
    clinic.alice.csrf = csrf;
    await paste(clinic, jwtOf(clinic));
    expect((await post(form)).status).toBe(409);
    expect([await ask(clinic), await ask(other)]).toEqual([waits, waits]);
  });

  it('of staff counts as well, and an auditor cannot give it', async () => {
    const [clinic, second] = [await aWaitingClinic(), await aWaitingClinic()];
    const answer = async (staff: Visitor, { tenantId }: Clinic, path: string) => {
      const url = `/staff/tenants/${tenantId}`;
      const { extension_id: line, ...seen } = await formOf(clinic, staff, url);
      return staff.post(`${url}/${path}`, path === 'refusal' ? seen : { ...seen, extension_id: line });
    };
    const auditor = await test.staff('auditor');
    const form = await formOf(clinic);
    await auditor.get(`/staff/tenants/${clinic.tenantId}`);
    for (const path of ['confirmation', 'refusal'])
      expect((await auditor.post(`/staff/tenants/${clinic.tenantId}/${path}`, form)).status).toBe(403);
    const operator = await test.staff('operator');
    expect((await answer(operator, clinic, 'confirmation')).status).toBe(303);
    expect((await answer(operator, second, 'refusal')).status).toBe(303);
    expect(await ask(clinic)).toEqual({ status: 200 });
    expect(await credentialsOf(second)).toEqual([{ status: 'destroyed', destroyed_because: 'not_ours' }]);
  });
});

describe('a replacement', () => {
  it('in the confirmed account needs no answer', async () => {
    const clinic = await aWaitingClinic();
    await confirm(clinic);
    await paste(clinic, jwtOf(clinic));
    expect(await shown(clinic)).toMatchObject({ state: 'healthy' });
    expect(await actsOf(clinic)).toHaveLength(1);
    expect((await credentialsOf(clinic)).map(({ status }: { status: string }) => status)).toEqual([
      'retired',
      'active',
    ]);
  });

  it('keeps the account confirmed after the clinic has disconnected', async () => {
    const clinic = await aWaitingClinic();
    await confirm(clinic);
    const path = `/tenants/${clinic.tenantId}/disconnection`;
    await clinic.alice.get(path);
    expect((await clinic.alice.post(path)).status).toBe(303);
    await paste(clinic, jwtOf(clinic));
    expect(await shown(clinic)).toMatchObject({ state: 'healthy' });
    await transactionOn(test.db)(async (trx) => {
      expect(await confirmedAccounts(trx).forTenant(clinic.tenantId).has(clinic.accountId)).toBe(true);
    });
  });
});
