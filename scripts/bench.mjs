// Runs the benchmarks: `npm run bench`, `npm run bench -- --help`.
import { spawnSync } from 'node:child_process';
import { root, setUp } from './setup.mjs';

setUp();
const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
