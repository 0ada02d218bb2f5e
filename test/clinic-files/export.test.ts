import { surveyFile } from '../../src/clinic-files/csv/check-file.js';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';

let test: TestPortal;
let administrator: Visitor;
let owner: Visitor;
beforeAll(async () => {
  test = await TestPortal.start();
  administrator = await test.staff('administrator');
  const formula = await test.addTenant('=HYPERLINK("https://x.example")');
  owner = await test.member(formula, 'Olive Owner');
  await test.member(formula, 'Later Owner');
  const invited = await test.addTenant("'s-Hertogenbosch, Süd; 2");
  for (const email of ['first@clinic.example', 'second@clinic.example'])
    await test.portal.services.invitations.invite({ tenantId: invited, email, invitedBy: null });
  const left = await test.addTenant('Left Clinic');
  await test.portal.services.offboarding.offboard(left, { kind: 'command_line' });
});
afterAll(() => test.close());

const withoutTimes = (text: string) => text.replaceAll(/"\d{4}-[^"]*Z"/g, '"T"').split('\r\n');
const exported = () =>
  test.db('audit_events').where({ action: 'tenant.list_exported' }).select('actor_kind', 'outcome');

it('SEC-45: administrators download all clinics that are here, as text that no spreadsheet runs; with a trace', async () => {
  const page = await administrator.get('/staff/clinics-csv');
  expect([page.status, page.text.includes('Download all clinics as CSV')]).toEqual([200, true]);
  const file = await administrator.post('/staff/clinics-csv');
  expect(file.status).toBe(200);
  expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(file.headers['content-disposition']).toMatch(/^attachment; filename=clinics-\d{4}-\d\d-\d\d\.csv$/);
  expect(withoutTimes(file.text.replace(/^\ufeff/, ''))).toEqual([
    '"external_ref","name","admin_email","language","time_zone","environment","state","cause","since"',
    `"ref-'s-hertogenbosch,-süd;-2","'s-Hertogenbosch, Süd; 2","second@clinic.example","en","UTC","production","not_connected","","T"`,
    `"ref-=hyperlink(""https://x.example"")","'=HYPERLINK(""https://x.example"")","${owner.email}","en","UTC","production","not_connected","","T"`,
    '',
  ]);
  expect(await exported()).toEqual([{ actor_kind: 'person', outcome: 'ok' }]);
});

it('no one else may, and nothing is written about a file that no one got', async () => {
  expect((await administrator.get('/staff/tenants')).text).toContain('href="/staff/clinics-csv"');
  const auditor = await test.staff('auditor');
  expect((await auditor.get('/staff/tenants')).text).not.toContain('clinics-csv');
  for (const other of [await test.staff('operator'), auditor, owner, test.visitor()]) {
    expect((await other.get('/staff/clinics-csv')).status).not.toBe(200);
    expect((await other.post('/staff/clinics-csv')).status).not.toBe(200);
  }
  expect(await exported()).toHaveLength(1);
});

it('the command prints the same, and an import of it changes nothing and invites no one again', async () => {
  const printed: string[] = [];
  const terminal = { say: (line: string) => void printed.push(line), fail: () => 1 as const };
  expect(await test.portal.runs.get('tenants list')?.({}, terminal)).toBe(0);
  const text = printed.map((line) => `${line}\n`).join('');
  expect(text.startsWith('\ufeff"external_ref"')).toBe(true);
  const before = await test.db('invitations').select('id');
  const file = async function* () {
    yield await Promise.resolve(Buffer.from(text));
  };
  const { imports } = test.portal.services;
  const facts = await surveyFile(file, { mostBytes: 100_000 });
  const stored = await imports.store(file, facts, { kind: 'command_line' });
  await imports.start(stored, { kind: 'command_line' });
  const settled = async () => {
    test.portal.look();
    const { waiting, invitations } = await imports.counts(stored.id);
    return waiting + invitations.waiting === 0;
  };
  await eventually('nothing is left to do', settled);
  const nothing = { created: 0, changed: 0, unchanged: 2, refused: 0, waiting: 0 };
  expect(await imports.counts(stored.id)).toEqual({
    ...nothing,
    invitations: { waiting: 0, sent: 0, not_needed: 2, refused: 0 },
  });
  expect(await test.db('invitations').select('id')).toEqual(before);
});
