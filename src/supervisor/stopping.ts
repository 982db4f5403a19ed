import type { Logger } from '../core/logger.js';
import type { ChildOptions } from './child-spec.js';
import type { Host } from './host.js';

/** The end of a child: asked politely, then told, then killed. */
export class Stopping {
  #timer: NodeJS.Timeout | undefined;
  #progress: number | undefined;
  #isTold = false;

  constructor(
    readonly name: string,
    readonly host: Host,
    readonly options: Pick<ChildOptions, 'stopMs' | 'killMs'>,
    readonly logger: Logger,
  ) {
    host.send({ type: 'stop' });
    this.#after(options.stopMs, () => this.#tell());
  }

  /** The child is still at it; when it came further, it gets more time. */
  onProgress(progress: number): void {
    if (this.#progress === progress) return;
    this.#progress = progress;
    this.extend();
  }

  /** What the child waits for came further. */
  extend(): void {
    if (!this.#isTold) this.#after(this.options.stopMs, () => this.#tell());
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#isTold = true;
    this.logger.warn(`${this.name} did not end in ${this.options.stopMs / 1000} s: it is told to give up what it has`);
    this.host.send({ type: 'abort' });
    this.host.terminate();
    this.#after(this.options.killMs, () => this.#kill());
  }

  #kill(): void {
    this.logger.error(`${this.name} did not end in ${this.options.killMs / 1000} s more: it is killed`);
    this.host.kill();
  }

  #after(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }
}
