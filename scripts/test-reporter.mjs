import { spawnSync } from 'node:child_process';

/** Each test and each hook has a time limit of its own, far below: a run that is silent for so long is stuck. */
const SILENCE_MS = 10 * 60_000;

/**
 * A reporter of vitest that keeps the reason of a skipped test (`context.skip(reason)`) where the JSON result shows it,
 * and ends workers that are stuck in a loop, where vitest's own time limits do not reach: their files then count as
 * failed.
 */
export default class TestReporter {
  #timer;

  onTestModuleStart() {
    this.#listen();
  }

  onTestCaseReady() {
    this.#listen();
  }

  onTestCaseResult(testCase) {
    this.#listen();
    const result = testCase.result();
    if (result.state === 'skipped' && result.note) testCase.meta().skipped = result.note;
  }

  onTestRunEnd() {
    clearTimeout(this.#timer);
  }

  #listen() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#endWorkers(), SILENCE_MS);
    this.#timer.unref();
  }

  #endWorkers() {
    console.error(`no test began or ended in ${SILENCE_MS / 60_000} minutes: the files that run now are stuck`);
    const { stdout } = spawnSync('pgrep', ['-P', String(process.pid)], { encoding: 'utf8' });
    for (const pid of stdout.split('\n').filter(Boolean).map(Number)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended meanwhile, as pgrep itself did
      }
    }
  }
}
