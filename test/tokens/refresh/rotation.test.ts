// Also on PostgreSQL: a rotation is claimed by processes that race.
import { openDatabase, type Knex } from '../../../src/platform/database/database.js';
import { generateSealingKeys, symmetricSealing } from '../../../src/platform/sealing/sealing.js';
import { Secret } from '../../../src/platform/secret.js';
import { endTokensOf } from '../../../src/tokens/ringcentral-sessions.js';
import {
  addSignIn,
  aKeeper,
  aKeeperOf,
  ask,
  askOf,
  issue,
  newId,
  SignInRingCentral,
  unreachable,
  type AtCall,
  type Keeper,
} from '../../drill/rotation/rotation-parts.js';
import { aSessionKeeper } from '../../drill/watch/session-parts.js';
import { aDatabaseUrl, breakUpdates, everyRow } from '../../support/database/databases.js';
import { aDatabase, aNow } from '../../support/credential-rows.js';
import { eventually } from '../../support/eventually.js';
import { findIn } from '../../security/support/secret-scan.js';

let db: Knex;
let now: Date;
let ringcentral: SignInRingCentral;
let keeper: Keeper;
const clock = () => now;
const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};
const at = (ms: number): Date => new Date(aNow.getTime() + ms);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const signIn = (tenantId = 'north') => addSignIn(db, keeper, tenantId, { ...ringcentral.signIn(), askedAt: now });
const row = (tenantId = 'north') => db('refresh_tokens').where({ tenant_id: tenantId }).first();
const status = (answer: Awaited<ReturnType<typeof ask>>) =>
  answer.kind === 'minted' ? ringcentral.use(answer.session.accessToken) : answer.kind;

beforeEach(async () => {
  now = aNow;
  db = await aDatabase();
  ringcentral = new SignInRingCentral(clock);
  keeper = aKeeper(db, clock, ringcentral);
});
afterEach(() => db.destroy());

/** A process whose machine sleeps at this moment of a call. */
function asleepWhen(moment: 'sent' | 'answered') {
  let fallAsleep: () => void = () => undefined;
  let wake: () => void = () => undefined;
  const isAsleep = new Promise<void>((resolve) => (fallAsleep = resolve));
  const isAwake = new Promise<void>((resolve) => (wake = resolve));
  const atCall: AtCall = (when) => {
    if (when !== moment) return Promise.resolve();
    fallAsleep();
    return isAwake;
  };
  return { atCall, isAsleep, wake };
}

