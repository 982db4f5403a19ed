import { getLogger, logLevel } from '../core/logger.js';
import { PvaflowError } from '../core/errors.js';
import { defaultRestartPolicy, type RestartPolicy } from './backoff.js';
import type { ChildEnd, ChildOptions, ChildSpec } from './child-spec.js';
import { SupervisedChild } from './supervised-child.js';
import type { TaskShape } from './task.js';

/** Times in seconds. */
export interface SupervisorOptions {
  /** After a crash: half a second later at first, and ever slower, up to a minute; for ever. */
  readonly restart?: Partial<RestartPolicy>;
  /** Period of the statistics; 1. */
  readonly statsPeriod?: number;
  /** A child that gave no sign of life for so long is said not to respond; 10, and no less than three periods. */
  readonly silence?: number;
  /** A child that gives no sign of life, or whose work is stuck, for so long is killed, and dealt with as after a crash; 0, the default: never. */
  readonly stallTimeout?: number;
  /** A child that drains and comes no further for so long is told to end; 30. */
  readonly stopTimeout?: number;
  /** … and is killed when it did not so long after that; 5. */
  readonly killTimeout?: number;
}

/**
 * Runs tasks in processes or threads of their own: hands them their configuration, collects their statistics and reports,
 * starts them again after a crash, and ends them. None of them outlives this process.
 */
export class Supervisor {
  readonly #options: ChildOptions;
  readonly #logger = getLogger('supervisor');
  readonly #children = new Map<string, SupervisedChild>();

  constructor(options: SupervisorOptions = {}) {
    const { restart, statsPeriod = 1, silence = 10, stallTimeout = 0, stopTimeout = 30, killTimeout = 5 } = options;
    this.#options = {
      restart: { ...defaultRestartPolicy, ...restart },
      logLevel: logLevel(),
      statsMs: statsPeriod * 1000,
      silenceMs: Math.max(silence, 3 * statsPeriod) * 1000,
      stallMs: stallTimeout * 1000,
      stopMs: stopTimeout * 1000,
      killMs: killTimeout * 1000,
      orphanMs: (stopTimeout + killTimeout) * 1000,
    };
  }

  /** All that were started and not removed, in this order. */
  get children(): readonly SupervisedChild[] {
    return [...this.#children.values()];
  }

  /**
   * Starts a child. Whether it runs, `ready` of the child tells.
   *
   * @throws {PvaflowError} PVAFLOW_CHILD when there is one of this name
   */
  start<S extends TaskShape>(spec: ChildSpec<S>): SupervisedChild<S> {
    if (this.#children.has(spec.name)) throw new PvaflowError('PVAFLOW_CHILD', `there is a child ${spec.name} already`);
    const child = new SupervisedChild<S>(spec, this.#options, this.#logger);
    this.#children.set(spec.name, child as unknown as SupervisedChild);
    return child;
  }

  /** Stops a child, and forgets it when it has ended: its name is free again. */
  async remove(name: string): Promise<ChildEnd | undefined> {
    const end = await this.#children.get(name)?.stop();
    this.#children.delete(name);
    return end;
  }

  /** Stops all children at the same time; resolves when all have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.children.map((child) => child.stop()));
  }

  /** Ends all children at once. */
  async kill(): Promise<void> {
    await Promise.all(this.children.map((child) => child.kill()));
  }
}
