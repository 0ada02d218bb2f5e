import { inspectAssertion } from '../src/credentials/inspect/inspect-assertion.js';
import { slowPastes } from '../test/credentials/inspect/slow-pastes.js';
import { today } from '../test/support/assertions.js';
import type { Bench, Contest } from './harness.js';

const [SMALL, LARGE] = [1024, 16_384];

const inspectOnce = (paste: string) => inspectAssertion(paste, { now: today, environment: 'production' });

/** The shortest of some times, in milliseconds. */
function timeOf(paste: string, times: number): number {
  let shortest = Infinity;
  for (let time = 0; time < times; time += 1) {
    const startedAt = performance.now();
    inspectOnce(paste);
    shortest = Math.min(shortest, performance.now() - startedAt);
  }
  return shortest;
}

/** Of all pastes that are made to be slow, the one whose time grows the most beyond what is repeated in it. */
function worstPaste() {
  const large = slowPastes(LARGE);
  const pairs = slowPastes(SMALL).map(({ name, paste, repeatedBytes }, index) => {
    const grown = large[index] ?? { paste: '', repeatedBytes: NaN };
    return { name, small: paste, large: grown.paste, growth: grown.repeatedBytes / repeatedBytes };
  });
  for (const { small } of pairs) timeOf(small, 20); // so that all of it is compiled
  const measured = pairs.map((pair) => {
    const smallMs = timeOf(pair.small, 20);
    return { ...pair, beyond: timeOf(pair.large, 5) / smallMs / pair.growth };
  });
  return measured.reduce((worst, one) => (one.beyond > worst.beyond ? one : worst));
}

/**
 * Linear time gives 16 for a text repeated alone, about 50 beside a JWT; a square gives 256 or far more. A round is one
 * call: shorter than what a busy machine lets a process run at a time.
 */
function prepare(): Promise<Contest> {
  const { name, small, large } = worstPaste();
  process.stderr.write(`inspect: the slowest to grow is ${name}\n`);
  const round = (paste: string) => () => Promise.resolve(inspectOnce(paste));
  return Promise.resolve({ product: round(large), bare: round(small), close: () => Promise.resolve() });
}

export const inspect: Bench = {
  name: 'inspect',
  about: `inspecting the slowest paste of ${LARGE / 1024} KiB ÷ the same of ${SMALL / 1024} KiB`,
  rounds: 1000,
  most: 64,
  prepare,
};
