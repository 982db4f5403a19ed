import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stops a process, and resolves when all its threads stand still. The signal alone says little: one thread takes it, when it
 * gets its turn, and the others go on until then, which is long on a machine that is busy.
 */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const threads = `/proc/${pid}/task`;
  while (existsSync(threads) && !readdirSync(threads).every((thread) => isStopped(join(threads, thread))))
    await sleep(1);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function isStopped(thread: string): boolean {
  try {
    return /\) T /.test(readFileSync(join(thread, 'stat'), 'latin1'));
  } catch {
    return false; // it has ended meanwhile
  }
}
