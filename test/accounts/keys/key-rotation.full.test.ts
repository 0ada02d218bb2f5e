// Also on PostgreSQL: what a transaction that is broken off leaves behind, and how people are counted.
import { TOTP, Secret } from 'otpauth';
import { webKeys } from '../../../src/accounts/keys/web-keys.js';
import { codeAttempts } from '../../../src/accounts/passwords/code-attempts.js';
import { signInThrottle } from '../../../src/accounts/passwords/sign-in-throttle.js';
import { personStore } from '../../../src/accounts/people/person-store.js';
import { recoveryCodeService } from '../../../src/accounts/second-factor/recovery-code-service.js';
import { secondFactorService } from '../../../src/accounts/second-factor/second-factor-service.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { jwksOfSymmetricKeys, symmetricSealing } from '../../../src/platform/sealing/sealing.js';
import { realWorld } from '../../../src/platform/world.js';
import { aMigratedDatabase } from '../../support/database/databases.js';
import { aKey, anAccountsPortal, type AccountsPortal, type Browser } from '../support.js';

const email = 'sam@isv.example';
const codesOn = (page: { text: string }): string[] =>
  [...page.text.matchAll(/<code class="secret">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</g)].map(([, code = '']) => code);
const [older, newer] = [aKey(1), aKey(2)];
const [olderSecret, newerSecret] = ['the session secret of the last month', 'the session secret of this month, or so'];

