// Builds the addon: finds or fetches PVXS, then runs the one CMake build through cmake-js.
//
//   node scripts/build-addon.mjs [--if-needed | --check] [--sanitize]
//
// PVXS is taken from the environment variables PVXS and EPICS_BASE when both are set, else from the PyPI packages
// pvxslibs and epicscorelibs, which are unpacked into build/pvxs. c-blosc, a static library with the compressors in it, is
// taken from the folder BLOSC (include/blosc.h, lib/libblosc.a) when that is set, else from the PyPI package blosc, unpacked into
// build/blosc. The result is build/Release/pvaflow.node with the libraries it needs beside it, found relative to itself
// (build/Sanitize with --sanitize); and, beside it, the program pvaflow-ioc with the definitions of records (dbd) that it
// loads, where EPICS Base is new enough to have what it calls.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const build = join(root, 'build');
const sanitize = process.argv.includes('--sanitize');
const target = sanitize ? 'Sanitize' : 'Release';
const PVXS_WHEELS = ['pvxslibs>=1.5.3,<1.6', 'epicscorelibs'];
const BLOSC_WHEEL = 'blosc==1.11.4'; // brings c-blosc 1.21.7

function fail(message) {
  console.error(`pvaflow: ${message}`);
  process.exit(1);
}

function run(command, args, what, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (error || status !== 0)
    fail(`${what} failed (${error ? error.message : `exit code ${status}`}): ${command} ${args.join(' ')}`);
}

function filesUnder(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** What the build depends on, as one hash: it is repeated only when this changes. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...filesUnder(join(root, 'native')), fileURLToPath(import.meta.url)]) {
    hash.update(relative(root, file)).update(readFileSync(file));
  }
  for (const name of ['PVXS', 'EPICS_BASE', 'EPICS_HOST_ARCH', 'BLOSC'])
    hash.update(`${name}=${process.env[name] ?? ''}`);
  hash.update(`${process.platform} ${process.arch} ${target}`);
  return hash.digest('hex');
}

/** PVXS as a beamline installed it. Libraries stay where they are. */
function installedPvxs(pvxs, base) {
  const arch = process.env.EPICS_HOST_ARCH ?? readdirSync(join(pvxs, 'lib'))[0];
  const os = { linux: 'Linux', darwin: 'Darwin', win32: 'WIN32' }[process.platform];
  const compiler = { linux: 'gcc', darwin: 'clang', win32: 'msvc' }[process.platform];
  const libraryDirs = [join(pvxs, 'lib', arch), join(base, 'lib', arch)];
  for (const directory of libraryDirs)
    if (!existsSync(directory)) fail(`${directory} does not exist: check PVXS, EPICS_BASE and EPICS_HOST_ARCH`);
  return {
    includes: [
      join(pvxs, 'include'),
      join(base, 'include'),
      join(base, 'include', 'os', os),
      join(base, 'include', 'compiler', compiler),
    ],
    libraries: [
      join(libraryDirs[0], 'libpvxs.so'),
      ...['ca', 'Com'].map((name) => join(libraryDirs[1], `lib${name}.so`)),
    ].map(asShared),
    ioc: iocLibraries(join(base, 'include'), (name) => asShared(join(libraryDirs[1], `lib${name}.so`))),
    dbd: join(base, 'dbd'),
    rpath: libraryDirs.join(';'),
  };
}

const asShared = (file) => (process.platform === 'darwin' ? file.replace(/so$/, 'dylib') : file);

/** The libraries of an IOC; none where EPICS Base is older than what pvaflow-ioc calls. */
function iocLibraries(include, find) {
  const header = join(include, 'iocshRegisterCommon.h');
  if (!existsSync(header) || !readFileSync(header, 'utf8').includes('registerAllRecordDeviceDrivers')) return [];
  const files = ['dbRecStd', 'dbCore', 'ca', 'Com'].map(find);
  return files.every((file) => file !== undefined && existsSync(file)) ? files : [];
}

/** Packages of Python, for what they bring beside Python: unpacked into a folder. */
function unpack(wheels, folder, what, options = []) {
  rmSync(folder, { recursive: true, force: true });
  const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
  const plain = ['--no-deps', '--only-binary=:all:', '--target', folder];
  run('python3', ['-m', 'pip', 'install', ...quiet, ...plain, ...options, ...wheels], what);
}

