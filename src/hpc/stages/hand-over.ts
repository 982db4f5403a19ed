import { PvaflowError } from '../../core/errors.js';
import type { EventContext, Processor, ProcessResult } from '../../pipeline/interfaces.js';
import type { ProcessorHost } from '../../processor/processor-host.js';
import type { UserDataProcessor } from '../../processor/user-data-processor.js';
import { PvObject } from '../../pva/pv-object.js';
import { isPromise, isSeveral, type Given, type Several } from './results.js';

/**
 * Makes of a processor that publishes a stage that hands on, so that the same class works in a process of its own and in
 * front of another processor: the next stage gets what was published while an object was processed, in that order; if
 * nothing was, what `process` returned. See docs/decisions/0006-what-a-stage-hands-on.md.
 *
 * An object that the processor made is handed on as a copy that shares its arrays, so that it may be filled anew and
 * published again, as on a channel. The object that came in is handed on itself, and so once only.
 */
export class HandOver implements Processor<PvObject>, ProcessorHost {
  /** What was published for each object that is in work. */
  readonly #published = new Map<PvObject, PvObject[]>();
  /** The object that `process` is called with at this moment. */
  #current: PvObject | undefined;
  /** What was published since the processor was told to stop. */
  #last: PvObject[] | undefined;

  constructor(readonly processor: Pick<UserDataProcessor, 'process'>) {}

  /**
   * @throws {PvaflowError} PVAFLOW_HAND_OVER outside `process` and `stop`, when the object that came in is published twice, and when several
   *   objects are in work and it cannot be told which of them this was made of
   */
  updateOutputChannel(value: PvObject): void {
    const own = this.#published.get(value);
    if (this.#last !== undefined) this.#last.push(value.clone());
    else if (own === undefined) this.#publishedForOnlyOne().push(value.clone());
    else if (!own.includes(value)) own.push(value);
    else throw handOverError('the object that came in was published already. Publish object.clone()');
  }

  process(object: PvObject, context?: EventContext): ProcessResult<PvObject> {
    this.#published.set(object, []);
    this.#current = object;
    let result;
    try {
      result = this.processor.process(object, context);
    } catch (error) {
      return this.#failed(object, error);
    } finally {
      this.#current = undefined;
    }
    if (!isPromise(result)) return this.#given(object, result);
    return result.then(
      (given) => this.#given(object, given),
      (error: unknown) => this.#failed(object, error),
    );
  }

  /** Stops the processor, to which nothing more will come. @returns what it published meanwhile */
  async publishedBy(stop: () => Promise<void>): Promise<readonly PvObject[]> {
    const last = (this.#last = []);
    await stop();
    this.#last = undefined;
    return last;
  }

  /** Where an object belongs that the processor made. */
  #publishedForOnlyOne(): PvObject[] {
    const input = this.#current ?? (this.#published.size === 1 ? [...this.#published.keys()][0] : undefined);
    const published = input && this.#published.get(input);
    if (published !== undefined) return published;
    if (this.#published.size === 0)
      throw handOverError('there is no object in work: it is for process and stop to call');
    throw handOverError(
      `${this.#published.size} objects are in work. Publish the one that came in, or return the new one`,
    );
  }

  #given(input: PvObject, result: Given | Several): Given | Several {
    if (isSeveral(result)) return this.#each(input, result);
    const published = this.#taken(input);
    this.#published.delete(input);
    const [first] = published;
    if (first === undefined) return result;
    const isValid = result === null || result === undefined || result instanceof PvObject;
    if (!isValid) return [...published, result].values(); // what is wrong with it is for the pipeline to say
    if (result instanceof PvObject && result !== input) result.release();
    return published.length === 1 ? first : published.values();
  }

  /** What was published before the failure goes on; only then the failure is told. */
  #failed(input: PvObject, error: unknown): Iterator<PvObject> {
    const published = this.#taken(input);
    this.#published.delete(input);
    if (published.length === 0) throw error;
    return followedBy(published, error);
  }

  /** Each step of a generator hands on like one call. */
  async *#each(input: PvObject, results: Several): AsyncGenerator<PvObject, void, undefined> {
    try {
      for (;;) {
        const step = await results.next();
        const published = this.#taken(input);
        yield* published;
        if (step.done === true) return;
        if (published.length === 0) yield step.value;
        else if (step.value !== input) step.value.release();
      }
    } finally {
      this.#published.delete(input);
      await results.return?.(); // nothing for one that is through; one that is left before gives back what it holds
    }
  }

  #taken(input: PvObject): readonly PvObject[] {
    const published = this.#published.get(input);
    if (published === undefined || published.length === 0) return NONE;
    this.#published.set(input, []);
    return published;
  }
}

const NONE: readonly PvObject[] = [];

function* followedBy(published: readonly PvObject[], error: unknown): Generator<PvObject, void, undefined> {
  yield* published;
  throw error;
}

function handOverError(what: string): PvaflowError {
  return new PvaflowError('PVAFLOW_HAND_OVER', `updateOutputChannel in front of another processor: ${what}`);
}
