/** What one call fed: how far its objects are. */
export class Feed {
  /** Resolves when all have been made, and taken or given up; rejects when they cannot be made. */
  readonly taken: Promise<void>;
  /** Resolves when all have come to their end; rejects when they cannot be made. */
  readonly settled: Promise<void>;
  /** Nothing more is wanted of it. */
  isEnough = false;
  #waiting = 0;
  #inWork = 0;
  #isExhausted = false;
  #onTaken!: () => void;
  #onSettled!: () => void;
  #onFailed!: (error: unknown) => void;

  /** @param until asked after each object that came to its end: whether it is enough */
  constructor(readonly until?: () => boolean) {
    const failed = new Promise<never>((_, reject) => (this.#onFailed = reject));
    this.taken = Promise.race([new Promise<void>((resolve) => (this.#onTaken = resolve)), failed]);
    this.settled = Promise.race([new Promise<void>((resolve) => (this.#onSettled = resolve)), failed]);
    for (const promise of [this.taken, this.settled]) promise.catch(() => {}); // whoever awaits one sees the error
  }

  /** One more waits to be taken. */
  made(): void {
    this.#waiting += 1;
  }

  /** One was taken, and its end will be told. */
  took(): void {
    this.#waiting -= 1;
    this.#inWork += 1;
    this.#tell();
  }

  /** One that was taken came to its end. */
  settle(): void {
    this.#inWork -= 1;
    this.isEnough ||= this.until?.() === true;
    this.#tell();
  }

  /** No more is made of it. */
  exhausted(): void {
    this.#isExhausted = true;
    this.#tell();
  }

  failed(error: unknown): void {
    this.#onFailed(error);
  }

  /** The run is over, whatever is left. */
  end(): void {
    this.#onTaken();
    this.#onSettled();
  }

  #tell(): void {
    if (!this.#isExhausted || this.#waiting > 0) return;
    this.#onTaken();
    if (this.#inWork === 0) this.#onSettled();
  }
}