/** PVXS from the package registry, unpacked beside the build. */
function fetchedPvxs() {
  const folder = join(build, 'pvxs');
  if (!existsSync(join(folder, 'pvxslibs', 'lib')))
    unpack(
      PVXS_WHEELS,
      folder,
      'fetching PVXS (set PVXS and EPICS_BASE to use an installed one; Python 3 with pip is needed otherwise)',
    );
  const out = join(build, target);
  for (const [wheel, wanted] of [
    ['pvxslibs', /^lib(pvxs\.|event)/],
    ['epicscorelibs', /^lib(Com|ca|dbCore|dbRecStd)\./],
  ]) {
    const from = join(folder, wheel, 'lib');
    const to = join(out, wheel, 'lib');
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from))
      if (wanted.test(name) && isVersioned(name)) cpSync(join(from, name), join(to, name));
  }
  const versioned = (wheel, stem) => {
    const directory = join(out, wheel, 'lib');
    const name = readdirSync(directory).find((each) => each.startsWith(stem));
    return name && join(directory, name);
  };
  const origin = process.platform === 'darwin' ? '@loader_path' : '$ORIGIN';
  return {
    includes: [join(folder, 'pvxslibs', 'include'), join(folder, 'epicscorelibs', 'include')],
    libraries: [
      versioned('pvxslibs', 'libpvxs'),
      versioned('epicscorelibs', 'libca'),
      versioned('epicscorelibs', 'libCom'),
    ],
    ioc: iocLibraries(join(folder, 'epicscorelibs', 'include'), (name) => versioned('epicscorelibs', `lib${name}.`)),
    dbd: join(folder, 'epicscorelibs', 'dbd'),
    rpath: `${origin}/pvxslibs/lib;${origin}/epicscorelibs/lib`,
  };
}

/** The wheels hold each library twice; programs load the one with a version in its name. */
function isVersioned(name) {
  return /\.so\.\d|\.\d[\d.]*\.dylib$|\.dll$/.test(name);
}

/** c-blosc as a static library. */
function findBlosc() {
  const folder = process.env.BLOSC ?? join(build, 'blosc');
  const name = process.platform === 'win32' ? 'libblosc.lib' : 'libblosc.a';
  const library = () => ['lib', 'lib64'].map((lib) => join(folder, lib, name)).find((file) => existsSync(file));
  if (process.env.BLOSC === undefined && library() === undefined)
    // Any interpreter's wheel will do: what is in it for Python is not used.
    unpack(
      [BLOSC_WHEEL],
      folder,
      'fetching c-blosc (set BLOSC to a folder that has include/blosc.h and lib/libblosc.a to use an installed one)',
      ['--python-version', '3.12', '--implementation', 'cp'],
    );
  const file = library();
  const include = join(folder, 'include');
  if (file === undefined || !existsSync(join(include, 'blosc.h')))
    fail(`${folder} has no include/blosc.h and lib/${name}: check BLOSC`);
  return { include, library: file };
}

function compile() {
  const { PVXS, EPICS_BASE } = process.env;
  const pvxs = PVXS && EPICS_BASE ? installedPvxs(PVXS, EPICS_BASE) : fetchedPvxs();
  const blosc = findBlosc();
  const require = createRequire(import.meta.url);
  const cmakeJs = join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  const napi = dirname(require.resolve('node-addon-api/package.json'));
  const work = sanitize ? join(build, 'cmake-sanitize') : join(build, 'cmake');
  const define = (name, value) => `--CD${name}=${value}`;
  const options = [
    '--directory',
    join(root, 'native'),
    '--out',
    work,
    '--config',
    'Release',
    '--parallel',
    '2',
    '--log-level',
    'warn',
    define('PVXS_INCLUDE_DIRS', pvxs.includes.join(';')),
    define('PVXS_LIBRARIES', pvxs.libraries.join(';')),
    define('IOC_LIBRARIES', pvxs.ioc.join(';')),
    define('PVAFLOW_RPATH', pvxs.rpath),
    define('BLOSC_INCLUDE_DIR', blosc.include),
    define('BLOSC_LIBRARY', blosc.library),
    define('NODE_ADDON_API_DIR', napi),
    define('PVAFLOW_SANITIZE', sanitize ? 'ON' : 'OFF'),
  ];
  // `build` alone keeps the definitions of an earlier build in this folder, whatever is defined now.
  for (const step of ['configure', 'build'])
    run(process.execPath, [cmakeJs, step, ...options], 'building the addon (CMake and a C++17 compiler are needed)');
  const out = join(build, target);
  mkdirSync(out, { recursive: true });
  cpSync(join(work, 'Release', 'pvaflow.node'), join(out, 'pvaflow.node'));
  if (pvxs.ioc.length > 0) copyIoc(work, pvxs.dbd, out);
}

function copyIoc(work, dbd, out) {
  const name = process.platform === 'win32' ? 'pvaflow-ioc.exe' : 'pvaflow-ioc';
  const found = [join(work, 'Release', name), join(work, name)].find((file) => existsSync(file));
  cpSync(found, join(out, name));
  cpSync(dbd, join(out, 'dbd'), { recursive: true });
}

const addon = join(build, target, 'pvaflow.node');
const stamp = join(build, target, 'fingerprint');
const upToDate =
  existsSync(addon) &&
  (!existsSync(join(root, 'native')) || (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()));
if (process.argv.includes('--check')) process.exit(upToDate ? 0 : 1);
if (process.argv.includes('--if-needed') && upToDate) process.exit(0);
compile();
writeFileSync(stamp, fingerprint());
