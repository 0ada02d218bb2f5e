// Also on PostgreSQL: calls are granted under a lock.
import { prover, type ProofSubject } from '../../../src/connections/proof/proof.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { createApiClient } from '../../../src/ringcentral/clients/api-client.js';
import { createLogger } from '../../../src/platform/log.js';
import { createAuthBudget } from '../../../src/ringcentral/auth-budget/auth-budget.js';
import { fixedSecret } from '../../../src/ringcentral/clients/client-secret.js';
import type { Answer, Failure, GuardedRequest } from '../../../src/ringcentral/clients/guarded-call.js';
import { createAppTokenClient } from '../../../src/ringcentral/clients/token-client.js';
import { aDatabase, addCredentialRow, addTenantRow } from '../../support/credential-rows.js';
import { aSessionKeeper } from '../../drill/watch/session-parts.js';
import { createVirtualWorld } from '../../support/virtual-world.js';

const answer = (status: number, json: unknown): Answer => ({
  kind: 'answer',
  status,
  json,
  requestId: null,
  retryAfterMs: null,
  limit: null,
  remaining: null,
  windowSeconds: null,
});
const minted = (more: object = {}) =>
  answer(200, {
    access_token: 'U0pDEXAMPLE',
    token_type: 'bearer',
    expires_in: 3600,
    scope: 'ReadAccounts ReadMessages',
    owner_id: '901',
    ...more,
  });
const tokenInvalid = answer(401, { errorCode: 'TokenInvalid', errors: [{ errorCode: 'OAU-213' }] });
const wrongSecret = answer(401, { error: 'invalid_client', errors: [{ errorCode: 'OAU-146' }] });

const subject: ProofSubject = {
  assertion: new Secret('synthetic.credential'),
  tenantId: 'north',
  credentialId: 'one',
  environment: 'production',
  issuedBy: 'production',
  expiresAt: null,
  lane: 'background',
  since: new Date(0),
  pins: { ownerId: '901', accountId: '501', approvedAccountId: null },
  knownLines: [],
  reuseSince: null,
};

/** The prover with the real budget and clients, and a RingCentral that answers as told. */
function aProver(
  db: Knex,
  say: (request: GuardedRequest) => Answer | Failure,
  secrets: { current: string; previous?: string } = { current: 'the secret' },
) {
  const virtual = createVirtualWorld(db);
  const { world } = virtual;
  const log = createLogger('silent');
  const budget = createAuthBudget({ db, world, databaseTime: virtual.databaseTime, log, scope: 'app', perMinute: 5 });
  const sent: GuardedRequest[] = [];
  const call = (request: GuardedRequest) => {
    sent.push(request);
    return Promise.resolve(say(request));
  };
  const app = {
    clientId: 'EXAMPLEclientId_000001',
    serverUrl: 'https://platform.ringcentral.com',
    secret: {
      current: fixedSecret(secrets.current),
      ...(secrets.previous === undefined ? {} : { previous: fixedSecret(secrets.previous) }),
    },
  };
  const requiredScopes = ['ReadAccounts', 'ReadMessages'];
  const client = createAppTokenClient({ app, requiredScopes, budget, call });
  const api = createApiClient({ serverUrlOf: () => app.serverUrl, call, world });
  const prove = prover({
    ringcentral: api,
    tokens: aSessionKeeper(db, world, client),
    world,
    requiredScopes,
    jobProbe: 'faxes',
    isAccountOfAnother: () => Promise.resolve(false),
  });
  const urls = () => sent.map(({ url }) => url);
  const tokenCalls = () => urls().filter((url) => url.endsWith('/restapi/oauth/token')).length;
  return { virtual, prove, urls, tokenCalls };
}

