/**
 * Closes a run with one plain line that counts the tests, `12 passed, 0 failed`, for whoever reads a log by machine. A file
 * that did not get as far as its tests counts as one failed.
 */
export default class TestCount {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // At the end of the process: jest writes its own summary after the reporters have had their say.
    process.on('exit', () => process.stdout.write(`${line}\n`));
  }
}
