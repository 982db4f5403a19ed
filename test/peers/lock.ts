import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const POLL_MS = 200;
const clock = new Int32Array(new SharedArrayBuffer(4));

/** True if the process that made the lock is gone. */
function isAbandoned(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Runs `work` while no other process of this machine runs it under the same lock (a file). Blocks until then. */
export function withLock(lock: string, work: () => void): void {
  while (!tryLock(lock)) {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else Atomics.wait(clock, 0, 0, POLL_MS);
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}
