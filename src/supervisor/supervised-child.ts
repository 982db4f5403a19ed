import type { PvaflowError } from '../core/errors.js';
import { plural } from '../core/figures.js';
import type { Logger } from '../core/logger.js';
import { Backoff } from './backoff.js';
import { logOutput } from './child-log.js';
import {
  endError,
  type ChildEnd,
  type ChildOptions,
  type ChildSpec,
  type ChildState,
  type ChildStats,
} from './child-spec.js';
import { describeExit, type Host, type HostExit } from './host.js';
import type { ToParent } from './messages.js';
import { startProcess } from './process-host.js';
import { Requests } from './requests.js';
import { receivedError } from './sent-error.js';
import { StallWatch } from './stall-watch.js';
import { Stopping } from './stopping.js';
import type { TaskShape } from './task.js';
import { startThread } from './thread-host.js';

/** A child and those that follow it when it has to be started again. Made by `Supervisor.start`. */
export class SupervisedChild<S extends TaskShape = TaskShape> {
  /** Resolves when the task runs for the first time; rejects when it ends before. */
  readonly ready: Promise<S['info']>;
  /** Resolves when it has ended for good. */
  readonly ended: Promise<ChildEnd>;
  readonly #spec: ChildSpec<S>;
  readonly #options: ChildOptions;
  readonly #logger: Logger;
  readonly #backoff: Backoff;
  readonly #requests = new Requests();
  /** The statistics that were asked for. */
  #refresh: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;
  #host: Host | undefined;
  #state: ChildState = 'starting';
  #nRestarts = 0;
  #lastExit = '';
  #nextStartAt: number | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;
  readonly #stall: StallWatch;
  #isResponding = true;
  #readySince: number | undefined;
  #wasEverReady = false;
  #stopping: Stopping | undefined;
  /** The last message of the present child. */
  #end: Extract<ToParent, { type: 'end' }> | undefined;
  #crash: string | undefined;
  #settleReady!: { resolve: (info: S['info']) => void; reject: (error: unknown) => void };
  #settleEnded!: (end: ChildEnd) => void;

