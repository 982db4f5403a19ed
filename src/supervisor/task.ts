/**
 * What runs in a child: a module that exports `startTask`. The supervisor calls it once in each child, over and over when the
 * child has to be restarted. All that passes between parent and child is plain data (what `structuredClone` takes).
 */
import type { Logger } from '../core/logger.js';

/** What a task and its parent exchange. */
export interface TaskShape {
  /** What the task is told to do. */
  config: unknown;
  /** What the task says of itself once it runs. */
  info: unknown;
  /** Its figures, sent with a period. */
  stats: unknown;
  /** Its account, sent once, when it has ended. */
  report: unknown;
}

/** What a task knows about its place. */
export interface TaskContext {
  /** The name of the child. */
  readonly name: string;
  /** How often the child was restarted before. */
  readonly nRestarts: number;
  /** How the child before this one ended, for people; empty for the first. */
  readonly lastExit: string;
  readonly logger: Logger;
  /** Aborted when the child is to end before its task has started: nobody waits for that any longer. */
  readonly signal: AbortSignal;
}

/** A task that runs. */
export interface Task<S extends TaskShape = TaskShape> {
  readonly info?: S['info'];
  /** Resolves when the work is over by itself; rejects when it cannot go on. The task is drained in either case. */
  readonly ended: Promise<void>;
  /** Called with the period of the statistics, and a last time after the end. */
  stats(): S['stats'];
  /** Finishes what is under way and ends. Called at most once. */
  drain(): Promise<void>;
  /** Ends at once. May be called while `drain` is under way, which then comes to its end too. */
  abort(): Promise<void>;
  /** Called once, after `drain` or `abort`. */
  report(): S['report'];
  /** A number that changes as long as a drain comes further: the parent has patience until it stands still. */
  progress?(): number;
  /** For how many milliseconds its work has come no further, although it has some and may go on; 0 when it does. */
  stuckMs?(): number;
  /** Answers a request of the parent; what it throws is the answer too. Absent: no request is known. */
  answer?(request: string, args: unknown): unknown;
}

/** The export of a module that is run in a child. What it throws is told to the parent as the reason why it cannot start. */
export type StartTask<S extends TaskShape = TaskShape> = (
  config: S['config'],
  context: TaskContext,
) => Task<S> | Promise<Task<S>>;
