/** What the stage around it does for a {@link Flush}. */
export interface FlushStage<E> {
  /** An event goes to the next stage; it was made of none. */
  giveLast(event: E): void;
  /** The flush failed. */
  complain(error: unknown): void;
  /** It is over. */
  wake(): void;
}

/** Asks a processor, once, for what it still has to give when nothing more will come to it. */
export class Flush<E> {
  #state: 'due' | 'pending' | 'done' = 'due';

  constructor(
    readonly flush: () => PromiseLike<readonly E[]>,
    readonly stage: FlushStage<E>,
  ) {}

  /** Whether the processor is to be given no more events for now. */
  get isPending(): boolean {
    return this.#state === 'pending';
  }

  /** Called again and again. @returns whether it is over */
  finish(): boolean {
    if (this.#state === 'due') {
      this.#state = 'pending';
      void this.#run();
    }
    return this.#state === 'done';
  }

  async #run(): Promise<void> {
    try {
      for (const event of await this.flush()) this.stage.giveLast(event);
    } catch (error) {
      this.stage.complain(error);
    }
    this.#state = 'done';
    this.stage.wake();
  }
}
