/**
 * For processors that work on several objects at a time (`concurrency`): the work overlaps, and what is done with its results comes in
 * the order of the calls.
 */
export class InOrder {
  #before: Promise<unknown> = Promise.resolve();

  /**
   * Calls `finish` with what `work` gave, once the call before is over, however that ended.
   *
   * @returns what `finish` gives; rejects, without calling it, when `work` does
   */
  run<W, T>(work: Promise<W>, finish: (done: W) => T | PromiseLike<T>): Promise<T> {
    work.catch(() => {}); // told when it is its turn
    const finished = this.#before.then(async () => finish(await work));
    this.#before = finished.catch(() => {});
    return finished;
  }
}
