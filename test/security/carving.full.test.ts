import { readFileSync } from 'node:fs';
import { emptyLog, migrate, openDatabase, type Knex } from '../../src/platform/database/database.js';
import { aDatabaseUrl, everyRow, isPostgres } from '../support/database/databases.js';
import { endLink, makeLink, openLink } from '../hand-offs/support.js';
import { TestPortal } from '../support/portal.js';
import type { Visitor } from '../support/visits/visitor.js';

const DAY = 24 * 3600_000;

/** Pieces of every ciphertext in a text; the text may hold JSON in JSON. */
const ciphertextsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/ciphertext\\*":\\*"([\w-]{16,})/g)].map(([, ciphertext = '']) => ciphertext));

/** Any 16 characters of it at a step of 8: bytes that no ciphertext shares by chance. */
const hasPieceOf = (bytes: string, ciphertext: string): boolean => {
  for (let at = 0; at + 16 <= ciphertext.length; at += 8)
    if (bytes.includes(ciphertext.slice(at, at + 16))) return true;
  return false;
};

/** What is in the files of the database, with its log; the queries of PostgreSQL cannot see more than its rows. */
const bytesOf = (databaseUrl: string): string =>
  ['', '-wal', '-journal']
    .map((end) => `${databaseUrl.slice('sqlite:'.length)}${end}`)
    .map((file) => {
      try {
        return readFileSync(file, 'latin1');
      } catch {
        return '';
      }
    })
    .join('');

