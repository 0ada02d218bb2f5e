import fc from 'fast-check';
import { MOST_SESSIONS, roomFor, type KnownSession } from '../../src/tokens/session-limit.js';

const HOUR = 3_600_000;
const start = Date.parse('2026-11-21T00:00:00.000Z');
const at = (ms: number) => new Date(start + ms);
const session = (id: string, answeredMs: number | null, more: Partial<KnownSession> = {}): KnownSession => ({
  id,
  answeredAt: answeredMs === null ? null : at(answeredMs),
  endsAt: at((answeredMs ?? 0) + HOUR),
  isIssued: false,
  canBeEnded: true,
  ...more,
});
const issued = { isIssued: true, canBeEnded: false };

describe('room for one more session of an owner', () => {
  it('is always there while no job uses one', () => {
    const many = Array.from({ length: 20 }, (_, index) => session(`${index}`, index));
    expect(roomFor(many, at(20))).toEqual({ kind: 'room' });
  });

  it('is made by ending the oldest that no job was given, never an issued one', () => {
    const sessions = [session('job', 0, issued), session('a', 2), session('b', 1), session('c', 3)];
    expect(roomFor(sessions, at(10))).toEqual({ kind: 'end', id: 'b' });
    expect(roomFor(sessions.slice(0, 3), at(10))).toEqual({ kind: 'room' });
  });

  it('is there again when the oldest that a job uses has run out', () => {
    const sessions = Array.from({ length: MOST_SESSIONS }, (_, index) => session(`${index}`, index, issued));
    expect(roomFor(sessions, at(10))).toEqual({ kind: 'full', until: at(HOUR) });
    expect(roomFor(sessions, at(HOUR))).toEqual({ kind: 'room' });
  });

  it('counts what is being asked for, and what a killed process left, as the youngest', () => {
    const sessions = [
      session('job', 0, issued),
      ...['a', 'b', 'c'].map((id) => session(id, null, { canBeEnded: false })),
    ];
    expect(roomFor(sessions, at(10)).kind).toBe('full');
  });
});

type Step = { waitMs: number; lifeMs: number; isIssued: boolean };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 * 60_000 })),
    lifeMs: fc.constantFrom(HOUR, HOUR, HOUR, HOUR / 6),
    isIssued: fc.boolean(),
  }),
  { maxLength: 60 },
);

/** RingCentral at its strictest: a session lives until it is ended or pushed out, the oldest first. */
function evictions(asked: Step[], roomOf: typeof roomFor): number {
  let now = 0;
  let evicted = 0;
  let atRingCentral: string[] = [];
  let known: KnownSession[] = [];
  asked.forEach(({ waitMs, lifeMs, isIssued }, index) => {
    now += waitMs;
    const room = roomOf(known, at(now));
    if (room.kind === 'full') return;
    if (room.kind === 'end') {
      known = known.filter(({ id }) => id !== room.id);
      atRingCentral = atRingCentral.filter((id) => id !== room.id);
    }
    const id = String(index);
    known.push({ id, answeredAt: at(now), endsAt: at(now + lifeMs), isIssued, canBeEnded: !isIssued });
    atRingCentral.push(id);
    for (const gone of atRingCentral.splice(0, Math.max(0, atRingCentral.length - 5)))
      if (known.some((one) => one.id === gone && one.isIssued && one.endsAt > at(now))) evicted += 1;
  });
  return evicted;
}

it('no sequence of asks pushes out a session that a job uses', () => {
  fc.assert(
    fc.property(steps, (asked) => evictions(asked, roomFor) === 0),
    { numRuns: 2000 },
  );
});

it('the property notices a limit that does not look at what is in use', () => {
  const careless: typeof roomFor = () => ({ kind: 'room' });
  expect(fc.check(fc.property(steps, (asked) => evictions(asked, careless) === 0)).failed).toBe(true);
});
