import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from '../../../src/platform/database/database.js';
import { Secret } from '../../../src/platform/secret.js';
import { tokenService, type TokenAnswer, type TokenService } from '../../../src/tokens/token-service.js';
import type { TokenSubject } from '../../../src/tokens/token-types.js';
import {
  addSignIn,
  aKeeper,
  ask,
  newId,
  OWNER,
  SignInRingCentral,
  type Keeper,
} from '../../drill/rotation/rotation-parts.js';
import { addCredentialRow, addTenantRow, aDatabase, aNow } from '../../support/credential-rows.js';
import { seededRandom } from '../../support/strict-limiter.js';

let db: Knex;
let now: Date;
let ringcentral: SignInRingCentral;
let keeper: Keeper;
let tokens: TokenService;
let told: string[];
/** What RingCentral says to a token about which it is asked. */
let isAccepted: (text: string) => boolean;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const at = (ms: number): Date => new Date(aNow.getTime() + ms);
const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};
/** Time passes only in the tests: a wait is over when it is given up. */
const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  ms < SECOND ? pause(1) : new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));

const subjectOf = (tenantId: string): Promise<TokenSubject> =>
  Promise.resolve({
    credentialId: tenantId,
    environment: 'production',
    ownerId: OWNER,
    accountId: '900',
    faxExtensions: [],
    failing: null,
    askedAgainAt: null,
  });

beforeEach(async () => {
  now = aNow;
  told = [];
  isAccepted = () => false;
  const tell = (what: string) => () => Promise.resolve(void told.push(what));
  db = await aDatabase();
  ringcentral = new SignInRingCentral(() => now);
  keeper = aKeeper(db, () => now, ringcentral);
  tokens = tokenService({
    db,
    world: { now: () => now, newId, wait },
    log: { error: () => undefined },
    sessions: keeper,
    identity: ({ app, accessToken }) => {
      told.push(`asked with the token of ${app ?? 'no app'}`);
      return Promise.resolve({ kind: isAccepted(accessToken.reveal()) ? 'accepted' : 'token_rejected' } as never);
    },
    openAssertion: (tenantId) => Promise.resolve(tenantId === 'jwt' ? new Secret('synthetic.jwt') : null),
    subjectOf,
    mayAsk: () => Promise.resolve(true),
    wasNotAsked: tell('was not asked'),
    onMinted: () => Promise.resolve(),
    onRefused: tell('refused'),
    onUnanswered: () => Promise.resolve(),
    fixOwnerOf: () => undefined,
  });
  await addSignIn(db, keeper, 'north', { ...ringcentral.signIn(), askedAt: now });
});
afterEach(() => db.destroy());

const textOf = (answer: TokenAnswer): string =>
  answer.kind === 'token' ? answer.session.accessToken.reveal() : answer.kind;
const token = async (more: object = {}) => textOf(await tokens.currentToken({ tenantId: 'north', ...more }));

it('a job gets the access token of the session until 60 s before the token ends, then a wait until the end, then the next one', async () => {
  const first = await token();
  expect(ringcentral.use(first)).toBe(200);
  later(HOUR - 61 * SECOND);
  expect(await token()).toBe(first);
  later(2 * SECOND);
  expect(await tokens.currentToken({ tenantId: 'north' })).toEqual({ kind: 'later', until: at(HOUR), because: 'busy' });
  expect(ringcentral.use(first)).toBe(200);
  now = at(HOUR);
  const second = await token();
  expect([second === first, ringcentral.use(second)]).toEqual([false, 200]);
  expect(ringcentral.calls).toEqual(['refresh']);
});

it('a job that needs a longer life than is left waits until the token ends, and the others keep the token', async () => {
  const first = await token();
  later(40 * MINUTE);
  expect(await tokens.currentToken({ tenantId: 'north', minTtlSeconds: 1800 })).toMatchObject({
    kind: 'later',
    until: at(HOUR),
  });
  expect([await token(), ringcentral.use(first)]).toEqual([first, 200]);
});

it('the scopes are never fewer than those of the session, and the answer tells them', async () => {
  const answer = await tokens.currentToken({ tenantId: 'north', scopes: 'ReadMessages' });
  expect(answer).toMatchObject({ kind: 'token', session: { scopes: ['ReadAccounts', 'ReadMessages'] } });
  expect(await token()).toBe(textOf(answer));
});

it('40 jobs at once get one new token by one refresh', async () => {
  later(HOUR);
  const answers = await Promise.all(Array.from({ length: 40 }, () => token()));
  expect(new Set(answers).size).toBe(1);
  expect([ringcentral.use(answers[0]!), ringcentral.calls]).toEqual([200, ['refresh']]);
});

