// Only on SQLite: the statements of an import have tests on PostgreSQL.
import { request } from 'node:http';
import { eventually } from '../support/eventually.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';

let test: TestPortal;
let administrator: Visitor;
let operator: Visitor;
beforeAll(async () => {
  test = await TestPortal.start({ env: { IMPORT_INVITATIONS_PER_MINUTE: '2' } });
  administrator = await test.staff('administrator');
  operator = await test.staff('operator');
});
afterAll(() => test.close());

const path = '/staff/clinics-import';
type Seen = { status: number; text: string; location: string };
const cookieOf = (who: Visitor) => [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
const heading = 'external_ref,name,admin_email,language,time_zone,environment';
const csv = (...rows: string[]) => [heading, ...rows, ''].join('\r\n');

/** Sends what a browser would send for this form. */
async function sent(who: Visitor, form: FormData, at = path): Promise<Seen> {
  const headers = { cookie: cookieOf(who) };
  // A file that is waited for in vain fails the test, not the time limit of the test.
  const signal = AbortSignal.timeout(5000);
  const answer = await fetch(test.url + at, { method: 'POST', body: form, headers, redirect: 'manual', signal });
  return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') ?? '' };
}
async function upload(who: Visitor, file: string | Uint8Array<ArrayBuffer>): Promise<Seen> {
  await who.get(path);
  const form = new FormData();
  form.append('_csrf', who.csrf);
  form.append('file', new Blob([file]), 'clinics.csv');
  return sent(who, form);
}
const plain = (html: string) =>
  html
    .slice(html.indexOf('<main'), html.indexOf('</main>'))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
const summaryOf = (html: string) => /class="govuk-error-summary[^]*?<a href="#file">([^<]*)</.exec(html)?.[1];
const imports = () => test.db('clinic_imports').select('id');
const actsOf = async (id: string) => {
  const rows = await test
    .db('audit_events')
    .where({ target: id })
    .orderBy('seq')
    .select<{ action: string }[]>('action');
  return rows.map(({ action }) => action);
};

it('a file is checked, its plan is shown, nothing changes until it is confirmed, and then each clinic is there once', async () => {
  await test.addTenant('Old Name');
  await test.addTenant('Same');
  const before = await test.db('tenants').count<{ n: number }[]>({ n: '*' });
  expect((await administrator.get('/staff/tenants')).text).toContain(`href="${path}"`);
  const answer = await upload(
    administrator,
    `\ufeff${csv(
      'new-1,Clínica Ñandú,ana@clinic.example,es,America/Denver,production',
      "new-2,'=cmd|' /C calc'!A0,bob@clinic.example,,,",
      'ref-old-name,New Name,,,,',
      'ref-same,Same,,,,',
      'twice,One,,,,',
      'twice,Two,,,,',
      'bad,Bad,not an address,,Mars/Base,',
      'ref-same-2,,,,,',
    )}`,
  );
  expect(answer.status).toBe(303);
  const page = await administrator.get(answer.location);
  const shown = plain(page.text);
  for (const part of [
    'Clinics to add 2',
    'Clinics to update 1',
    'Clinics that stay as they are 1',
    'Rows left out 4',
    'Addresses to invite 2',
    'Clínica Ñandú new-1 RingCentral and nearly all brands',
    'Line 6 external_ref: Another row has the same reference',
    'Line 7 external_ref: Line 6 has the same reference',
    'Line 8 admin_email: This is not an email address that we can send to. time_zone: This is not a time zone',
    'Line 9 name: This cell is empty',
    'Import 4 clinics',
  ])
    expect(shown).toContain(part);
  expect(await test.db('tenants').count<{ n: number }[]>({ n: '*' })).toEqual(before);
  expect(page.text).not.toContain('data-refresh-seconds');
  expect(page.text).not.toContain('<details'); // nothing to fold
  expect(page.text).toMatch(/href="\/staff\/tenants" aria-current="page"/);

  const id = answer.location.split('/').at(-1) ?? '';
  const confirmed = await administrator.post(`${answer.location}/start`);
  expect([confirmed.status, confirmed.headers.location]).toEqual([303, `${answer.location}?notice=started`]);
  await eventually('it is finished', async () => {
    const now = (await administrator.get(answer.location)).text;
    return now.includes('data-state="finished"');
  });
  // The page refreshed itself at the address of the start.
  const finished = plain((await administrator.get(`${answer.location}?notice=started`)).text);
  expect(finished).not.toContain('has started');
  for (const part of ['Clinics added 2', 'Clinics updated 1', 'Clinics that stayed as they were 1', 'Rows left out 4'])
    expect(finished).toContain(part);
  const names = await test.db('tenants').whereIn('external_ref', ['new-1', 'new-2', 'ref-old-name']).orderBy('name');
  expect(names.map(({ name }: { name: string }) => name)).toEqual(["=cmd|' /C calc'!A0", 'Clínica Ñandú', 'New Name']);
  // A second click starts nothing.
  expect((await administrator.post(`${answer.location}/start`)).headers.location).toBe(answer.location);
  expect(await actsOf(id)).toEqual(['import.checked', 'import.started', 'import.finished']);
  expect(test.logs.join()).not.toContain('clinic.example');
});

it('shows ten rows that are left out, one entry for each, folds the others, and says how many more there are', async () => {
  const rows = Array.from({ length: 120 }, (_, at) => `many-${at},,not an address,,Mars/Base,moon`);
  const { location } = await upload(operator, csv(...rows));
  const { text } = await operator.get(location);
  const [open, folded] = text.split('<details');
  const entries = (html = '') => html.match(/<th scope="row"/g)?.length;
  expect([entries(open), entries(folded)]).toEqual([10, 90]);
  expect(plain(text)).toContain('Show 90 more rows');
  expect(plain(text)).toContain('20 more rows are left out.');
});

it('says how far an import is, refreshes itself, and can be stopped; what was not confirmed can be canceled', async () => {
  const { location } = await upload(operator, csv('run-1,Run,,,,', 'run-2,Run Two,,,,'));
  const id = location.split('/').at(-1) ?? '';
  const other = {
    claimed_by: 'another worker',
    lease_until: new Date(test.clock().getTime() + 3600_000).toISOString(),
  };
  await test.db('clinic_imports').where({ id }).update(other);
  await operator.post(`${location}/start`);
  await test.db('clinic_import_lines').where({ import_id: id, line: 2 }).update({ state: 'created' });
  const page = await operator.get(`${location}?notice=started`);
  expect(plain(page.text)).toContain('1 of 2');
  expect(plain(page.text)).toContain('The import has started.');
  expect(page.text).toContain('<progress id="progress" class="progress-bar" max="2" value="1">');
  expect(page.text).toMatch(/data-state="running"[^>]* data-refresh-seconds="3"/);
  expect(page.text).toContain('<noscript><meta http-equiv="refresh" content="3"></noscript>');
  await operator.post(`${location}/stop`);
  expect(plain((await operator.get(location)).text)).toContain('Rows not imported 1');
  const next = await upload(operator, csv('cancel-1,Cancel,,,,'));
  await operator.post(`${next.location}/stop`);
  expect((await operator.get(next.location)).text).toContain('data-state="stopped"');
  expect(await test.portal.services.tenants.findByRef('cancel-1')).toBeUndefined();
});

it('SEC-45: who may add clinics may import; only an administrator may change clinics with a file; no one else sees it', async () => {
  await test.addTenant('Kept Name');
  const { location } = await upload(operator, csv('ref-kept-name,Another Name,,,,'));
  const page = await operator.get(location);
  expect(plain(page.text)).toContain('Only an administrator can confirm it.');
  expect(page.text).not.toContain('/start"');
  expect((await operator.post(`${location}/start`)).status).toBe(403);
  expect((await administrator.get(location)).text).toContain('/start"');
  const auditor = await test.staff('auditor');
  expect((await auditor.get('/staff/tenants')).text).not.toContain(path);
  const count = (await imports()).length;
  for (const other of [auditor, await test.member(await test.addTenant('Members')), test.visitor()]) {
    await other.get('/account');
    const form = new FormData();
    form.append('_csrf', other.csrf);
    form.append('file', new Blob([csv('x,X,,,,')]), 'x.csv');
    expect((await sent(other, form)).status).not.toBe(200);
    expect((await other.get(path)).status).not.toBe(200);
    expect((await other.get(location)).status).not.toBe(200);
  }
  expect(await imports()).toHaveLength(count);
});

it('SEC-22: a file is read only behind the token of its form, which is the first field', async () => {
  await administrator.get(path);
  const file = new Blob([csv('csrf,Csrf,,,,')]);
  const forms: [of: string, fields: [name: string, value: string | Blob][], query: string][] = [
    ['no token', [['file', file]], ''],
    [
      'behind the file',
      [
        ['file', file],
        ['_csrf', administrator.csrf],
      ],
      '',
    ],
    ['in the query', [['file', file]], `?_csrf=${administrator.csrf}`],
    [
      'another one',
      [
        ['_csrf', 'a'.repeat(43)],
        ['file', file],
      ],
      '',
    ],
    [
      'under another name',
      [
        ['token', administrator.csrf],
        ['file', file],
      ],
      '',
    ],
    [
      'behind another field',
      [
        ['name', 'x'],
        ['_csrf', administrator.csrf],
        ['file', file],
      ],
      '',
    ],
  ];
  const count = (await imports()).length;
  for (const [of, fields, query] of forms) {
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    expect([of, (await sent(administrator, form, path + query)).status]).toEqual([of, 403]);
  }
  expect(await imports()).toHaveLength(count);
  // No other form accepts a file.
  const form = new FormData();
  form.append('_csrf', administrator.csrf);
  form.append('file', file, 'x.csv');
  expect((await sent(administrator, form, '/staff/tenants')).status).toBe(415);
});

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le') as Uint8Array<ArrayBuffer>;
it.each<[of: string, file: string | Uint8Array<ArrayBuffer>, status: number, says: string | undefined]>([
  ['UTF-16', utf16(csv('u-1,Ünï,,,,')), 303, undefined],
  ['a workbook', 'PK\u0003\u0004…', 422, 'This is a workbook. Save it as CSV in your spreadsheet program first.'],
  ['10,000 columns', `${Array(10_000).fill('a').join()}\n`, 422, 'The file has 10,000 columns. The import reads 6.'],
  ['no such column', 'ref,name\n1,a\n', 422, 'The first row has no column named: external_ref.'],
  ['no clinic', heading, 422, 'The file has a heading and no clinic below it.'],
  ['nothing', '', 422, 'The file is empty. Choose another one.'],
  [
    'Latin-1',
    Buffer.from(`${heading}\nl-1,Cl\u00ednica,,,,\n`, 'latin1'),
    422,
    'Line 2 has characters that are not UTF-8. Save the file as CSV UTF-8.',
  ],
  [
    '20 MB and more',
    Buffer.alloc(20 * 2 ** 20 + 1, 'a'),
    413,
    'The file is larger than 20 MB. Split it into smaller files.',
  ],
])('a file is accepted, or refused with the reason: %s', async (_of, file, status, says) => {
  const answer = await upload(administrator, file);
  expect([answer.status, summaryOf(answer.text)]).toEqual([status, says]);
});

it('a form without a file says that one must be chosen', async () => {
  await administrator.get(path);
  const form = new FormData();
  form.append('_csrf', administrator.csrf);
  expect(summaryOf((await sent(administrator, form)).text)).toBe('Choose a CSV file.');
  form.append('file', new Blob([]), '');
  const answer = await sent(administrator, form);
  expect([answer.status, summaryOf(answer.text)]).toEqual([422, 'Choose a CSV file.']);
  expect(summaryOf((await administrator.post(path)).text)).toBe('Choose a CSV file.');
});

/** Sends the head of a form, and then what `rest` sends. @returns the answer, and whether the connection was closed */
async function raw(headers: Record<string, string>, rest: (write: (text: string | Buffer) => void) => void) {
  await administrator.get(path);
  const head = `--b\r\ncontent-disposition: form-data; name="_csrf"\r\n\r\n${administrator.csrf}\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`;
  return new Promise<{ status: number; text: string } | 'closed'>((resolve) => {
    const sending = request(`${test.url}${path}`, {
      method: 'POST',
      headers: { cookie: cookieOf(administrator), 'content-type': 'multipart/form-data; boundary=b', ...headers },
    });
    sending.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        sending.destroy();
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    sending.on('error', () => resolve('closed'));
    sending.write(head);
    rest((text) => sending.write(text));
    if (!('content-length' in headers)) sending.end();
  });
}

it('a file of 100 MB is refused before it is sent, and one without a length while it is sent', async () => {
  const early = await raw({ 'content-length': String(100 * 2 ** 20) }, () => undefined);
  expect(early).toMatchObject({ status: 413, text: expect.stringContaining('larger than 20 MB') as string });
  const late = await raw({ 'transfer-encoding': 'chunked' }, (write) => {
    for (let n = 0; n < 25; n += 1) write(Buffer.alloc(2 ** 20, 'a'));
  });
  expect(late).toMatchObject({ status: 413, text: expect.stringContaining('larger than 20 MB') as string });
});

it('a form that is cut off or broken is a bad request, and nothing of it is stored', async () => {
  const count = (await imports()).length;
  const broken = await raw({ 'transfer-encoding': 'chunked' }, (write) => write(csv('cut-1,Cut,,,,')));
  expect(broken).toMatchObject({ status: 400 });
  const noBoundary = await raw({ 'content-type': 'multipart/form-data' }, () => undefined);
  expect(noBoundary).toMatchObject({ status: 400 });
  expect(await imports()).toHaveLength(count);
});
