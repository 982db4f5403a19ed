import type { Command } from 'commander';
import { configureLogging } from '../core/logger.js';
import { MetricsRegistry } from '../core/metrics/registry.js';
import { splitterMetrics } from '../hpc/splitter/splitter-metrics.js';
import { Splitter } from '../hpc/splitter/splitter.js';
import { runStream } from './run-stream.js';
import { addSplitterOptions, type SplitterOptions } from './splitter/options.js';
import { outputLines, startSplitterReports } from './splitter/reports.js';
import { splitterRun } from './splitter/settings.js';

const description = `Takes the objects of one channel through a processor and publishes each on one of several: by turns, by the hash of
a field (--hash), or each image cut into tiles, one for each output (--tiles).

Nothing is lost as long as the server of the input can wait. An output that is slow then holds back all the others;
with --output-on-full dropOldest or dropNewest it alone loses what is too much for it, which is counted and told.`;

const examples = `
Examples:
  pvaflow splitter -ic 13SIM1:Pva1:Image -oc split:*:output -no 4 -su 8 -sc _ -cc _
  pvaflow splitter -ic 13SIM1:Pva1:Image -oc split:*:output -no 4 --hash dimension[0].size
  pvaflow splitter -ic 13SIM1:Pva1:Image -oc split:*:output --tiles 2x2
  pvaflow splitter --config splitter.yaml
  pvaflow collector -ic split:*:output -pid 1,2,3,4 -oc collector:*:output --tiles 4 -pc StitchAdImageProcessor

Exit codes: 0 done, 1 failed, 2 wrong command line, 4 frames were lost (with --fail-on-loss).`;

/** `pvaflow splitter`: one splitter, in this process. */
export function addSplitterCommand(program: Command): void {
  const command = program.command('splitter').description(description).addHelpText('after', examples);
  addSplitterOptions(command);
  command.action((options: SplitterOptions) => run(command, options));
}

async function run(command: Command, options: SplitterOptions): Promise<void> {
  const { settings, config } = splitterRun(command, options);
  configureLogging(settings.log);
  const splitter = await Splitter.create(config);
  const { splitterId, channels } = splitter.config;
  const view = {
    title: `splitter ${splitterId} of ${channels.input}`,
    label: `splitter-${splitterId}`,
    metrics: [measuring(splitter)],
    startReports: () => startSplitterReports(splitter, settings.report),
    unanswered: () => splitter.unanswered(),
    details: () => outputLines(splitter.report().outputs),
    stopFailed: () => splitter.stages.stopFailed,
  };
  await runStream(splitter, view, settings);
}

function measuring(splitter: Splitter): MetricsRegistry {
  const { splitterId } = splitter.config;
  const registry = new MetricsRegistry();
  registry.add(splitterMetrics(splitterId, splitter));
  registry.addProcess({ splitter: String(splitterId) });
  return registry;
}
