import type { KeyHeader } from './encrypted-data.js';
import { RefusedError } from './refused-error.js';
import { ReplayWindow } from './replay-window.js';

interface Stream {
  readonly name: string;
  readonly startedAt: number;
  readonly window: ReplayWindow;
}

export interface StreamsOptions {
  /** How many encryptors the records come from. */
  readonly most: number;
  /** How many records behind the newest of its stream one may come. */
  readonly tolerance: number;
}

/**
 * The streams that records come from. When there is one more than there may be, it takes the place of the one that started
 * first; one that started before that is not let in (any more).
 */
export class Streams {
  readonly #known = new Map<string, Stream>();

  constructor(readonly options: StreamsOptions) {}

  /**
   * Takes a record that is known to be genuine.
   *
   * @throws {RefusedError} of reason `replayed`, `reordered` or `stale`
   */
  take({ stream: id, startedAt }: KeyHeader, counter: number): void {
    const name = id.toString('hex');
    const refusal = (this.#known.get(name) ?? this.#newStream(name, startedAt)).window.take(counter);
    if (refusal === undefined) return;
    const what = refusal === 'replayed' ? 'came before' : 'comes later than one that was encrypted after it';
    throw new RefusedError(refusal, `record ${counter} of its stream ${what}`);
  }

  #newStream(name: string, startedAt: number): Stream {
    if (this.#known.size >= this.options.most) {
      const first = [...this.#known.values()].reduce((a, b) => (b.startedAt < a.startedAt ? b : a));
      const advice = 'Is the clock of the encryptor right? "streams" says how many there are';
      const message = `its encryptor was started before the one that records came from last. ${advice}`;
      if (startedAt <= first.startedAt) throw new RefusedError('stale', message);
      this.#known.delete(first.name);
    }
    const stream = { name, startedAt, window: new ReplayWindow(this.options.tolerance) };
    this.#known.set(name, stream);
    return stream;
  }
}