describe('SEC-58: keys of the pages rotate with overlap', () => {
  let db: Knex;
  const portals: AccountsPortal[] = [];
  beforeEach(async () => {
    db = await aMigratedDatabase();
  });
  afterEach(async () => {
    for (const portal of portals.splice(0)) await portal.close();
  });
  const aPortal = async (accountsKeys: Buffer[], sessionSecrets = [olderSecret], after?: AccountsPortal) => {
    const now = after && new Date(after.now().getTime() + 30_000);
    const portal = await anAccountsPortal({ db, accountsKeys, sessionSecrets, ...(now ? { now } : {}) });
    portals.push(portal);
    return portal;
  };
  /** The same browser, with its cookies, at another process. */
  const at = (portal: AccountsPortal, browser: Browser): Browser => {
    const same = portal.browser();
    browser.cookies.forEach((value, name) => same.cookies.set(name, value));
    same.csrf = browser.csrf;
    return same;
  };
  const kidsOf = (table: 'people' | 'recovery_codes', column: string) =>
    db(table).whereNotNull(column).distinct().pluck<string[]>(column);

  it('a browser session goes on and a form that was open is accepted, until the old secret is removed', async () => {
    const before = await aPortal([older]);
    const tenantId = await before.aTenant('North Clinic');
    const browser = await before.aMember(tenantId, 'alice@north.example');
    await browser.get('/account');
    const during = at(await aPortal([older], [newerSecret, olderSecret]), browser);
    const form = { _csrf: browser.csrf, language: 'es' };
    expect((await during.postRaw('/language', form)).status).toBe(303);
    expect((await during.get('/account')).status).toBe(200);
    const after = at(await aPortal([older], [newerSecret]), browser);
    expect((await after.get('/account')).headers.location).toMatch(/^\/sign-in/);
  });

  it('a form with a token of an unknown secret is refused', async () => {
    const before = await aPortal([older]);
    const browser = before.browser();
    await browser.get('/sign-in');
    const other = at(await aPortal([older], [newerSecret, 'a third session secret, of no one here']), browser);
    expect((await other.postRaw('/sign-in', { _csrf: browser.csrf, email, password: 'x' })).status).toBe(403);
  });

  it('a browser session is ended by the handle of a page that was shown with the old key', async () => {
    const before = await aPortal([older]);
    const { browser } = await before.staffMember(email);
    const other = before.browser();
    await other.signIn(email);
    const page = await browser.get('/account/sessions');
    const session = /name="session" value="([\w-]+)"/.exec(page.text)?.[1] ?? '';
    const during = at(await aPortal([newer, older], [olderSecret], before), browser);
    expect((await during.post('/account/sessions/endings', { session })).status).toBe(303);
    expect(await db('sessions').whereNotNull('person_id')).toHaveLength(1);
  });

  it('a second factor is sealed with the new key at its next use, and then the old one can go', async () => {
    const before = await aPortal([older]);
    const { authenticator } = await before.staffMember(email);
    const [oldKid] = await kidsOf('people', 'totp_kid');
    const during = await aPortal([newer, older], [olderSecret], before);
    const step = (during.now().getTime() - before.now().getTime()) / 30_000;
    const browser = during.browser();
    await browser.signIn(email);
    await browser.get('/sign-in/second-factor');
    const entered = await browser.post('/sign-in/second-factor', { code: authenticator.code(step) });
    expect(entered.headers.location).toBe('/staff');
    const [newKid] = await kidsOf('people', 'totp_kid');
    expect(newKid).not.toBe(oldKid);
    const after = await aPortal([newer], [olderSecret], during);
    const again = after.browser();
    await again.signIn(email);
    await again.get('/sign-in/second-factor');
    expect((await again.post('/sign-in/second-factor', { code: authenticator.code(step + 1) })).headers.location).toBe(
      '/staff',
    );
  });

  it('a recovery code of the old key signs in, and the page asks for new codes until they are made', async () => {
    const before = await aPortal([older]);
    const { browser, authenticator } = await before.staffMember(email);
    const [first = '', second = ''] = codesOn(await browser.get('/account/recovery-codes'));
    const asks = 'We are replacing the key that protects recovery codes.';
    expect((await browser.get('/account/second-factor')).text).not.toContain(asks);
    const during = await aPortal([newer, older], [olderSecret], before);
    const enter = async (code: string) => {
      const visitor = during.browser();
      await visitor.signIn(email);
      await visitor.get('/sign-in/second-factor');
      return { visitor, answer: await visitor.post('/sign-in/second-factor', { recovery_code: code }) };
    };
    const { visitor, answer } = await enter(first);
    expect(answer.headers.location).toBe('/account/second-factor');
    expect((await visitor.follow(answer)).text).toContain(asks);
    expect((await enter(second)).answer.headers.location).toBe('/account/second-factor');
    await visitor.post('/account/recovery-codes');
    const [fresh = ''] = codesOn(await visitor.get('/account/recovery-codes'));
    await visitor.post('/account/recovery-codes/acknowledgement');
    expect((await visitor.get('/account/second-factor')).text).not.toContain(asks);
    expect((await enter(fresh)).answer.headers.location).toBe('/staff');
    expect(authenticator.code()).toMatch(/^\d{6}$/);
  });

  it('without the key of a second factor or of recovery codes the answer is 503, never 500 and never "wrong"', async () => {
    const before = await aPortal([older]);
    const { browser, authenticator } = await before.staffMember(email);
    const [code = ''] = codesOn(await browser.get('/account/recovery-codes'));
    const without = await aPortal([newer], [olderSecret], before);
    const visitor = without.browser();
    await visitor.signIn(email);
    await visitor.get('/sign-in/second-factor');
    expect((await visitor.post('/sign-in/second-factor', { code: authenticator.code(1) })).status).toBe(503);
    await visitor.get('/sign-in/second-factor');
    expect((await visitor.post('/sign-in/second-factor', { recovery_code: code })).status).toBe(503);
    expect(await without.audit()).not.toContain('person.second_factor_refused refused');
  });
});

