/** Tells once that a child is stuck: it has given no sign of life for a time, or says that its work comes no further. */
export class StallWatch {
  #timer: NodeJS.Timeout | undefined;
  #isOn = false;

  /**
   * @param stallMs how long it may be stuck; 0: for ever
   * @param onStall called with what is wrong, for people
   */
  constructor(
    readonly stallMs: number,
    readonly onStall: (how: string) => void,
  ) {}

  /** The child works from now on; before, it may take its time. */
  start(): void {
    this.#isOn = this.stallMs > 0;
    this.onSign();
  }

  /** The child has ended. */
  end(): void {
    this.#isOn = false;
    clearTimeout(this.#timer);
  }

  onSign(): void {
    clearTimeout(this.#timer);
    if (!this.#isOn) return;
    this.#timer = setTimeout(() => this.#tell(`no sign of life in ${this.stallMs / 1000} s`), this.stallMs).unref();
  }

  /** Its work has come no further for so long. */
  onStuck(ms: number): void {
    if (this.#isOn && ms >= this.stallMs) this.#tell(`its processor finished nothing in ${Math.round(ms / 1000)} s`);
  }

  #tell(how: string): void {
    this.end();
    this.onStall(how);
  }
}
