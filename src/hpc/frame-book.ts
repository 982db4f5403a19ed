import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Observer } from '../pipeline/interfaces.js';
import type { PvObject } from '../pva/pv-object.js';
import { Acquisitions, type AcquisitionOptions } from './acquisitions/acquisitions.js';
import type { CompleteConsumerConfig } from './consumer-config.js';
import type { FrameLog } from './frame-log.js';
import type { Admission, Input } from './inputs/input.js';
import { Intake } from './inputs/intake.js';

export interface FrameBookOptions {
  readonly config: Pick<
    CompleteConsumerConfig,
    'channels' | 'objectIdField' | 'skipInitialUpdates' | 'endOfAcquisition' | 'distributor'
  >;
  readonly log: FrameLog;
  readonly logger: Logger;
  /** Called with the first object of all, also if it is skipped. Then it is no frame, and may be shown as what the channel held. */
  readonly onFirst: (object: PvObject, mayBeShown: boolean) => void;
  /** See {@link Acquisitions}. */
  readonly acquisitions: Pick<AcquisitionOptions, 'onMark' | 'finish' | 'onComplete' | 'alwaysMarks'>;
}

/** All that a run with one input knows of single frames: which came, what became of each, and which belong together. */
export class FrameBook {
  readonly log: FrameLog;
  readonly intake: Intake;
  readonly acquisitions: Acquisitions;

  constructor({ config, log, logger, onFirst, acquisitions }: FrameBookOptions) {
    const { channels, objectIdField, skipInitialUpdates, distributor } = config;
    this.log = log;
    this.intake = new Intake({
      channel: channels.input,
      ids: this.log.ids,
      idField: objectIdField,
      skipInitialUpdates,
      isShared: distributor !== undefined,
      logger,
      takeMark: (object) => this.#takeMark(object, distributor !== undefined),
      onFirst,
    });
    this.acquisitions = new Acquisitions({
      end: config.endOfAcquisition,
      missed: () => this.log.ids.missed,
      idOf: (object) => this.intake.idOf(object),
      ...acquisitions,
    });
  }

  /** What comes in: the marks of acquisitions are no frames, and the first frames may have to be skipped. */
  admission(): Admission {
    const { intake, acquisitions } = this;
    return {
      admit: (object) => {
        const isAdmitted = intake.admit(object);
        if (isAdmitted) acquisitions.admitted(object);
        return isAdmitted;
      },
      get lastId() {
        return intake.lastId;
      },
      sourceCameBack: () => intake.sourceCameBack(),
    };
  }

  /** What becomes of each frame; the input is told too, where somebody waits for an answer. */
  observer(input: Input): Observer<PvObject> {
    const { intake, log, acquisitions } = this;
    return {
      onRejected: (object, reason) => {
        log.losses.rejected(reason, intake.idOf(object));
        input.settled?.(object, `not processed: ${reason}`);
        acquisitions.settled(object, 'nRejected');
      },
      onFailed: (object, stage, error, cause) => {
        log.failed(intake.idOf(object), stage, error, cause);
        input.settled?.(object, `${stage} failed: ${messageOf(error)}`);
        acquisitions.settled(object, 'nFailed');
      },
      onProcessed: (object) => {
        input.settled?.(object, undefined);
        acquisitions.settled(object, 'nProcessed');
      },
    };
  }

  /** Something could not be published. */
  notPublished(value: PvObject, message: string): void {
    this.log.losses.notPublished(this.intake.idOfResult(value), message);
  }

  /**
   * A mark without pixels has the id of the last frame of its acquisition, which may never have come. Where a distributor shares the
   * frames, that may have been for another consumer.
   */
  #takeMark(object: PvObject, isShared: boolean): boolean {
    const { acquisitions, intake, log } = this;
    if (!acquisitions.isMark(object)) return false;
    const id = intake.idOf(object);
    const { missed } = log.ids;
    if (id !== undefined && !isShared && acquisitions.open !== undefined) log.ids.announce(id);
    acquisitions.end(log.ids.missed - missed);
    return true;
  }

  /** Counts anew; the log is not this one's to reset. */
  reset(): void {
    this.intake.resetStats();
    this.acquisitions.reset();
  }
}
