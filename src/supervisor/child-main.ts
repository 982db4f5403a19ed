/** What a child process or a worker thread of the supervisor runs: it waits for its task, and ends with it. */
import { isMainThread } from 'node:worker_threads';
import { messageOf } from '../core/errors.js';
import { configureLogging } from '../core/logger.js';
import { ChildRuntime } from './child-runtime.js';
import type { StartMessage } from './messages.js';
import { watchForOrphanhood } from './orphan-watch.js';
import { openParentPort } from './parent-port.js';

/** What is still open when the task has ended may keep the child for so long. */
const LINGER_MS = 2000;

const port = openParentPort();
const runtime = new ChildRuntime(port, () => setTimeout(() => process.exit(), LINGER_MS).unref());
port.onMessage((message) => {
  if (message.type === 'start') prepare(message);
  runtime.onMessage(message);
});

function prepare({ logLevel, parentPid, orphanMs }: StartMessage): void {
  configureLogging({ level: logLevel, format: 'json' });
  process.on('uncaughtExceptionMonitor', (error) => port.send({ type: 'crash', message: messageOf(error) }));
  if (isMainThread) prepareProcess(parentPid, orphanMs);
}

function prepareProcess(parentPid: number, orphanMs: number): void {
  watchForOrphanhood(parentPid, orphanMs);
  process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group of processes: the parent decides what it means
  process.on('SIGTERM', () => void runtime.stop());
  port.onOrphaned(() => void runtime.stop());
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}); // nobody reads any longer
}
