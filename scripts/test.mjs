// The one test command: set-up, the programs of other projects that the tests talk to, then the tests.
//
//   npm test                      all
//   npm test -- test/pva -t get   any arguments of vitest
//
// Its last line is "N passed, N failed", counted from the runner's own result; the exit code is 0 only for no failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fetchPeers, root, setUp } from './setup.mjs';

const args = process.argv.slice(2);
const byName = args.some((arg) => /^(-t|--testNamePattern)/.test(arg));
const scratch = mkdtempSync(join(tmpdir(), 'pvaflow-test-'));
const resultFile = join(scratch, 'result.json');

function runNode(nodeArgs) {
  return spawnSync(process.execPath, nodeArgs, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

function runTests() {
  const reporters = [
    '--reporter=default',
    '--reporter=./scripts/test-reporter.mjs',
    '--reporter=json',
    `--outputFile.json=${resultFile}`,
  ];
  return runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args]).status ?? 1;
}

/** One line for each test of a file that did not pass, and the counts. A skipped test has to name its reason. */
function countFile({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const show = (what, test, why = '') => console.log(`${what.padEnd(8)} ${file} > ${test.fullName}${why}`);
  const of = (...wanted) => assertionResults.filter((test) => wanted.includes(test.status));
  const failed = of('failed');
  const skipped = assertionResults.filter((test) => !['failed', 'passed'].includes(test.status));
  // A file that does not load, or whose hook fails, has no failed test to show for it.
  const broken = status === 'failed' && failed.length === 0;
  const unexplained = broken || byName ? [] : skipped.filter((test) => !test.meta?.skipped);
  for (const test of failed) show('failed', test);
  for (const test of unexplained) show('failed', test, ': did not run, and does not say why');
  for (const test of skipped) if (test.meta?.skipped) show('skipped', test, `: ${test.meta.skipped}`);
  if (broken) console.log(`failed   ${file} did not run: ${message.split('\n')[0] || 'a hook failed, see above'}`);
  return {
    passed: of('passed').length,
    failed: failed.length + unexplained.length + (broken ? 1 : 0),
    skipped: skipped.length - unexplained.length,
  };
}

/** The totals of a run. Nothing that ran, or an error outside any test, is a failure. */
function count(exitCode) {
  const { testResults = [] } = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : {};
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const file of testResults) {
    for (const [what, number] of Object.entries(countFile(file))) totals[what] += number;
  }
  if (totals.failed === 0 && (exitCode !== 0 || totals.passed === 0)) {
    console.log(
      `failed   the run itself: ${totals.passed === 0 ? 'no test ran' : `the runner ended with code ${exitCode}`}`,
    );
    totals.failed = 1;
  }
  return totals;
}

function run() {
  try {
    setUp();
    fetchPeers();
  } catch (error) {
    console.error(`pvaflow: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const exitCode = runTests();
  console.log('');
  return count(exitCode);
}

const { passed, failed, skipped } = run();
rmSync(scratch, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
