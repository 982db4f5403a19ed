/** A reporter of vitest that keeps the reason of a skipped test (`context.skip(reason)`) where the JSON result shows it. */
export default class SkipReasons {
  onTestCaseResult(testCase) {
    const result = testCase.result();
    if (result.state === 'skipped' && result.note) testCase.meta().skipped = result.note;
  }
}