describe('a rotation', () => {
  it('keeps the next refresh token and an access token, again and again', async () => {
    await signIn();
    for (let hour = 1; hour <= 3; hour += 1) {
      later(HOUR);
      expect(status(await ask(keeper, 'north'))).toBe(200);
      expect(await row()).toMatchObject({ version: hour + 1, attempted_at: null, attempt_id: null });
    }
    expect(ringcentral.calls).toEqual(['refresh', 'refresh', 'refresh']);
    expect((await row()).ends_at).toBe(at(3 * HOUR + 7 * 24 * HOUR).toISOString());
  });

  it('is committed as an attempt before the request is sent', async () => {
    const seen: unknown[] = [];
    const process = aKeeper(db, clock, ringcentral, async (when) => {
      if (when === 'sent') seen.push(await row());
    });
    await signIn();
    later(HOUR);
    await ask(process, 'north');
    expect(seen).toEqual([expect.objectContaining({ version: 1, attempted_at: at(HOUR).toISOString() })]);
  });

  it('is not sent if the attempt cannot be written', async () => {
    await signIn();
    later(HOUR);
    const repair = await breakUpdates(db, 'refresh_tokens');
    await expect(ask(keeper, 'north')).rejects.toThrow('synthetic');
    expect(ringcentral.calls).toEqual([]);
    await repair();
    expect(status(await ask(keeper, 'north'))).toBe(200);
  });

  it('is not made while a job has an access token that RingCentral accepts', async () => {
    await signIn();
    const token = await issue(keeper, 'north');
    later(HOUR - 30 * SECOND);
    expect(await ask(keeper, 'north')).toEqual({ kind: 'held', until: at(HOUR) });
    expect(ringcentral.use(token!)).toBe(200);
    now = at(HOUR);
    expect(status(await ask(keeper, 'north'))).toBe(200);
  });

  it('is not made for a check while an access token is kept', async () => {
    await signIn();
    later(50 * MINUTE);
    expect(await ask(keeper, 'north', 'background')).toMatchObject({ kind: 'minted', isKept: true });
    expect(ringcentral.calls).toEqual([]);
    later(10 * MINUTE);
    expect(await ask(keeper, 'north', 'background')).not.toHaveProperty('isKept');
  });

  it('ends no token that a job is given at the same moment', async () => {
    await signIn();
    later(56 * MINUTE);
    const [token, answer] = await Promise.all([issue(keeper, 'north'), ask(keeper, 'north')]);
    expect(token === null || ringcentral.use(token) === 200).toBe(true);
    expect([200, 'held']).toContain(status(answer));
  });

  it.each(['the auth budget', 'RingCentral'])(
    'for which %s has no room leaves the access token, which no job has yet, to the next job',
    async (whose) => {
      const client = ringcentral.client();
      if (whose === 'RingCentral') ringcentral.next = 'rate_limited';
      else client.refresh = () => Promise.resolve({ kind: 'wait', until: at(HOUR) } as never);
      const full = aKeeperOf(db, clock, client);
      await signIn();
      later(56 * MINUTE);
      expect(['wait', 'inconclusive']).toContain(status(await ask(full, 'north')));
      const token = await issue(full, 'north');
      expect(token === null ? null : ringcentral.use(token)).toBe(200);
      expect(await ask(full, 'north')).toEqual({ kind: 'held', until: at(HOUR) });
    },
  );

  it('for which there is no room brings back no access token of a credential that was destroyed meanwhile', async () => {
    const client = ringcentral.client();
    client.refresh = async () => {
      await endTokensOf(db, 'north', 'north');
      return { kind: 'wait', until: at(HOUR) } as never;
    };
    await signIn();
    later(56 * MINUTE);
    await ask(aKeeperOf(db, clock, client), 'north');
    expect([await db('access_token_secrets'), await db('access_tokens').whereNotNull('serves_until')]).toEqual([
      [],
      [],
    ]);
  });

  it('leaves no ciphertext of the access token of before', async () => {
    await signIn();
    for (const next of ['answered', 'app_misconfigured'] as const) {
      later(56 * MINUTE);
      ringcentral.next = next;
      await ask(keeper, 'north');
      const kept = await db('access_tokens').whereNotNull('serves_until').pluck('id');
      expect(await db('access_token_secrets').pluck('id')).toEqual(kept);
    }
  });

  it('is refused under another client ID than the one that obtained the token, which stays', async () => {
    await signIn();
    await db('refresh_tokens').update({ client_id: 'EXAMPLE-another-app' });
    later(HOUR);
    expect(await ask(keeper, 'north')).toMatchObject({ kind: 'refused', cause: 'app_misconfigured' });
    expect(ringcentral.calls).toEqual([]);
    await db('refresh_tokens').update({ client_id: 'EXAMPLE-sign-in-app' });
    expect(status(await ask(keeper, 'north'))).toBe(200);
  });

  it('keeps the old refresh token if the answer has no other one', async () => {
    ringcentral.setRules({ rotates: false });
    await signIn();
    const before = await row();
    for (let hour = 1; hour <= 2; hour += 1) {
      later(HOUR);
      expect(status(await ask(keeper, 'north'))).toBe(200);
    }
    expect((await row()).ends_at).toBe(before.ends_at);
  });

  it('a refresh token that RingCentral sends again is as old as before', async () => {
    await signIn();
    const before = await row();
    const old = new Secret(ringcentral.sessions.all()[0]!.refreshToken!);
    later(HOUR);
    ringcentral.change = (tokens) => ({ ...tokens, refreshToken: old, refreshExpiresInSeconds: null });
    expect(status(await ask(keeper, 'north'))).toBe(200);
    expect(await row()).toMatchObject({ obtained_at: before.obtained_at, ends_at: before.ends_at });
  });

  it('SEC-34: stores its tokens sealed only', async () => {
    const { privateJwks } = await generateSealingKeys();
    keeper = aKeeperOf(db, clock, ringcentral.client(), await symmetricSealing(privateJwks));
    await signIn();
    later(HOUR);
    await ask(keeper, 'north');
    const [session] = ringcentral.sessions.all();
    expect(
      findIn(JSON.stringify(await everyRow(db)), { access: session!.accessToken, refresh: session!.refreshToken! }),
    ).toEqual([]);
  });
});

