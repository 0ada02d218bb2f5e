import { statSync } from 'node:fs';

/** Those that take longest, in that order: begun last, one of them would keep a single core busy at the end of the run. */
const longest = [
  'journeys/all-pages.test.ts',
  'processes/kill-drill.test.ts',
  'connections/decays.test.ts',
  'faults/fault-table.test.ts',
  'processes/worker-kills.test.ts',
  'connections/sweep.test.ts',
  'connections/watch.test.ts',
  'journeys/clinic-journey.test.ts',
  'demo/demo.test.ts',
  'tokens/session-drill.test.ts',
  'security/mail-scanners.test.ts',
  'accounts/pages-in-browser.test.ts',
  'ringcentral/auth-budget.test.ts',
  'cli/cli.test.ts',
  'journeys/people-journey.test.ts',
  'journeys/staff-journey.test.ts',
  'journeys/hand-off-journey.test.ts',
];

/** @param {string} path */
const rank = (path) => {
  const place = longest.findIndex((name) => path.endsWith(`/test/${name}`));
  return place < 0 ? longest.length : place;
};

/**
 * The order in which jest begins test files: the longest first, then the largest. jest itself knows no durations on a
 * machine that has not run them yet.
 *
 * @typedef {{ path: string }} Test
 */
export default class LongestFirst {
  /** @param {Test[]} tests */
  sort(tests) {
    const size = new Map(tests.map(({ path }) => [path, statSync(path).size]));
    return [...tests].sort((a, b) => rank(a.path) - rank(b.path) || (size.get(b.path) ?? 0) - (size.get(a.path) ?? 0));
  }

  /** Nothing is kept from run to run, so `--onlyFailures` runs everything. @param {Test[]} tests */
  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
