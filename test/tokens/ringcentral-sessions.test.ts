// Also on PostgreSQL: sessions are counted under a lock.
import type { Knex } from '../../src/platform/database/database.js';
import { generateSealingKeys, symmetricSealing } from '../../src/platform/sealing/sealing.js';
import { Secret } from '../../src/platform/secret.js';
import type { AccessToken, Outcome } from '../../src/ringcentral/catalogue/outcome.js';
import type { SessionAsk } from '../../src/tokens/token-types.js';
import { everyRow } from '../support/database/databases.js';
import { addCredentialRow, addTenantRow, aDatabase, aNow } from '../support/credential-rows.js';
import { aSessionKeeper } from '../drill/watch/session-parts.js';
import { findIn } from '../security/support/secret-scan.js';
import { aCredentialKeeper } from '../support/connection-parts.js';

let db: Knex;
let ids: number;
let now: Date;
const world = {
  now: () => now,
  newId: () => `id-${(ids += 1)}`,
  randomBytes: (size: number) => Buffer.alloc(size),
  wait: () => Promise.resolve(),
};
beforeEach(async () => {
  ids = 0;
  now = aNow;
  db = await aDatabase();
  await addTenantRow(db, 'north');
  await addCredentialRow(db, 'north', 'one', 'active');
});
afterEach(() => db.destroy());

/** A fake RingCentral that accepts every credential and records the requests. */
function aRingCentral(more: { ownerId?: string; seconds?: number; answer?: Outcome<AccessToken> } = {}) {
  const asked: string[] = [];
  const tokens: string[] = [];
  return {
    asked,
    tokens,
    mint: (): Promise<Outcome<AccessToken>> => {
      asked.push('mint');
      if (more.answer) return Promise.resolve(more.answer);
      const text = `U0pDsynthetic-access-token-number-${tokens.length}-0123456789abcdef`;
      tokens.push(text);
      const value = {
        accessToken: new Secret(text),
        expiresInSeconds: more.seconds ?? 3600,
        scopes: ['ReadAccounts'],
        ownerId: more.ownerId ?? '901',
      };
      return Promise.resolve({ kind: 'accepted', value, requestId: null });
    },
    revoke: ({ token }: { token: Secret }): Promise<Outcome<null>> => {
      asked.push(`revoke ${tokens.indexOf(token.reveal())}`);
      return Promise.resolve({ kind: 'accepted', value: null, requestId: null });
    },
  };
}
const ask: SessionAsk = {
  lane: 'broker',
  tenantId: 'north',
  credentialId: 'one',
  environment: 'production',
  assertion: new Secret('synthetic.credential'),
  pinnedOwnerId: '901',
};
type Keeper = ReturnType<typeof aSessionKeeper>;
const issue = async (keeper: Keeper, { id }: { id: string }) => {
  const held = (await keeper.kept('north', 'one')).find((one) => one.id === id);
  return held !== undefined && keeper.issue('north', held);
};
const minted = async (keeper: ReturnType<typeof aSessionKeeper>, more: Partial<SessionAsk> = {}) => {
  const answer = await keeper.mint({ ...ask, ...more });
  if (answer.kind !== 'minted') throw new Error(answer.kind);
  return answer.session;
};

it('SEC-34: a kept token is stored only sealed, and opens only for its own row', async () => {
  const ringcentral = aRingCentral();
  const { privateJwks } = await generateSealingKeys();
  const keeper = aSessionKeeper(db, world, ringcentral, { sealing: await symmetricSealing(privateJwks) });
  const first = await minted(keeper);
  const second = await minted(keeper);
  const [token = ''] = ringcentral.tokens;
  expect(findIn(JSON.stringify(await everyRow(db)), { token })).toEqual([]);
  const held = await keeper.kept('north', 'one');
  expect(
    (
      await keeper.openKept(
        'north',
        held.find(({ id }) => id === first.id)!,
      )
    )?.accessToken.reveal(),
  ).toBe(token);
  // An attacker who can write moves the ciphertext to another row: it is deleted, and nothing else breaks.
  const [moved] = await db('access_token_secrets').where({ id: first.id });
  await db('access_token_secrets').where({ id: second.id }).update({ jwe: moved.jwe });
  const [wrong] = (await keeper.kept('north', 'one')).filter(({ id }) => id === second.id);
  expect(await keeper.openKept('north', wrong!)).toBeNull();
  expect((await keeper.kept('north', 'one')).map(({ id }) => id)).toEqual([first.id]);
  expect(await keeper.kept('another', 'one')).toEqual([]);
});

it("a token's life counts from the moment its mint was sent, after the wait for the auth budget", async () => {
  const ringcentral = aRingCentral();
  const mint = (request: { onSend?: () => void }) => {
    now = new Date(aNow.getTime() + 14_000); // it waits for the auth budget
    request.onSend?.();
    now = new Date(aNow.getTime() + 17_000); // RingCentral answers
    return ringcentral.mint();
  };
  const session = await minted(aSessionKeeper(db, world, { ...ringcentral, mint }));
  expect(session.askedAt).toEqual(new Date(aNow.getTime() + 14_000));
  expect(session.servesUntil).toEqual(new Date(aNow.getTime() + 14_000 + 3_540_000));
});

it('a token is used for the lifetime that RingCentral gave, minus a margin, and never longer', async () => {
  const keeper = aSessionKeeper(db, world, aRingCentral());
  await minted(keeper);
  const goodAt = async (second: number) => {
    now = new Date(aNow.getTime() + second * 1000);
    return (await keeper.kept('north', 'one')).length > 0;
  };
  expect(await goodAt(3539)).toBe(true);
  expect(await goodAt(3540)).toBe(false);
  await keeper.prune();
  expect((await everyRow(db))['access_token_secrets']).toEqual([]);
  expect((await everyRow(db))['access_tokens']).toHaveLength(1); // still counted
  now = new Date(aNow.getTime() + 26 * 3_600_000);
  await keeper.prune();
  expect((await everyRow(db))['access_tokens']).toEqual([]);
});

