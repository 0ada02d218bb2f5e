import { gapIn, isLongPast, windowOf } from '../../../src/faxes/rules/window.js';

const AT = '2026-11-30T02:00:00.000Z';

it.each([
  ['never listed', null, null, '2026-10-31T02:00:00.000Z'],
  ['listed a day ago', '2026-11-29T02:00:00.000Z', null, '2026-11-27T02:00:00.000Z'],
  ['listed in the future, by a clock that was wrong', '2027-11-29T02:00:00.000Z', null, '2026-10-31T02:00:00.000Z'],
  ['listed a moment ahead, by another clock', '2026-11-30T02:05:00.000Z', null, '2026-11-28T02:00:00.000Z'],
  ['asked for more', '2026-11-29T02:00:00.000Z', '2026-06-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'],
  ['asked for less', '2026-11-29T02:00:00.000Z', '2026-11-29T00:00:00.000Z', '2026-11-27T02:00:00.000Z'],
])('a line that was %s is listed from the right time on, until now', (_name, lastCompleteAt, since, dateFrom) => {
  expect(windowOf(AT, lastCompleteAt, since)).toEqual({ dateFrom, dateTo: AT });
});

it.each([
  ['of long before the last listing', '2026-11-01T00:00:00.000Z', '2026-11-29T02:00:00.000Z', AT, true],
  ['of a little before it', '2026-11-28T02:00:00.000Z', '2026-11-29T02:00:00.000Z', AT, false],
  ['with which our clock agrees: the listing was wrong', AT, '2027-11-29T02:00:00.000Z', AT, false],
  ['of now, with a clock of ours that is wrong', AT, '2026-11-29T02:00:00.000Z', '2001-01-01T00:00:00.000Z', false],
  ['on a line that was never listed', '2026-11-01T00:00:00.000Z', null, AT, false],
])('an answer %s is refused as long past: %#', (_name, at, lastCompleteAt, ours, isRefused) => {
  expect(isLongPast(at, lastCompleteAt, ours)).toBe(isRefused);
});

const window = { dateFrom: '2026-11-27T02:00:00.000Z', dateTo: AT };
const full = { mostMessages: 200, cap: 200, holdsOlder: false, oldestAliveAt: '2026-11-27T20:00:00.000Z' };

it.each([
  ['full, all of it new', full, { from: '2026-11-27T02:00:00.000Z', to: '2026-11-29T20:00:00.000Z' }],
  [
    'over its cap',
    { ...full, mostMessages: 204 },
    { from: '2026-11-27T02:00:00.000Z', to: '2026-11-29T20:00:00.000Z' },
  ],
  ['full without an alive fax', { ...full, oldestAliveAt: null }, { from: '2026-11-27T02:00:00.000Z', to: AT }],
  [
    'full of faxes of today',
    { ...full, oldestAliveAt: '2026-11-29T20:00:00.000Z' },
    { from: '2026-11-27T02:00:00.000Z', to: AT },
  ],
  ['not full', { ...full, mostMessages: 199 }, null],
  ['full, with an older message in it', { ...full, holdsOlder: true }, null],
])('a mailbox that is %s has its gap', (_name, mailbox, gap) => {
  expect(gapIn(window, mailbox)).toEqual(gap);
});
