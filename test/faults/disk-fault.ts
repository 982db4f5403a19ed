import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Makes a library to be preloaded into a process, of a source in fixtures: its disk is to fail, or its clock to be wrong. */
export function compileFault(library: string, name = 'disk-fault.cpp'): void {
  const source = fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
  const { status, stderr } = spawnSync('c++', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
