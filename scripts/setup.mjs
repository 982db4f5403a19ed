// Makes a clone ready to run: packages, addon, compiled TypeScript. Does only what is missing or stale, and says what it does.
//
//   node scripts/setup.mjs            or            import { setUp } from './setup.mjs'; setUp();
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs one step of a set-up, with its name before and its duration after it. Throws when the step fails. */
export function step(what, usually, command, args) {
  console.log(`pvaflow: ${what} (${usually}) …`);
  const started = Date.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error || status !== 0) {
    throw new Error(
      `${what} failed: "${command} ${args.join(' ')}" ${error ? error.message : `ended with code ${status}`}`,
    );
  }
  console.log(`pvaflow: ${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** The packages of a lock file, by folder. */
function lockedPackages(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
}

/** True unless every package of the lock file is installed in the locked version. */
function packagesAreStale() {
  const installedList = 'node_modules/.package-lock.json';
  if (!existsSync(join(root, installedList))) return true;
  const installed = lockedPackages(installedList);
  return Object.entries(lockedPackages('package-lock.json')).some(
    ([folder, { version, optional }]) => folder !== '' && !optional && installed[folder]?.version !== version,
  );
}

function isUpToDate(script) {
  return spawnSync(process.execPath, [join(root, 'scripts', script), '--check'], { cwd: root }).status === 0;
}

/** Brings the packages up to date. */
export function setUpPackages() {
  if (packagesAreStale()) {
    // The package's own install and prepare scripts build the addon and compile, too.
    step('installing packages and building the addon', 'about 3 minutes, once', 'npm', [
      'ci',
      '--no-audit',
      '--no-fund',
    ]);
  }
}

/** Brings packages, addon and dist up to date. */
export function setUp() {
  setUpPackages();
  if (!isUpToDate('build-addon.mjs')) {
    step('building the addon', 'up to 3 minutes', process.execPath, ['scripts/build-addon.mjs']);
  }
  if (!isUpToDate('build-dist.mjs')) {
    step('compiling TypeScript', 'some seconds', process.execPath, ['scripts/build-dist.mjs']);
  }
}

/** Fetches the programs of other projects that the tests talk to: once, and it says so itself. */
export function fetchPeers() {
  const args = ['--import', 'tsx', 'test/peers/install.ts'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('the peers of the interoperability tests could not be fetched');
}

/** Runs the set-up of a command; a failure is one clear line and exit code 1. */
export function setUpOrExit(work = setUp) {
  try {
    work();
  } catch (error) {
    console.error(`pvaflow: ${error.message}`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUpOrExit();
