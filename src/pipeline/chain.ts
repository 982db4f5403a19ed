import type { Clock } from './clock.js';
import type { Observer, Processor, Sink } from './interfaces.js';
import { Stage } from './stage.js';

/** What became of an event: it went through, it was filtered, or, as a string, the cause of its failure. */
export type Outcome = typeof PROCESSED | typeof FILTERED | string;
export const PROCESSED = 0;
export const FILTERED = 1;

/** One event in eight is timed; to time each would cost more than a small processor. */
const TIMED_MASK = 7;

/** A processor with the name under which it appears in statistics and messages. */
export interface NamedProcessor<E> {
  readonly name: string;
  readonly processor: Processor<E>;
}

/**
 * Takes one event through the stages and into the sink. As long as no stage gives a promise or an iterator, this is a plain
 * loop that allocates nothing.
 */
export class Chain<E> {
  readonly stages: readonly Stage<E>[];
  /** Events that a generator of a stage may still give: they live until it has ended. */
  readonly #held: E[] = [];

  constructor(
    processors: readonly NamedProcessor<E>[],
    readonly sink: Sink<E>,
    readonly clock: Clock,
    readonly observer: Observer<E>,
    /** Called for each event that a stage made, when the chain is done with it. */
    readonly release: (event: E) => void,
    /** Whether what a stage gave can go on: user code may give anything. */
    readonly isEvent: (value: unknown) => boolean,
  ) {
    this.stages = processors.map(({ name, processor }) => new Stage(name, processor, clock));
  }

  /** Takes `event`, which stems from `input`, through the stages from number `from` on. */
  advance(input: E, event: E, from = 0): Outcome | Promise<Outcome> {
    const { stages } = this;
    let current = event;
    for (let at = from; at < stages.length; at++) {
      const stage = stages[at] as Stage<E>;
      const startedAt = this.#startOf(stage);
      let result;
      try {
        result = stage.enter(current);
      } catch (error) {
        return this.#failed(input, current, stage, error);
      }
      if (result === null || result === undefined) return this.#filtered(input, current, stage, startedAt);
      if (isPromise(result)) return this.#later(input, current, at, result, startedAt);
      if (isIterator<E>(result)) return this.#spread(input, current, at, result, startedAt);
      if (result !== current && !this.isEvent(result)) return this.#failed(input, current, stage, wrongResult(result));
      stage.passed(startedAt);
      if (result !== current) this.#dispose(input, current);
      current = result;
    }
    return this.#write(input, current);
  }

  #startOf(stage: Stage<E>): number {
    return (stage.account.received & TIMED_MASK) === 0 ? this.clock.now() : -1;
  }

  async #later(input: E, event: E, at: number, promise: PromiseLike<unknown>, startedAt: number): Promise<Outcome> {
    const stage = this.stages[at] as Stage<E>;
    let result;
    try {
      result = (await promise) as E | null | undefined;
    } catch (error) {
      return this.#failed(input, event, stage, error);
    }
    if (result === null || result === undefined) return this.#filtered(input, event, stage, startedAt);
    if (isIterator<E>(result)) return this.#spread(input, event, at, result, startedAt);
    if (result !== event && !this.isEvent(result)) return this.#failed(input, event, stage, wrongResult(result));
    stage.passed(startedAt);
    if (result !== event) this.#dispose(input, event);
    return this.advance(input, result, at + 1);
  }

  /** Several events come out of one: it failed if one of them did, and was filtered if none went through. */
  async #spread(
    input: E,
    event: E,
    at: number,
    results: Iterator<E> | AsyncIterator<E>,
    startedAt: number,
  ): Promise<Outcome> {
    const stage = this.stages[at] as Stage<E>;
    let outcome: Outcome = FILTERED;
    this.#held.push(event);
    try {
      for (let step = await results.next(); step.done !== true; step = await results.next()) {
        if (step.value !== event && !this.isEvent(step.value)) throw wrongResult(step.value);
        const each = await this.advance(input, step.value, at + 1);
        outcome = worseOf(outcome, each);
      }
    } catch (error) {
      this.#held.pop();
      return this.#failed(input, event, stage, error);
    }
    this.#held.pop();
    stage.passed(startedAt);
    this.#dispose(input, event);
    return outcome;
  }

  #write(input: E, event: E): Outcome | Promise<Outcome> {
    if (this.sink.write === undefined) return this.#written(input, event);
    let pending;
    try {
      pending = this.sink.write(event);
    } catch (error) {
      return this.#unwritten(input, event, error);
    }
    if (pending === undefined) return this.#written(input, event);
    return pending.then(
      () => this.#written(input, event),
      (error: unknown) => this.#unwritten(input, event, error),
    );
  }

  #written(input: E, event: E): Outcome {
    this.#dispose(input, event);
    return PROCESSED;
  }

  #unwritten(input: E, event: E, error: unknown): Outcome {
    const cause = `${error instanceof Error ? error.name : typeof error} in the output`;
    this.observer.onFailed?.(input, 'output', error, cause);
    this.#dispose(input, event);
    return cause;
  }

  #filtered(input: E, event: E, stage: Stage<E>, startedAt: number): Outcome {
    stage.filtered(startedAt);
    this.#dispose(input, event);
    return FILTERED;
  }

  #failed(input: E, event: E, stage: Stage<E>, error: unknown): Outcome {
    const cause = stage.failed(error);
    this.observer.onFailed?.(input, stage.name, error, cause);
    this.#dispose(input, event);
    return cause;
  }

  /** The event as it came in is released by whoever took it from the source. */
  #dispose(input: E, event: E): void {
    if (event !== input && !this.#held.includes(event)) this.release(event);
  }
}

function worseOf(one: Outcome, other: Outcome): Outcome {
  if (typeof one === 'string') return one;
  if (typeof other === 'string') return other;
  return one === PROCESSED ? one : other;
}

function wrongResult(result: unknown): TypeError {
  const what = Array.isArray(result)
    ? 'an array'
    : typeof result === 'object'
      ? 'a plain object'
      : `a ${typeof result}`;
  return new TypeError(
    `process gave ${what}; it must give a pvAccess object, nothing, or a promise or generator of these`,
  );
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown }).then === 'function';
}

function isIterator<E>(value: unknown): value is Iterator<E> | AsyncIterator<E> {
  return typeof (value as { next?: unknown }).next === 'function';
}
