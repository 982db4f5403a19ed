/** Calls something as soon as nothing else is on the stack; once, however often it is asked to until then. */
export class Wake {
  #isDue = false;

  constructor(readonly action: () => void) {}

  call(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.action();
    });
  }
}