describe('after an answer that does not say what RingCentral did', () => {
  it.each(['same_tokens', 'other_refresh_token', 'other_tokens'] as const)(
    'the old refresh token recovers the session (%s)',
    async (graceAnswer) => {
      ringcentral.setRules({ graceAnswer });
      await signIn();
      later(HOUR);
      ringcentral.next = 'lost';
      expect(await ask(keeper, 'north')).toMatchObject({ kind: 'inconclusive', cause: 'ringcentral_unavailable' });
      expect(await row()).toMatchObject({ version: 1, attempted_at: at(HOUR).toISOString() });
      later(55 * MINUTE);
      expect(status(await ask(keeper, 'north'))).toBe(200);
      expect(await row()).toMatchObject({ version: 2, attempted_at: null });
      later(HOUR);
      expect(status(await ask(keeper, 'north'))).toBe(200);
    },
  );

  it('the person must sign in again once the grace period is over', async () => {
    await signIn();
    later(HOUR);
    ringcentral.next = 'lost';
    await ask(keeper, 'north');
    later(61 * MINUTE);
    expect(await ask(keeper, 'north')).toMatchObject({ kind: 'refused', cause: 'sign_in_again' });
  });

  it('no access token of before is given to a job, and a check does not use one', async () => {
    await signIn();
    later(56 * MINUTE);
    ringcentral.next = 'lost';
    await ask(keeper, 'north');
    expect(await issue(keeper, 'north')).toBeNull();
    expect(await ask(keeper, 'north', 'background')).not.toHaveProperty('isKept');
  });

  it('the recovery goes before other jobs and checks in the auth budget', async () => {
    const places: unknown[] = [];
    await signIn();
    later(HOUR);
    ringcentral.next = 'lost';
    await ask(keeper, 'north');
    later(MINUTE);
    const client = ringcentral.client();
    const { refresh } = client;
    client.refresh = (request) => {
      places.push({ lane: request.lane, since: request.since, maxWaitMs: request.maxWaitMs });
      return refresh(request);
    };
    await ask(aKeeperOf(db, clock, client), 'north', 'background');
    expect(places).toEqual([{ lane: 'broker', since: at(HOUR), maxWaitMs: 15_000 }]);
  });

  it('a check is brought forward after a job, after a crash, and before the grace period ends', async () => {
    const found: string[] = [];
    const look = async () => {
      found.length = 0;
      await keeper.findUnanswered((_tenantId, id) => Promise.resolve(void found.push(id)));
      return [...found];
    };
    await signIn();
    later(HOUR);
    ringcentral.next = 'lost';
    await ask(keeper, 'north');
    expect([await look(), await look()]).toEqual([['north'], []]);
    later(MINUTE);
    ringcentral.next = 'lost';
    await ask(keeper, 'north', 'background');
    expect(await look()).toEqual([]);
    now = at(HOUR + 50 * MINUTE);
    expect(await look()).toEqual(['north']);
    await db('refresh_tokens').update({ attempt_id: 'dead', leased_until: at(HOUR + 52 * MINUTE).toISOString() });
    expect(await look()).toEqual([]);
    now = at(HOUR + 52 * MINUTE);
    expect(await look()).toEqual(['north']);
    expect(status(await ask(keeper, 'north', 'background'))).toBe(200);
    expect(await look()).toEqual([]);
  });

  it('a limit of RingCentral leaves no doubt, because nothing was done', async () => {
    await signIn();
    later(HOUR);
    ringcentral.next = 'rate_limited';
    expect(await ask(keeper, 'north')).toMatchObject({ kind: 'inconclusive', cause: 'rate_limited' });
    expect(await row()).toMatchObject({ attempted_at: null, attempt_id: null });
  });

  it('a refusal of our app leaves the doubt of before', async () => {
    await signIn();
    later(HOUR);
    ringcentral.next = 'lost';
    await ask(keeper, 'north');
    later(MINUTE);
    ringcentral.next = 'app_misconfigured';
    expect(await ask(keeper, 'north')).toMatchObject({ kind: 'refused', cause: 'app_misconfigured' });
    expect(await row()).toMatchObject({ attempted_at: at(HOUR).toISOString() });
  });
});

