// Only on SQLite: it has one lock for all writers, and a mode in which nothing is written.
import { openDatabase, type Knex } from '../../src/platform/database/database.js';
import { aDatabaseUrl } from '../support/database/databases.js';
import { TestPortal } from '../support/portal.js';
import { aConnectedClinic } from './connected-clinic.js';
import { askAt, authenticate } from './jobs.js';

let test: TestPortal;
/** Another process. */
let outside: Knex;
beforeAll(async () => {
  const databaseUrl = await aDatabaseUrl();
  test = await TestPortal.start({ authenticate, databaseUrl });
  outside = openDatabase(databaseUrl);
});
afterAll(async () => {
  await outside.destroy();
  await test.close();
});

it('while another process holds the lock of the database there is no token, and afterwards there is', async () => {
  const { tenantId } = await aConnectedClinic(test);
  expect((await askAt(test.url, tenantId)).status).toBe(200);
  await outside.raw('begin immediate');
  const locked = await askAt(test.url, tenantId);
  await outside.raw('rollback');
  expect({ status: locked.status, cause: locked.body.cause }).toEqual({ status: 503, cause: 'audit_unavailable' });
  expect(locked.text).not.toContain('access_token');
  expect((await askAt(test.url, tenantId)).status).toBe(200);
});

it('in a database that is read-only there is no token', async () => {
  const { tenantId } = await aConnectedClinic(test);
  expect((await askAt(test.url, tenantId)).status).toBe(200);
  await test.db.raw('pragma query_only = on');
  const refused = await askAt(test.url, tenantId);
  await test.db.raw('pragma query_only = off');
  expect({ status: refused.status, cause: refused.body.cause }).toEqual({ status: 503, cause: 'audit_unavailable' });
  expect((await askAt(test.url, tenantId)).status).toBe(200);
});

it.each([
  ['locked', () => outside.raw('begin immediate'), () => outside.raw('rollback')],
  ['read-only', () => test.db.raw('pragma query_only = on'), () => test.db.raw('pragma query_only = off')],
])(
  'while the database is %s, RingCentral is not asked for a new token, and the job is told why',
  async (_how, on, off) => {
    const { tenantId } = await aConnectedClinic(test);
    test.clock.advance(3_600_000);
    const before = test.emulator.tokenCalls.length;
    await on();
    const refused = await askAt(test.url, tenantId);
    await off();
    const { cause, retryable } = refused.body;
    expect({ status: refused.status, cause, retryable }).toEqual({
      status: 503,
      cause: 'unavailable',
      retryable: true,
    });
    expect(test.emulator.tokenCalls).toHaveLength(before);
    expect(await askAt(test.url, tenantId)).toMatchObject({ status: 200, body: { renewed: true } });
  },
);
