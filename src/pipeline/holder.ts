import type { Carrier } from './carrier.js';
import {
  HELD,
  LEFT_BEHIND,
  type HoldingProcessor,
  type HoldingResult,
  type Processor,
  type StageControl,
} from './interfaces.js';

/** What the stage around it does for a {@link Holder}. */
export interface HolderStage<E> {
  /** Hands over a held event as it is; at once, if its own processor asks for it while it runs and nothing waits. */
  give(carrier: Carrier<E>, isInside: boolean): void;
  /** Hands over an event made of held ones, or of nothing. */
  make(event: E, spent: readonly Carrier<E>[], isInside: boolean): void;
  filter(carrier: Carrier<E>): void;
  reject(carrier: Carrier<E>, reason: string): void;
  /** `where` it failed, if not in `process`. */
  fail(carrier: Carrier<E>, error: unknown, where?: 'flush'): void;
  /** It was flushed. */
  wake(): void;
  /** The processor threw in `flush`, or after it had disposed of the event it was given. */
  complain(error: unknown): void;
  throttle(name: string, isOn: boolean): void;
  holdBack(source: string, isOn: boolean): void;
  /** Whether the next stage takes what is emitted. */
  readonly mayPass: boolean;
}

/** Knows which events a holding processor has, and carries out what it says becomes of them. */
export class Holder<E> implements StageControl<E> {
  readonly #held = new Map<E, Carrier<E>>();
  #isInside = false;
  #isOver = false;
  #isFlushed = false;
  /** It is given no events while it is. */
  isFlushing = false;

  constructor(
    readonly processor: HoldingProcessor<E>,
    readonly stage: HolderStage<E>,
  ) {}

  get size(): number {
    return this.#held.size;
  }

  /** Calls the processor; the result is {@link HELD} also if it has disposed of the event already. */
  process(event: E, carrier: Carrier<E>): HoldingResult<E> {
    if (this.#held.has(event)) throw new RangeError('the stage holds this event already');
    this.#held.set(event, carrier);
    this.#isInside = true;
    let result: HoldingResult<E>;
    try {
      result = this.processor.process(event, carrier);
    } catch (error) {
      return this.#threw(carrier, event, error);
    } finally {
      this.#isInside = false;
    }
    if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function')
      return this.#kept(carrier, event, result as Exclude<HoldingResult<E>, PromiseLike<unknown>>);
    return Promise.resolve(result as PromiseLike<Exclude<HoldingResult<E>, PromiseLike<unknown>>>).then(
      (value) => this.#kept(carrier, event, value),
      (error: unknown) => this.#threw(carrier, event, error),
    ) as HoldingResult<E>;
  }

  emit(event: E, from?: readonly E[]): boolean {
    if (this.#isOver) return false;
    if (from === undefined) this.stage.give(this.#take(event), this.#isInside);
    else this.stage.make(event, this.#takeAllOf(from), this.#isInside);
    return this.stage.mayPass;
  }

  filter(event: E): void {
    if (!this.#isOver) this.stage.filter(this.#take(event));
  }

  reject(event: E, reason: string): void {
    if (!this.#isOver) this.stage.reject(this.#take(event), reason);
  }

  fail(event: E, error: unknown): void {
    if (!this.#isOver) this.stage.fail(this.#take(event), error);
  }

  throttle(name: string, isOn: boolean): void {
    this.stage.throttle(name, isOn);
  }

  holdBack(source: string, isOn: boolean): void {
    this.stage.holdBack(source, isOn);
  }

  /** Nothing more will come. Called again and again. @returns whether it was flushed, and holds nothing */
  finish(): boolean {
    if (this.isFlushing) return false;
    if (this.#isFlushed && this.size === 0) return true;
    this.isFlushing = true;
    void this.#flush();
    return false;
  }

  /** The run is over, or another processor takes the place of this one. */
  stop(): Carrier<E>[] {
    this.#isOver = true;
    return this.#takeAll();
  }

  async #flush(): Promise<void> {
    try {
      await this.processor.flush();
    } catch (error) {
      if (this.#isOver) return;
      this.stage.complain(error);
      for (const carrier of this.#takeAll()) this.stage.fail(carrier, error, 'flush');
    }
    if (this.#isOver) return;
    for (const carrier of this.#takeAll()) this.stage.reject(carrier, LEFT_BEHIND);
    this.#isFlushed = true;
    this.isFlushing = false;
    this.stage.wake();
  }

  #takeAll(): Carrier<E>[] {
    const all = [...this.#held.values()];
    this.#held.clear();
    return all;
  }

  #kept<R>(carrier: Carrier<E>, event: E, result: R): R | typeof HELD {
    if (result === HELD || this.#held.get(event) !== carrier) return HELD;
    this.#held.delete(event);
    return result;
  }

  #threw(carrier: Carrier<E>, event: E, error: unknown): typeof HELD {
    if (this.#held.get(event) === carrier) {
      this.#held.delete(event);
      throw error;
    }
    this.stage.complain(error);
    return HELD;
  }

  #takeAllOf(events: readonly E[]): Carrier<E>[] {
    if (!events.every((event) => this.#held.has(event))) throw notHeld();
    return [...new Set(events)].map((event) => this.#take(event));
  }

  #take(event: E): Carrier<E> {
    const carrier = this.#held.get(event);
    if (carrier === undefined) throw notHeld();
    this.#held.delete(event);
    return carrier;
  }
}

function notHeld(): RangeError {
  return new RangeError('the stage does not hold this event (any more)');
}

export function isHolding<E>(processor: Processor<E> | HoldingProcessor<E>): processor is HoldingProcessor<E> {
  return 'attach' in processor && 'flush' in processor;
}
