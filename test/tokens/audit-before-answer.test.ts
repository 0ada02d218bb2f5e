import { ServerResponse } from 'node:http';
import { openDatabase, type Knex } from '../../src/platform/database/database.js';
import { aDatabaseUrl } from '../support/database/databases.js';
import { TestPortal } from '../support/portal.js';
import { aConnectedClinic } from './connected-clinic.js';
import { askAt, authenticate } from './jobs.js';

const HOUR_MS = 3_600_000;

let test: TestPortal;
let databaseUrl: string;
/** Another process: sees only what is committed. */
let outside: Knex;
beforeAll(async () => {
  databaseUrl = await aDatabaseUrl();
  test = await TestPortal.start({ authenticate, databaseUrl });
  outside = openDatabase(databaseUrl);
});
afterAll(async () => {
  await outside.destroy();
  await test.close();
});

type Ending = (this: ServerResponse, ...args: unknown[]) => ServerResponse;

/** Calls `look` with the id of each request whose answer has a token, before one byte of it leaves. */
function beforeTokensLeave(look: (requestId: string) => Promise<void>): () => void {
  const { end } = ServerResponse.prototype as unknown as { end: Ending };
  const held: Ending = function (this: ServerResponse, ...args) {
    const requestId = this.getHeader('X-Request-Id'); // RingCentral's answers have none
    if (typeof requestId !== 'string' || !String(args[0]).includes('"access_token"')) return end.apply(this, args);
    void look(requestId).finally(() => end.apply(this, args));
    return this;
  };
  ServerResponse.prototype.end = held as typeof ServerResponse.prototype.end;
  return () => {
    ServerResponse.prototype.end = end as typeof ServerResponse.prototype.end;
  };
}

it('when a token leaves, its audit row is committed, whatever kills the process then', async () => {
  const { tenantId } = await aConnectedClinic(test);
  test.clock.advance(HOUR_MS);
  const rows: Record<string, number> = {};
  const stop = beforeTokensLeave(async (requestId) => {
    const found = await outside('audit_events').where({ request_id: requestId, action: 'token.issued' });
    rows[requestId] = found.length;
  });
  const answers = await Promise.all(Array.from({ length: 50 }, () => askAt(test.url, tenantId)));
  stop();
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
  expect(Object.keys(rows).sort()).toEqual(answers.map(({ headers }) => headers.get('x-request-id')).sort());
  expect(new Set(Object.values(rows))).toEqual(new Set([1]));
});
