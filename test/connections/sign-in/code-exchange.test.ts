// Only on SQLite: what is asked of the database is one lock.
import { codeExchange } from '../../../src/connections/proof/code-exchange.js';
import type { Credential } from '../../../src/credentials/credential-types.js';
import { transactionOn, type Knex, type Transaction } from '../../../src/platform/database/database.js';
import { createLogger } from '../../../src/platform/log.js';
import { Secret } from '../../../src/platform/secret.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import type { BudgetWait, Outcome, SignInTokens } from '../../../src/ringcentral/catalogue/outcome.js';
import type { BudgetPlace } from '../../../src/ringcentral/clients/ringcentral-types.js';
import { tenantReader } from '../../../src/tenants/tenant-reader.js';
import { refreshTokenStore, type NewRefreshToken } from '../../../src/tokens/refresh/refresh-token-store.js';
import type { RingCentralSession } from '../../../src/tokens/token-types.js';
import { aDatabase, addCredentialRow, addTenantRow } from '../../support/credential-rows.js';
import { aMigratedDatabase } from '../../support/database/databases.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

const at = new Date('2026-11-30T10:00:00Z');
const credential = { id: 'c', tenantId: 'north', clientId: 'EXAMPLEclient', submittedAt: at } as Credential;
const later = (ms: number) => new Date(at.getTime() + ms);

let db: Knex;
beforeAll(async () => {
  db = await aDatabase();
});
afterAll(() => db.destroy());

