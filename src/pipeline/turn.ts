/** Knows whether code of users may be on the stack: what would call more of it then has to wait. */
export class Turn {
  isTaken = false;

  /** @param failed is told what throws in a turn: it is no failure of a processor */
  constructor(readonly failed: (error: unknown) => void) {}

  /** Runs what may call code of users. */
  take(action: () => void): void {
    const wasTaken = this.isTaken;
    this.isTaken = true;
    try {
      action();
    } catch (error) {
      this.failed(error);
    } finally {
      this.isTaken = wasTaken;
    }
  }
}
