// Runs the tests of the addon with AddressSanitizer and UndefinedBehaviorSanitizer (Linux, gcc).
//
//   npm run sanitize                     the tests of src/pva, of codecs and of the ends of processes and threads
//   npm run sanitize -- test/pva/x       any arguments of vitest
//
// The addon is built apart (build/Sanitize). Node itself is not instrumented: the sanitizer's runtime is loaded before it,
// and the search for leaks at exit is off, because Node leaves much of its own memory to the system; that the addon gives
// memory back is tested by test/faults.
import { spawnSync } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { fetchPeers, root, setUp, setUpOrExit, step } from './setup.mjs';

/** Not those of memory: freed memory is kept for a while by the sanitizer. */
const TESTS = [
  'test/pva',
  'test/ca',
  'test/image/codec',
  'test/faults/exit',
  'test/faults/worker-threads',
  'test/faults/ca-exit',
];

/** A library of the compiler, as the file that the loader takes. */
function compilerLibrary(name) {
  const { stdout, error } = spawnSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' });
  const file = stdout?.trim();
  if (error || !isAbsolute(file)) throw new Error(`gcc with ${name} is needed`); // it answers with the bare name
  return file;
}

function environment() {
  return {
    ...process.env,
    PVAFLOW_ADDON: join(root, 'build', 'Sanitize', 'pvaflow.node'),
    // libstdc++ too: the sanitizer looks for the C++ runtime when it starts, before the addon brings it.
    LD_PRELOAD: `${compilerLibrary('libasan.so')} ${compilerLibrary('libstdc++.so.6')}`,
    ASAN_OPTIONS: 'detect_leaks=0:halt_on_error=1:abort_on_error=0:detect_stack_use_after_return=1',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  };
}

setUpOrExit(() => {
  setUp();
  fetchPeers();
});
const upToDate =
  spawnSync(process.execPath, ['scripts/build-addon.mjs', '--sanitize', '--check'], { cwd: root }).status === 0;
if (!upToDate)
  step('building the addon with sanitizers', 'up to 3 minutes', process.execPath, [
    'scripts/build-addon.mjs',
    '--sanitize',
  ]);
const given = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...(given.length > 0 ? given : TESTS)],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment() },
);
console.log(status === 0 ? 'sanitize: clean' : 'sanitize: failed');
process.exitCode = status === 0 ? 0 : 1;
