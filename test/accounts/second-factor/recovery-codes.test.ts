import fc from 'fast-check';
import { newRecoveryCodes, readRecoveryCode } from '../../../src/accounts/second-factor/recovery-codes.js';
import { keyedHash } from '../../../src/accounts/people/secret-tokens.js';
import { realWorld } from '../../../src/platform/world.js';
import { anyText } from '../../support/texts/any-text.js';
import { everyRow } from '../../support/database/databases.js';
import { anAccountsPortal, authenticatorOf, type AccountsPortal, type Browser } from '../support.js';
import type { Answer } from '../../support/visits/visitor.js';

const codesOn = (page: Answer): string[] =>
  [...page.text.matchAll(/<code class="secret">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</g)].map(([, code = '']) => code);

describe('SEC-04: a recovery code', () => {
  it('is one of ten different codes of 12 symbols that are easy to distinguish', () => {
    const codes = newRecoveryCodes(realWorld);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  });

  it('has 60 random bits, five per symbol', () => {
    let next = 0;
    const randomBytes = (size: number) => Buffer.from(Array.from({ length: size }, () => next++ % 256));
    const symbols = Array.from({ length: 16 }, () => newRecoveryCodes({ randomBytes }))
      .flat()
      .join('')
      .replaceAll('-', '');
    const counts = new Map<string, number>();
    for (const symbol of symbols.slice(0, 1792)) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array.from({ length: 32 }, () => 56)); // 7 rounds of 256 bytes
  });

  it('is read in any case, with spaces and hyphens anywhere, and with letters that look like digits', () => {
    expect(readRecoveryCode(' 0ii1 – abcd-efgh ')).toBe('0111-ABCD-EFGH');
    expect(readRecoveryCode('oiLlABCDEFGH')).toBe('0111-ABCD-EFGH');
    for (const no of ['', '123456', '0000-0000-000', '0000-0000-00000', '0000-0000-000U', '0000-0000-000!'])
      expect([no, readRecoveryCode(no)]).toEqual([no, undefined]);
  });

  it('is read back correctly with any spacing; any other text yields a code or nothing', () => {
    const seeded = fc.uint8Array({ minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(seeded, fc.array(fc.nat(11), { maxLength: 4 }), (bytes, blanks) => {
        let call = 0;
        const randomBytes = () => Buffer.from(bytes.map((it, at) => (at === 11 ? it + call++ : it)));
        const [code = ''] = newRecoveryCodes({ randomBytes });
        const typed = blanks.reduce((text, at) => `${text.slice(0, at)} ${text.slice(at)}`, code.toLowerCase());
        expect(readRecoveryCode(typed)).toBe(code);
      }),
    );
    fc.assert(
      fc.property(anyText({ maxLength: 100 }), (typed) => {
        const read = readRecoveryCode(typed);
        if (read !== undefined) expect(readRecoveryCode(read)).toBe(read);
      }),
    );
  });
});

it('keyed hashes differ by key, purpose and parts', () => {
  const key = Buffer.alloc(32, 1);
  const hash = keyedHash(key, 'a');
  expect(hash('x', 'y')).toBe(keyedHash(key, 'a')('x', 'y'));
  const others = [
    keyedHash(key, 'b')('x', 'y'),
    keyedHash(Buffer.alloc(32, 2), 'a')('x', 'y'),
    hash('xy'),
    hash('x,y'),
  ];
  expect(new Set([hash('x', 'y'), ...others]).size).toBe(5);
});

