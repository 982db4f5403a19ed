// Compiles src/ and processors/ into dist/.
//
//   node scripts/build-dist.mjs [--if-needed | --check]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, 'fingerprint');

function sources() {
  const folders = ['src', 'processors'].map((name) => join(root, name)).filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  return [...files, join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json')].sort();
}

/** What the result depends on, as one hash. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of sources()) hash.update(relative(root, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

const wanted = fingerprint();
const upToDate = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
if (process.argv.includes('--check')) process.exit(upToDate ? 0 : 1);
if (process.argv.includes('--if-needed') && upToDate) process.exit(0);

// Compiled beside dist/ and then put in its place, so that a removed source leaves nothing behind and a failed
// compilation leaves the old result.
const fresh = join(root, `dist.${process.pid}`);
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) {
  rmSync(fresh, { recursive: true, force: true });
  console.error('pvaflow: compiling failed');
  process.exit(1);
}
writeFileSync(join(fresh, 'fingerprint'), wanted);
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
