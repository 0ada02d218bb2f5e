import fc from 'fast-check';
import {
  mayBeIssued,
  MOST_SESSIONS,
  roomFor,
  withSignIns,
  type KnownRingCentralSession,
} from '../../src/tokens/ringcentral-session-limit.js';

const HOUR = 3_600_000;
const start = Date.parse('2026-11-21T00:00:00.000Z');
const at = (ms: number) => new Date(start + ms);
const session = (
  id: string,
  answeredMs: number | null,
  more: Partial<KnownRingCentralSession> = {},
): KnownRingCentralSession => ({
  id,
  answeredAt: answeredMs === null ? null : at(answeredMs),
  endsAt: at((answeredMs ?? 0) + HOUR),
  isIssued: false,
  canBeEnded: true,
  ...more,
});
const issued = { isIssued: true, canBeEnded: false };

describe('room for one more session of an owner', () => {
  it('always exists while no job uses a session', () => {
    const many = Array.from({ length: 20 }, (_, index) => session(`${index}`, index));
    expect(roomFor(many, at(20))).toEqual({ kind: 'room' });
  });

  it('is made by ending the oldest session that was not issued, never an issued one', () => {
    const sessions = [session('job', 0, issued), session('a', 2), session('b', 1), session('c', 3)];
    expect(roomFor(sessions, at(10))).toEqual({ kind: 'end', id: 'b' });
    expect(roomFor(sessions.slice(0, 3), at(10))).toEqual({ kind: 'room' });
  });

  it('exists again when the oldest session that a job uses has expired', () => {
    const sessions = Array.from({ length: MOST_SESSIONS }, (_, index) => session(`${index}`, index, issued));
    expect(roomFor(sessions, at(10))).toEqual({ kind: 'full', until: at(HOUR) });
    expect(roomFor(sessions, at(HOUR))).toEqual({ kind: 'room' });
  });

  it('counts sessions being requested, and those a killed process left, as the youngest', () => {
    const sessions = [
      session('job', 0, issued),
      ...['a', 'b', 'c'].map((id) => session(id, null, { canBeEnded: false })),
    ];
    expect(roomFor(sessions, at(10)).kind).toBe('full');
  });
});

describe('a session that a person began by signing in', () => {
  const DAY = 24 * HOUR;
  const signIn = (beganMs: number, endsMs: number) => ({
    ...{ tenantId: 'north', credentialId: 'signed-in' },
    ...{ beganAt: at(beganMs), endsAt: at(endsMs), isEnded: false },
  });
  const of = (credentialId: string, one: KnownRingCentralSession) => ({ ...one, tenantId: 'north', credentialId });
  const known = (...jwts: KnownRingCentralSession[]) =>
    withSignIns([...jwts.map((one) => of('jwt', one)), of('signed-in', session('its token', 0))], [signIn(0, 7 * DAY)]);

  it('is one session, however many access tokens it had', () => {
    const tokens = ['a', 'b', 'c'].map((id, hour) => of('signed-in', session(id, hour * HOUR)));
    expect(withSignIns(tokens, [signIn(0, 7 * DAY)]).map(({ id }) => id)).toEqual(['signed-in']);
  });

  it('is in use until its refresh token ends, and is never the one that is ended to make room', () => {
    const sessions = known(...['a', 'b', 'c'].map((id, index) => session(id, DAY + index)));
    expect(roomFor(sessions, at(DAY + 10))).toEqual({ kind: 'end', id: 'a' });
    const used = known(...['a', 'b', 'c'].map((id, index) => session(id, DAY + index, issued)));
    expect(roomFor(used, at(DAY + 10))).toEqual({ kind: 'full', until: at(DAY + HOUR) });
    expect(roomFor(used, at(7 * DAY))).toEqual({ kind: 'room' });
  });

  it('is counted once its credential was destroyed, because RingCentral may not have ended it, but is not in use', () => {
    const ended = { ...signIn(2, 7 * DAY), isEnded: true };
    const withEnded = (jwts: KnownRingCentralSession[]) =>
      withSignIns(
        jwts.map((one) => of('jwt', one)),
        [ended],
      );
    const used = ['a', 'b'].map((id, index) => session(id, index, issued));
    expect(roomFor(withEnded([...used, session('c', 3, issued)]), at(10)).kind).toBe('full');
    expect(roomFor(withEnded(used), at(10)).kind).toBe('room');
    const unused = ['a', 'b', 'c'].map((id, index) => session(id, 3 + index));
    expect(roomFor(withEnded(unused), at(10)).kind).toBe('room'); // the ended one, the oldest, may be ended
  });

  it('leaves room for the sessions of JWTs day after day, because those end with their tokens', () => {
    const jwts = Array.from({ length: 24 }, (_, hour) => session(`${hour}`, hour * HOUR, issued));
    expect(roomFor(known(...jwts), at(DAY))).toEqual({ kind: 'room' });
    expect(mayBeIssued(known(...jwts), 'signed-in', at(DAY))).toBe(true);
  });

  it('may be issued only if no younger sessions can have ended it', () => {
    const younger = Array.from({ length: MOST_SESSIONS }, (_, index) => session(`${index}`, index));
    expect(mayBeIssued(known(...younger), 'signed-in', at(10))).toBe(false);
  });
});