describe('of several processes', () => {
  it('four at once send one refresh', async () => {
    const url = await aDatabaseUrl();
    const handles = Array.from({ length: 4 }, () => openDatabase(url));
    const [first] = handles as [Knex, ...Knex[]];
    await first('people').insert({
      id: 'alice',
      email: 'alice@clinic.example',
      name: 'Alice',
      created_at: aNow.toISOString(),
    });
    await addSignIn(first, aKeeper(first, clock, ringcentral), 'north', { ...ringcentral.signIn(), askedAt: now });
    later(HOUR);
    let release: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => (release = resolve));
    const slow: AtCall = (when) => (when === 'sent' ? isHeld : Promise.resolve());
    const asks = handles.map((handle) => ask(aKeeper(handle, clock, ringcentral, slow), 'north'));
    let held = 0;
    for (const one of asks) void one.then(({ kind }) => (held += Number(kind === 'held')));
    await eventually('three are held', () => Promise.resolve(held === 3));
    release();
    const kinds = (await Promise.all(asks)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['held', 'held', 'held', 'minted']);
    expect([ringcentral.calls, ringcentral.mostOnTheWire]).toEqual([['refresh'], 1]);
    for (const handle of handles) await handle.destroy();
  });

  it('a late answer about an old refresh token changes nothing', async () => {
    const { atCall, isAsleep, wake } = asleepWhen('answered');
    const slow = aKeeper(db, clock, ringcentral, atCall);
    await signIn();
    later(HOUR);
    const late = ask(slow, 'north');
    await isAsleep;
    later(2 * MINUTE); // its machine sleeps
    expect(status(await ask(keeper, 'north'))).toBe(200);
    later(HOUR);
    expect(status(await ask(keeper, 'north'))).toBe(200);
    const before = await everyRow(db);
    wake();
    expect(await late).toMatchObject({ kind: 'held' });
    expect(await everyRow(db)).toEqual(before);
    expect(ringcentral.calls).not.toContain('revoke');
    later(HOUR);
    expect(status(await ask(keeper, 'north'))).toBe(200);
  });

  it('a late refusal of an old refresh token changes nothing', async () => {
    const { atCall, isAsleep, wake } = asleepWhen('sent');
    const slow = aKeeper(db, clock, ringcentral, atCall);
    await signIn();
    later(HOUR);
    const late = ask(slow, 'north');
    await isAsleep;
    later(2 * MINUTE);
    await ask(keeper, 'north');
    later(HOUR);
    const before = await everyRow(db);
    wake();
    expect(await late).toMatchObject({ kind: 'held' });
    expect(await everyRow(db)).toEqual(before);
  });

  it('a request that could not be answered within its claim is not sent', async () => {
    await signIn();
    later(HOUR);
    const client = ringcentral.client();
    const { refresh } = client;
    client.refresh = (request) => {
      later(2 * MINUTE); // the machine sleeps while the process waits for the auth budget
      return refresh(request);
    };
    expect(await ask(aKeeperOf(db, clock, client), 'north')).toMatchObject({ kind: 'inconclusive' });
    expect(ringcentral.calls).toEqual([]);
  });
});

