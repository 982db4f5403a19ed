import { PvaflowError } from '../../core/errors.js';
import type { Processor, ProcessResult } from '../../pipeline/interfaces.js';
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
  #current: PvObject | undefined;
  #published: PvObject[] = [];

  constructor(readonly processor: Pick<UserDataProcessor, 'process'>) {}

  /** @throws {PvaflowError} PVAFLOW_HAND_OVER outside `process`, and when the object that came in is published twice */
  updateOutputChannel(value: PvObject): void {
    if (this.#current === undefined) throw handOverError('there is no object in work: it is for process to call');
    if (value !== this.#current) this.#published.push(value.clone());
    else if (!this.#published.includes(value)) this.#published.push(value);
    else throw handOverError('the object that came in was published already. Publish object.clone()');
  }

  process(object: PvObject): ProcessResult<PvObject> {
    this.#current = object;
    let result;
    try {
      result = this.processor.process(object);
    } catch (error) {
      return this.#failed(error);
    }
    if (isPromise(result)) return result.then(this.#given, this.#failed);
    return this.#given(result);
  }

  readonly #given = (result: Given | Several): Given | Several => {
    if (isSeveral(result)) return this.#each(result, this.#current);
    const input = this.#current;
    const published = this.#taken();
    this.#current = undefined;
    const [first] = published;
    if (first === undefined) return result;
    const isValid = result === null || result === undefined || result instanceof PvObject;
    if (!isValid) return [...published, result].values(); // what is wrong with it is for the pipeline to say
    if (result instanceof PvObject && result !== input) result.release();
    return published.length === 1 ? first : published.values();
  };

  /** What was published before the failure goes on; only then the failure is told. */
  readonly #failed = (error: unknown): Iterator<PvObject> => {
    const published = this.#taken();
    this.#current = undefined;
    if (published.length === 0) throw error;
    return followedBy(published, error);
  };

  /** Each step of a generator hands on like one call. */
  async *#each(results: Several, input: PvObject | undefined): AsyncGenerator<PvObject, void, undefined> {
    for (;;) {
      const step = await results.next();
      const published = this.#taken();
      yield* published;
      if (step.done === true) break;
      if (published.length === 0) yield step.value;
      else if (step.value !== input) step.value.release();
    }
    this.#current = undefined;
  }

  #taken(): readonly PvObject[] {
    if (this.#published.length === 0) return NONE;
    const published = this.#published;
    this.#published = [];
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