describe('SEC-59: what was destroyed is in no byte of the database', () => {
  let databaseUrl: string;
  let test: TestPortal;
  let tenantId: string;
  let alice: Visitor;
  beforeEach(async () => {
    databaseUrl = await aDatabaseUrl();
    test = await TestPortal.start({ databaseUrl });
    tenantId = await test.addTenant('Riverside Family Clinic');
    alice = await test.member(tenantId);
  });
  afterEach(() => test.close());

  const stored = async () => JSON.stringify(await everyRow(test.db));
  const paste = async (jwt: string) => {
    await alice.get(`/tenants/${tenantId}/credentials/new`);
    expect((await alice.post(`/tenants/${tenantId}/credentials`, { assertion: jwt })).status).toBe(303);
  };
  /** The rows and the bytes after housekeeping, at a moment when the worker has nothing to deliver. */
  async function atRest(): Promise<{ rows: string; bytes: string }> {
    const waiting = () =>
      test.db('outbox').whereNull('finished_at').andWhere('due_at', '<=', test.clock().toISOString());
    for (;;) {
      await test.portal.clean();
      const rows = await stored();
      const bytes = isPostgres ? rows : bytesOf(databaseUrl);
      if ((await waiting()).length === 0 && (await stored()) === rows) return { rows, bytes };
      await new Promise((resolve) => setImmediate(resolve)); // SQLite alone would not let other code run
    }
  }
  /** Does something that destroys; then nothing of what is gone may be left, and what is there must be found. */
  async function expectCarvedNothing(destroy: () => Promise<unknown>): Promise<void> {
    const before = ciphertextsIn(await stored());
    await destroy();
    const { rows, bytes } = await atRest();
    const after = ciphertextsIn(rows);
    const destroyed = [...before].filter((ciphertext) => !after.has(ciphertext));
    expect(destroyed.length).toBeGreaterThan(0);
    expect(destroyed.filter((ciphertext) => hasPieceOf(bytes, ciphertext))).toEqual([]);
    expect([...after].filter((ciphertext) => !hasPieceOf(bytes, ciphertext))).toEqual([]);
    // Whole ciphertexts, which a key would open: none that the tables do not have.
    expect([...ciphertextsIn(bytes)].filter((ciphertext) => !after.has(ciphertext))).toEqual([]);
  }
  const later = (milliseconds: number) => {
    test.clock.advance(milliseconds);
    return Promise.resolve();
  };
  const unproved = () => test.assertion('riverside', { clientIds: 'organization' }).jwt;

  it('a pending JWT that another one superseded', async () => {
    await paste(unproved());
    await expectCarvedNothing(() => paste(unproved()));
  });

  it('the access token of a JWT that was replaced', async () => {
    await paste(test.assertion('riverside').jwt);
    await expectCarvedNothing(() => paste(test.assertion('riverside').jwt));
  });

  it('a JWT that was replaced, after seven days', async () => {
    await paste(test.assertion('riverside').jwt);
    await paste(test.assertion('riverside').jwt);
    await expectCarvedNothing(() => later(7 * DAY));
    expect(await test.db('credentials').where({ destroyed_because: 'not_proved_dead' })).toHaveLength(1);
  });

  it('a JWT that RingCentral refused', async () => {
    const { jwt, jti } = test.assertion('riverside');
    await paste(unproved());
    test.emulator.revokeJwt(jti);
    await expectCarvedNothing(() => paste(jwt));
    expect(await test.db('credentials').where({ status: 'destroyed' })).toHaveLength(2);
  });

  it('an unproved JWT after seven days', async () => {
    await paste(unproved());
    await expectCarvedNothing(() => later(7 * DAY));
  });

  it('access tokens that have expired', async () => {
    await paste(test.assertion('riverside').jwt);
    await expectCarvedNothing(() => later(2 * 3600_000));
    expect(await test.db('access_token_secrets').select()).toEqual([]);
  });

  it('the content of a mail that was delivered, such as the link of a password reset', async () => {
    await test.portal.services.passwordResets.ask(alice.email, {});
    await expectCarvedNothing(async () => {
      await test.mail.waitFor(({ to, text }) => to === alice.email && text.includes('/password-resets/'));
      const waiting = () => test.db('outbox').whereNull('finished_at').first('id');
      while (await waiting()) await new Promise((resolve) => setImmediate(resolve));
    });
  });

  it('the link of a hand-off that its maker was shown, after it was revoked and the session ended', async () => {
    const { path } = await makeLink(alice, tenantId);
    await openLink(test, path);
    await endLink(alice, tenantId);
    await expectCarvedNothing(() => alice.post('/sign-out'));
  });

  it('recovery codes and the secret of an authenticator app, after they were shown and replaced', async () => {
    await test.staff();
    await expectCarvedNothing(() => later(DAY));
  });

  it('many of all sizes, in a file that was written for long', async () => {
    for (let round = 0; round < 12; round += 1) {
      await paste(unproved());
      test.clock.advance(3 * 60_000); // below the limit of pastes
    }
    await paste(test.assertion('riverside').jwt);
    await expectCarvedNothing(() => paste(test.assertion('riverside').jwt));
    expect(await test.db('sealed_secrets').select('row_id')).toHaveLength(2);
  });
});

it.each([
  ['a migration', (db: Knex) => db('knex_migrations').where('name', 'like', '%no_retired_credentials%').delete()],
  [
    'the next run after a rewrite that failed',
    (db: Knex) => db.raw(isPostgres ? 'select 1' : 'pragma user_version = 5'),
  ],
])('SEC-59: %s removes what an earlier version deleted but did not overwrite', async (_what, prepare) => {
  const databaseUrl = await aDatabaseUrl();
  const db = openDatabase(databaseUrl);
  const secret = 'EXAMPLE-of-an-old-secret-'.repeat(200);
  if (!isPostgres) await db.raw('pragma secure_delete = 0');
  await db('key_checks').insert({ name: 'old', value: secret, first_used_at: 'now' });
  await db('key_checks').delete();
  await emptyLog(db);
  if (!isPostgres) expect(bytesOf(databaseUrl)).toContain('EXAMPLE-of-an-old-secret-');
  await prepare(db);
  await migrate(db);
  await db.destroy();
  if (!isPostgres) expect(bytesOf(databaseUrl)).not.toContain('EXAMPLE-of-an-old-secret-');
});
