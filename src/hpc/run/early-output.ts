import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { Output } from '../outputs/output.js';
import type { ProcessorStages } from '../stages/processor-stages.js';

/** Opens an output as soon as its type is known, so that its clients can connect before the first frame. */
export class EarlyOutput {
  #hasFirst = false;

  /** @param channel of the output, for messages */
  constructor(
    readonly output: Output,
    readonly channel: string | undefined,
    readonly stages: ProcessorStages,
    readonly logger: Logger,
  ) {}

  /**
   * Called with the first object of each input, also if it is skipped; the first of all tells the type.
   *
   * @param mayBeShown whether the output may hold the object until something is published: a frame would come twice
   */
  onFirst(object: PvObject, mayBeShown: boolean): void {
    if (this.#hasFirst) return;
    this.#hasFirst = true;
    const type = this.stages.outputType(object);
    if (type === undefined || type === null) return;
    try {
      this.output.open(type === object && !mayBeShown ? object.type : type);
    } catch (error) {
      this.logger.error(`${this.channel}: cannot be served: ${messageOf(error)}`);
    }
  }
}
