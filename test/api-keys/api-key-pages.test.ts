import { apiKeyCommands } from '../../src/api-keys/api-key-commands.js';
import { everyRow } from '../support/database/databases.js';
import { totpNow } from '../support/people.js';
import { TestPortal } from '../support/portal.js';
import { findIn } from '../security/support/secret-scan.js';
import type { Answer, Visitor } from '../support/visits/visitor.js';
import { actsOnKeys, aKey, aLink, byCommand, idOf, probes } from './support.js';

let test: TestPortal;
let ada: Visitor;
/** Every answer that may not hold a key. */
const seen: string[] = [];
/** Every key, and where it was shown. */
const secrets: Record<string, string> = {};
beforeAll(async () => {
  test = await TestPortal.start({ added: [probes] });
  await test.addTenant('North Clinic');
  ada = await test.staff('administrator');
});
afterAll(() => test.close());

const url = '/staff/api-keys';
const keep = (answer: Answer): Answer => {
  seen.push(JSON.stringify(answer.headers), answer.text);
  return answer;
};
const ask = (key: string) => test.visitor().call('get', '/api/v1/probe', { key });
const formId = ({ text }: Answer): string => /name="id" value="([0-9A-Za-z]{10})"/.exec(text)?.[1] ?? '';
const keyIn = ({ text }: Answer): string =>
  /<code class="secret secret--key"[^>]*>(lky_\w+)<\/code>/.exec(text)?.[1] ?? '';
const typed = { name: 'Night & day', purpose: 'nightly-faxes', 'tokens:issue': 'tokens:issue', reach: 'all' };

/** The headers and the page of a key, without the key itself. */
function shownKey(answer: Answer): string {
  const key = keyIn(answer);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers.location).toBeUndefined();
  expect(answer.text.split(key)).toHaveLength(2);
  seen.push(JSON.stringify(answer.headers), answer.text.replace(key, ''));
  secrets[`key ${idOf(key)}`] = (key.split('_')[2] ?? '').slice(0, 32); // without the checksum
  return key;
}

