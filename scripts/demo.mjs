// Shows pvaflow at work as the first command in a fresh clone: set-up, then `pvaflow demo`.
//
//   node scripts/demo.mjs [--forever] [--seconds N] [--plain]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUpOrExit } from './setup.mjs';

setUpOrExit();
const ignoreInterrupt = () => {}; // Ctrl-C is for the demo, which ends in order
process.on('SIGINT', ignoreInterrupt);
const { status } = spawnSync(process.execPath, [join(root, 'bin', 'pvaflow.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
