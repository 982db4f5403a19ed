import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Makes the library to be preloaded into a process whose disk is to fail; see fixtures/disk-fault.cpp. */
export function compileFault(library: string): void {
  const source = fileURLToPath(new URL('fixtures/disk-fault.cpp', import.meta.url));
  const { status, stderr } = spawnSync('c++', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
