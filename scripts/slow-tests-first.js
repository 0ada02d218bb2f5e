import { readFileSync } from 'node:fs';
import TestSequencer from '@jest/test-sequencer';

/**
 * Starts the files that run longest first, so that at the end of a run no core waits for one of them. How long a file
 * runs jest knows only where it has run it before. Elsewhere a file of more than a minute says it in a line
 * `// Runs for 300 s`, measured in the full ring; of the others the larger ones count as longer, by a second for a
 * kilobyte.
 */
export default class SlowTestsFirst extends TestSequencer {
  time(/** @type {import('@jest/test-result').Test} */ test) {
    return super.time(test) ?? assumedTime(readFileSync(test.path, 'utf8'));
  }
}

/** @returns milliseconds */
function assumedTime(/** @type {string} */ text) {
  const [, seconds] = /^\/\/ Runs for (\d+) s$/m.exec(text) ?? [];
  return seconds === undefined ? Math.min(text.length, 59_999) : Number(seconds) * 1000;
}
