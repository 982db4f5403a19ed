import type { Command } from 'commander';
import { MetricsRegistry } from '../core/metrics/registry.js';
import type { ConsumerConfig } from '../hpc/consumer-config.js';
import { consumerMetrics } from '../hpc/consumer-metrics.js';
import { Consumer } from '../hpc/consumer.js';
import { isCut } from '../hpc/chain/part-config.js';
import { configureLogging } from '../core/logger.js';
import type { ConsumerSettings } from '../hpc/schema/consumer-schema.js';
import { runChains } from './chains/run.js';
import { addConsumerOptions, type ConsumerOptions } from './consumer-options.js';
import { startConsumerReports } from './consumer-reports.js';
import { consumerRun } from './consumer-settings.js';
import { runConsumers } from './consumers/run.js';
import { runStream } from './run-stream.js';

const description = `Monitors a channel, takes each of its objects through a processor, and publishes what comes out. Several consumers
(-nc, -cid) are each a process of its own that is started again when it crashes; they are watched and ended together.

Nothing is lost as long as the server of the input can wait, as every pvaflow server does by default; what is lost
otherwise is counted, and told at the end.`;

const examples = `
Examples:
  pvaflow consumer -ic 13SIM1:Pva1:Image -oc thr:*:image -sc _ -cc _ -pf threshold.ts -pa '{"level":120}'
  pvaflow consumer --config pipeline.yaml
  pvaflow consumer --config pipeline.yaml --input-channel 13SIM1:Pva1:Image -nc 4
  pvaflow consumer -ic 13SIM1:Pva1:Image -pf threshold.ts -rqs 100 --on-full dropOldest -rt 60 -rp 5

Exit codes: 0 done, 1 failed or wrong configuration, 2 wrong command line, 4 frames were lost (with --fail-on-loss).`;

/** `pvaflow consumer`: one consumer in this process, several in processes or threads, or chains cut over processes. */
export function addConsumerCommand(program: Command): void {
  const command = program.command('consumer').description(description).addHelpText('after', examples);
  addConsumerOptions(command);
  command.action((options: ConsumerOptions) => run(command, options));
}

async function run(command: Command, options: ConsumerOptions): Promise<void> {
  const { settings, configs } = consumerRun(command, options);
  configureLogging(settings.log);
  const isOwn = settings.processors.map((processor) => processor.process === 'own');
  if (isCut(isOwn)) return runChains(configs, isOwn, settings);
  const [config] = configs;
  const isWatched = settings.stallTimeout > 0; // by a process that is not stuck itself
  if (config === undefined || configs.length > 1 || isWatched) return runConsumers(configs, settings);
  return runConsumer(config, settings);
}

async function runConsumer(config: ConsumerConfig, settings: ConsumerSettings): Promise<void> {
  const consumer = await Consumer.create(config);
  const { consumerId, channels } = consumer.config;
  const view = {
    title: `consumer ${consumerId} of ${channels.input}`,
    label: String(consumerId),
    metrics: [measuring(consumer)],
    startReports: () => startConsumerReports(consumer, settings.report),
    unanswered: () => consumer.unanswered(),
    details: () => unpublished(consumer),
    stopFailed: () => consumer.stages.stopFailed,
  };
  await runStream(consumer, view, settings);
}

/** A processor that returns its frames and publishes none leaves an empty channel, which surprises. */
function unpublished(consumer: Consumer): string[] {
  const { config } = consumer;
  const { frameStats, publisherStats } = consumer.stats();
  const isSilent = frameStats.nProcessed > 0 && publisherStats.nPublished + publisherStats.nErrors === 0;
  if (config.channels.output === undefined || config.passOn || !isSilent) return [];
  return [
    '  nothing was published: no updateOutputChannel was called; --pass-on publishes what the last processor returns',
  ];
}

function measuring(consumer: Consumer): MetricsRegistry {
  const { consumerId } = consumer.config;
  const registry = new MetricsRegistry();
  registry.add(consumerMetrics(consumerId, consumer));
  registry.addProcess({ consumer: String(consumerId) });
  return registry;
}