describe('SEC-28: one credential cannot use up everyone’s calls', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await aDatabase();
    await addTenantRow(db, 'north');
    await addCredentialRow(db, 'north', 'one', 'active');
  });
  afterEach(() => db.destroy());

  it('returns a result if the API accepts no token, even without room for a second mint', async () => {
    const { virtual, prove, tokenCalls } = aProver(db, ({ url }) => (url.endsWith('/token') ? minted() : tokenInvalid));
    const proof = await virtual.run(prove(subject));
    expect(proof).toMatchObject({
      kind: 'done',
      verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' },
      detail: { step: 'identity' },
    });
    expect(tokenCalls()).toBe(1);
  });

  it('also tries the previous client secret in the background, where calls run one by one', async () => {
    const right = `Basic ${Buffer.from('EXAMPLEclientId_000001:the old one').toString('base64')}`;
    const say = ({ url, headers }: GuardedRequest) => {
      if (!url.endsWith('/token')) return answer(503, {});
      return headers['authorization'] === right ? minted() : wrongSecret;
    };
    const { virtual, prove, tokenCalls } = aProver(db, say, { current: 'not there yet', previous: 'the old one' });
    const first = await virtual.run(prove(subject));
    if (first.kind !== 'wait') throw new Error('there should be no room for a second call');
    await virtual.run(virtual.world.wait(first.until.getTime() - virtual.world.now().getTime()));
    const second = await virtual.run(prove(subject));
    // The mint was accepted; the API behind it is failing.
    expect(second).toMatchObject({ kind: 'done', detail: { step: 'identity' } });
    expect(tokenCalls()).toBe(2);
  });

  it('reports the app as rejected once both secrets were rejected', async () => {
    const { virtual, prove, tokenCalls } = aProver(db, () => wrongSecret, { current: 'wrong', previous: 'wrong too' });
    const first = await virtual.run(prove(subject));
    if (first.kind !== 'wait') throw new Error('there should be no room for a second call');
    await virtual.run(virtual.world.wait(first.until.getTime() - virtual.world.now().getTime()));
    const second = await virtual.run(prove(subject));
    expect(second).toMatchObject({ kind: 'done', verdict: { kind: 'refused', cause: 'app_misconfigured' } });
    expect(tokenCalls()).toBe(2);
  });
});

describe('a RingCentral with arbitrary answers', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await aDatabase();
    await addTenantRow(db, 'north');
    await addCredentialRow(db, 'north', 'one', 'active');
  });
  afterEach(() => db.destroy());

  it('blames neither the network nor the ISV for a token that does not fit in a header', async () => {
    const token = 'U0pD\r\nX-Injected: 1';
    const { virtual, prove, urls } = aProver(db, () => minted({ access_token: token }));
    const proof = await virtual.run(prove(subject));
    expect(proof).toMatchObject({
      verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' },
      detail: { step: 'mint' },
    });
    expect(urls()).toHaveLength(1);
  });

  it.each([
    ['names no scope: the requested ones apply (RFC 6749 §5.1)', undefined, 'accepted', null],
    ['names one of two', 'ReadAccounts', 'refused', 'scope_missing'],
    ['names none', '', 'refused', 'scope_missing'],
    ['names them in an unknown format', ['ReadAccounts'], 'inconclusive', 'ringcentral_unavailable'],
  ])('%s', async (_what, scope, kind, cause) => {
    const say = ({ url }: GuardedRequest) => {
      if (url.endsWith('/token')) return minted({ scope });
      if (url.endsWith('/extension/~')) return answer(200, { id: 901, name: 'Service', account: { id: 501 } });
      return answer(200, { records: [] });
    };
    const { virtual, prove } = aProver(db, say);
    const proof = await virtual.run(prove(subject));
    expect(proof).toMatchObject({ verdict: { kind, ...(cause === null ? {} : { cause }) } });
  });

  it('reads no more extensions than it requested, however many arrive', async () => {
    const records = Array.from({ length: 300_000 }, (_, index) => ({ id: index + 1, type: 'Bot' }));
    const say = ({ url }: GuardedRequest) => {
      if (url.endsWith('/token')) return minted();
      if (url.endsWith('/extension/~')) return answer(200, { id: 901, name: 'Service', account: { id: 501 } });
      return answer(200, { records });
    };
    const { virtual, prove } = aProver(db, say);
    expect(await virtual.run(prove(subject))).toMatchObject({ kind: 'done', verdict: { kind: 'accepted' } });
  });
});
