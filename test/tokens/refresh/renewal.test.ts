import { nextCheck, type NextCheck } from '../../../src/connections/checks/schedule.js';
import { neverConnected, nextHealth, type Health, type Verdict } from '../../../src/connections/health/health.js';
import { Sessions, type Session } from '../../../src/emulator/world/sessions.js';
import type { App, Extension } from '../../../src/emulator/world/world-types.js';
import { nextRotationStep } from '../../../src/tokens/refresh/next-rotation-step.js';
import type { RefreshToken } from '../../../src/tokens/refresh/refresh-token-types.js';
import { seededRandom } from '../../support/strict-limiter.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.parse('2026-11-01T00:00:00.000Z');
const CONFIRM_MS = 180_000;

type Clinic = {
  token: RefreshToken;
  text: string;
  health: Health;
  next: Pick<NextCheck, 'dueAt' | 'inconclusiveStreak'>;
  askedToSignIn: number;
};
type Outage = { from: number; to: number };

/**
 * Clinics that signed in and have only checks, over 90 days. The parts that decide are the real ones; the sessions are
 * those of the emulator.
 */
function liveThrough(outages: readonly Outage[], random: () => number): Clinic[] {
  let ids = 0;
  const sessions = new Sessions(() => String((ids += 1)));
  const clinics = Array.from({ length: 50 }, (_, index) => signIn(sessions, `9${index}`, start + random() * DAY));
  const end = start + 90 * DAY;
  for (;;) {
    const clinic = clinics.reduce((a, b) => (a.next.dueAt <= b.next.dueAt ? a : b));
    const now = clinic.next.dueAt;
    if (now.getTime() >= end) return clinics;
    const isOut = outages.some(({ from, to }) => now.getTime() >= start + from && now.getTime() < start + to);
    check(clinic, sessions, isOut, random);
  }
}

function signIn(sessions: Sessions, id: string, at: number): Clinic {
  const parameters = { scopes: [], endpointId: undefined, accessTtlSeconds: 3600, refreshTtlSeconds: 604_800 };
  const app = { clientId: 'ours', issueRefreshTokens: true } as App;
  const session = sessions.open(app, { id } as Extension, parameters, at);
  const since = new Date(at).toISOString();
  const obtainedAt = new Date(at);
  return {
    token: {
      ...{ credentialId: id, tenantId: id, clientId: 'ours', environment: 'production', ownerId: id, version: 1 },
      ...{ beganAt: obtainedAt, obtainedAt, endsAt: new Date(session.refreshExpiresAt) },
      ...{ idleSeconds: null, sessionEndsAt: null, attempt: null },
    },
    text: session.refreshToken ?? '',
    health: { ...neverConnected(since), serving: { state: 'working', since, warnings: [] } },
    next: { dueAt: new Date(at + DAY), inconclusiveStreak: 0 },
    askedToSignIn: 0,
  };
}

function check(clinic: Clinic, sessions: Sessions, isOut: boolean, random: () => number): void {
  const { dueAt: now, inconclusiveStreak } = clinic.next;
  const verdict = refresh(clinic, sessions, isOut);
  const wasFailing = clinic.health.serving.state === 'failing';
  const event = { kind: 'serving_checked', verdict, confirmMs: CONFIRM_MS } as const;
  clinic.health = nextHealth(clinic.health, event, now.toISOString());
  const { serving } = clinic.health;
  if (serving.state === 'failing' && !wasFailing) clinic.askedToSignIn += 1;
  const suspectSince = serving.state === 'suspect' ? new Date(serving.since) : null;
  clinic.next = nextCheck(
    { status: 'active', verdict, inconclusiveStreak, retryAfterMs: null, suspectSince, expiresAt: null },
    { checkEveryMs: DAY, confirmMs: CONFIRM_MS },
    now,
    random(),
  );
}

function refresh(clinic: Clinic, sessions: Sessions, isOut: boolean): Verdict {
  const now = clinic.next.dueAt;
  const { token } = clinic;
  const step = nextRotationStep({ token, accessTokens: [], clientId: 'ours', forJob: false, now });
  if (step.do !== 'refresh') throw new Error(step.do);
  if (isOut) {
    token.attempt ??= { since: now, by: null, until: null };
    return { kind: 'inconclusive', cause: 'unreachable' };
  }
  const found = sessions.checkRefresh(clinic.text, now.getTime());
  token.attempt = null;
  if (found.kind !== 'live') return { kind: 'refused', cause: 'sign_in_again' };
  sessions.refresh(found.session, {}, now.getTime());
  renewed(clinic, found.session, now);
  return { kind: 'accepted', warnings: [] };
}

function renewed(clinic: Clinic, session: Session, at: Date): void {
  clinic.text = session.refreshToken ?? '';
  clinic.token = {
    ...clinic.token,
    version: clinic.token.version + 1,
    obtainedAt: at,
    endsAt: new Date(session.refreshExpiresAt),
  };
}

it.each([1, 2, 3])('in 90 days with outages of up to 3 days no refresh token of 50 clinics ends (seed %d)', (seed) => {
  const random = seededRandom(seed);
  const outages: Outage[] = [];
  for (let from = random() * 5 * DAY; from < 88 * DAY; from += 4 * DAY + random() * 9 * DAY)
    outages.push({ from, to: from + random() * 3 * DAY });
  const clinics = liveThrough(outages, random);
  expect(
    clinics.filter(({ askedToSignIn, health }) => askedToSignIn > 0 || health.serving.state !== 'working'),
  ).toEqual([]);
  expect(Math.min(...clinics.map(({ token }) => token.version))).toBeGreaterThan(40);
});

it.each([1, 2, 3])(
  'after an outage of more than 7 days each clinic is asked to sign in again, once (seed %d)',
  (seed) => {
    const random = seededRandom(seed);
    const clinics = liveThrough(
      [
        { from: 30 * DAY, to: 38.1 * DAY },
        { from: 60 * DAY, to: 61 * DAY },
      ],
      random,
    );
    expect(clinics.map(({ askedToSignIn }) => askedToSignIn)).toEqual(clinics.map(() => 1));
  },
);
