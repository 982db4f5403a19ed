import { PvaflowError } from '../core/errors.js';
import type { LogLevel } from '../core/logger.js';
import type { RestartPolicy } from './backoff.js';
import type { TaskShape } from './task.js';

/** What a child is to do. */
export interface ChildSpec<S extends TaskShape = TaskShape> {
  /** What it is called in logs; each child of a supervisor has a name of its own. */
  readonly name: string;
  /** URL of a module that exports `startTask`; see `childModule` for those of this package. */
  readonly module: string;
  /** Plain data for `startTask`; read anew each time that the child is started. */
  readonly config: S['config'];
  /** A worker thread of this process instead of a process of its own: cheaper, but what kills the process kills all. */
  readonly inThread?: boolean | undefined;
  /** Called each time the task runs, after a restart too. */
  readonly onReady?: (info: S['info']) => void;
  /** Called with the period of the statistics, and once more at an orderly end. */
  readonly onStats?: (stats: S['stats']) => void;
  /** Called at an orderly end. */
  readonly onReport?: (report: S['report']) => void;
  /**
   * Called when the run of a child is over and another may follow. It died unannounced: what it said last is all that is known; or
   * it could not go on and is started again, and has reported.
   */
  readonly onCrash?: (how: string) => void;
}

/** What holds for all children of a supervisor. Times in milliseconds. */
export interface ChildOptions {
  readonly restart: RestartPolicy;
  readonly logLevel: LogLevel;
  /** Period of the statistics. */
  readonly statsMs: number;
  /** A child that gave no sign of life for so long is said not to respond. */
  readonly silenceMs: number;
  /**
   * A child that gives no sign of life for so long, or whose work is stuck for so long, is killed as if it had crashed; 0: never,
   * which is right where work may take any time.
   */
  readonly stallMs: number;
  /** A child that drains and comes no further for so long is told to end. */
  readonly stopMs: number;
  /** … and is killed when it did not so long after that. */
  readonly killMs: number;
  /** A child without a parent drains, but no longer than this. */
  readonly orphanMs: number;
}

export type ChildState =
  | 'starting'
  | 'running'
  /** It crashed, and is started again after a while. */
  | 'waiting'
  | 'stopping'
  /** For good. */
  | 'ended';

/** How a child is at one moment. */
export interface ChildStats {
  readonly name: string;
  readonly state: ChildState;
  readonly pid: number | undefined;
  /** False when it gave no sign of life for a while. */
  readonly isResponding: boolean;
  readonly nRestarts: number;
  /** How the child before the present one ended; empty when there was none. */
  readonly lastExit: string;
  /** When it is started again, while it waits for that. */
  readonly restartInMs: number | undefined;
}

/** How a child ended for good. */
export type ChildEnd =
  /** Its work was over. */
  | { readonly outcome: 'done' }
  /** It was stopped, and drained. */
  | { readonly outcome: 'stopped' }
  /** It could not start or go on, and said why. */
  | { readonly outcome: 'failed'; readonly error: PvaflowError }
  /** It died unannounced: `crashed` if it is not to be restarted, `gaveUp` after the last restart, `killed` while it was stopped. */
  | { readonly outcome: 'crashed' | 'gaveUp' | 'killed'; readonly exit: string };

/** An end as an error, for whoever did not expect it. */
export function endError(name: string, end: ChildEnd): PvaflowError {
  switch (end.outcome) {
    case 'failed':
      return end.error;
    case 'done':
    case 'stopped':
      return new PvaflowError('PVAFLOW_CHILD', `${name} ended before it was ready`);
    case 'crashed':
      return new PvaflowError('PVAFLOW_CHILD', `${name} ended (${end.exit})`);
    case 'gaveUp':
      return new PvaflowError('PVAFLOW_CHILD', `${name} ended too often and is not started again (${end.exit})`);
    case 'killed':
      return new PvaflowError('PVAFLOW_CHILD', `${name} did not stop and was killed (${end.exit})`);
  }
}
