import { appendFileSync } from 'node:fs';

/**
 * Appends the counts of a run to the file named by TEST_COUNTS, for the closing line of scripts/test.js. A file that
 * did not reach its tests counts as one failed test.
 */
export default class TestCount {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    appendFileSync(process.env.TEST_COUNTS, `${JSON.stringify({ passed, failed, skipped })}\n`);
  }
}
