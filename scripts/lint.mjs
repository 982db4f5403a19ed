// The one lint command: types, rules (the layers among them), links of docstrings, and format. Warnings are errors.
//
//   npm run lint            npm run lint -- --fix   mends what can be mended by itself
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root, setUpOrExit, setUpPackages } from './setup.mjs';

setUpOrExit(setUpPackages);
const fix = process.argv.includes('--fix');
const require = createRequire(import.meta.url);

/** The program of a package, as a file that Node can run. */
function program(name) {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name === 'typescript' ? 'tsc' : name]);
}

const checks = [
  ['types', 'typescript', ['--noEmit', '-p', 'tsconfig.json']],
  ['rules', 'eslint', ['.', '--max-warnings', '0', ...(fix ? ['--fix'] : [])]],
  ['docstrings', 'typedoc', ['--emit', 'none']],
  ['format', 'prettier', [fix ? '--write' : '--check', '--log-level', 'warn', '.']],
];
const failed = checks.filter(([, name, args]) => {
  const { status } = spawnSync(process.execPath, [program(name), ...args], { cwd: root, stdio: 'inherit' });
  return status !== 0;
});
console.log(failed.length === 0 ? 'lint: clean' : `lint: failed in ${failed.map(([what]) => what).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
