// Also on PostgreSQL: what is ended is a boolean column, which the two databases store differently.
import { credentialStore } from '../../../src/credentials/credential-store.js';
import type { Knex } from '../../../src/platform/database/database.js';
import { endTokensOf } from '../../../src/tokens/ringcentral-sessions.js';
import { addSignIn, aKeeperOf, ask, SignInRingCentral, unreachable } from '../../drill/rotation/rotation-parts.js';
import { addCredentialRow, aDatabase, aNow } from '../../support/credential-rows.js';

let db: Knex;
let now: Date;
let ringcentral: SignInRingCentral;
const clock = () => now;
const HOUR = 3_600_000;
const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};
const rows = () => db('refresh_tokens');
const purposes = (): Promise<string[]> => db('sealed_secrets').pluck('purpose');

type Client = ReturnType<SignInRingCentral['client']>;
/** The keeper of a process whose calls to end a session go as `revoke` says. */
const keeperWith = (revoke?: Client['revoke']) =>
  aKeeperOf(db, clock, { ...ringcentral.client(), ...(revoke && { revoke }) });

/** As every transaction that destroys a credential does it. */
async function destroy(): Promise<void> {
  await credentialStore(db).forTenant('north').destroy('north', 'replaced', now);
  await endTokensOf(db, 'north', 'north');
}

beforeEach(async () => {
  now = aNow;
  db = await aDatabase();
  ringcentral = new SignInRingCentral(clock);
  await addSignIn(db, keeperWith(), 'north', { ...ringcentral.signIn(), askedAt: now });
});
afterEach(() => db.destroy());

it('the session of a sign-in in use is not ended', async () => {
  await keeperWith().endSignIns();
  expect(ringcentral.calls).toEqual([]);
  expect(await purposes()).toContain('refresh_token');
});

it('the session of a destroyed sign-in is ended at RingCentral, and then its refresh token is deleted', async () => {
  await destroy();
  expect(await purposes()).toEqual(['refresh_token']);
  await keeperWith().endSignIns();
  expect(ringcentral.calls).toEqual(['revoke']);
  expect(ringcentral.sessions.all()).toEqual([]);
  expect(await rows()).toEqual([]);
  expect(await purposes()).toEqual([]);
  await keeperWith().endSignIns();
  expect(ringcentral.calls).toEqual(['revoke']);
});

it('no token of a destroyed sign-in is given or asked for, while its session is not ended yet', async () => {
  await destroy();
  later(HOUR);
  expect(await ask(keeperWith(), 'north')).toMatchObject({ kind: 'held' });
  expect(await keeperWith().signInsOf('north')).toEqual([]);
  expect(ringcentral.calls).toEqual([]);
});

it.each([
  ['RingCentral cannot be reached', unreachable, 9],
  ['our app is refused', { ...unreachable, kind: 'refused', cause: 'app_misconfigured' }, 9],
  ['the auth budget has no room', { kind: 'wait', until: aNow }, 180],
])(
  'while %s, the refresh token is kept and tried again, until it has expired: %d calls in 3 hours',
  async (_why, answer, calls) => {
    let asked = 0;
    const keeper = keeperWith(() => {
      asked += 1;
      return Promise.resolve(answer as Awaited<ReturnType<Client['revoke']>>);
    });
    await destroy();
    for (let minutes = 0; minutes < 180; minutes += 1) {
      await keeper.endSignIns();
      later(60_000);
    }
    // Without a clear answer after 0, 1, 2, 4, 8, 16, 32, 64 and 128 minutes.
    expect(asked).toBe(calls);
    expect(await purposes()).toEqual(['refresh_token']);
    later(7 * 24 * HOUR);
    await keeper.endSignIns();
    expect(asked).toBe(calls);
    expect(await rows()).toEqual([]);
    expect(await purposes()).toEqual([]);
  },
);

it('a refresh token that RingCentral no longer knows is deleted', async () => {
  await destroy();
  await keeperWith(() =>
    Promise.resolve({ ...unreachable, kind: 'refused', cause: 'sign_in_again' } as never),
  ).endSignIns();
  expect(await purposes()).toEqual([]);
});

it('those of a former app leave room for the others', async () => {
  await destroy();
  const row = await rows().first();
  const former = { ...row, client_id: 'EXAMPLE-former-app', obtained_at: '2026-01-01T00:00:00.000Z' };
  for (let n = 0; n < 150; n += 1) {
    await addCredentialRow(db, 'north', `former-${n}`, 'destroyed');
    await rows().insert({ ...former, credential_id: `former-${n}` });
  }
  await keeperWith().endSignIns();
  expect(ringcentral.calls).toEqual(['revoke']);
});

it('the session of another app than the one of today is left to its end', async () => {
  await destroy();
  await rows().update({ client_id: 'EXAMPLE-former-app' });
  await keeperWith().endSignIns();
  expect(ringcentral.calls).toEqual([]);
  expect(await purposes()).toEqual(['refresh_token']);
});
