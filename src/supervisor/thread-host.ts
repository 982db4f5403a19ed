import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { childModule, needsLoader } from './child-module.js';
import type { Host, HostExit, HostListener } from './host.js';
import type { ToParent } from './messages.js';

/** Starts a worker thread. */
export function startThread(name: string, listener: HostListener): Host {
  const worker = newWorker(name);
  let error: Error | undefined;
  let hasExited = false;
  worker.on('message', (message) => listener.onMessage(message as ToParent));
  worker.on('error', (thrown) => (error = thrown instanceof Error ? thrown : new Error(String(thrown))));
  worker.on('exit', (code) => {
    hasExited = true;
    const exit: HostExit = { code, signal: null, error };
    void outputEnded(worker).then(() => listener.onExit(exit));
  });
  return {
    pid: process.pid,
    stdout: worker.stdout,
    stderr: worker.stderr,
    send: (message) => {
      if (!hasExited) worker.postMessage(message);
    },
    terminate: () => {},
    kill: () => void worker.terminate(),
  };
}

/** A thread does not take over loaders that were registered for this one: from sources it registers its own. */
function newWorker(name: string): Worker {
  const main = childModule(import.meta.url, 'child-main');
  const options = { name, stdout: true, stderr: true };
  if (!needsLoader(main)) return new Worker(new URL(main), options);
  const api = import.meta.resolve('tsx/esm/api');
  const program = `import(${JSON.stringify(api)}).then(({ register }) => { register(); return import(${JSON.stringify(main)}); })`;
  return new Worker(program, { ...options, eval: true, execArgv: [] });
}

/** What the thread wrote last may come after its exit. */
async function outputEnded({ stdout, stderr }: Worker): Promise<void> {
  for (const stream of [stdout, stderr]) if (!stream.readableEnded) await once(stream, 'end');
}
