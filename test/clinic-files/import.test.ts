// Also on PostgreSQL: what two workers do with the same line.
import { surveyFile } from '../../src/clinic-files/csv/check-file.js';
import type { ClinicImport } from '../../src/clinic-files/import-types.js';
import { TestPortal } from '../support/portal.js';
import { eventually } from '../support/eventually.js';

let test: TestPortal;
beforeAll(async () => {
  test = await TestPortal.start({ env: { IMPORT_INVITATIONS_PER_MINUTE: '2' } });
});
afterAll(() => test.close());

const operator = { kind: 'command_line' } as const;
const bytesOf = (text: string) =>
  async function* () {
    yield await Promise.resolve(Buffer.from(text));
  };
const fileOf = (rows: string[]) =>
  bytesOf(['external_ref,name,admin_email,language,time_zone,environment', ...rows].join('\n'));
const imports = () => test.portal.services.imports;

async function stored(file: ReturnType<typeof bytesOf>): Promise<ClinicImport> {
  return imports().store(file, await surveyFile(file, { mostBytes: 1_000_000 }), operator);
}
async function imported(rows: string[]): Promise<ClinicImport> {
  const file = await stored(fileOf(rows));
  expect(await imports().start(file, operator)).toBe(true);
  return ended(file);
}
async function ended({ id }: ClinicImport): Promise<ClinicImport> {
  let found: ClinicImport | undefined;
  await eventually('the import is finished', async () => {
    found = await imports().find(id);
    return found?.state === 'finished';
  });
  if (!found) throw new Error('the import is gone');
  return found;
}
type Act = { action: string; detail: string };
const acts = (tenantId: string): Promise<Act[]> =>
  test.db('audit_events').where({ tenant_id: tenantId }).orderBy('seq').select<Act[]>('action', 'detail');
const tenant = async (ref: string) => {
  const found = await test.portal.services.tenants.findByRef(ref);
  if (!found) throw new Error(`no clinic ${ref}`);
  return found;
};
const invitationsOf = async (tenantId: string) =>
  ((await test.portal.services.invitations.ofTenant(tenantId)) as { email: string }[]).map(({ email }) => email);

it('adds clinics with the defaults, updates those with the same reference, and says what it did', async () => {
  const before = await test.portal.services.tenants.create(
    { name: 'Old Name', externalRef: 'up-1', language: 'es', timeZone: 'America/Denver' },
    operator,
  );
  const file = await imported([
    'new-1,New Clinic,,,,',
    'new-2,Clínica Dos,,es,Europe/Madrid,production',
    'up-1,New Name,,,,',
  ]);
  expect(await tenant('new-1')).toMatchObject({
    name: 'New Clinic',
    language: 'en',
    timeZone: 'UTC',
    environment: 'production',
  });
  expect(await tenant('new-2')).toMatchObject({ name: 'Clínica Dos', language: 'es', timeZone: 'Europe/Madrid' });
  // An empty cell says nothing.
  expect(await tenant('up-1')).toMatchObject({ name: 'New Name', language: 'es', timeZone: 'America/Denver' });
  expect(await imports().counts(file.id)).toMatchObject({
    created: 2,
    changed: 1,
    unchanged: 0,
    refused: 0,
    waiting: 0,
  });
  if (!before.ok) throw new Error();
  expect((await acts(before.tenant.id)).map(({ action, detail }) => [action, detail])).toEqual([
    ['tenant.created', '{}'],
    ['tenant.renamed', '{"name":true,"ref":false}'],
  ]);
});

it('the same file again changes nothing; a stored file that is not over is the same import', async () => {
  const rows = ['again-1,Again,,,,'];
  const first = await imported(rows);
  const file = fileOf(rows);
  const second = await stored(file);
  expect(second.id).not.toBe(first.id);
  expect((await stored(file)).id).toBe(second.id);
  expect(await imports().start(second, operator)).toBe(true);
  expect(await imports().start(second, operator)).toBe(false);
  await ended(second);
  expect(await imports().counts(second.id)).toMatchObject({ created: 0, changed: 0, unchanged: 1 });
  expect((await acts((await tenant('again-1')).id)).map(({ action }) => action)).toEqual(['tenant.created']);
});

