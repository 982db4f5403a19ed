import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { childExecArgv, childModule } from './child-module.js';
import type { Host, HostListener } from './host.js';
import type { ToParent } from './messages.js';

/** What a process that has ended wrote last is waited for this long: a process of its own may hold its output open. */
const OUTPUT_MS = 500;

const living = new Set<ChildProcess>();

/** However this process exits, its children go with it; only a kill is left to them to notice. */
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Starts a child process of the same Node, in the same group of processes, with the same loaders. */
export function startProcess(name: string, listener: HostListener): Host {
  const main = childModule(import.meta.url, 'child-main');
  const child = fork(fileURLToPath(main), [name], {
    execArgv: childExecArgv(main),
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  living.add(child);
  child.on('message', (message) => listener.onMessage(message as ToParent));
  void exitOf(child).then((exit) => {
    living.delete(child);
    listener.onExit(exit);
  });
  return {
    pid: child.pid,
    stdout: child.stdout,
    stderr: child.stderr,
    send: (message) => {
      if (child.connected) child.send(message, () => {}); // a channel that closes meanwhile is seen by its exit
    },
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function exitOf(child: ChildProcess) {
  const closed = once(child, 'close').catch(() => undefined);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    await Promise.race([closed, sleep(OUTPUT_MS, undefined, { ref: false })]);
    return { code, signal };
  } catch (error) {
    return { code: null, signal: null, error: error as Error };
  }
}
