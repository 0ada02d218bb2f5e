// Only on SQLite: what is asked of the database is one lock.
import { codeExchange } from '../../../src/connections/proof/code-exchange.js';
import type { Credential } from '../../../src/credentials/credential-types.js';
import { transactionOn, type Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { tenantReader } from '../../../src/tenants/tenant-reader.js';
import { aMigratedDatabase } from '../../support/database/databases.js';

const at = new Date('2026-11-30T10:00:00Z');
const credential = { id: 'c', tenantId: 'north', clientId: 'EXAMPLEclient', submittedAt: at } as Credential;
const later = (ms: number) => new Date(at.getTime() + ms);

let db: Knex;
beforeAll(async () => {
  db = await aMigratedDatabase();
});
afterAll(() => db.destroy());

/** A worker whose clock shows `shown` when the database's shows `databaseTime`; the code was received at `at`. */
function aWorker(shown: Date, databaseTime: Date) {
  let isKept = true;
  const waits: number[] = [];
  const endpoints: unknown[] = [];
  const exchange = codeExchange({
    transaction: transactionOn(db),
    world: { now: () => shown, newId: () => 'id' },
    databaseNow: () => Promise.resolve(databaseTime.getTime()),
    signInClientId: () => 'EXAMPLEclient',
    tenants: (handle) => ({ ...tenantReader(handle), isMember: () => Promise.resolve(true) }),
    ringcentral: {
      exchangeCode: ({ maxWaitMs = 0, endpointId }) => {
        waits.push(maxWaitMs);
        endpoints.push(endpointId);
        return Promise.reject(new Error('the process ends'));
      },
      revoke: () => Promise.reject(new Error('nothing is to be ended')),
    },
    credentials: {
      findWithin: () => Promise.resolve({ status: 'pending' } as Credential),
      // As a process sees it that looked before.
      openCode: () =>
        Promise.resolve({
          ...{ code: new Secret('EXAMPLEcode'), redirectUri: 'https://x.example/', codeVerifier: new Secret('v') },
          receivedAt: at.getTime(),
        }),
      takeCode: () => {
        const wasKept = isKept;
        isKept = false;
        return Promise.resolve(wasKept);
      },
      setExpiry: () => Promise.resolve(),
    },
    tokens: { signedIn: () => Promise.reject(new Error('nothing is to be stored')) },
  });
  return { exchange: () => exchange(credential, 'production'), waits, endpoints };
}

const signInAgain = { kind: 'spent', judged: { verdict: { kind: 'refused', cause: 'sign_in_again' } } };

it('a code is sent once, also if the process ends before the answer is stored', async () => {
  const { exchange, waits } = aWorker(at, at);
  await expect(exchange()).rejects.toThrow('the process ends');
  expect(await exchange()).toMatchObject(signInAgain);
  expect(waits).toHaveLength(1);
});

it.each([
  ['right', 0],
  ['15 minutes ahead', 15 * 60_000],
  ['15 minutes behind', -15 * 60_000],
])('a code waits until it is 55 s old, and is not sent later, by a worker whose clock is %s', async (_which, ms) => {
  const young = aWorker(later(ms + 20_000), later(20_000));
  await expect(young.exchange()).rejects.toThrow('the process ends');
  expect(young.waits).toEqual([35_000]);
  const old = aWorker(later(ms + 55_000), later(55_000));
  expect(await old.exchange()).toMatchObject(signInAgain);
  expect(old.waits).toEqual([]);
});

it('each sign-in is an installation of its own for RingCentral, so that the end of a replaced one ends no other', async () => {
  const { exchange, endpoints } = aWorker(at, at);
  await expect(exchange()).rejects.toThrow('the process ends');
  expect(endpoints).toEqual(['latchkey-c']);
});
