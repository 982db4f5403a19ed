import { checkKeys } from '../core/check-keys.js';
import { PvaflowError } from '../core/errors.js';
import type { ConsumerConfig } from '../hpc/consumer-config.js';
import type { Fed } from './fed-objects.js';
import type { MetadataUpdate } from './metadata-update.js';
import { openRun } from './open-run.js';
import { loadable, type ProcessorSource, type ProcessorStep } from './processor-steps.js';
import type { FeedOptions, TestRun } from './test-run.js';

/** Settings of the consumer that a test may choose: what is left of them without channels. */
export type TestConsumerConfig = Omit<
  ConsumerConfig,
  'channels' | 'network' | 'processors' | 'metadataChannels' | `${'input' | 'output'}${'Mode' | 'Args'}` | 'distributor'
>;

/** How a processor is run. */
export interface OpenOptions {
  /** Arguments of the processor, as `--processor-args`; of a chain, each step has its own. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** Metadata channels by their names, and what is in their queues before the first object. */
  readonly metadata?: Readonly<Record<string, readonly MetadataUpdate[]>> | undefined;
  /**
   * Other settings of the consumer, such as `{ receiverQueueSize: 5, inputOnFull: 'dropOldest' }`. What comes no further for
   * `drainTimeout` seconds, 10 if it is not given, is given up.
   */
  readonly consumer?: TestConsumerConfig | undefined;
}

/** How a processor is run from beginning to end. */
export interface RunOptions extends OpenOptions, FeedOptions {
  /** What the processor gets. */
  readonly frames: Fed;
}

/** Names that processors find in `inputChannel` and `outputChannel`. */
const channels = { input: 'test:input', output: 'test:output' };
const DRAIN_S = 10;

const openKeys = ['config', 'metadata', 'consumer'];

/**
 * Runs a processor, or a chain of them, on frames: configures and starts it, feeds it, stops it when the last frame is done, and
 * tells what came out.
 *
 * It runs as in `pvaflow consumer`, in the same runtime; only the channels are missing. A frame is given back when the chain is
 * through with it, as at a beamline: whoever uses it afterwards makes this reject.
 *
 * @example
 * const run = await runProcessor(Threshold, { config: { level: 100 }, frames: frames({ count: 10, shape: [64, 64] }) });
 * run.published[0]?.image.get(0, 0);
 * run.stats.frameStats.nMissed;
 *
 * @throws {PvaflowError} with the codes of `loadProcessor` and `startProcessor`; PVAFLOW_OPTION for options that do not exist;
 *   PVAFLOW_TEST_RELEASED when an object was used after it had been given back
 */
export async function runProcessor(
  processor: ProcessorSource | readonly ProcessorStep[],
  options: RunOptions,
): Promise<TestRun> {
  checkKeys('runProcessor', options, ['frames', 'until', ...openKeys]);
  const { frames, until, ...open } = options;
  const run = await openProcessor(processor, open);
  await run.finish(frames, until);
  return run;
}

/**
 * Starts a processor, or a chain of them, and leaves it to the test to feed, configure and stop it.
 *
 * @example
 * await using run = await openProcessor(Threshold);
 * await run.feed(frames({ count: 3 }));
 * await run.configure({ level: 200 });
 * await run.feed(frames({ count: 3, firstId: 4 }));
 *
 * @throws {PvaflowError} with the codes of `loadProcessor` and `startProcessor`; PVAFLOW_OPTION for options that do not exist
 */
export async function openProcessor(
  processor: ProcessorSource | readonly ProcessorStep[],
  options: OpenOptions = {},
): Promise<TestRun> {
  checkKeys('openProcessor', options, openKeys);
  const { metadata = {}, consumer = {} } = options;
  const { configs: processors, load } = loadable(stepsOf(processor, options.config));
  const metadataChannels = Object.keys(metadata);
  return openRun({ drainTimeout: DRAIN_S, ...consumer, channels, processors, metadataChannels }, metadata, load);
}

function stepsOf(
  processor: ProcessorSource | readonly ProcessorStep[],
  config: OpenOptions['config'],
): readonly ProcessorStep[] {
  if (typeof processor === 'string' || typeof processor === 'function') return [{ processor, config }];
  if (config === undefined) return processor;
  throw new PvaflowError('PVAFLOW_OPTION', 'in a chain each step has a config of its own: [{ processor, config }, …]');
}
