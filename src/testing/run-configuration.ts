import { checkKeys } from '../core/check-keys.js';
import { PvaflowError } from '../core/errors.js';
import { Configuration } from '../core/schema/configuration.js';
import { readDocument } from '../core/schema/document.js';
import type { ConsumerConfig } from '../hpc/consumer-config.js';
import { consumerConfigs } from '../hpc/schema/consumer-configs.js';
import { consumerSchema } from '../hpc/schema/consumer-schema.js';
import { openRun } from './open-run.js';
import type { RunOptions } from './run-processor.js';
import type { TestRun } from './test-run.js';

/** How what a configuration file describes is run. */
export type ConfigurationRunOptions = Omit<RunOptions, 'config' | 'consumer'>;

/**
 * Runs the chain of processors of a configuration file, as `pvaflow consumer --config FILE` takes it, on frames: with their arguments, the
 * queue in front of them, metadata channels and the end of acquisitions. Its channels are left out, and so is what spreads it over
 * consumers and processes: it is one consumer, which gets all frames.
 *
 * @throws {PvaflowError} as `runProcessor` does; PVAFLOW_CONFIG_FILE, PVAFLOW_CONFIG with the line of what is wrong
 */
export async function runConfiguration(file: string, options: ConfigurationRunOptions): Promise<TestRun> {
  checkKeys('runConfiguration', options, ['frames', 'until', 'metadata']);
  const run = await openRun(readConfig(file), options.metadata ?? {});
  await run.finish(options.frames, options.until);
  return run;
}

function readConfig(file: string): ConsumerConfig {
  const settings = new Configuration(readDocument(file)).read(consumerSchema);
  const [config] = consumerConfigs(settings, file);
  if (config === undefined) throw new PvaflowError('PVAFLOW_CONFIG', `${file}: ids: there is no consumer`);
  const { channels, ...rest } = config;
  const { input, output } = channels;
  return { ...rest, channels: { input, output }, objectIdOffset: 1, sequentialUpdates: 1 };
}
