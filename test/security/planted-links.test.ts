import { readFileSync } from 'node:fs';
import { makeLink, pasteAt } from '../hand-offs/support.js';
import { aDatabaseUrl, everyRow, isPostgres } from '../support/database/databases.js';
import { TestPortal } from '../support/portal.js';
import { aPassword } from '../support/people.js';
import { findIn } from './support/secret-scan.js';
import type { Answer } from '../support/visits/visitor.js';

/** Of no real person; the numbers are reserved for fiction. */
const patient = { name: 'Zedekiah Planted-Quill', phoneNumber: '+13105550187', location: 'Plantedville, CA' };

/** A life with faxes in RingCentral's mailboxes, a colleague with a link, and a recovery code that is used. */
async function aLife(test: TestPortal) {
  const seen: string[] = [];
  const keep = (response: Answer) => {
    seen.push(JSON.stringify(response.headers), response.text);
    return response;
  };
  const { faxLines } = test.example.clinics.riverside;
  for (const { id: extensionId } of faxLines)
    for (let faxes = 0; faxes < 3; faxes += 1)
      test.emulator.addMessage({ extensionId, from: patient, to: { ...patient, name: `${patient.name} 2` } });

  const tenantId = await test.addTenant('Riverside Family Clinic');
  const alice = await test.member(tenantId);
  const staff = await test.staff('administrator');

  // A colleague pastes. The member's page, the link's own page and the cookie are where the two tokens belong.
  const { path } = await makeLink(alice, tenantId);
  const colleague = test.visitor();
  await colleague.get(path);
  const opened = await colleague.post(path);
  const base = (opened.headers.location ?? '').replace(/\/guide$/, '');
  const visitToken = /=([\w-]{43});/.exec(JSON.stringify(opened.headers['set-cookie']))?.[1] ?? '';
  for (const page of ['guide', 'guide/jwt', 'credentials/new']) keep(await colleague.get(`${base}/${page}`));
  const { jwt } = test.assertion('riverside');
  keep(await pasteAt(colleague, base, jwt));
  keep(await colleague.get(`${base}/result`));
  keep(await alice.get(`/tenants/${tenantId}/connection`));
  keep(await alice.post(`/tenants/${tenantId}/connection/checks`));
  const connection = keep(await alice.get(`/tenants/${tenantId}/connection`));

  // The page after the post shows the codes, once.
  await staff.get('/account/recovery-codes');
  await staff.post('/account/recovery-codes');
  const shown = await staff.get('/account/recovery-codes');
  const codes = [...shown.text.matchAll(/<code class="secret">([\w-]{14})</g)].map(([, code = '']) => code);
  await staff.post('/account/recovery-codes/acknowledgement');
  const again = test.visitor();
  const asked = [{ code: '000000' }, { recovery_code: codes[0] ?? '' }];
  await again.get('/sign-in');
  keep(await again.post('/sign-in', { email: staff.email, password: aPassword }));
  keep(await again.get('/sign-in/second-factor'));
  let entered: Answer | undefined;
  for (const fields of asked) entered = keep(await again.post('/sign-in/second-factor', fields));
  for (const page of ['', `/${tenantId}`, `/${tenantId}/activity`]) keep(await staff.get(`/staff/tenants${page}`));
  for (const page of ['/account', '/account/second-factor']) keep(await staff.get(page));
  return { seen, connection, codes, entered, handOffToken: path.split('/').at(-1) ?? '', visitToken };
}

describe('what need not be kept is kept nowhere', () => {
  it('SEC-34, SEC-54: no patient of a fax, no recovery code, and no token of a hand-off or of its visit', async () => {
    const databaseUrl = await aDatabaseUrl();
    const test = await TestPortal.start({ databaseUrl });
    try {
      const { seen, connection, codes, entered, handOffToken, visitToken } = await aLife(test);
      expect(connection.text).toContain('data-state="healthy"');
      expect(codes).toHaveLength(10);
      expect(entered?.headers.location).toBe('/staff');
      expect([handOffToken, visitToken].map((token) => token.length)).toEqual([43, 43]);
      const secrets = {
        'the name of a patient': patient.name,
        'the number of a patient': patient.phoneNumber.slice(2),
        'the place of a patient': patient.location,
        'the hand-off token': handOffToken,
        'the visit token': visitToken,
        ...Object.fromEntries(codes.map((code, index) => [`recovery code ${index}`, code])),
        ...Object.fromEntries(codes.map((code, index) => [`typed code ${index}`, code.replaceAll('-', '')])),
      };
      await test.mail.waitFor(({ to, subject }) => to !== '' && /recovery code/i.test(subject));
      const rows = await everyRow(test.db);
      for (const table of ['audit_events', 'events', 'outbox', 'hand_offs', 'hand_off_sessions', 'recovery_codes'])
        expect({ table, rows: rows[table]?.length }).not.toEqual({ table, rows: 0 });
      expect(test.emulator.requests.some(({ path }) => path.includes('/message-store'))).toBe(true);
      const sinks = {
        database: JSON.stringify(rows),
        logs: test.logs.join('\n'),
        mails: JSON.stringify(test.mail.messages()),
        pages: seen.join('\n'),
      };
      for (const [sink, text] of Object.entries(sinks))
        expect({ sink, holds: findIn(text, secrets) }).toEqual({ sink, holds: [] });
      if (isPostgres) return; // the files belong to the server
      await test.db.raw('pragma wal_checkpoint(truncate)');
      expect(findIn(readFileSync(databaseUrl.slice('sqlite:'.length), 'latin1'), secrets)).toEqual([]);
    } finally {
      await test.close();
    }
  });
});