type Step = { waitMs: number; lifeMs: number; what: 'mint' | 'issue'; which: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 * 60_000 })),
    lifeMs: fc.constantFrom(HOUR, HOUR, HOUR, HOUR / 6),
    what: fc.constantFrom('mint' as const, 'mint' as const, 'issue' as const),
    which: fc.nat({ max: 3 }),
  }),
  { maxLength: 60 },
);
type Rules = { roomFor: typeof roomFor; mayBeIssued: typeof mayBeIssued };

/** A model of RingCentral at its strictest: a session lives until it is ended or displaced, the oldest first. */
function losses(asked: Step[], rules: Rules): number {
  let now = 0;
  let lost = 0;
  let atRingCentral: string[] = [];
  let known: KnownRingCentralSession[] = [];
  const isUsed = (gone: string) => known.some((one) => one.id === gone && one.isIssued && one.endsAt > at(now));
  asked.forEach(({ waitMs, lifeMs, what, which }, index) => {
    now += waitMs;
    if (what === 'issue') {
      const spare = known.filter(({ isIssued, endsAt }) => !isIssued && endsAt > at(now))[which];
      if (!spare || !rules.mayBeIssued(known, spare.id, at(now))) return;
      known = known.map((one) => (one === spare ? { ...one, isIssued: true, canBeEnded: false } : one));
      if (!atRingCentral.includes(spare.id)) lost += 1;
      return;
    }
    const room = rules.roomFor(known, at(now));
    if (room.kind === 'full') return;
    if (room.kind === 'end') {
      known = known.filter(({ id }) => id !== room.id);
      atRingCentral = atRingCentral.filter((id) => id !== room.id);
    }
    const id = String(index);
    known.push({ id, answeredAt: at(now), endsAt: at(now + lifeMs), isIssued: false, canBeEnded: true });
    atRingCentral.push(id);
    for (const gone of atRingCentral.splice(0, Math.max(0, atRingCentral.length - 5))) if (isUsed(gone)) lost += 1;
  });
  return lost;
}

it('no sequence of mints and issues displaces a session that a job uses, or gives a job one that has ended', () => {
  fc.assert(
    fc.property(steps, (asked) => losses(asked, { roomFor, mayBeIssued }) === 0),
    { numRuns: 3000 },
  );
});

it.each<[string, Partial<Rules>]>([
  ['the limit ignores which sessions are in use', { roomFor: () => ({ kind: 'room' }) }],
  ['every kept token may be issued', { mayBeIssued: () => true }],
])('the property fails if %s', (_what, careless) => {
  const rules = { roomFor, mayBeIssued, ...careless };
  const property = fc.property(steps, (asked) => losses(asked, rules) === 0);
  expect(fc.check(property, { numRuns: 3000 }).failed).toBe(true);
});
