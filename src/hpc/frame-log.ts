import { messageOf } from '../core/errors.js';
import { placeOf } from '../core/error-place.js';
import type { Logger } from '../core/logger.js';
import type { Processor } from '../pipeline/interfaces.js';
import type { StageOptions } from '../pipeline/stage-options.js';
import type { PvObject } from '../pva/pv-object.js';
import { IdTracker } from './ids/id-tracker.js';
import type { IdSequence } from './ids/id-turns.js';
import { LossLog } from './loss-report.js';
import { Repeats } from './repeats.js';
import { newTimes, steadyNow, type RunTimes } from './run-times.js';

/** What is known of single frames: their ids, when they came, and which were lost. */
export class FrameLog {
  readonly ids: IdTracker;
  readonly losses = new LossLog();
  readonly times: RunTimes = newTimes();
  readonly #repeats = new Repeats();

  constructor(
    sequence: IdSequence,
    readonly logger: Logger,
  ) {
    this.ids = new IdTracker(sequence);
  }

  /** A stage, with a note of when it got which object. */
  noting(
    { processor, ...options }: StageOptions<PvObject>,
    reader: { idOf(object: PvObject): number | undefined },
  ): StageOptions<PvObject> {
    const { times } = this;
    const process: Processor<PvObject>['process'] = (object, context) => {
      times.lastObjectId = reader.idOf(object);
      times.lastObjectTime = Date.now() / 1000;
      times.steady.lastObject = steadyNow();
      if (times.firstObjectTime === 0) {
        times.firstObjectTime = times.lastObjectTime;
        times.steady.firstObject = times.steady.lastObject;
      }
      return (processor as Processor<PvObject>).process(object, context);
    };
    return { ...options, processor: { process } };
  }

  /** A stage failed on an object, or on something made of it. */
  failed(id: number | undefined, stage: string, error: unknown, cause: string): void {
    const message = messageOf(error);
    this.losses.failed(cause, id, message);
    this.#repeats.note(cause, (times) => {
      this.logger.error(`${stage} failed on id ${id ?? 'unknown'}${times}: ${message}${placeOf(error)}`);
      if (error instanceof Error) this.logger.debug(error.stack ?? '');
    });
  }

  /** How ids follow each other from now on; what is not given stays. */
  setSequence(offset = this.ids.sequence.offset, sequentialUpdates = this.ids.sequence.sequentialUpdates): void {
    this.ids.sequence = { ...this.ids.sequence, offset, sequentialUpdates };
  }

  /** Counts anew. */
  reset(): void {
    this.ids.reset();
    this.losses.clear();
    Object.assign(this.times, newTimes());
  }

  /** The run is over. */
  end(): void {
    this.times.endTime = Date.now() / 1000;
    this.times.steady.end = steadyNow();
  }
}
