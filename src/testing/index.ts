/**
 * `pvaflow/testing`: tries processors without a network. Works with any test runner.
 *
 * @packageDocumentation
 */
export type { LogEntry } from '../core/logger.js';
export type { Fed } from './fed-objects.js';
export type { FramesFromOptions } from './file-frames.js';
export type { Attributes, SeriesOptions } from './frame-plan.js';
export { FrameStream } from './frame-stream.js';
export { frames, framesFrom, framesOf } from './frames.js';
export type { FramesOptions, GeneratedOptions } from './generated-frames.js';
export type { FramesOfOptions, GivenImage } from './given-frames.js';
export type { GivenObject } from './given-object.js';
export type { MetadataUpdate } from './metadata-update.js';
export type { ProcessorClass, ProcessorSource, ProcessorStep } from './processor-steps.js';
export { runConfiguration, type ConfigurationRunOptions } from './run-configuration.js';
export {
  openProcessor,
  runProcessor,
  type OpenOptions,
  type RunOptions,
  type TestConsumerConfig,
} from './run-processor.js';
export type { After, Selection } from './selection.js';
export type { FailedObject, FeedOptions, RejectedObject, TestRun } from './test-run.js';
