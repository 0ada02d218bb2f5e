/** Both sides of a comparison, ready to be measured. Each call is one full round of its side. */
export type Contest = {
  product: () => Promise<unknown>;
  /** the unavoidable work against which the product is measured */
  bare: () => Promise<unknown>;
  /** Additional measurements that are reported but not judged, in the same number of rounds. */
  told?: { name: string; once: () => Promise<unknown> }[];
  /** Measures, after the rounds, what is judged besides the ratio. */
  also?: () => Promise<Also[]>;
  close: () => Promise<void>;
};

/** One more figure, and the highest it may be. */
export type Also = { name: string; value: number; most: number };

/** `most`: the ratio is the time of the product over that of the bare side; `least`: its speed over that of the bare side. */
export type Limit = { most: number } | { least: number };

export type Bench = Limit & {
  name: string;
  about: string;
  rounds: number;
  /** @param rounds how often `product` will be called, including warm-up */
  prepare: (rounds: number) => Promise<Contest>;
};

/**
 * One long run whose other side is worked out, such as what rate limits allow. Noise of the machine cannot make it
 * faster than that, so it needs no second run to compare with.
 */
export type SingleRun = Limit & {
  name: string;
  about: string;
  once: (tell: (line: string) => void) => Promise<{ ratio: number; also: Also[] }>;
};

export const limitOf = (limit: Limit): string =>
  'most' in limit ? `at most ${limit.most}` : `at least ${limit.least}`;

export const isWithin = (ratio: number, limit: Limit): boolean =>
  'most' in limit ? ratio <= limit.most : ratio >= limit.least;

export type Measured = {
  name: string;
  /** p50 of the product over p50 of the bare side; the other way round where a least ratio is wanted */
  ratio: number;
  /** p50 of the bare side divided by its own second p50: 1, except for noise; null for a single run */
  aa: number | null;
  /**
   * in this run, a ratio between this and 1 cannot be distinguished from 1: the 97.5th percentile of resampled A/A ratios;
   * null for a single run
   */
  floor: number | null;
  rounds: number;
  also: Also[];
};

export async function measureOnce({ name, once }: SingleRun, tell: (line: string) => void): Promise<Measured> {
  const { ratio, also } = await once(tell);
  return { name, ratio: rounded(ratio), aa: null, floor: null, rounds: 1, also };
}

const WARM_UP = 5;
const RESAMPLES = 2000;
const orders = ['PAB', 'ABP', 'BPA', 'PBA', 'BAP', 'APB'] as const;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
};

/**
 * Measures the product and the bare side, and the bare side a second time, in the same rounds, so that a temporary
 * slowdown of the machine affects all three. The order within a round changes, so that no side always follows the
 * same other side.
 */
export async function measure(bench: Bench, rounds: number, tell: (line: string) => void): Promise<Measured> {
  const contest = await bench.prepare(rounds + WARM_UP);
  const times = { P: [] as number[], A: [] as number[], B: [] as number[] };
  const told = (contest.told ?? []).map((side) => ({ ...side, times: [] as number[] }));
  let also: Also[];
  try {
    for (let round = -WARM_UP; round < rounds; round += 1) {
      for (const side of orders[(round + WARM_UP) % orders.length] ?? orders[0]) {
        const startedAt = performance.now();
        await (side === 'P' ? contest.product() : contest.bare());
        if (round >= 0) times[side as keyof typeof times].push(performance.now() - startedAt);
      }
      for (const side of told) {
        const startedAt = performance.now();
        await side.once();
        if (round >= 0) side.times.push(performance.now() - startedAt);
      }
    }
    also = (await contest.also?.()) ?? [];
  } finally {
    await contest.close();
  }
  const [product, bare] = [median(times.P), median(times.A)];
  tell(`${bench.name}: product p50 ${product.toFixed(1)} ms, bare p50 ${bare.toFixed(1)} ms`);
  for (const side of told) {
    const p50 = median(side.times);
    tell(
      `${bench.name}: ${side.name} p50 ${p50.toFixed(1)} ms, ${rounded(p50 / bare)} of the bare one, ${rounded(p50 / product)} of ours`,
    );
  }
  const [slower, aa, floor] = [product / bare, bare / median(times.B), noise(times.A, times.B)];
  const [ratio, own] = 'most' in bench ? [slower, floor] : [1 / slower, 1 / floor];
  return { name: bench.name, ratio: rounded(ratio), aa: rounded(aa), floor: rounded(own), rounds, also };
}

/** How far the A/A ratio would be from 1 if the same rounds were sampled again. */
function noise(a: readonly number[], b: readonly number[]): number {
  const drawn = (values: readonly number[]) => values.map(() => values[Math.floor(Math.random() * values.length)] ?? 0);
  const ratios = Array.from({ length: RESAMPLES }, () => {
    const ratio = median(drawn(a)) / median(drawn(b));
    return Math.max(ratio, 1 / ratio);
  }).sort((one, other) => one - other);
  return ratios[Math.floor(RESAMPLES * 0.975)] ?? NaN;
}

export const rounded = (value: number) => Math.round(value * 1000) / 1000;
