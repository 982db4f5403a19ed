import type { Command } from 'commander';
import { MetricsRegistry } from '../core/metrics/registry.js';
import { Collector } from '../hpc/collector/collector.js';
import { collectorMetrics } from '../hpc/collector/collector-metrics.js';
import { configureLogging } from '../core/logger.js';
import { addCollectorOptions, type CollectorOptions } from './collector/options.js';
import { startCollectorReports } from './collector/reports.js';
import { collectorRun } from './collector/settings.js';
import { runStream } from './run-stream.js';

const description = `Gathers the streams of several producers, puts the objects in the order of their ids, takes each through a
processor, and publishes what comes out.

Objects are held until all producers have passed their id, the cache is full, or they have waited too long. Those that
come too late, or twice, are turned away, counted, and told at the end. Objects with the same id stay together.`;

const examples = `
Examples:
  pvaflow collector -ic processor:*:output -pid 1,2,3,4 -oc collector:*:output -sc _ -cc _ -ccs 1000
  pvaflow collector --config collector.yaml
  pvaflow collector -ic process:*:output -pid 'range(1,5)' -oc collector:*:output --tiles 4 -pc StitchAdImageProcessor

Exit codes: 0 done, 1 failed, 2 wrong command line, 4 frames were lost (with --fail-on-loss).`;

/** \`pvaflow collector\`: one collector, in this process. */
export function addCollectorCommand(program: Command): void {
  const command = program.command('collector').description(description).addHelpText('after', examples);
  addCollectorOptions(command);
  command.action((options: CollectorOptions) => run(command, options));
}

async function run(command: Command, options: CollectorOptions): Promise<void> {
  const { settings, config } = collectorRun(command, options);
  configureLogging(settings.log);
  const collector = await Collector.create(config);
  const { collectorId } = collector.config;
  const view = {
    title: `collector ${collectorId}`,
    label: `collector-${collectorId}`,
    metrics: [measuring(collector)],
    startReports: () => startCollectorReports(collector, settings.input.channel, settings.report),
    unanswered: () => collector.unanswered(),
    stopFailed: () => collector.stages.stopFailed,
  };
  await runStream(collector, view, settings);
}

function measuring(collector: Collector): MetricsRegistry {
  const { collectorId } = collector.config;
  const registry = new MetricsRegistry();
  registry.add(collectorMetrics(collectorId, collector));
  registry.addProcess({ collector: String(collectorId) });
  return registry;
}
