/** The strictest known description of RingCentral's limit: a sliding window, and a penalty that calls restart. */
export class StrictLimiter {
  overBudget = 0;
  inPenalty = 0;
  arrivals: number[] = [];
  #penaltyUntil = 0;

  constructor(
    readonly limit: number,
    readonly windowMs = 60_000,
    readonly penaltyMs = 60_000,
  ) {}

  /** A penalty that our own calls did not cause. */
  penalize(at: number, forMs: number): void {
    this.#penaltyUntil = Math.max(this.#penaltyUntil, at + forMs);
  }

  /** @returns how long to wait; 0 if the call is allowed */
  arrive(at: number): number {
    const isInPenalty = at < this.#penaltyUntil;
    const inWindow = this.arrivals.filter((arrival) => arrival > at - this.windowMs).length;
    if (isInPenalty) this.inPenalty += 1;
    else if (inWindow >= this.limit) this.overBudget += 1;
    else {
      this.arrivals = [...this.arrivals.slice(-2 * this.limit), at];
      return 0;
    }
    this.#penaltyUntil = at + this.penaltyMs;
    return this.penaltyMs;
  }
}

/** mulberry32: the same numbers for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
