import { HELD, type EventContext, type HoldingProcessor, type StageControl } from '../../pipeline/interfaces.js';
import { systemClock, type Clock } from '../../pipeline/clock.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { OrderingCache } from './ordering-cache.js';
import type { Batch } from './ordering-options.js';

/** A producer as the stage needs to know it. */
export interface OrderedProducer {
  readonly producerId: number;
  readonly intake: {
    idOf(object: PvObject): number | undefined;
    isFirst(object: PvObject): boolean;
    arrived(object: PvObject): void;
  };
}

/**
 * The ordering cache as a stage of a pipeline whose sources are producers. Objects are in flight of this stage while they are
 * held; an object that has no id is handed on as it comes.
 */
export class OrderingStage implements HoldingProcessor<PvObject> {
  #control: StageControl<PvObject> | undefined;
  #forgetTimer: (() => void) | undefined;
  #isHoldingBack = false;

  /**
   * @param producers by the names of their sources
   * @param onLeave told of each object that is handed on, and whether it is the last with its id
   */
  constructor(
    readonly cache: OrderingCache<PvObject>,
    readonly producers: ReadonlyMap<string, OrderedProducer>,
    readonly onLeave: (object: PvObject, id: number | undefined, isWhole: boolean) => void = () => {},
    readonly clock: Clock = systemClock,
  ) {}

  attach(control: StageControl<PvObject>): void {
    this.#control = control;
  }

  process(object: PvObject, { source }: EventContext): PvObject | typeof HELD {
    const { producerId, intake } = this.producers.get(source) as OrderedProducer;
    const id = intake.idOf(object);
    if (id !== undefined) {
      const arrival = { producer: producerId, id, event: object, bytes: object.bytes, isFirst: intake.isFirst(object) };
      this.cache.add(arrival, this.clock.now());
    }
    intake.arrived(object);
    this.release();
    if (id !== undefined) return HELD;
    this.onLeave(object, undefined, true);
    return object;
  }

  flush(): void {
    this.cache.flush();
    this.release();
  }

  /** The cache turned an object away. */
  reject(object: PvObject, reason: string): void {
    this.#control?.reject(object, reason);
  }

  /** Hands on what has left the cache; to be called when something else than an object made it let go. */
  release(): void {
    for (const { objects } of this.cache.take()) this.#handOn(objects);
    this.#holdBack();
    this.#setTimer();
  }

  /** No more will come; what is held is not for this stage to deal with. */
  close(): void {
    this.#forgetTimer?.();
    this.#forgetTimer = undefined;
    this.#control = undefined;
  }

  #handOn(objects: Batch<PvObject>['objects']): void {
    for (const [at, { id, event }] of objects.entries()) {
      this.onLeave(event, id, objects[at + 1]?.id !== id);
      this.#control?.emit(event);
    }
  }

  /** Producers that are ahead wait for the others when the cache is full. */
  #holdBack(): void {
    if (!this.cache.isFull && !this.#isHoldingBack) return;
    this.#isHoldingBack = false;
    for (const [source, { producerId }] of this.producers) {
      const isAhead = this.cache.isAhead(producerId);
      this.#control?.holdBack(source, isAhead);
      if (isAhead) this.#isHoldingBack = true;
    }
  }

  /** A timer that was set for an object that has left by now finds that it has to wait longer. */
  #setTimer(): void {
    if (this.#forgetTimer !== undefined || this.#control === undefined) return;
    const { deadline } = this.cache;
    if (deadline === undefined) return;
    this.#forgetTimer = this.clock.after(Math.max(0, deadline - this.clock.now()), () => {
      this.#forgetTimer = undefined;
      this.cache.expire(this.clock.now());
      this.release();
    });
  }
}
