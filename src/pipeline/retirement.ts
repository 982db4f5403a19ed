/** A link that takes no more becomes empty at some time, unless the run ends before. */
export class Retirement {
  #pending: { resolve: () => void; reject: (error: Error) => void } | undefined;

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  begin(): Promise<void> {
    return new Promise((resolve, reject) => (this.#pending = { resolve, reject }));
  }

  /** The link is empty. */
  done(): void {
    this.#pending?.resolve();
    this.#pending = undefined;
  }

  /** The run has ended. */
  fail(name: string): void {
    this.#pending?.reject(new Error(`the run ended before ${name} had finished`));
    this.#pending = undefined;
  }
}
