export type RateGroup = 'auth' | 'light' | 'medium' | 'heavy';
export type Limits = Record<RateGroup, number>;

/** Calls per minute and group, as RingCentral documents them. */
export const documentedLimits: Limits = { auth: 5, light: 50, medium: 40, heavy: 10 };
/** For demos and benchmarks that must not be slowed down. */
export const generousLimits: Limits = { auth: 1e6, light: 1e6, medium: 1e6, heavy: 1e6 };

export type Taken = {
  group: RateGroup;
  allowed: boolean;
  limit: number;
  remaining: number;
  windowSeconds: number;
  retryAfterSeconds: number;
  violation?: 'over_budget' | 'in_penalty';
};

type Bucket = { arrivals: number[]; penaltyUntil: number };

export type BucketInUse = { group: string; key: string; calls: number; penaltyUntil: number | null };

/**
 * Sliding windows with a penalty. Every request inside the penalty restarts it. Arrivals are counted in the order of
 * the calls to `take`; an arrival exactly one window old no longer counts.
 */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    public limits: Limits,
    public windowSeconds: number,
    public penaltySeconds: number,
  ) {}

  private bucket(group: RateGroup, key: string): Bucket {
    const name = `${group}|${key}`;
    let bucket = this.buckets.get(name);
    if (!bucket) {
      bucket = { arrivals: [], penaltyUntil: 0 };
      this.buckets.set(name, bucket);
    }
    return bucket;
  }

  take(group: RateGroup, key: string, at: number, limit = this.limits[group]): Taken {
    const bucket = this.bucket(group, key);
    const inPenalty = at < bucket.penaltyUntil;
    const since = at - this.windowSeconds * 1000;
    while ((bucket.arrivals[0] ?? Infinity) <= since) bucket.arrivals.shift();
    const full = bucket.arrivals.length >= limit;
    if (inPenalty || full) {
      bucket.penaltyUntil = at + this.penaltySeconds * 1000;
      return { ...this.refused(group, limit), violation: inPenalty ? 'in_penalty' : 'over_budget' };
    }
    bucket.arrivals.push(at);
    return {
      ...this.refused(group, limit),
      allowed: true,
      remaining: limit - bucket.arrivals.length,
      retryAfterSeconds: 0,
    };
  }

  /** Reads the bucket without counting a call, for answers given before the limit is counted. */
  peek(group: RateGroup, key: string, at: number, limit = this.limits[group]): Taken {
    const since = at - this.windowSeconds * 1000;
    const used = this.bucket(group, key).arrivals.filter((arrival) => arrival > since).length;
    return { ...this.refused(group, limit), allowed: used < limit, remaining: Math.max(0, limit - used) };
  }

  isInPenalty(group: RateGroup, key: string, at: number): boolean {
    return at < this.bucket(group, key).penaltyUntil;
  }

  /** Starts a penalty directly: a client must wait out a forced 429 like a real one. */
  penalize(group: RateGroup, key: string, until: number): void {
    const bucket = this.bucket(group, key);
    bucket.penaltyUntil = Math.max(bucket.penaltyUntil, until);
  }

  /** The calls that count now, and the end of the penalty (milliseconds; null: none). */
  inUse(at: number): BucketInUse[] {
    const since = at - this.windowSeconds * 1000;
    return [...this.buckets].flatMap(([name, { arrivals, penaltyUntil }]) => {
      const [group = '', ...key] = name.split('|');
      const calls = arrivals.filter((arrival) => arrival > since).length;
      const until = penaltyUntil > at ? penaltyUntil : null;
      return calls > 0 || until !== null ? [{ group, key: key.join('|'), calls, penaltyUntil: until }] : [];
    });
  }

  reset(): void {
    this.buckets.clear();
  }

  private refused(group: RateGroup, limit: number): Taken {
    const { windowSeconds, penaltySeconds: retryAfterSeconds } = this;
    return { group, allowed: false, limit, remaining: 0, windowSeconds, retryAfterSeconds };
  }
}

/** RingCentral's rate headers. The group name is lower case in practice. */
export const rateHeaders = (taken: Taken): Record<string, string> => ({
  'X-Rate-Limit-Group': taken.group,
  'X-Rate-Limit-Limit': String(taken.limit),
  'X-Rate-Limit-Remaining': String(taken.remaining),
  'X-Rate-Limit-Window': String(taken.windowSeconds),
});