describe('SEC-58: the keys of an installation are recognized', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await aMigratedDatabase();
  });
  afterEach(() => db.destroy());

  const keysOf = async (accountsKeys: Buffer[], sessionSecrets = [olderSecret]) => {
    const accountsSealing = await symmetricSealing(await jwksOfSymmetricKeys(accountsKeys));
    return webKeys(
      { db, transaction: transactionOn(db), world: realWorld },
      { accountsKeys, sessionSecrets, accountsSealing },
    );
  };
  const aPerson = async (id: string, keys: Buffer[]) => {
    const { kids } = await symmetricSealing(await jwksOfSymmetricKeys(keys));
    await personStore(db).add({ id, email: `${id}@north.example`, name: id, passwordHash: null }, new Date());
    await personStore(db).confirmTotp(id, null, { sealed: '{}', kid: kids[0], step: 1, at: new Date() });
    await db('recovery_codes').insert({ person_id: id, code_hash: `${id}-1`, key_id: kids[0], created_at: 'now' });
  };

  it('before the first start every key is right; afterwards only one that was used', async () => {
    const first = await keysOf([older]);
    expect(await first.problemWith('ACCOUNTS_KEY')).toBeNull();
    expect(await first.problemWith('SESSION_SECRET')).toBeNull();
    await first.remember();
    expect(await (await keysOf([older])).problemWith('ACCOUNTS_KEY')).toBeNull();
    const other = await keysOf([newer], [newerSecret]);
    expect(await other.problemWith('ACCOUNTS_KEY')).toMatch(
      /^is not a key of this installation: add the former key after it/,
    );
    expect(await other.problemWith('SESSION_SECRET')).toMatch(
      /^is not a secret of this installation: add the former one/,
    );
  });

  it('a new key in front of a former one is right, and afterwards the new one alone', async () => {
    await (await keysOf([older])).remember();
    const both = await keysOf([newer, older], [newerSecret, olderSecret]);
    expect([await both.problemWith('ACCOUNTS_KEY'), await both.problemWith('SESSION_SECRET')]).toEqual([null, null]);
    await both.remember();
    const alone = await keysOf([newer], [newerSecret]);
    expect([await alone.problemWith('ACCOUNTS_KEY'), await alone.problemWith('SESSION_SECRET')]).toEqual([null, null]);
  });

  it('a former key that people still need is missed by its name, with how many they are', async () => {
    await (await keysOf([newer, older])).remember();
    await aPerson('alice', [older]);
    await aPerson('bob', [older]);
    await aPerson('carol', [newer]);
    expect(await (await keysOf([newer, older])).peopleByKey()).toMatch(
      /^key [\w-]{8}: 1 person, key [\w-]{8}: 2 people$/,
    );
    expect(await (await keysOf([newer])).problemWith('ACCOUNTS_KEY')).toMatch(
      /^lacks the key [\w-]{8}, which 2 people need: add it, with a comma between the keys; if it is lost, run "latchkey keys forget --name ACCOUNTS_KEY"$/,
    );
  });

  it('what is stored of a key does not reveal it', async () => {
    await (await keysOf([older])).remember();
    const stored = JSON.stringify(await db('key_checks').select());
    for (const secret of [older.toString('base64'), older.toString('hex'), olderSecret])
      expect(stored).not.toContain(secret);
  });

  it('a lost accounts key is forgotten: those who needed it lose their second factor, the others keep it', async () => {
    await (await keysOf([older])).remember();
    await aPerson('alice', [older]);
    await aPerson('carol', [newer]);
    const keys = await keysOf([newer]);
    expect(await keys.forget('ACCOUNTS_KEY')).toBe(1);
    expect(await keys.problemWith('ACCOUNTS_KEY')).toBeNull();
    expect(await db('people').whereNotNull('totp_confirmed_at').pluck('id')).toEqual(['carol']);
    expect(await db('recovery_codes').pluck('person_id')).toEqual(['carol']);
    expect(await db('audit_events').pluck('action')).toEqual(['key.forgotten']);
  });

  it('a session secret is forgotten: all browser sessions end', async () => {
    await (await keysOf([older])).remember();
    await db('people').insert({ id: 'alice', email: 'alice@north.example', name: 'Alice', created_at: 'now' });
    const at = new Date().toISOString();
    await db('sessions').insert({
      id_hash: 'x',
      person_id: 'alice',
      data: '{}',
      created_at: at,
      last_seen_at: at,
      expires_at: at,
    });
    await (await keysOf([older], [newerSecret])).forget('SESSION_SECRET');
    expect(await db('sessions').select()).toEqual([]);
    expect(await (await keysOf([older], [newerSecret])).problemWith('SESSION_SECRET')).toBeNull();
  });
});

