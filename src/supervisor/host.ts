import type { Readable } from 'node:stream';
import type { ToChild, ToParent } from './messages.js';

/** How a process or a thread ended. */
export interface HostExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The process or thread could not be started, or the exception that ended the thread. */
  readonly error?: Error | undefined;
}

/** What is told of a child to whoever started it. After `onExit` nothing more is. */
export interface HostListener {
  onMessage(message: ToParent): void;
  onExit(exit: HostExit): void;
}

/** What a child runs in: a process, or a thread of this process. */
export interface Host {
  /** Of the process; of a thread, that of this process. */
  readonly pid: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** A message to a child that has ended is dropped. */
  send(message: ToChild): void;
  /** Asks once more, with a signal, where there are signals. */
  terminate(): void;
  /** Ends it, whatever it does. */
  kill(): void;
}

/** `SIGKILL`, `code 3`, with the error if one is known; for people. */
export function describeExit({ code, signal, error }: HostExit): string {
  const how = signal ?? `code ${code}`;
  return error === undefined ? how : `${how}: ${error.message}`;
}
