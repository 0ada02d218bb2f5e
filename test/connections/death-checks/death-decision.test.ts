import { decideDeath, type AppSeen, type DeathAsked } from '../../../src/connections/death-checks/death-decision.js';
import type { Retirement } from '../../../src/credentials/credential-types.js';

const now = new Date('2026-11-30T14:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const refused = (cause: string): DeathAsked => ({ kind: 'refused', cause }) as DeathAsked;
const unclear = (cause: string, retryAfterMs: number | null = null): DeathAsked =>
  ({ kind: 'inconclusive', cause, retryAfterMs }) as DeathAsked;

/** The confirmation takes three minutes. */
function decided(
  asked: DeathAsked,
  refusedSince: Date | null = null,
  app: AppSeen = { kind: 'works', at: minutesAgo(1) },
) {
  const retirement: Retirement = {
    at: minutesAgo(100),
    because: 'replaced',
    saidDeleted: { at: minutesAgo(10), by: 'alice' },
    tried: null,
    refusedSince,
    provedDeadAt: null,
    appWorkedAt: null,
  };
  const facts = { now, confirmMs: 180_000, app, inconclusiveStreak: 0 };
  const { tried, provedDeadAt, next, refusedSince: since } = decideDeath({ retirement }, asked, facts);
  const inMinutes = next && (next.dueAt.getTime() - now.getTime()) / 60_000;
  return [tried.answer, provedDeadAt !== null, inMinutes, since && (now.getTime() - since.getTime()) / 60_000];
}

describe('what a death check decides: answer, proved dead, minutes until the next try, minutes since the first refusal', () => {
  it.each([
    ['RingCentral accepts it', { kind: 'accepted' } as const, null, ['works', false, 1440, null]],
    ['it accepts it after it refused it', { kind: 'accepted' } as const, minutesAgo(5), ['works', false, 1440, null]],
    ['the first refusal that names the JWT', refused('credential_rejected'), null, ['refused', false, 3, 0]],
    ['a second one too soon', refused('credential_rejected'), minutesAgo(2), ['refused', false, 1, 2]],
    ['a second one three minutes later', refused('credential_rejected'), minutesAgo(3), ['refused', true, null, 3]],
    [
      'the JWT has expired',
      { ...refused('credential_expired'), isLocal: true } as DeathAsked,
      null,
      ['refused', true, null, 0],
    ],
    ['RingCentral does not answer', unclear('unreachable'), null, ['unclear', false, 2 / 60, null]],
    ['it answers 429 with a time to wait', unclear('rate_limited', 600_000), null, ['unclear', false, 10, null]],
    [
      'it does not answer between two refusals',
      unclear('ringcentral_unavailable'),
      minutesAgo(2),
      ['unclear', false, 10 / 60, 2],
    ],
    ['our app is refused', refused('app_misconfigured'), minutesAgo(9), ['unclear', false, 1440, null]],
  ])('%s', (_what, asked, refusedSince, expected) => {
    expect(decided(asked, refusedSince)).toEqual(expected);
  });

  it.each([
    'app_not_permitted',
    'third_party_access_missing',
    'owner_inactive',
    'account_inactive',
    'wrong_user_type',
    'account_restricted',
    'credential_damaged',
    'permission_missing',
    'scope_missing',
    'app_misconfigured',
    'unclassified',
  ])('%s proves no death, however often: it may end without a change of the JWT', (cause) => {
    expect(decided(refused(cause), minutesAgo(60))).toEqual(['unclear', false, 1440, null]);
  });

  it.each(['owner_locked', 'rate_limited', 'ringcentral_unavailable', 'unreachable'])(
    '%s proves no death, and is asked again within the hour',
    (cause) => {
      const [answer, isDead, next] = decided(unclear(cause), minutesAgo(60));
      expect([answer, isDead]).toEqual(['unclear', false]);
      expect(next).toBeLessThanOrEqual(60);
    },
  );

  it.each([
    [3, 3],
    [60, 60],
    [3 * 1440, 1440],
  ])(
    'refusals prove no death if nothing shows that our app works: after %d minutes it waits %d more',
    (since, wait) => {
      const found = decided(refused('credential_rejected'), minutesAgo(since), { kind: 'not_shown' });
      expect(found).toEqual(['refused', false, wait, since]);
    },
  );

  it('a refusal is not believed while others that worked are refused too, and is asked again in 15 minutes or more', () => {
    const app = { kind: 'doubtful' } as const;
    expect(decided(refused('credential_rejected'), minutesAgo(3), app)).toEqual(['refused', false, 15, 3]);
    expect(decided(refused('credential_rejected'), minutesAgo(60), app)).toEqual(['refused', false, 60, 60]);
  });

  it('a JWT whose own time is over is dead whatever our app does', () => {
    const expired = { ...refused('credential_expired'), isLocal: true } as DeathAsked;
    expect(decided(expired, null, { kind: 'not_shown' })).toEqual(['refused', true, null, 0]);
  });
});
