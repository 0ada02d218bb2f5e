// Only on SQLite: the statements are those of pastes, checks and death checks, which have their tests on both.
import { nextHealth, serves, shownHealth } from '../../src/connections/health/health.js';
import { connectionPage } from '../../src/connections/pages/connection-page.js';
import { keepsPaste } from '../../src/connections/health/causes.js';
import { causeTable } from '../connections/cause-table.js';
import { aPast, facts, samples } from '../connections/sample-connections.js';
import { addClinic } from '../support/clinics.js';
import { eventually } from '../support/eventually.js';
import { signInFor, startWithSignIn } from '../support/sign-ins.js';
import type { TestPortal } from '../support/portal.js';
import { aConnectedClinic, stateOf, type Connected } from '../tokens/connected-clinic.js';

let test: TestPortal;
beforeAll(async () => {
  test = await startWithSignIn();
});
afterAll(() => test.close());

const aJwt = (clinic: Connected, clientIds = [test.example.app.clientId]) =>
  test.emulator.createJwt({ extensionId: clinic.serviceUserId, clientIds });
const pathOf = ({ tenantId }: Connected) => `/tenants/${tenantId}/replacement`;
const statuses = async ({ tenantId }: Connected): Promise<string[]> =>
  (await test
    .db('credentials')
    .where({ tenant_id: tenantId })
    .orderBy(['submitted_at', 'id'])
    .pluck('status')) as string[];
async function replace(clinic: Connected, assertion: string) {
  await clinic.member.get(pathOf(clinic));
  return clinic.member.post(pathOf(clinic), { assertion });
}
const pageOf = async ({ tenantId, member }: Connected) => (await member.get(`/tenants/${tenantId}/connection`)).text;

it('the page says what works now and that it goes on, and has one paste box and one sign-in', async () => {
  const clinic = await aConnectedClinic(test);
  const { text, status } = await clinic.member.get(pathOf(clinic));
  expect(status).toBe(200);
  for (const said of ['What works now', 'JWT, pasted by Alice Moss', 'Front Desk Fax', 'nothing changes'])
    expect(text).toContain(said);
  expect(text.match(/<textarea/g)).toHaveLength(1);
  expect(text).toContain(`action="/tenants/${clinic.tenantId}/guide/sign-in"`);
  await test.db('tenants').where({ id: clinic.tenantId }).update({ offered_methods: 'authorization_code' });
  const onlySignIn = (await clinic.member.get(pathOf(clinic))).text;
  expect(onlySignIn).not.toContain('<textarea');
  expect(onlySignIn).toContain('Sign in to RingCentral again');
});

it('a clinic that is not connected is led to the guide', async () => {
  const tenantId = await test.addTenant('New Clinic');
  const member = await test.member(tenantId, 'Nora New');
  const { status, headers } = await member.get(`/tenants/${tenantId}/replacement`);
  expect([status, headers.location]).toEqual([303, `/tenants/${tenantId}/guide`]);
});

it('a wrong paste, and the JWT in use, keep the page with a summary, store nothing and do not change the connection', async () => {
  const clinic = await aConnectedClinic(test);
  const { jwt } = aJwt(clinic);
  await replace(clinic, jwt);
  const before = [await statuses(clinic), (await test.db('sealed_secrets')).length];
  expect(before[0]).toEqual(['retired', 'active']);
  for (const [assertion, said] of [
    ['https://example.com/', 'This is a web address.'],
    [jwt.slice(0, -40), 'The JWT is cut off.'],
    [jwt, 'This JWT has been in use since'],
  ] as const) {
    const { status, text } = await replace(clinic, assertion);
    expect(status).toBe(422);
    expect(text).toContain('govuk-error-summary');
    for (const each of [said, 'We did not store what you pasted or send it anywhere', 'What works now'])
      expect(text).toContain(each);
    expect(text).not.toContain(assertion);
  }
  expect([await statuses(clinic), (await test.db('sealed_secrets')).length]).toEqual(before);
});

it('a replacement that is refused leaves the old JWT serving, and the page says both', async () => {
  const clinic = await aConnectedClinic(test);
  const revoked = aJwt(clinic);
  test.emulator.revokeJwt(revoked.jti);
  for (const [assertion, said] of [
    [revoked.jwt, 'RingCentral did not accept the new JWT'],
    [aJwt(clinic, ['EXAMPLEclientId_000099']).jwt, 'RingCentral has not been told'],
    [test.assertion('harbor').jwt, 'The new JWT'],
  ] as const) {
    expect((await replace(clinic, assertion)).status).toBe(303);
    const text = await pageOf(clinic);
    expect(text).toContain('data-state="healthy"');
    expect(text).toContain(said);
    expect(text).toContain('Your current JWT still works. It stays in use until we have confirmed the new one.');
  }
  expect((await statuses(clinic)).filter((status) => status === 'active')).toHaveLength(1);
  const { withheld } = (await test.portal.services.connections.view(clinic.tenantId)).connection;
  expect(withheld).not.toBeNull(); // the account of the last one waits for staff
});

