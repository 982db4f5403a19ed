import type { UserProcessor } from './user-processor.js';

const LOOK_MS = 200;
/** It is said so often what is waited for. */
const REMARK_MS = 5000;

/** Looks after a `stop` that takes its time: says what it waits for, and gives it up when it comes no further. */
export class StopWatch implements Disposable {
  /** Rejects when it is given up. */
  readonly givenUp: Promise<never>;
  readonly #timer: NodeJS.Timeout;
  #progress: string;
  #movedAt = performance.now();
  #saidAt = performance.now();

  /** @param seconds without progress that it may take */
  constructor(
    readonly user: UserProcessor,
    readonly seconds: number,
  ) {
    this.#progress = user.stopProgress();
    let giveUp!: (error: Error) => void;
    this.givenUp = new Promise<never>((_resolve, reject) => (giveUp = reject));
    this.givenUp.catch(() => {}); // whoever waits is told
    this.#timer = setInterval(() => this.#look(giveUp), Math.min(LOOK_MS, seconds * 1000));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(giveUp: (error: Error) => void): void {
    const now = performance.now();
    const progress = this.user.stopProgress();
    if (progress !== this.#progress) {
      this.#progress = progress;
      this.#movedAt = now;
      this.user.stopSteps += 1;
    }
    if (now - this.#movedAt >= this.seconds * 1000) giveUp(new Error(this.#whyGivenUp()));
    else if (progress !== '' && now - this.#saidAt >= REMARK_MS) {
      this.#saidAt = now;
      this.user.logger.info(`${this.user.name}.stop: ${progress}`);
    }
  }

  #whyGivenUp(): string {
    const what = this.#progress === '' ? 'did not end' : 'came no further';
    return `it ${what} in ${this.seconds} s (--drain-timeout)${this.#progress && `: ${this.#progress}`}`;
  }
}
