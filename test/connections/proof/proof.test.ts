import type { Knex } from '../../../src/platform/database/database.js';
import type { Answer, GuardedRequest } from '../../../src/ringcentral/clients/guarded-call.js';
import { aDatabase, addCredentialRow, addTenantRow } from '../../support/credential-rows.js';
import { aProver, answer, minted, subject, tokenInvalid } from './a-prover.js';

describe('a proof', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await aDatabase();
    await addTenantRow(db, 'north');
    await addCredentialRow(db, 'north', 'one', 'active');
  });
  afterEach(() => db.destroy());

  it('keeps the codes and the request ID of the rejected token, although it blames RingCentral', async () => {
    const rejected = { ...tokenInvalid, requestId: 'r-1' };
    const { virtual, prove } = aProver(db, ({ url }) => (url.endsWith('/token') ? minted() : rejected));
    expect(await virtual.run(prove({ ...subject, lane: 'interactive' }))).toMatchObject({
      verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' },
      detail: { step: 'identity', codes: ['TokenInvalid', 'OAU-213'], requestId: 'r-1' },
    });
  });

  it.each([
    ['OAU-232', 'background', 'owner_inactive', 1],
    ['CMN-405', 'background', 'owner_inactive', 1],
    ['OAU-236', 'interactive', 'owner_inactive', 1],
    ['OAU-142', 'interactive', 'account_inactive', 1],
  ] as const)('believes %s of a token that it has just minted (%s): %s', async (code, lane, cause, mints) => {
    const inactive = { ...answer(401, { errorCode: code, errors: [{ errorCode: code }] }), requestId: 'r-2' };
    const say = ({ url }: GuardedRequest) => (url.endsWith('/token') ? minted() : inactive);
    const { virtual, prove, tokenCalls } = aProver(db, say);
    expect(await virtual.run(prove({ ...subject, lane }))).toMatchObject({
      verdict: { kind: 'refused', cause },
      detail: { step: 'identity', codes: [code], requestId: 'r-2' },
    });
    expect(tokenCalls()).toBe(mints);
  });

  it.each([
    [401, 'CMN-405'],
    [400, 'OAU-236'],
    [404, 'OAU-232'],
  ])(
    "does not call an owner whom RingCentral has just named inactive when a fax line's answer is %s %s",
    async (status, code) => {
      const line = { id: 901, name: 'Service', extensionNumber: '1', type: 'FaxUser', status: 'Enabled' };
      const say = ({ url }: GuardedRequest) => {
        if (url.endsWith('/token')) return minted();
        if (url.endsWith('/extension/~')) return answer(200, { id: 901, name: 'Service', account: { id: 501 } });
        if (url.includes('message-store')) return answer(status, { errorCode: code, errors: [{ errorCode: code }] });
        return answer(200, url.includes('perPage') ? { records: [line], paging: { totalPages: 1 } } : {});
      };
      const { virtual, prove } = aProver(db, say);
      expect(await virtual.run(prove({ ...subject, lane: 'interactive' }))).toMatchObject({
        verdict: { kind: 'inconclusive', cause: 'ringcentral_unavailable' },
      });
    },
  );

  it('does not believe OAU-232 of an older token: it mints one, and that works', async () => {
    let mints = 0;
    const say = ({ url, headers }: GuardedRequest) => {
      if (url.endsWith('/token')) return minted({ access_token: `U0pDEXAMPLE${(mints += 1)}` });
      if (headers['authorization'] === 'Bearer U0pDEXAMPLE1' && mints === 1 && isOld)
        return answer(401, { errorCode: 'OAU-232' });
      if (url.endsWith('/extension/~')) return answer(200, { id: 901, name: 'Service', account: { id: 501 } });
      return answer(200, { records: [] });
    };
    let isOld = false;
    const { virtual, prove } = aProver(db, say);
    expect(await virtual.run(prove(subject))).toMatchObject({ verdict: { kind: 'accepted' } });
    isOld = true;
    const again = prove({ ...subject, lane: 'interactive', reuseSince: new Date(0) });
    expect(await virtual.run(again)).toMatchObject({ verdict: { kind: 'accepted' } });
    expect(mints).toBe(2);
  });

  it('keeps the request ID of an answer that names another user than the token', async () => {
    const other = { ...answer(200, { id: 902, name: 'Other', account: { id: 501 } }), requestId: 'r-3' };
    const { virtual, prove } = aProver(db, ({ url }) => (url.endsWith('/token') ? minted() : other));
    expect(await virtual.run(prove(subject))).toMatchObject({
      verdict: { kind: 'refused', cause: 'unclassified' },
      detail: { step: 'identity', requestId: 'r-3' },
    });
  });

  it('accepts the scope Faxes where ReadMessages is required', async () => {
    const say = ({ url }: GuardedRequest) => {
      if (url.endsWith('/token')) return minted({ scope: 'ReadAccounts Faxes' });
      if (url.endsWith('/extension/~')) return answer(200, { id: 901, name: 'Service', account: { id: 501 } });
      return answer(200, { records: [] });
    };
    const { virtual, prove } = aProver(db, say);
    expect(await virtual.run(prove(subject))).toMatchObject({ verdict: { kind: 'accepted' } });
  });

  it('keeps the request id of the answer whose token lacks a scope', async () => {
    const say = ({ url }: GuardedRequest): Answer => {
      if (url.endsWith('/token')) return { ...minted({ scope: 'ReadAccounts' }), requestId: 'mint-1' };
      const who = answer(200, { id: 901, name: 'Service', account: { id: 501 } });
      return { ...who, requestId: 'identity-2' };
    };
    const { virtual, prove } = aProver(db, say);
    expect(await virtual.run(prove(subject))).toMatchObject({
      verdict: { kind: 'refused', cause: 'scope_missing' },
      detail: { step: 'scopes', permission: 'ReadMessages', requestId: 'mint-1' },
    });
  });

  const later = new Date(Date.UTC(2027, 10, 21));
  const expired = { error: 'invalid_grant', errors: [{ errorCode: 'OAU-213' }] };
  const damaged = { error: 'invalid_request', errors: [{ errorCode: 'OAU-345' }] };
  const unknown = { error: 'invalid_request', errors: [{ errorCode: 'OAU-999' }] };
  const notOurs = { error: 'invalid_request', errors: [{ errorCode: 'OAU-473' }] };
  it.each([
    ['a rejected JWT of biz', 'biz', later, expired, { issuedBy: 'biz', unexpired: true }],
    ['a damaged JWT of biz', 'biz', later, damaged, { issuedBy: 'biz', unexpired: true }],
    ['a JWT of biz, refused for an unknown reason', 'biz', later, unknown, { issuedBy: 'biz', unexpired: true }],
    ['a rejected JWT that never expires', 'production', null, expired, { unexpired: true }],
    [
      'a rejected JWT that expired a moment ago',
      'production',
      new Date(Date.UTC(2026, 10, 20, 23, 59, 30)),
      expired,
      {},
    ],
    ['a JWT of biz that RingCentral knows', 'biz', later, notOurs, {}],
  ] as const)('writes down what %s says about itself', async (_which, issuedBy, expiresAt, body, facts) => {
    const { virtual, prove } = aProver(db, () => answer(400, body));
    const proof = await virtual.run(prove({ ...subject, issuedBy, expiresAt }));
    if (proof.kind !== 'done') throw new Error(proof.kind);
    expect(proof.detail).toEqual({ step: 'mint', codes: [body.errors[0]?.errorCode], ...facts });
  });
});