describe.each([-15, 15])('of two processes, one with a clock that is %d minutes off', (minutes) => {
  const offBy = minutes * MINUTE;
  const off = (atCall?: AtCall) =>
    aSessionKeeper(db, { now: () => new Date(now.getTime() + offBy), newId }, ringcentral.client(atCall), {
      databaseNow: clock,
    });

  it.each(['the right clock', 'the other one'])('one refresh is sent: first by the process with %s', async (first) => {
    await signIn();
    later(HOUR);
    const { atCall, isAsleep, wake } = asleepWhen('sent');
    const [slow, other] =
      first === 'the right clock' ? [aKeeper(db, clock, ringcentral, atCall), off()] : [off(atCall), keeper];
    const rotating = ask(slow, 'north');
    await isAsleep;
    expect(await ask(other, 'north')).toMatchObject({ kind: 'held' });
    wake();
    expect(status(await rotating)).toBe(200);
    expect([ringcentral.calls, ringcentral.mostOnTheWire]).toEqual([['refresh'], 1]);
  });

  it('no token in use is ended, and none that has ended is given to a job', async () => {
    await signIn();
    const first = await issue(keeper, 'north');
    later(50 * MINUTE);
    expect(await ask(off(), 'north')).toEqual({ kind: 'held', until: at(HOUR + offBy) });
    expect([await issue(off(), 'north'), ringcentral.use(first!)]).toEqual([first, 200]);
    now = at(HOUR);
    expect(await issue(off(), 'north')).toBeNull();
    expect(status(await ask(off(), 'north'))).toBe(200);
    const second = await issue(off(), 'north');
    later(50 * MINUTE);
    expect(await ask(keeper, 'north')).toEqual({ kind: 'held', until: at(2 * HOUR) });
    expect(ringcentral.use(second!)).toBe(200);
    now = at(2 * HOUR);
    expect(await issue(keeper, 'north')).toBeNull();
  });
});

describe('a credential that is destroyed while a refresh has no answer yet', () => {
  let noted: string[];
  const destroy = async () => {
    await db('credentials').where({ id: 'north' }).update({ status: 'destroyed' });
    await endTokensOf(db, 'north', 'north');
  };
  /** The process whose refresh is under way at that moment. */
  const rotating = (moment: 'sent' | 'answered') =>
    aSessionKeeper(
      db,
      { now: clock, newId },
      ringcentral.client(async (when) => {
        if (when === moment) await destroy();
      }),
      {
        noteEnd: (_trx, _tenantId, _id, how) => {
          noted.push(how);
          return Promise.resolve();
        },
      },
    );
  beforeEach(async () => {
    noted = [];
    await signIn();
    later(HOUR);
  });

  it.each(['sent', 'answered'] as const)(
    'keeps the refresh token of the late answer until its session was revoked (%s)',
    async (moment) => {
      const process = rotating(moment);
      let canRevoke = false;
      const client = ringcentral.client();
      const { revoke } = client;
      client.revoke = (asked) => (canRevoke ? revoke(asked) : Promise.resolve(unreachable));
      const other = aSessionKeeper(db, { now: clock, newId }, client, {
        noteEnd: (_trx, _tenantId, _id, how) => Promise.resolve(void noted.push(how)),
      });
      const answer = ask(process, 'north');
      expect(await answer).toMatchObject({ kind: 'held' });
      expect(noted).toEqual(['found']);
      await other.endSignIns();
      const [session, ...others] = ringcentral.sessions.all();
      const [sealed] = await db('sealed_secrets').where({ purpose: 'refresh_token' }).pluck<string[]>('jwe');
      expect([sealed, others]).toEqual([`north ${session?.refreshToken}`, []]);
      later(2 * MINUTE);
      canRevoke = true;
      await other.endSignIns();
      expect(ringcentral.sessions.all()).toEqual([]);
      expect(noted).toEqual(['found', 'revoked']);
      expect([await row(), await db('sealed_secrets').where({ purpose: 'refresh_token' })]).toEqual([undefined, []]);
      expect(await db('access_tokens').whereNotNull('serves_until')).toEqual([]);
    },
  );

  it('does not revoke its session with the old refresh token before the answer', async () => {
    const { atCall, isAsleep, wake } = asleepWhen('answered');
    const answer = ask(aKeeper(db, clock, ringcentral, atCall), 'north');
    await isAsleep;
    await destroy();
    await keeper.endSignIns();
    expect(ringcentral.calls).toEqual(['refresh']);
    wake();
    await answer;
    await keeper.endSignIns();
    expect(ringcentral.calls).toEqual(['refresh', 'revoke']);
    expect(ringcentral.sessions.all()).toEqual([]);
  });

  it.each([
    ['an answer that RingCentral refused it', 'app_misconfigured', ['found']],
    ['no room at RingCentral', 'rate_limited', ['found']],
    ['no answer', 'lost', []],
  ] as const)('with %s leaves in doubt only what is in doubt', async (_how, next, expected) => {
    ringcentral.next = next;
    await ask(rotating('sent'), 'north');
    expect(noted).toEqual(expected);
    await keeper.endSignIns();
    expect(ringcentral.calls).toEqual(['refresh', 'revoke']);
  });

  it('whose claim is over is revoked with the token that is there, and a later answer is revoked at once', async () => {
    const { atCall, isAsleep, wake } = asleepWhen('answered');
    const answer = ask(aKeeper(db, clock, ringcentral, atCall), 'north');
    await isAsleep;
    await destroy();
    later(2 * MINUTE);
    await keeper.endSignIns();
    expect([ringcentral.calls, await row()]).toEqual([['refresh', 'revoke'], undefined]);
    wake();
    await answer;
    expect(ringcentral.calls).toEqual(['refresh', 'revoke', 'revoke']);
  });
});