it('a job waits without a refresh if younger sessions may have ended that of the sign-in', async () => {
  await addTenantRow(db, 'jwt');
  await addCredentialRow(db, 'jwt', 'jwt', 'active');
  later(MINUTE);
  const began = { asked_at: now.toISOString(), answered_at: now.toISOString(), ends_at: at(HOUR).toISOString() };
  const of = { tenant_id: 'jwt', credential_id: 'jwt', environment: 'production', owner_id: OWNER };
  for (let n = 0; n < 4; n += 1) await db('access_tokens').insert({ id: `younger-${n}`, ...of, ...began });
  expect(await tokens.currentToken({ tenantId: 'north' })).toMatchObject({ kind: 'later', because: 'sessions' });
  expect(ringcentral.calls).toEqual([]);
  now = at(HOUR);
  expect(ringcentral.use(await token())).toBe(200);
});

it('a reported token is replaced by one refresh if RingCentral no longer accepts it; otherwise it stays', async () => {
  const report = (text: string) => tokens.report('north', createHash('sha256').update(text).digest('hex'));
  const first = await token();
  isAccepted = (text) => ringcentral.use(text) === 200;
  expect([await report(first), await token()]).toEqual(['still_good', first]);
  later(2 * MINUTE);
  for (const session of ringcentral.sessions.all()) session.accessExpiresAt = now.getTime();
  expect(await report(first)).toBe('dropped');
  const second = await token();
  expect([second === first, ringcentral.use(second), ringcentral.calls]).toEqual([false, 200, ['refresh']]);
  expect([await report(first), await token()]).toEqual(['unknown', second]); // another job that is late
  expect(ringcentral.calls).toEqual(['refresh']);
});

it('RingCentral’s answer about a reported token counts for the app that obtained the token', async () => {
  await addTenantRow(db, 'jwt');
  await addCredentialRow(db, 'jwt', 'jwt', 'active');
  for (const tenantId of ['north', 'jwt']) {
    const text = textOf(await tokens.currentToken({ tenantId }));
    expect(await tokens.report(tenantId, createHash('sha256').update(text).digest('hex'))).toBe('dropped');
  }
  expect(told).toEqual(['asked with the token of sign_in', 'asked with the token of jwt']);
});

it('what we refuse ourselves, because another app obtained the token, is told as no refusal of RingCentral', async () => {
  later(HOUR);
  await db('refresh_tokens').update({ client_id: 'EXAMPLE-former-app' });
  expect(await tokens.currentToken({ tenantId: 'north' })).toMatchObject({ because: 'app_misconfigured' });
  expect([ringcentral.calls, told]).toEqual([[], ['was not asked']]);
});

it('a refusal is told as a wait until a check has judged the refusal', async () => {
  ringcentral.sessions.changePassword(OWNER);
  later(HOUR);
  expect(await tokens.currentToken({ tenantId: 'north' })).toMatchObject({ kind: 'later', because: 'sign_in_again' });
});

it('in 24 hours with jobs and checks on both methods, no token in use is ended, and no sign-in', async () => {
  await addTenantRow(db, 'jwt');
  await addCredentialRow(db, 'jwt', 'jwt', 'active');
  const random = seededRandom(20261130);
  const used = new Map<string, Date>();
  const dead: string[] = [];
  const seen = { tokens: 0, putOff: 0, checks: 0 };
  const end = at(24 * HOUR);
  while (now < end) {
    for (const [text, until] of used) {
      if (until <= now) used.delete(text);
      else if (ringcentral.use(text) !== 200) dead.push(`${now.toISOString()} ${text}`);
    }
    for (const tenantId of ['north', 'jwt']) {
      if (random() < 0.3) {
        const minTtlSeconds = random() < 0.2 ? 1800 : 0;
        const answer = await tokens.currentToken({ tenantId, minTtlSeconds });
        if (answer.kind !== 'token') seen.putOff += 1;
        else {
          seen.tokens += 1;
          used.set(textOf(answer), new Date(now.getTime() + answer.expiresInSeconds * SECOND));
        }
      }
      if (random() < 0.1) {
        seen.checks += 1;
        if (tenantId === 'north') {
          const checked = await ask(keeper, tenantId, 'background');
          if (checked.kind === 'minted' && ringcentral.use(checked.session.accessToken) !== 200) dead.push('a check');
        } else
          await keeper.mint({
            lane: 'background',
            tenantId,
            credentialId: tenantId,
            environment: 'production',
            assertion: new Secret('synthetic.jwt'),
            pinnedOwnerId: OWNER,
          });
      }
    }
    later(20 * SECOND + random() * 4 * MINUTE);
  }
  expect(dead).toEqual([]);
  expect(seen.tokens).toBeGreaterThan(200);
  expect(seen.checks).toBeGreaterThan(50);
  expect(seen.putOff).toBeLessThan(seen.tokens / 5);
  expect(ringcentral.sessions.all().filter(({ isSignIn }) => isSignIn)).toHaveLength(1);
  expect(ringcentral.calls.filter((call) => call === 'refresh').length).toBeGreaterThan(20);
});