  constructor(spec: ChildSpec<S>, options: ChildOptions, logger: Logger) {
    this.#spec = spec;
    this.#options = options;
    this.#logger = logger;
    this.#backoff = new Backoff(options.restart);
    this.#stall = new StallWatch(options.stallMs, (how) => this.#onStall(how));
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    this.ready.catch(() => {}); // whoever awaits it sees the error; nobody has to
    this.ended = new Promise((resolve) => (this.#settleEnded = resolve));
    this.#launch();
  }

  get name(): string {
    return this.#spec.name;
  }

  stats(): ChildStats {
    return {
      name: this.name,
      state: this.#state,
      pid: this.#host?.pid,
      isResponding: this.#isResponding,
      nRestarts: this.#nRestarts,
      lastExit: this.#lastExit,
      restartInMs: this.#nextStartAt === undefined ? undefined : Math.max(0, this.#nextStartAt - performance.now()),
    };
  }

  /** Has the statistics sent now; resolves when they are here, or will not come: those who ask a child that is stuck do not pile up. */
  refresh(): Promise<void> {
    if (this.#state !== 'running' || !this.#isResponding) return Promise.resolve();
    if (this.#refresh === undefined) {
      let resolve!: () => void;
      const done = new Promise<void>((settle) => (resolve = settle));
      this.#refresh = { done, resolve };
      this.#host?.send({ type: 'stats' });
    }
    return this.#refresh.done;
  }

  /**
   * Asks the task.
   *
   * @param timeoutMs how long the answer is waited for; for ever if not given
   * @throws {PvaflowError} what the task threw; PVAFLOW_CHILD when there is no child that could answer, it ends before it does, or
   *   the time is over: it may still carry it out
   */
  request(request: string, args?: unknown, timeoutMs?: number): Promise<unknown> {
    const host = this.#state === 'running' ? this.#host : undefined;
    return this.#requests.send(this.name, host, { request, args, timeoutMs });
  }

  /** Asks it to drain; when it comes no further for a time, tells it to end; when it does not, kills it. */
  stop(): Promise<ChildEnd> {
    if (this.#state === 'waiting') this.#settle({ outcome: 'stopped' });
    if (this.#host === undefined || this.#stopping !== undefined) return this.ended;
    this.#state = 'stopping';
    this.#stopping = new Stopping(this.name, this.#host, this.#options, this.#logger);
    return this.ended;
  }

  /** While it is stopped: what it waits for came further, so that it gets more time. */
  keepWaiting(): void {
    this.#stopping?.extend();
  }

  /** Ends it at once. What it had under way is lost. */
  kill(): Promise<ChildEnd> {
    const ended = this.stop();
    this.#host?.kill();
    return ended;
  }

  #launch(): void {
    this.#end = this.#crash = this.#readySince = this.#nextStartAt = undefined;
    this.#state = 'starting';
    const { name, module, config, inThread } = this.#spec;
    const start = inThread === true ? startThread : startProcess;
    const host = start(name, {
      onMessage: (message) => this.#onMessage(message),
      onExit: (exit) => this.#onExit(exit),
    });
    this.#host = host;
    logOutput(name, host);
    const { statsMs, orphanMs, logLevel } = this.#options;
    const said = { nRestarts: this.#nRestarts, lastExit: this.#lastExit, parentPid: process.pid };
    host.send({ type: 'start', name, module, config, statsMs, orphanMs, logLevel, ...said });
  }

  #onMessage(message: ToParent): void {
    this.#onSign();
    switch (message.type) {
      case 'ready':
        return this.#onReady(message.info);
      case 'stats':
        this.#stopping?.onProgress(message.progress);
        this.#stall.onStuck(message.stuckMs);
        this.#spec.onStats?.(message.stats);
        return this.#refreshed();
      case 'answer':
        return this.#requests.onAnswer(message);
      case 'crash':
        this.#crash = message.message;
        return;
      case 'end':
        this.#end = message;
        if (message.stats !== undefined) this.#spec.onStats?.(message.stats);
        if (message.report !== undefined) this.#spec.onReport?.(message.report);
    }
  }

  #onReady(info: S['info']): void {
    this.#stall.start();
    this.#readySince = performance.now();
    this.#wasEverReady = true;
    if (this.#state === 'starting') this.#state = 'running';
    this.#settleReady.resolve(info);
    this.#spec.onReady?.(info);
  }

  /** The child gave a sign of life. Silence is told of, and no reason to end it. */
  #onSign(): void {
    clearTimeout(this.#silenceTimer);
    if (!this.#isResponding) this.#logger.info(`${this.name} responds again`);
    this.#isResponding = true;
    this.#stall.onSign();
    const { silenceMs } = this.#options;
    this.#silenceTimer = setTimeout(() => {
      this.#isResponding = false;
      this.#logger.warn(`${this.name} has not responded for ${silenceMs / 1000} s: its processor may block`);
    }, silenceMs).unref();
  }

  #refreshed(): void {
    this.#refresh?.resolve();
    this.#refresh = undefined;
  }

  /** It is killed as if it had crashed, and started again. While it is stopped there is a time for that. */
  #onStall(how: string): void {
    if (this.#state !== 'running') return;
    this.#logger.error(`${this.name}: ${how}; it is killed`);
    this.#crash ??= how;
    this.#host?.kill();
  }

  #onExit(exit: HostExit): void {
    clearTimeout(this.#silenceTimer);
    this.#stall.end();
    this.#refreshed();
    this.#isResponding = true;
    const wasStopping = this.#stopping;
    wasStopping?.close();
    this.#host = this.#stopping = undefined;
    const error = this.#end?.error && receivedError(this.#end.error);
    const how =
      this.#crash === undefined || exit.error !== undefined
        ? describeExit(exit)
        : `${describeExit(exit)}: ${this.#crash}`;
    this.#requests.fail(this.name, how);
    if (this.#end !== undefined) this.#onAnnouncedEnd(error, wasStopping !== undefined);
    else if (wasStopping !== undefined) this.#settle({ outcome: 'killed', exit: how });
    else this.#onCrash(how);
  }

  #onAnnouncedEnd(error: PvaflowError | undefined, wasStopping: boolean): void {
    if (error === undefined) return this.#settle({ outcome: wasStopping ? 'stopped' : 'done' });
    const couldStart = this.#readySince !== undefined;
    // What cannot start the first time has a wrong configuration: no later start would do better.
    const startsAgain = couldStart ? this.#options.restart.on === 'failure' : this.#wasEverReady;
    if (wasStopping || !startsAgain) return this.#settle({ outcome: 'failed', error });
    const how = `${error.code}: ${error.message}`;
    if (couldStart) this.#spec.onCrash?.(how);
    this.#restart(how);
  }

  #onCrash(how: string): void {
    this.#spec.onCrash?.(how);
    if (this.#options.restart.on === 'never') return this.#settle({ outcome: 'crashed', exit: how });
    this.#restart(how);
  }

  #restart(how: string): void {
    this.#lastExit = how;
    const delayMs = this.#backoff.delayMs(performance.now(), this.#readySince);
    if (delayMs === undefined) return this.#giveUp(how);
    this.#nRestarts += 1;
    this.#state = 'waiting';
    this.#nextStartAt = performance.now() + delayMs;
    this.#logger.error(`${this.name} ended (${how}); it is started again in ${delayMs / 1000} s (${this.#nRestarts})`);
    this.#restartTimer = setTimeout(() => this.#launch(), delayMs);
  }

  #giveUp(how: string): void {
    const { restarts = 0, seconds = 0 } = this.#options.restart.limit ?? {};
    const after = `${restarts} ${plural(restarts, 'restart')} in ${seconds} s`;
    this.#logger.error(`${this.name} ended (${how}); it is given up after ${after}`);
    this.#settle({ outcome: 'gaveUp', exit: how });
  }

  #settle(end: ChildEnd): void {
    clearTimeout(this.#restartTimer);
    this.#nextStartAt = undefined;
    this.#state = 'ended';
    this.#settleReady.reject(endError(this.name, end));
    this.#settleEnded(end);
  }
}
