import { Worker } from 'node:worker_threads';

const LOOK_MS = 500;

/** Plain JavaScript, so that it starts quickly and needs nothing. */
const program = `
const { workerData: { parentPid, lookMs, limitMs } } = require('node:worker_threads');
const look = setInterval(() => {
  if (process.ppid === parentPid) return;
  clearInterval(look);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), limitMs);
}, lookMs);
`;

/**
 * Kills this process when its parent has been gone for `limitMs`. It watches from a thread of its own, so that not even a
 * processor that never returns, in which the closing of the IPC channel goes unnoticed, outlives the parent.
 */
export function watchForOrphanhood(parentPid: number, limitMs: number): void {
  const worker = new Worker(program, {
    eval: true,
    execArgv: [],
    workerData: { parentPid, lookMs: LOOK_MS, limitMs },
    name: 'orphan-watch',
  });
  worker.on('error', () => {}); // a watch that fails is no reason to end
  worker.unref();
}
