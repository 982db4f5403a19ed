import type { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import type { Output } from '../outputs/output.js';

/** What one output did: `routed = published + errors + waiting`. */
export interface SplitOutputFigures {
  readonly outputId: number;
  readonly channel: string;
  /** Objects that were to go here. */
  readonly routed: number;
  readonly published: number;
  /** Objects that could not be published. */
  readonly errors: number;
  /** Objects that wait for room with a subscriber. */
  readonly waiting: number;
  /** Updates that slow subscribers lost by the policy of the output. */
  readonly dropped: number;
  /** Of the routed, those for which there was no subscriber then: nobody may have seen them. */
  readonly unheard: number;
  readonly subscribers: number;
}

/** One of the outputs of a splitter, and its account. */
export class SplitOutput {
  #routed = 0;
  #unheard = 0;
  #droppedBefore = 0;

  constructor(
    readonly outputId: number,
    readonly channel: string,
    readonly output: Output,
  ) {}

  /** Serves the channel, with an empty value: what clients see first is nobody's object. */
  open(type: PvType): void {
    this.output.open(type);
  }

  /** Publishes an object. A promise says that a subscriber has no room, and resolves when all have. */
  publish(object: PvObject): Promise<void> | undefined {
    this.#routed += 1;
    if (this.output.subscribers === 0) this.#unheard += 1;
    return this.output.update(object);
  }

  figures(): SplitOutputFigures {
    const { outputId, channel } = this;
    const { published, errors, waiting, dropped, subscribers } = this.output;
    return {
      outputId,
      channel,
      routed: this.#routed,
      published,
      errors,
      waiting,
      dropped: dropped - this.#droppedBefore,
      unheard: this.#unheard,
      subscribers,
    };
  }

  /** Counts anew; what waits counts as routed. */
  resetStats(): void {
    this.output.resetStats();
    this.#routed = this.output.waiting;
    this.#unheard = 0;
    this.#droppedBefore = this.output.dropped;
  }
}
