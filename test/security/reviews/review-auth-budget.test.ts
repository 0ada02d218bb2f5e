// Also on PostgreSQL: calls are granted under a lock.
import { aProver, answer, minted, subject, tokenInvalid, wrongSecret } from '../../connections/proof/a-prover.js';
import type { Knex } from '../../../src/platform/database/database.js';
import type { GuardedRequest } from '../../../src/ringcentral/clients/guarded-call.js';
import { aDatabase, addCredentialRow, addTenantRow } from '../../support/credential-rows.js';

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