it('never changes the environment of a clinic, nor touches one that has left; it gives the reasons and forgets the rest of the line', async () => {
  const { id: left } = await tenant('new-2');
  await test.portal.services.offboarding.offboard(left, operator);
  const file = await imported(['new-1,Renamed,,,,biz', 'new-2,Back Again,,,,', 'ok-1,Fine,,,,']);
  const refused = await imports().refused(file.id, 10);
  expect(refused.map(({ line, problems }) => [line, problems])).toEqual([
    [2, [{ column: 'environment', code: 'unknown' }]],
    [3, [{ column: 'external_ref', code: 'left' }]],
  ]);
  for (const { values } of refused) expect(Object.values(values).join('')).toBe('');
  expect(await tenant('new-1')).toMatchObject({ name: 'New Clinic', environment: 'production' });
  expect(await tenant('ok-1')).toMatchObject({ name: 'Fine' });
});

it('invites once, at the pace, and only where no one is and no invitation to the address is open', async () => {
  const member = await test.addTenant('Has Members');
  await test.member(member);
  const open = await test.addTenant('Has Invitation');
  await test.portal.services.invitations.invite({ tenantId: open, email: 'open@clinic.example', invitedBy: null });
  const file = await imported([
    'p-1,P1,p1@clinic.example,,,',
    'ref-has-members,Has Members,other@clinic.example,,,',
    'ref-has-invitation,Has Invitation,open@clinic.example,,,',
    'p-2,P2,p2@clinic.example,,,',
    'p-3,P3,p3@clinic.example,,,',
  ]);
  const sent = async () => (await imports().counts(file.id)).invitations;
  test.portal.look();
  await eventually('two are sent', async () => (await sent()).sent === 2);
  test.portal.look();
  expect(await sent()).toEqual({ waiting: 1, sent: 2, not_needed: 2, refused: 0 });
  test.clock.advance(61_000);
  test.portal.look();
  await eventually('all are sent', async () => (await sent()).waiting === 0);
  expect(await sent()).toEqual({ waiting: 0, sent: 3, not_needed: 2, refused: 0 });
  const refs = ['p-1', 'p-2', 'p-3', 'ref-has-invitation'];
  const to = await Promise.all(refs.map(async (ref) => invitationsOf((await tenant(ref)).id)));
  expect(to).toEqual([['p1@clinic.example'], ['p2@clinic.example'], ['p3@clinic.example'], ['open@clinic.example']]);
  // What is not needed any more is not kept, and nothing of it is in the log.
  expect(await test.db('clinic_import_lines').where({ import_id: file.id }).distinct('admin_email', 'name')).toEqual([
    { admin_email: '', name: '' },
  ]);
  expect(test.logs.join()).not.toContain('clinic.example');
});

it('a stopped import does nothing more, and what is over is deleted after 30 days, what was not started after a day', async () => {
  const stopped = await stored(fileOf(['stop-1,Stop,stop@clinic.example,,,']));
  expect(await imports().stop(stopped, operator)).toBe(true);
  expect(await imports().start(stopped, operator)).toBe(false);
  // Its lines have no clinic, so that an erasure would not find them.
  const named = { name: '', external_ref: '', admin_email: '' };
  expect(await test.db('clinic_import_lines').where({ import_id: stopped.id })).toMatchObject([named]);
  const waiting = await stored(fileOf(['wait-1,Wait,,,,']));
  test.clock.advance(25 * 3600_000);
  await imports().prune();
  expect([await imports().find(waiting.id), (await imports().find(stopped.id))?.state]).toEqual([undefined, 'stopped']);
  test.clock.advance(30 * 24 * 3600_000);
  await imports().prune();
  expect(await imports().newest()).toEqual([]);
  expect(await test.db('clinic_import_lines').select('id')).toEqual([]);
  expect(await test.portal.services.tenants.findByRef('stop-1')).toBeUndefined();
});
