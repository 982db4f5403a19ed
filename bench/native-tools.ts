import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../test/peers/install.js';

const build = join(projectRoot, 'build');
const tools = join(build, 'bench');
let built = false;

function run(command: string, args: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error || status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stdout + stderr}`);
}

/** The library of this stem that lies beside the addon. */
function libraryOf(wheel: string, stem: string): string {
  const folder = join(build, 'Release', wheel, 'lib');
  const name = readdirSync(folder).find((file) => file.startsWith(stem));
  if (name === undefined)
    throw new Error(`${folder} has no ${stem}: the C++ peers of the bench are built with PVXS from PyPI`);
  return join(folder, name);
}

function buildTools(): void {
  const headers = ['pvxslibs', 'epicscorelibs'].map((wheel) => join(build, 'pvxs', wheel, 'include'));
  const folders = ['pvxslibs', 'epicscorelibs'].map((wheel) => join(build, 'Release', wheel, 'lib'));
  run('cmake', [
    ...['-S', join(projectRoot, 'bench', 'native'), '-B', tools],
    `-DPVXS_INCLUDE_DIRS=${headers.join(';')}`,
    `-DPVXS_LIBRARIES=${libraryOf('pvxslibs', 'libpvxs.')};${libraryOf('epicscorelibs', 'libCom.')}`,
    `-DPVAFLOW_RPATH=${folders.join(';')}`,
  ]);
  run('cmake', ['--build', tools]);
}

/** The path of a C++ tool of bench/native. Builds them when first asked. */
export function nativeTool(name: string): string {
  if (!built) buildTools();
  built = true;
  return join(tools, name);
}