describe('SEC-37: /staff/api-keys', () => {
  it('the form and the command say that clinics read the name of a key', async () => {
    expect((await ada.get(`${url}/new`)).text).toContain('Clinics can see this name');
    expect(apiKeyCommands[0].options[0]).toMatchObject({
      flags: '--name <name>',
      summary: 'clinics that the key serves read it too',
    });
  });

  it('an administrator creates a key for some clinics: it is shown once and works', async () => {
    const form = keep(await ada.get(`${url}/new`));
    const fields = {
      ...typed,
      reach: 'some',
      refs: 'ref-north-clinic\r\n\r\n',
      expires: '2090-12-31',
      id: formId(form),
    };
    const answer = await ada.post(url, fields);
    expect(answer.status).toBe(200);
    const key = shownKey(answer);
    expect(idOf(key)).toBe(fields.id);
    expect((await ask(key)).body).toMatchObject({
      name: 'Night & day',
      purpose: 'nightly-faxes',
      scopes: ['tokens:issue'],
    });
    const list = keep(await ada.get(url));
    for (const part of [
      idOf(key),
      'Night &amp; day',
      'nightly-faxes',
      'tokens:issue',
      '1 clinic',
      'Olga administrator',
    ])
      expect(list.text).toContain(part);
    const page = keep(await ada.get(`${url}/${idOf(key)}`));
    for (const part of ['North Clinic', 'Jan 1, 2091']) expect(page.text).toContain(part);
    const again = keep(await ada.post(url, fields));
    expect(again.headers.location).toBe(`${url}?notice=repeated`);
    expect(await test.db('api_keys').where({ id: idOf(key) })).toHaveLength(1);
    expect((await actsOnKeys(test, idOf(key)))[0]).toBe(
      'api_key.made by person ok {"scopes":"tokens:issue","tenants":1,"expires":"2091-01-01T00:00:00.000Z"}',
    );
  });

  it('the form keeps what was typed and names each problem', async () => {
    const form = await ada.get(`${url}/new`);
    const wrong = {
      ...typed,
      name: ' ',
      purpose: 'two words',
      reach: 'some',
      refs: 'ref-of-none',
      expires: '2020-01-01',
    };
    const { 'tokens:issue': _scope, ...withoutScope } = wrong;
    const answer = keep(await ada.post(url, { ...withoutScope, id: formId(form) }));
    expect(answer.status).toBe(422);
    for (const part of [
      'Enter a name.',
      'Enter a purpose of',
      'Choose what the key allows.',
      'Enter a day that is not in the past.',
      'ref-of-none',
    ])
      expect(answer.text).toContain(part);
    const unknown = await ada.post(url, { ...typed, reach: 'some', refs: 'ref-of-none', id: formId(form) });
    expect([unknown.status, unknown.text.split('No clinic has the ID ref-of-none.').length]).toEqual([422, 3]);
  });

  it('a second key begins with all of the first one but its end, and the first one is revoked later', async () => {
    const first = await aKey(test, { purpose: 'faxes', tenantRefs: ['ref-north-clinic'], expires: '2090-12-31' });
    const form = await ada.get(`${url}/new?like=${idOf(first)}`);
    for (const part of ['value="faxes"', 'value="tokens:issue" checked', 'ref-north-clinic', 'value="some" checked'])
      expect(form.text).toContain(part);
    expect(form.text).not.toContain('2090-12-31');
    const fields = {
      ...typed,
      purpose: 'faxes',
      reach: 'some',
      refs: 'ref-north-clinic',
      expires: '',
      id: formId(form),
    };
    const second = shownKey(await ada.post(url, fields));
    expect([(await ask(first)).status, (await ask(second)).status]).toEqual([200, 200]);
    await ada.get(`${url}/${idOf(first)}`);
    const revoked = keep(await ada.post(`${url}/${idOf(first)}/revocation`));
    expect(keep(await ada.follow(revoked)).text).toContain('The key was revoked.');
    expect([(await ask(first)).status, (await ask(second)).status]).toEqual([401, 200]);
    expect((await ada.get(url)).text).not.toContain(idOf(first));
    expect((await ada.get(`${url}?ended=1`)).text).toContain(idOf(first));
  });

  it('operators and auditors read and change nothing', async () => {
    const key = await aKey(test);
    for (const role of ['operator', 'auditor'] as const) {
      const visitor = await test.staff(role);
      const list = await visitor.get(url);
      expect([list.status, list.text.includes(idOf(key)), list.text.includes(`${url}/new`)]).toEqual([
        200,
        true,
        false,
      ]);
      const page = await visitor.get(`${url}/${idOf(key)}`);
      expect([page.status, page.text.includes('/revocation')]).toEqual([200, false]);
      expect((await visitor.get(`${url}/new`)).status).toBe(403);
      expect((await visitor.post(url, { ...typed, id: 'A'.repeat(10) })).status).toBe(403);
      expect((await visitor.post(`${url}/${idOf(key)}/revocation`)).status).toBe(403);
    }
    expect((await ask(key)).status).toBe(200);
  });

  it('SEC-11: creating and revoking ask for the second factor again after five minutes', async () => {
    const key = await aKey(test);
    const late = await test.staff('administrator');
    test.clock.advance(5 * 60_000 + 1);
    expect((await late.get(`${url}/new`)).headers.location).toBe(
      `/sign-in/second-factor?next=${encodeURIComponent(`${url}/new`)}`,
    );
    const fields = { ...typed, id: 'B'.repeat(10) };
    expect((await late.post(url, fields)).headers.location).toMatch(/^\/sign-in\/second-factor/);
    expect((await late.post(`${url}/${idOf(key)}/revocation`)).headers.location).toBe(
      `/sign-in/second-factor?next=${encodeURIComponent(`${url}/${idOf(key)}`)}`,
    );
    expect(await test.db('api_keys').where({ id: fields.id })).toEqual([]);
    expect((await ask(key)).status).toBe(200);
    await late.get('/sign-in/second-factor');
    await late.post('/sign-in/second-factor', { code: totpNow(test.totpSecrets.at(-1) ?? '', test.clock()) });
    expect((await late.get(`${url}/new`)).status).toBe(200);
  });

  it('a key whose maker was disabled goes on working and is marked', async () => {
    const mia = await test.staff('administrator');
    const form = await mia.get(`${url}/new`);
    const key = shownKey(await mia.post(url, { ...typed, name: 'Of Mia', id: formId(form) }));
    const by = { actor: { kind: 'command_line' } } as const;
    expect(await test.portal.services.staff.disable({ email: mia.email }, by)).toBe('changed');
    expect((await ask(key)).status).toBe(200);
    for (const path of [url, `${url}/${idOf(key)}`])
      expect((await ada.get(path)).text).toContain('Account disabled; the key still works');
  });
});

