import type { Logger } from '../../core/logger.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { MetadataChannels } from '../metadata/metadata-channels.js';
import { queueLimits, runtimeConfigOf, runtimeKeyNames, type RuntimeConfig } from '../runtime-config.js';
import type { RuntimeSettings } from './run-configuration.js';

export interface RuntimeChangesOptions {
  /** Of the queue in front of the processors, as it was at the start. */
  readonly queue: { readonly receiverQueueSize: number; readonly receiverQueueBytes: number };
  readonly pipeline: () => Pipeline<PvObject>;
  readonly metadata: () => MetadataChannels | undefined;
  readonly logger: Logger;
  /** Takes what is not about queues. */
  readonly reconfigure: (config: RuntimeConfig) => void;
}

/** What users change of a run while it goes on, besides its processors: pvaPy's keys. */
export class RuntimeChanges implements RuntimeSettings {
  readonly keys = runtimeKeyNames;

  constructor(readonly options: RuntimeChangesOptions) {}

  check(config: Record<string, unknown>): void {
    runtimeConfigOf(config);
  }

  take(config: Record<string, unknown>): void {
    const runtime = runtimeConfigOf(config);
    this.options.reconfigure(runtime);
    if (runtime.receiverQueueSize !== undefined) this.#resizeQueues(runtime.receiverQueueSize);
  }

  #resizeQueues(size: number): void {
    const { queue, pipeline, metadata, logger } = this.options;
    metadata()?.resize(size);
    if (queue.receiverQueueSize < 0 || size < 0) {
      logger.warn(
        'receiverQueueSize is not changed: it can be only if there is a queue from the start (--receiver-queue-size)',
      );
      return;
    }
    pipeline().setQueueLimits(queueLimits(size, queue.receiverQueueBytes));
  }
}
