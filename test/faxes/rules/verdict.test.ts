import type { LineResult } from '../../../src/faxes/fax-types.js';
import { exitOf, isWorthRetrying, stateAfter, worstOf, type FaxState } from '../../../src/faxes/rules/verdict.js';
import { line } from '../model-mailbox.js';

const AT = '2026-11-30T02:00:00.000Z';
const DAY_BEFORE = '2026-11-29T02:00:00.000Z';
const LESS = '2026-11-29T02:00:01.000Z';
const open: FaxState = { verdict: 'open', since: LESS, goneSince: null, reason: null };
const pending = (since: string, goneSince: string | null = null): FaxState => ({
  ...open,
  verdict: 'pending',
  since,
  goneSince,
});

it.each([
  [open, { kind: 'done' }, { verdict: 'done', since: AT, goneSince: null, reason: null }],
  [open, { kind: 'pending' }, { verdict: 'pending', since: AT, goneSince: null, reason: null }],
  [pending(LESS), { kind: 'pending' }, { verdict: 'pending', since: LESS, goneSince: null, reason: null }],
  [open, { kind: 'gone' }, { verdict: 'pending', since: AT, goneSince: AT, reason: 'not_found' }],
  [pending(LESS, LESS), { kind: 'gone' }, { verdict: 'pending', since: LESS, goneSince: LESS, reason: 'not_found' }],
  [
    pending(DAY_BEFORE, DAY_BEFORE),
    { kind: 'gone' },
    { verdict: 'lost', since: AT, goneSince: DAY_BEFORE, reason: 'not_found' },
  ],
  [
    pending(DAY_BEFORE),
    { kind: 'gone' },
    { verdict: 'pending', since: DAY_BEFORE, goneSince: AT, reason: 'not_found' },
  ],
  [pending(LESS), { kind: 'purged' }, { verdict: 'lost', since: AT, goneSince: null, reason: 'purged' }],
  [
    pending(LESS, LESS),
    { kind: 'failed', reason: 'ended_early' },
    { verdict: 'failed', since: AT, goneSince: LESS, reason: 'ended_early' },
  ],
] as const)('%j that comes to %j becomes %j', (before, outcome, after) => {
  expect(stateAfter(before, outcome, AT)).toEqual(after);
});

it('what can still be had counts before what cannot', () => {
  expect(worstOf([])).toEqual({ kind: 'done' });
  expect(worstOf([{ kind: 'purged' }, { kind: 'done' }, { kind: 'gone' }])).toEqual({ kind: 'gone' });
  expect(worstOf([{ kind: 'gone' }, { kind: 'pending' }])).toEqual({ kind: 'pending' });
  expect(worstOf([{ kind: 'pending' }, { kind: 'failed', reason: 'x' }])).toEqual({ kind: 'failed', reason: 'x' });
});

it.each([
  [pending(LESS), true],
  [pending(DAY_BEFORE), false],
  [{ ...open, verdict: 'failed', reason: 'ended_early' }, true],
  [{ ...open, verdict: 'failed', reason: 'refused CMN-408' }, false],
  [{ ...open, verdict: 'lost' }, false],
  [{ ...open, verdict: 'done' }, false],
] as [FaxState, boolean][])('%j is asked for again in the same run: %s', (state, isAsked) => {
  expect(isWorthRetrying(state, AT)).toBe(isAsked);
});

it.each([
  [{}, 0],
  [{ lost: 3, gaps: 1 }, 0],
  [{ pending: 1, oldestPendingAt: LESS }, 0],
  [{ pending: 1, oldestPendingAt: DAY_BEFORE }, 1],
  [{ failed: 1 }, 1],
  [{ problem: 'no_token' }, 1],
] as [Partial<LineResult>, number][])('a line with %j ends with %i', (fields, exit) => {
  const good: LineResult = {
    line,
    at: AT,
    isComplete: true,
    problem: null,
    listed: 0,
    new: 0,
    fetched: 0,
    pending: 0,
    failed: 0,
    lost: 0,
    gaps: 0,
    oldestPendingAt: null,
    oldestFailedAt: null,
    fill: 0,
    isUnusuallyQuiet: false,
    nextRunMinutes: 1440,
  };
  expect(exitOf({ ...good, ...fields })).toBe(exit);
});