it('an answer for another user keeps the refresh token and gives no access token', async () => {
  await signIn();
  later(HOUR);
  ringcentral.change = (tokens) => ({ ...tokens, ownerId: '902' });
  expect(await ask(keeper, 'north')).toEqual({ kind: 'foreign_owner', found: { ownerId: '902' } });
  expect(await issue(keeper, 'north')).toBeNull();
  expect(status(await ask(keeper, 'north'))).toBe(200);
});

it("an access token of another user is kept once staff approved that user, and the refresh token counts as that user's", async () => {
  await signIn();
  later(HOUR);
  ringcentral.change = (tokens) => ({ ...tokens, ownerId: '902' });
  const approved = { ...askOf('north'), pinnedOwnerId: '902' };
  expect(await keeper.mint(approved)).toMatchObject({ kind: 'minted', session: { ownerId: '902' } });
  expect(await row()).toMatchObject({ owner_id: '902' });
  expect(await issue(keeper, 'north')).not.toBeNull();
});

it('a limit that the account has since then is the end of the credential, and its people are reminded; a later time is not believed', async () => {
  const DAY = 24 * HOUR;
  const expiry = () => db('credentials').where({ id: 'north' }).first('expires_at', 'remind_at');
  const renewWith = async (endsInSeconds: number | null) => {
    later(HOUR);
    ringcentral.change = (tokens) => ({ ...tokens, session: { idleSeconds: null, endsInSeconds } });
    expect(status(await ask(keeper, 'north'))).toBe(200);
  };
  await signIn();
  await renewWith(null);
  expect(await expiry()).toEqual({ expires_at: null, remind_at: null });
  await renewWith((20 * DAY) / SECOND);
  const end = at(2 * HOUR + 20 * DAY).toISOString();
  expect(await expiry()).toEqual({ expires_at: end, remind_at: now.toISOString() });
  await db('credentials').update({ remind_at: null });
  await renewWith((20 * DAY) / SECOND);
  await renewWith(null);
  expect(await expiry()).toEqual({ expires_at: end, remind_at: null });
});
