import { Receiver, type ReceiverHost, type SourceOptions } from './receiver.js';

/** The sources of a pipeline, each with its queue. They take turns. */
export class Intake<E> {
  readonly receivers: readonly Receiver<E>[];
  #turn = 0;

  constructor(sources: readonly SourceOptions<E>[], host: ReceiverHost<E>) {
    const names = sources.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw new RangeError(`there are two sources ${twice}; names of a pipeline differ`);
    this.receivers = sources.map((source) => new Receiver(source, host));
  }

  /** How many events are queued. */
  get length(): number {
    let length = 0;
    for (const { queue } of this.receivers) length += queue.length;
    return length;
  }

  /** Whether no source has anything more for now. */
  get isEmpty(): boolean {
    return this.receivers.every(({ queue, readable }) => queue.length === 0 && !readable);
  }

  /** `onReadable` is called whenever a source may have events. @returns resolves when all sources are ready */
  async start(onReadable: () => void): Promise<void> {
    const starts = this.receivers.map(async (receiver) =>
      receiver.source.start(() => {
        receiver.readable = true;
        onReadable();
      }),
    );
    await Promise.all(starts);
  }

  /** No more is asked for; what the sources have already will still be taken. */
  pause(): void {
    for (const receiver of this.receivers) {
      receiver.source.pause();
      receiver.readable = true;
    }
  }

  /** Fills the queues that are to be filled although nothing is wanted of them now. */
  fillAhead(): void {
    for (const receiver of this.receivers) receiver.fillAhead();
  }

  /** Hands the next event to `begin`. @returns whether there was one */
  next(isDraining: boolean, begin: (event: E, source: string) => void): boolean {
    const { receivers } = this;
    for (let i = 0; i < receivers.length; i++) {
      const receiver = receivers[this.#turn] as Receiver<E>;
      this.#turn = this.#turn + 1 < receivers.length ? this.#turn + 1 : 0;
      if (receiver.isHeldBack && !isDraining) continue;
      const event = receiver.next(isDraining);
      if (event === undefined) continue;
      begin(event, receiver.name);
      return true;
    }
    return false;
  }

  /** Gives up what is queued, and closes the sources. @returns what those threw that could not be closed */
  stop(reason: string): unknown[] {
    const errors: unknown[] = [];
    for (const receiver of this.receivers) {
      receiver.rejectAll(reason);
      try {
        receiver.close();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }
}