it('the JWT of another account does not replace: it waits for staff, and jobs go on with the old one', async () => {
  const clinic = await aConnectedClinic(test);
  const other = addClinic(test.emulator, ['Fax of another company']);
  const { jwt } = test.emulator.createJwt({ extensionId: other.serviceUserId, clientIds: [test.example.app.clientId] });
  const before = await test.db('connections').where({ tenant_id: clinic.tenantId }).first('account_id', 'owner_id');
  expect((await replace(clinic, jwt)).status).toBe(303);
  expect(await statuses(clinic)).toEqual(['active', 'pending']);
  expect(await test.db('connections').where({ tenant_id: clinic.tenantId }).first('account_id', 'owner_id')).toEqual(
    before,
  );
  const { connection } = await test.portal.services.connections.view(clinic.tenantId);
  expect([before.account_id, connection.withheld?.accountId]).toEqual([clinic.accountId, other.accountId]);
  // No session of the other account is left to a job.
  const kept = test.db('access_tokens').where({ tenant_id: clinic.tenantId }).whereNotNull('serves_until');
  expect([...new Set(await kept.pluck<string[]>('owner_id'))]).toEqual([clinic.serviceUserId]);
});

it('after a replacement the page asks to delete the old JWT, and says what the death check proved', async () => {
  const clinic = await aConnectedClinic(test);
  expect((await replace(clinic, aJwt(clinic).jwt)).status).toBe(303);
  const after = await pageOf(clinic);
  expect(after).toContain('data-retired="open"');
  const id = /name="credential_id" value="([^"]+)"/.exec(after)?.[1] ?? '';
  const say = () => clinic.member.post(`/tenants/${clinic.tenantId}/connection/deletions`, { credential_id: id });
  expect((await say()).status).toBe(303);
  const alive = await pageOf(clinic);
  expect(alive).toContain('data-retired="works"');
  expect(alive).toContain('data-cause="old_credential_alive"');
  test.emulator.revokeJwt(clinic.jti);
  expect((await say()).status).toBe(303);
  expect(await pageOf(clinic)).toContain('data-retired="refused"');
  test.clock.advance(2000);
  await eventually('it is proved dead', async () => (await pageOf(clinic)).includes('data-retired="dead"'));
  expect(await stateOf(test, clinic.tenantId)).toBe('healthy');
  const activity = (await clinic.member.get(`/tenants/${clinic.tenantId}/activity`)).text;
  for (const said of [
    'JWT reported as deleted',
    'RingCentral still accepts it',
    'RingCentral rejected it',
    'confirmed as deleted',
  ])
    expect(activity).toContain(said);
  expect((await test.db('events').where({ tenant_id: clinic.tenantId }).pluck('type')) as string[]).toContain(
    'connection.replaced',
  );
});

it('a sign-in that replaces a JWT retires it, and the page does not call the newest JWT the one in use', async () => {
  const tenantId = await test.addTenant('Riverside');
  const member = await test.member(tenantId, 'Rita Rivers');
  await member.get(`/tenants/${tenantId}/credentials/new`);
  await member.post(`/tenants/${tenantId}/credentials`, { assertion: test.assertion('riverside').jwt });
  await signInFor(test, tenantId, 'riverside');
  await eventually('it is replaced', async () => {
    const active = await test.db('credentials').where({ tenant_id: tenantId, status: 'active' }).pluck('kind');
    return active[0] === 'authorization_code';
  });
  const text = (await member.get(`/tenants/${tenantId}/connection`)).text;
  expect(text).toContain('data-retired="open"');
  expect(text).not.toContain('Keep the newest one');
});

it.each(causeTable.filter(([, , paste]) => paste !== 'serves').map(([cause]) => cause))(
  'a replacement that is refused for %s: the connection still works, and the page says both',
  (cause) => {
    const { view, checks } = samples.healthy!;
    const at = (second: number) => new Date(facts.clock.now.getTime() - 60_000 + second * 1000).toISOString();
    const submitted = nextHealth(view.connection.health, { kind: 'submitted', keptUntil: at(9) }, at(1));
    const verdict = { kind: 'refused', cause } as const;
    const health = nextHealth(submitted, { kind: 'pending_judged', verdict, kept: keepsPaste(cause) }, at(2));
    expect(serves(health)).toBe(true);
    const shown = shownHealth(health, facts.clock.now, 86_400_000);
    const connection = { ...view.connection, health };
    const page = connectionPage({ ...view, connection, shown }, checks, { past: aPast, names: new Map() }, facts);
    expect(page.badge.state).toBe('healthy');
    expect(page.replacement?.paragraphs.at(-1)).toBe(
      'Your current JWT still works. It stays in use until we have confirmed the new one.',
    );
    expect(page.replacement?.fix?.title).not.toBe('');
  },
);