describe('a person’s recovery codes', () => {
  let portal: AccountsPortal;
  beforeEach(async () => {
    portal = await anAccountsPortal();
  });
  afterEach(() => portal.close());

  const email = 'sam@isv.example';
  async function staffWithCodes(): Promise<{ browser: Browser; codes: string[]; code: () => string }> {
    const { browser, authenticator } = await portal.staffMember(email);
    const page = await browser.get('/account/recovery-codes');
    return { browser, codes: codesOn(page), code: () => authenticator.code() };
  }
  async function signInWith(code: string, ip?: string): Promise<{ browser: Browser; answer: Answer }> {
    const browser = portal.browser(ip);
    await browser.signIn(email);
    await browser.get('/sign-in/second-factor');
    return { browser, answer: await browser.post('/sign-in/second-factor', { recovery_code: code }) };
  }
  const left = async (browser: Browser) =>
    /(\d+) of 10 left/.exec((await browser.get('/account/second-factor')).text)?.[1];

  it('SEC-04: are shown after setup until they are confirmed, and never again', async () => {
    const { browser, codes } = await staffWithCodes();
    expect(codes).toHaveLength(10);
    expect(codesOn(await browser.get('/account/recovery-codes'))).toEqual(codes); // a reload, a print
    expect((await browser.post('/account/recovery-codes/acknowledgement')).headers.location).toBe('/staff');
    expect((await browser.get('/account/recovery-codes')).headers.location).toBe('/account/second-factor');
    expect(await left(browser)).toBe('10');
  });

  it('SEC-04: are shown for at most 15 minutes, and only in the session that created them', async () => {
    const { browser } = await staffWithCodes();
    const other = portal.browser();
    await other.signIn(email);
    expect((await other.get('/account/recovery-codes')).headers.location).toBe('/sign-in/second-factor');
    portal.pass(15 * 60_000);
    expect((await browser.get('/account/recovery-codes')).headers.location).toBe('/account/second-factor');
  });

  it('SEC-35: are stored as keyed hashes, and sealed while shown, so the database reveals none', async () => {
    const { codes } = await staffWithCodes();
    const stored = JSON.stringify(await everyRow(portal.db));
    for (const code of codes) {
      expect(stored).not.toContain(code);
      expect(stored).not.toContain(code.replaceAll('-', ''));
    }
    expect(await portal.db('recovery_codes').select()).toHaveLength(10);
  });

  it('SEC-04: sign in once instead of the app; the use is audited, and the person is told', async () => {
    const { browser, codes } = await staffWithCodes();
    const typed = ` ${codes[3]?.toLowerCase().replaceAll('-', ' ')} `;
    const { browser: other, answer } = await signInWith(typed);
    expect(answer.headers.location).toBe('/staff');
    expect((await other.get('/staff/tenants')).status).toBe(200);
    expect(await left(browser)).toBe('9');
    expect(await portal.audit()).toContain('person.recovery_code_used ok');
    expect(portal.mails.map(({ subject }) => subject)).toContain('Example Health: recovery code used');
    expect(JSON.stringify(portal.mails)).not.toContain(codes[3]);
    const again = await signInWith(codes[3] ?? '');
    expect(again.answer.status).toBe(422);
    expect(again.answer.text).toContain('This is not one of your recovery codes, or it was used before.');
    expect(again.answer.text).toMatch(/<details class="govuk-details" open>/);
    expect(again.answer.text).toContain('href="#recovery_code"');
    expect((await portal.audit()).at(-1)).toBe('person.second_factor_refused refused');
  });

  it('SEC-04: only one of three parallel uses of a code succeeds', async () => {
    const { codes } = await staffWithCodes();
    const browsers = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((ip) => portal.browser(ip));
    for (const browser of browsers) {
      await browser.signIn(email);
      await browser.get('/sign-in/second-factor');
    }
    const post = (browser: Browser) => browser.post('/sign-in/second-factor', { recovery_code: codes[0] ?? '' });
    const answers = await Promise.all(browsers.map(post));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
    expect((await portal.audit()).filter((event) => event.startsWith('person.recovery_code_used'))).toHaveLength(1);
  });

  it('SEC-04: another person’s code, or a form with both kinds of code, does not sign in', async () => {
    const { codes } = await staffWithCodes();
    const { browser: eve } = await portal.staffMember('eve@isv.example');
    const hers = codesOn(await eve.get('/account/recovery-codes'));
    expect((await signInWith(hers[0] ?? '')).answer.status).toBe(422);
    const browser = portal.browser();
    await browser.signIn(email);
    await browser.get('/sign-in/second-factor');
    const code = codes[0] ?? '';
    expect((await browser.post('/sign-in/second-factor', { code })).status).toBe(422);
    expect((await browser.post('/sign-in/second-factor', { recovery_code: ['', code] })).status).toBe(400);
  });

  it('SEC-05: attempts with either kind of code count together', async () => {
    const { codes, code } = await staffWithCodes();
    const guesser = portal.browser('203.0.113.9');
    await guesser.signIn(email);
    await guesser.get('/sign-in/second-factor');
    const guess = (fields: Record<string, string>) => guesser.post('/sign-in/second-factor', fields);
    const answers: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      answers.push((await guess({ code: '000000' })).status);
      answers.push((await guess({ recovery_code: '0000-0000-0000' })).status);
    }
    expect(answers).toEqual([422, 422, 422, 422, 422, 429]);
    expect((await guess({ code: code() })).status).toBe(429);
    expect((await guess({ recovery_code: codes[0] ?? '' })).status).toBe(429);
  });

  it('an empty recovery code is not counted, and the page says what is missing', async () => {
    await staffWithCodes();
    for (let count = 0; count < 7; count += 1) {
      const { answer } = await signInWith(' ', '203.0.113.8');
      expect([answer.status, answer.text.includes('Enter one of your recovery codes.')]).toEqual([422, true]);
    }
  });

  it('SEC-11: new codes need a fresh second factor and replace all others, and the person is told', async () => {
    const { browser, codes, code } = await staffWithCodes();
    await browser.post('/account/recovery-codes/acknowledgement');
    portal.pass(5 * 60_000 + 1);
    const asked = await browser.get('/account/recovery-codes/new');
    expect(asked.headers.location).toBe('/sign-in/second-factor?next=%2Faccount%2Frecovery-codes%2Fnew');
    expect((await browser.post('/account/recovery-codes')).headers.location).toBe('/sign-in/second-factor');
    expect(await left(browser)).toBe('10');
    await browser.follow(asked);
    await browser.post('/sign-in/second-factor', { code: code(), next: '/account/recovery-codes/new' });
    expect((await browser.get('/account/recovery-codes/new')).status).toBe(200);
    const made = await browser.post('/account/recovery-codes');
    const fresh = codesOn(await browser.follow(made));
    expect(new Set([...codes, ...fresh]).size).toBe(20);
    expect((await browser.post('/account/recovery-codes/acknowledgement')).headers.location).toBe(
      '/account/second-factor',
    );
    expect((await signInWith(codes[1] ?? '')).answer.status).toBe(422);
    expect((await signInWith(fresh[1] ?? '')).answer.status).toBe(303);
    expect(await portal.audit()).toContain('person.recovery_codes_made ok');
    expect(portal.mails.map(({ subject }) => subject)).toContain('Example Health: new recovery codes');
  });

  it('the shown codes are the valid ones, even after two parallel requests for new codes', async () => {
    const { browser } = await staffWithCodes();
    await browser.get('/account/recovery-codes/new');
    const tabs = [0, 1].map(() => Object.assign(portal.browser(), { csrf: browser.csrf }));
    for (const tab of tabs) for (const [name, value] of browser.cookies) tab.cookies.set(name, value);
    await Promise.all(tabs.map((tab) => tab.post('/account/recovery-codes')));
    const shown = (await Promise.all(tabs.map((tab) => tab.get('/account/recovery-codes')))).map(codesOn);
    const [codes] = shown.filter((found) => found.length === 10);
    expect(shown.flat()).toHaveLength(10); // the other tab was signed out: its session had ended
    expect((await signInWith(codes?.[0] ?? '')).answer.status).toBe(303);
  });

  it('GET and HEAD consume nothing', async () => {
    const { browser, codes } = await staffWithCodes();
    const before = await portal.everything();
    for (const path of [
      '/account/recovery-codes',
      '/account/recovery-codes/new',
      `/sign-in/second-factor?recovery_code=${codes[0] ?? ''}`,
    ]) {
      await browser.head(path);
      await browser.get(path);
    }
    expect(await portal.everything()).toBe(before);
  });

  it('members’ codes are required and work in the same way', async () => {
    const north = await portal.aTenant('North');
    const alice = await portal.aMember(north, 'alice@north.example');
    await alice.get('/account/second-factor/enrolment');
    const app = authenticatorOf(await alice.follow(await alice.post('/account/second-factor/enrolment')), portal);
    const done = await alice.post('/account/second-factor', { code: app.code() });
    const [code = ''] = codesOn(await alice.follow(done));
    const again = portal.browser();
    expect((await again.signIn('alice@north.example')).headers.location).toBe('/sign-in/second-factor');
    expect((await again.get(`/tenants/${north}/guide`)).headers.location).toBe('/sign-in/second-factor');
    await again.get('/sign-in/second-factor');
    const entered = await again.post('/sign-in/second-factor', { recovery_code: code });
    expect(entered.headers.location).toBe(`/tenants/${north}/guide`);
  });
});
