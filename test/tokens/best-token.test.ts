import { bestOf, isWorth } from '../../src/tokens/best-token.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
/** A token that lives for `life` seconds in all, and for `left` seconds from now. */
const token = (life: number, left: number, isIssued = true) => ({
  mintedAt: at(left - life),
  servesUntil: at(left),
  isIssued,
});

it.each([
  // life, left, least life in seconds, whether it is fresh
  [3540, 3540, 0, true],
  [3540, 300, 0, true],
  [3540, 299, 0, false],
  [3540, 1800, 1800, true],
  [3540, 1799, 1800, false],
  [3540, 299, 60, false],
  [540, 135, 0, true],
  [540, 134, 0, false],
  [540, 405, 1800, true], // its kind cannot live longer: three quarters of its life will do
  [540, 404, 1800, false],
])('a token of %d s that has %d s left is for a job that wants %d s fresh: %s', (life, left, wanted, isFresh) => {
  expect(bestOf([token(life, left)], wanted * 1000, NOW)?.isFresh).toBe(isFresh);
});

it('prefers a token that jobs have, then the one that comes first', () => {
  const [unissued, issued] = [token(3540, 3000, false), token(3540, 2000)];
  expect(bestOf([unissued, issued], 0, NOW)?.kept).toBe(issued);
  expect(bestOf([unissued, issued], 2400_000, NOW)?.kept).toBe(unissued);
  expect(bestOf([token(3540, 100, false), token(3540, 50)], 0, NOW)).toMatchObject({ isFresh: false });
  expect(bestOf([], 0, NOW)).toBeNull();
});

it('an old token does for a job that asks for no life', () => {
  expect(isWorth(token(3540, 10), 0, NOW)).toBe(true);
  expect(isWorth(token(3540, 10), 60_000, NOW)).toBe(false);
});