describe('/api-keys/claims/:token', () => {
  const keyNamed = async (name: string): Promise<string> =>
    (await test.db('api_keys').where({ name }).first<{ id: string }>()).id;

  it('GET and HEAD change nothing, POST makes the key and shows it once, and a second POST is told to staff', async () => {
    const path = await aLink(test, 60, { name: 'For the night' });
    const engineer = test.visitor();
    const before = await test.db('api_keys').select();
    for (let looks = 0; looks < 3; looks += 1) {
      expect((await engineer.head(path)).status).toBe(200);
      const page = keep(await engineer.get(path));
      expect([page.status, page.text.includes('For the night'), page.text.includes('lky_')]).toEqual([
        200,
        true,
        false,
      ]);
    }
    expect(await test.db('api_keys').select()).toEqual(before);
    const made = await engineer.post(path);
    const key = shownKey(made);
    expect((await ask(key)).status).toBe(200);
    expect(keep(await engineer.get(path)).status).toBe(410);
    expect((await ada.get(url)).text).not.toContain('was used again');

    const stranger = test.visitor();
    await stranger.get(path);
    const second = keep(await stranger.post(path));
    expect([second.status, second.text.includes('This link was already used')]).toEqual([410, true]);
    await stranger.post(path);
    expect((await ask(key)).status).toBe(200);
    expect(await actsOnKeys(test, idOf(key))).toEqual([
      'api_key.link_made by command_line ok {"scopes":"tokens:issue","tenants":"all","expires":null,"minutes":60}',
      'api_key.made by nobody ok {"scopes":"tokens:issue","tenants":"all","expires":null,"by":"link"}',
      'api_key.link_repeated by nobody refused {"repeats":1}',
      'api_key.link_repeated by nobody refused {"repeats":2}',
    ]);
    const warning = 'The link to the key For the night was used again.';
    for (const page of [url, `${url}/${idOf(key)}`]) expect((await ada.get(page)).text).toContain(warning);
    await test.mail.waitFor(({ subject }) => subject.endsWith('a link to an API key was used twice'));
    const bea = await test.staff('administrator'); // whose second factor is fresh
    await bea.post(`${url}/${idOf(key)}/revocation`);
    expect((await ada.get(url)).text).not.toContain(warning);
    expect((await engineer.get(path)).text).toContain('This link was revoked');
  });

  it('a link used again after its key was revoked leaves an audit row and no mail; one never used leaves none', async () => {
    const revoke = (keyId: string) => test.portal.services.apiKeys.revoke(keyId, byCommand);
    const repeats = async (keyId: string) =>
      (await actsOnKeys(test, keyId)).filter((act) => act.startsWith('api_key.link_repeated'));
    const visitor = test.visitor();
    const used = await aLink(test, 60, { name: 'Used' });
    const usedId = await keyNamed('Used');
    await visitor.get(used);
    shownKey(await visitor.post(used));
    await revoke(usedId);
    const notices = await test.db('outbox').orderBy('id').pluck('id');
    expect((await visitor.post(used)).status).toBe(410);
    expect(await repeats(usedId)).toEqual(['api_key.link_repeated by nobody refused {"repeats":1}']);
    expect(await test.db('outbox').orderBy('id').pluck('id')).toEqual(notices);
    const unused = await aLink(test, 60, { name: 'Not used' });
    const unusedId = await keyNamed('Not used');
    await revoke(unusedId);
    expect((await visitor.post(unused)).status).toBe(410);
    expect(await repeats(unusedId)).toEqual([]);
  });

  it('of two people who use a link at the same time, one gets the key', async () => {
    const path = await aLink(test);
    const visitors = [test.visitor(), test.visitor(), test.visitor()];
    for (const visitor of visitors) await visitor.get(path);
    const answers = await Promise.all(visitors.map((visitor) => visitor.post(path)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    shownKey(answers.find(({ status }) => status === 200)!);
  });

  it('a link that has expired or was revoked says so, and one that never existed is a dead link', async () => {
    const [expired, revoked] = [await aLink(test, 1), await aLink(test, 60, { name: 'Revoked' })];
    await test.portal.services.apiKeys.revoke(await keyNamed('Revoked'), byCommand);
    test.clock.advance(60_000);
    const visitor = test.visitor();
    for (const [path, status, sentence] of [
      [expired, 410, 'This link has expired'],
      [revoked, 410, 'This link was revoked'],
      [`/api-keys/claims/${'A'.repeat(43)}`, 404, 'This link does not work'],
      ['/api-keys/claims/x', 404, 'This link does not work'],
    ] as const)
      for (const answer of [await visitor.get(path), await visitor.post(path)])
        expect([answer.status, answer.text.includes(sentence)]).toEqual([status, true]);
  });
});

describe('SEC-23, SEC-35: the secret of a key', () => {
  it('is in no log line, address, other page, mail, audit row or row of the database, nor is the token of a link', async () => {
    const path = await aLink(test);
    const visitor = test.visitor();
    await visitor.get(path);
    const key = shownKey(await visitor.post(path));
    for (const text of [key, `${key}x`, key.slice(0, -1)]) keep(await ask(text));
    keep(await test.visitor().call('get', `/api/v1/${key}`));
    const token = path.split('/').at(-1) ?? '';
    const rows = JSON.stringify(await everyRow(test.db));
    const mails = JSON.stringify(test.mail.messages());
    const logs = test.logs.join('\n');
    expect(Object.keys(secrets).length).toBeGreaterThan(4);
    for (const [sink, text] of Object.entries({ rows, mails, logs, pages: seen.join('\n') }))
      expect({ sink, holds: findIn(text, secrets) }).toEqual({ sink, holds: [] });
    for (const [sink, text] of Object.entries({ rows, mails, logs }))
      expect({ sink, holds: findIn(text, { token }) }).toEqual({ sink, holds: [] });
  });
});
