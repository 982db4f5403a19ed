/** The messages between a parent and its children, over the IPC channel of a process or the port of a thread. */
import type { ErrorCode } from '../core/errors.js';
import type { LogLevel } from '../core/logger.js';

/** An error as it travels. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The first message to a child: everything it has to know. */
export interface StartMessage {
  readonly type: 'start';
  readonly name: string;
  /** URL of the module that exports `startTask`. */
  readonly module: string;
  readonly config: unknown;
  readonly nRestarts: number;
  readonly lastExit: string;
  readonly logLevel: LogLevel;
  /** Time between two statistics. */
  readonly statsMs: number;
  /** Without a parent it drains, but no longer than this. */
  readonly orphanMs: number;
  readonly parentPid: number;
}

export type ToChild =
  | StartMessage
  /** Finish what is under way, report, end. */
  | { readonly type: 'stop' }
  /** Report and end, whatever is under way. */
  | { readonly type: 'abort' }
  /** Send the statistics now. */
  | { readonly type: 'stats' }
  | { readonly type: 'request'; readonly id: number; readonly request: string; readonly args: unknown };

export type ToParent =
  | { readonly type: 'ready'; readonly info: unknown }
  /** Figures, and with them the sign that the child is alive. */
  | { readonly type: 'stats'; readonly stats: unknown; readonly progress: number; readonly stuckMs: number }
  | { readonly type: 'answer'; readonly id: number; readonly answer?: unknown; readonly error?: SentError }
  /** The child is about to die of an exception that nobody caught. */
  | { readonly type: 'crash'; readonly message: string }
  /** The last message of an orderly end. With an error, the work could not start or go on; without stats, it never began. */
  | { readonly type: 'end'; readonly stats?: unknown; readonly report?: unknown; readonly error?: SentError };