it('SEC-58: a rotation that is broken off 200 times loses no sign-in', async () => {
  const db = await aMigratedDatabase();
  let now = Date.parse('2026-11-29T12:00:00Z');
  const world = { ...realWorld, now: () => new Date(now) };
  const transaction = transactionOn(db);
  const attempts = codeAttempts({ db, world, throttle: signInThrottle(transaction) });
  const servicesWith = async (accountsKeys: Buffer[]) => {
    const sealing = await symmetricSealing(await jwksOfSymmetricKeys(accountsKeys));
    const shared = { db, world, sealing, attempts };
    return {
      kid: sealing.kids[0],
      factor: secondFactorService({ ...shared, issuer: 'Example Health' }),
      codes: recoveryCodeService({ ...shared, accountsKeys }),
    };
  };
  /** Breaks off the transaction at one of its statements. */
  const breaking = async (statement: number, work: (trx: Knex) => Promise<unknown>) => {
    let left = statement;
    const count = ({ sql }: { sql: string }) => {
      if (!/^(?:BEGIN|COMMIT|ROLLBACK)/.test(sql) && left-- === 0) throw new Error('broken off by the test');
    };
    await transaction(async (trx) => {
      trx.on('query', count);
      await work(trx);
      if (left >= 0) throw new Error('broken off before the commit');
    }).catch(() => undefined);
  };
  const origin = { ip: '198.51.100.7' };
  const attemptWith = (code: string) => ({ personId: 'sam', code, knownDevice: 'sams-device', origin });

  await personStore(db).add({ id: 'sam', email, name: 'Sam', passwordHash: null }, new Date(now));
  const first = await servicesWith([aKey(0)]);
  const pending = await first.factor.beginEnrolment('sam');
  const sam = (await personStore(db).find('sam'))!;
  const totp = new TOTP({ secret: Secret.fromBase32((await first.factor.enrolment(sam, pending))!.secret) });
  const code = () => totp.generate({ timestamp: now });
  const confirmed = await first.factor.confirm(attemptWith(code()), pending);
  if (confirmed.kind !== 'right') throw new Error(confirmed.kind);
  await transaction(confirmed.use);

  let lost = 0;
  for (let trial = 1; trial <= 200; trial += 1) {
    const [before, after] = [aKey(trial - 1), aKey(trial)];
    const during = await servicesWith([after, before]);
    now += 30_000;
    const verdict = await during.factor.verify(attemptWith(code()));
    if (verdict.kind === 'right') await breaking(trial % 7, verdict.use);
    else lost += 1;
    // The operator starts again with both keys, or goes back to the old order.
    const again = await servicesWith(trial % 2 === 0 ? [after, before] : [before, after]);
    now += 30_000;
    const second = await again.factor.verify(attemptWith(code()));
    if (second.kind !== 'right' || !(await transaction(second.use))) lost += 1;
    const made = await again.codes.make('sam');
    await transaction(made.store);
    const kept = (await again.codes.shown('sam', made.kept)) ?? [];
    now += 30_000;
    const byCode = await during.codes.verify(attemptWith(kept[0] ?? ''));
    if (byCode.kind === 'right') await breaking(trial % 5, byCode.use);
    else lost += 1;
    const byOther = await during.codes.verify(attemptWith(kept[1] ?? ''));
    if (byOther.kind !== 'right' || !(await transaction(byOther.use))) lost += 1;
    now += 30_000;
    const last = await during.factor.verify(attemptWith(code()));
    if (last.kind !== 'right' || !(await transaction(last.use))) lost += 1;
    expect(await db('people').pluck('totp_kid')).toEqual([during.kid]);
  }
  expect(lost).toBe(0);
  await db.destroy();
}, 600_000);
