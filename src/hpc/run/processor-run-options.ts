import type { Logger } from '../../core/logger.js';
import type { OnFull } from '../../pipeline/bounded-queue.js';
import type { Observer } from '../../pipeline/interfaces.js';
import type { SourceOptions } from '../../pipeline/receiver.js';
import type { StageOptions } from '../../pipeline/stage-options.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { IdSequence } from '../ids/id-turns.js';
import type { OutputMode, OutputOnFull } from '../outputs/output.js';
import type { ProcessorStages } from '../stages/processor-stages.js';
import type { StatusHead } from '../status-channel.js';
import type { RunNetwork } from './stream-run.js';

/** What consumers, collectors and splitters are configured with alike. */
export interface ProcessorRunConfig {
  readonly channels: {
    readonly output?: string | undefined;
    readonly status?: string | undefined;
    readonly control?: string | undefined;
  };
  readonly network?: RunNetwork | undefined;
  readonly passOn: boolean;
  readonly metadataChannels: readonly string[];
  readonly objectIdField: string;
  readonly serverQueueSize: number;
  readonly receiverQueueSize: number;
  readonly receiverQueueBytes: number;
  readonly inputOnFull: OnFull;
  readonly outputOnFull: OutputOnFull;
  readonly statusPeriod: number;
  readonly drainTimeout: number;
}

export interface ProcessorRunOptions {
  readonly kind: 'consumer' | 'collector' | 'splitter';
  readonly id: number;
  readonly config: ProcessorRunConfig;
  readonly stages: ProcessorStages;
  readonly logger: Logger;
  readonly sequence: IdSequence;
  readonly head: StatusHead;
  /** As processors are told. */
  readonly inputChannel: string;
  readonly output: { readonly mode: OutputMode; readonly args: Readonly<Record<string, unknown>> };
}

/** What is in front of the processors. */
export interface Front {
  readonly sources: readonly SourceOptions<PvObject>[];
  /** Stages between the sources and the processors. */
  readonly stages?: readonly StageOptions<PvObject>[];
  /** Tells the ids of objects as they come to the first processor. */
  readonly reader: { idOf(object: PvObject): number | undefined };
  readonly observer: Observer<PvObject>;
}
