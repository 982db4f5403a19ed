/**
 * Fetches the programs of other projects that the interoperability tests talk to: a Python environment with pvaPy, p4p
 * and the PVXS IOC, Pillow, tifffile, packages of codecs, h5py, cryptography, and the jar of Phoebus core-pva. They are kept in `$PVAFLOW_CACHE`
 * (`.cache` of the project) and
 * made once, whoever asks first.
 *
 * As a program (`node --import tsx test/peers/install.ts`) it fetches all of them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.js';

const here = dirname(fileURLToPath(import.meta.url));
const CORE_PVA = '5.0.2';
const PILLOW = 'pillow==12.0.0';
const TIFFFILE = 'tifffile==2026.3.3';
const CODECS = ['bitshuffle==0.5.2', 'blosc==1.11.4', 'h5py==3.16.0', 'imagecodecs==2026.3.6', 'lz4==4.4.5'];
const HDF5 = [
  'h5py==3.16.0',
  'hdf5plugin==7.1.0',
  'numpy==2.4.6',
  'silx==3.1.3',
  'fabio==2026.6.0',
  'packaging==26.3',
  'nexusformat==2.1.0',
  'colored==2.3.2',
];
const CRYPTOGRAPHY = ['cryptography==46.0.3', 'rsa==4.9.1', 'pycryptodome==3.23.0'];
const MAVEN_COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';

/** The project's own folder. */
export const projectRoot = resolve(here, '..', '..');

/** Where peers are kept between runs. */
export const cacheDirectory = resolve(process.env.PVAFLOW_CACHE ?? join(projectRoot, '.cache'));

function run(command: string, args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new Error(`${command} cannot be started (${error.message}): the interoperability tests need it`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with code ${status}:\n${stdout}${stderr}`);
}

/** Makes one thing of the cache unless it is there in the wanted version. */
function make(name: string, version: string, what: string, build: (folder: string) => void): string {
  const folder = join(cacheDirectory, name);
  const stamp = join(folder, 'version');
  const ready = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === version;
  if (ready()) return folder;
  mkdirSync(cacheDirectory, { recursive: true });
  withLock(join(cacheDirectory, `${name}.lock`), () => {
    if (ready()) return;
    console.log(`pvaflow: fetching ${what} …`);
    const started = Date.now();
    rmSync(folder, { recursive: true, force: true });
    build(folder);
    writeFileSync(stamp, version);
    console.log(`pvaflow: fetching ${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });
  return folder;
}

/** The interpreter of a Python environment that has pvaPy, p4p and the PVXS IOC. */
export function pythonWithPeers(): string {
  const requirements = join(here, 'requirements.txt');
  const folder = make('python', readFileSync(requirements, 'utf8'), 'pvaPy, p4p and the PVXS IOC', (into) => {
    run('python3', ['-m', 'venv', into]);
    run(join(into, 'bin', 'python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ]);
  });
  return join(folder, 'bin', 'python');
}

/** A folder for PYTHONPATH that has Pillow, which reads back the image files that we write. */
export function pillowFolder(): string {
  return make('pillow', PILLOW, 'Pillow', (into) => {
    run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', into, PILLOW]);
  });
}

/** A folder for PYTHONPATH that has tifffile, which reads TIFF files of all types of pixels, for the interpreter that has numpy. */
export function tifffileFolder(): string {
  return make('tifffile', TIFFFILE, 'tifffile', (into) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--target', into];
    run('python3', ['-m', 'pip', 'install', ...options, TIFFFILE]);
  });
}

/** A folder for PYTHONPATH that has the codecs of areaDetector, for pvaPy and by themselves. */
export function codecsFolder(): string {
  return make('codecs', CODECS.join(' '), 'packages of codecs', (into) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--target', into];
    run('python3', ['-m', 'pip', 'install', ...options, ...CODECS]);
  });
}

/** A folder for PYTHONPATH that has h5py with its plugins, silx, and nexusformat, on which NeXpy stands: they read the HDF5 files that we write. */
export function hdf5Folder(): string {
  return make('hdf5', HDF5.join(' '), 'h5py, silx and nexusformat', (into) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--target', into];
    run('python3', ['-m', 'pip', 'install', ...options, ...HDF5]);
  });
}

/** A folder for PYTHONPATH that has `cryptography`, and what pvaPy's own encryption needs. */
export function cryptographyFolder(): string {
  return make('cryptography', CRYPTOGRAPHY.join(' '), 'cryptography', (into) => {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', into];
    run('python3', [...pip, ...CRYPTOGRAPHY]);
  });
}

/** The jar of Phoebus core-pva, which is also a command-line client. */
export function corePvaJar(): string {
  const folder = make('core-pva', CORE_PVA, 'Phoebus core-pva', (into) => {
    run('mvn', ['-q', '-B', MAVEN_COPY, `-Dartifact=org.phoebus:core-pva:${CORE_PVA}`, `-DoutputDirectory=${into}`]);
  });
  return join(folder, `core-pva-${CORE_PVA}.jar`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  pythonWithPeers();
  pillowFolder();
  tifffileFolder();
  codecsFolder();
  hdf5Folder();
  cryptographyFolder();
  corePvaJar();
}
