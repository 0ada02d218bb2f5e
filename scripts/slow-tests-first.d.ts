/** Orders the files of a run of tests. */
export default class SlowTestsFirst {
  sort<Test extends { path: string }>(tests: Test[]): Test[];
}