/** A worker whose clock shows `shown` when the database's shows `databaseTime`; the code was received at `at`. */
function aWorker(
  shown: Date,
  databaseTime: Date,
  answer: (place: BudgetPlace) => Promise<Answer> = () => Promise.reject(new Error('the process ends')),
  /** Stores the sign-in in the transaction, after which the database may fail. */
  store: { write: (trx: Knex) => Promise<void>; failsAt?: 'commit' | 'answer' } = { write: () => Promise.resolve() },
) {
  let isKept = true;
  const waits: number[] = [];
  const endpoints: unknown[] = [];
  const ended: string[] = [];
  let { failsAt } = store;
  const aTransaction: Transaction = async (work) => {
    const done = await transactionOn(db)(async (trx) => {
      const result = await work(trx);
      const isWritten = (await trx('refresh_tokens')).length > 0;
      if (isWritten && failsAt === 'commit') throw new Error('the database fails');
      return { result, isWritten };
    });
    if (!done.isWritten || failsAt !== 'answer') return done.result;
    failsAt = undefined;
    throw new Error('the database fails');
  };
  const exchange = codeExchange({
    transaction: aTransaction,
    world: { now: () => shown, newId: () => 'id' },
    databaseNow: () => Promise.resolve(databaseTime.getTime()),
    signInClientId: () => 'EXAMPLEclient',
    tenants: (handle) => ({ ...tenantReader(handle), mayAs: () => Promise.resolve(true) }),
    ringcentral: {
      exchangeCode: (place) => {
        waits.push(place.maxWaitMs ?? 0);
        endpoints.push(place.endpointId);
        return answer(place);
      },
      revoke: ({ token }) => {
        ended.push(token.reveal());
        return Promise.resolve({ kind: 'accepted', value: null, requestId: null });
      },
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
    tokens: { signedIn: () => Promise.resolve({ session: {} as RingCentralSession, write: store.write }) },
  });
  return { exchange: () => exchange(credential, 'production'), waits, endpoints, ended };
}

type Answer = Outcome<SignInTokens> | BudgetWait;

const signInAgain = { kind: 'spent', judged: { verdict: { kind: 'refused', cause: 'sign_in_again' } } };

it('a code is sent once, also if the process ends before the answer is stored', async () => {
  const { exchange, waits } = aWorker(at, at);
  await expect(exchange()).rejects.toThrow('the process ends');
  expect(await exchange()).toMatchObject(signInAgain);
  expect(waits).toHaveLength(1);
});

describe('if the database fails when an accepted code is stored', () => {
  const tokens: SignInTokens = {
    ...{ accessToken: new Secret('EXAMPLEaccess'), expiresInSeconds: 3600, scopes: [], ownerId: '1' },
    ...{ refreshToken: new Secret('EXAMPLErefresh'), refreshExpiresInSeconds: 604_800 },
    session: { idleSeconds: null, endsInSeconds: null },
  };
  const accepted = () => Promise.resolve({ kind: 'accepted', value: tokens, requestId: null } as const);
  const refreshToken: NewRefreshToken = {
    ...{ credentialId: 'c', clientId: 'EXAMPLEclient', environment: 'production', ownerId: '1' },
    ...{ obtainedAt: at, endsAt: later(86_400_000), idleSeconds: null, sessionEndsAt: null },
  };
  const write = (trx: Knex) => refreshTokenStore(trx).forTenant('north').add(refreshToken);
  beforeAll(async () => {
    await addTenantRow(db, 'north');
    await addCredentialRow(db, 'north', 'c');
  });
  afterEach(() => db('refresh_tokens').delete());

  it('its session is ended at RingCentral, and the person is asked to sign in again', async () => {
    const { exchange, ended } = aWorker(at, at, accepted, { write, failsAt: 'commit' });
    await expect(exchange()).rejects.toThrow('the database fails');
    expect(ended).toEqual(['EXAMPLEaccess']);
    expect(await exchange()).toMatchObject(signInAgain);
  });

  it('its session goes on if it was stored all the same', async () => {
    const { exchange, ended } = aWorker(at, at, accepted, { write, failsAt: 'answer' });
    await expect(exchange()).rejects.toThrow('the database fails');
    expect([ended, await db('refresh_tokens')]).toMatchObject([[], [{ credential_id: 'c' }]]);
  });
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
  const detail = { step: 'local', unanswered: true };
  expect(await old.exchange()).toMatchObject({ judged: { ...signInAgain.judged, detail } });
  expect(old.waits).toEqual([]);
});

it('each sign-in is an installation of its own for RingCentral, so that the end of a replaced one ends no other', async () => {
  const { exchange, endpoints } = aWorker(at, at);
  await expect(exchange()).rejects.toThrow('the process ends');
  expect(endpoints).toEqual(['latchkey-c']);
});

it('a code for which the auth budget had no room in time asks to sign in again', async () => {
  const { exchange } = aWorker(at, at, () => Promise.resolve({ kind: 'wait', until: later(60_000) }));
  expect(await exchange()).toMatchObject(signInAgain);
});

it('a code goes before the pastes that asked before it, also that of a clinic that was just served', async () => {
  const own = await aMigratedDatabase();
  const virtual = createVirtualWorld(own, at.getTime());
  const { world, databaseTime } = virtual;
  const budget = createAuthBudget({
    ...{ db: own, world, databaseTime, log: createLogger('silent'), scope: 'app', perMinute: 1, windowMs: 10_000 },
  });
  const sent: string[] = [];
  const facts = { penaltyMs: null, limit: null, remaining: null, windowSeconds: null };
  const call = async (name: string, place: BudgetPlace): Promise<BudgetWait> => {
    await budget.run({ clientId: 'app', maxWaitMs: 60_000, ...place }, () => {
      sent.push(name);
      return Promise.resolve({ value: null, facts });
    });
    return { kind: 'wait', until: at };
  };
  const paste = (tenantId: string) => call(tenantId, { lane: 'interactive', tenantId, since: world.now() });
  await virtual.run(call('first', { lane: 'interactive', tenantId: 'north' }));
  const waiting = [paste('second'), paste('third')];
  await virtual.run(world.wait(5_000));
  const { exchange } = aWorker(later(5_000), later(5_000), (place) => call('code', place));
  await virtual.run(Promise.all([...waiting, exchange()]));
  expect(sent).toEqual(['first', 'code', 'second', 'third']);
  await own.destroy();
});