it('the session of another owner than the pinned one is ended immediately, and its token is never kept', async () => {
  const ringcentral = aRingCentral({ ownerId: '666' });
  const keeper = aSessionKeeper(db, world, ringcentral);
  expect(await keeper.mint(ask)).toEqual({ kind: 'foreign_owner', found: { ownerId: '666' } });
  expect(ringcentral.asked).toEqual(['mint', 'revoke 0']);
  const { access_tokens: rows, access_token_secrets: secrets } = await everyRow(db);
  expect([rows, secrets]).toEqual([[], []]);
});

it('no token is kept of a credential that was replaced or destroyed during the call to RingCentral', async () => {
  for (const status of ['retired', 'destroyed']) {
    const keeper = aSessionKeeper(db, world, aRingCentral());
    const answer = keeper.mint(ask);
    await db('credentials').where({ id: 'one' }).update({ status });
    await answer;
    expect(await keeper.kept('north', 'one')).toEqual([]);
  }
});

describe('SEC-27: the tokens of a credential are deleted with it', () => {
  const keeping = () => aCredentialKeeper(db, world);

  it.each([
    ['is destroyed', () => keeping().destroy(db, 'north', 'one', 'refused')],
    [
      'is replaced',
      async () => {
        await addCredentialRow(db, 'north', 'two');
        await keeping().activate(db, 'north', 'two');
      },
    ],
  ])('when it %s', async (_what, end) => {
    const keeper = aSessionKeeper(db, world, aRingCentral());
    const session = await minted(keeper);
    await issue(keeper, session);
    await end();
    const { access_tokens: rows, access_token_secrets: secrets } = await everyRow(db);
    expect(secrets).toEqual([]);
    // A job may still use the token until it expires, so the session is still counted.
    expect(rows).toEqual([
      expect.objectContaining({ id: session.id, serves_until: null, issued_at: aNow.toISOString() }),
    ]);
    expect(await issue(keeper, session)).toBe(false);
  });
});

describe('the sessions of one owner', () => {
  const inMinutes = (minutes: number) => {
    now = new Date(aNow.getTime() + minutes * 60_000);
  };

  it('are counted over all tenants, and the oldest that was not issued is ended to make room', async () => {
    await addTenantRow(db, 'south');
    await addCredentialRow(db, 'south', 'two', 'active');
    const ringcentral = aRingCentral();
    const keeper = aSessionKeeper(db, world, ringcentral);
    const job = await minted(keeper);
    await issue(keeper, job);
    inMinutes(1);
    await minted(keeper);
    for (let check = 0; check < 4; check += 1) {
      inMinutes(2 + check);
      await minted(keeper, { tenantId: 'south', credentialId: 'two' });
    }
    expect(ringcentral.asked).toEqual(['mint', 'mint', 'mint', 'mint', 'revoke 1', 'mint', 'revoke 2', 'mint']);
  });

  it('may have displaced one that was not issued: no job gets its token, though it is kept', async () => {
    const keeper = aSessionKeeper(db, world, aRingCentral());
    const first = await minted(keeper);
    for (let check = 1; check <= 3; check += 1) {
      inMinutes(check);
      await minted(keeper);
    }
    const [last] = await keeper.kept('north', 'one');
    inMinutes(4);
    await minted(keeper);
    expect(await issue(keeper, first)).toBe(false);
    expect(await issue(keeper, last!)).toBe(true);
  });

  it('leave no room for another while a job uses each of them', async () => {
    const ringcentral = aRingCentral();
    const keeper = aSessionKeeper(db, world, ringcentral);
    for (let jobs = 0; jobs < 4; jobs += 1) {
      inMinutes(jobs);
      await issue(keeper, await minted(keeper));
    }
    expect(await keeper.mint(ask)).toEqual({ kind: 'full', until: new Date(aNow.getTime() + 3_600_000) });
    expect(ringcentral.asked).toEqual(['mint', 'mint', 'mint', 'mint']);
  });

  it('exclude one that RingCentral refused, and include one that may have begun although no answer came', async () => {
    const facts = { codes: [], status: null, requestId: null, retryAfterMs: null };
    const rows = async () => ((await everyRow(db))['access_tokens'] ?? []).length;
    const refused = { ...facts, kind: 'refused', cause: 'credential_rejected', status: 400 } as const;
    await aSessionKeeper(db, world, aRingCentral({ answer: refused })).mint(ask);
    expect(await rows()).toBe(0);
    const lost = { ...facts, kind: 'inconclusive', cause: 'unreachable' } as const;
    await aSessionKeeper(db, world, aRingCentral({ answer: lost })).mint(ask);
    expect(await rows()).toBe(1);
  });

  it('include those of the user a new credential claims, so a replacement cannot displace a session in use', async () => {
    await addCredentialRow(db, 'north', 'two');
    const ringcentral = aRingCentral();
    const keeper = aSessionKeeper(db, world, ringcentral, { claimedOwner: () => '901' });
    await issue(keeper, await minted(keeper));
    for (let paste = 1; paste <= 3; paste += 1) {
      inMinutes(paste);
      await minted(keeper, { credentialId: 'two', pinnedOwnerId: null });
    }
    expect((await keeper.mint({ ...ask, credentialId: 'two', pinnedOwnerId: null })).kind).toBe('full');
  });
});
