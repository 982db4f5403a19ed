import type { Command } from 'commander';
import { MetricsRegistry } from '../core/metrics/registry.js';
import type { ConsumerConfig } from '../hpc/consumer-config.js';
import { consumerMetrics } from '../hpc/consumer-metrics.js';
import { Consumer } from '../hpc/consumer.js';
import { isLossless } from '../hpc/loss-report.js';
import type { ReportSettings } from '../hpc/schema/run-schema.js';
import { runSummary } from '../hpc/run-summary.js';
import { configureLogging } from '../core/logger.js';
import type { ConsumerSettings } from '../hpc/schema/consumer-schema.js';
import { addConsumerOptions, type ConsumerOptions } from './consumer-options.js';
import { startConsumerReports } from './consumer-reports.js';
import { consumerRun } from './consumer-settings.js';
import { runConsumers } from './consumers/run.js';
import { exitCodes, reportError } from './exit.js';
import { serveMetrics } from './metrics-options.js';
import { writeReport } from './report-file.js';
import { stopRequests } from './stop-requests.js';

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

/** A server that has not answered in this time is mentioned. */
const WAITING_S = 5;

/** `pvaflow consumer`: one consumer in this process, or several in processes or threads of their own. */
export function addConsumerCommand(program: Command): void {
  const command = program.command('consumer').description(description).addHelpText('after', examples);
  addConsumerOptions(command);
  command.action((options: ConsumerOptions) => run(command, options));
}

async function run(command: Command, options: ConsumerOptions): Promise<void> {
  const { settings, configs } = consumerRun(command, options);
  configureLogging(settings.log);
  const [config] = configs;
  if (config === undefined || configs.length > 1) return runConsumers(configs, settings);
  return runConsumer(config, settings);
}

async function runConsumer(config: ConsumerConfig, settings: ConsumerSettings): Promise<void> {
  const consumer = await Consumer.create(config);
  await using _metrics = await serveMetrics(settings, measuring(consumer)).catch(async (error: unknown) => {
    await consumer.abort();
    throw error;
  });
  using stop = stopRequests();
  await Promise.race([consumer.start(), stop.requested]);
  consumer.logger.info(`consumer ${consumer.config.consumerId} of ${config.channels.input} started`);
  const waiting = mentionAbsence(consumer);
  const reports = startConsumerReports(consumer, settings.report);
  try {
    await Promise.race([consumer.ended, stop.requested, runtimeOver(settings.runtime)]);
  } catch (error) {
    reportError(error);
  } finally {
    clearTimeout(waiting);
    reports.close();
    await consumer.drain();
  }
  conclude(consumer, settings.report);
}

function measuring(consumer: Consumer): MetricsRegistry {
  const { consumerId } = consumer.config;
  const registry = new MetricsRegistry();
  registry.add(consumerMetrics(consumerId, consumer));
  registry.addProcess({ consumer: String(consumerId) });
  return registry;
}

function runtimeOver(seconds: number): Promise<void> {
  if (seconds <= 0) return new Promise(() => {});
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref());
}

function mentionAbsence(consumer: Consumer): NodeJS.Timeout {
  const { input } = consumer.config.channels;
  return setTimeout(() => {
    const { isConnected, input: seen } = consumer.snapshot();
    const where = consumer.describeSearch();
    if (isConnected || seen.received > 0 || where === undefined) return;
    consumer.logger.warn(
      `waiting for ${input}: no server answered in ${WAITING_S} s (${where}). Still trying; pvaflow list shows what is served.`,
    );
  }, WAITING_S * 1000);
}

/** Says what happened to every frame, and makes the exit code tell of faults. */
function conclude(consumer: Consumer, { file: wanted, failOnLoss }: ReportSettings): void {
  const report = consumer.report();
  const file = writeReport(report, wanted, String(report.consumerId));
  for (const line of runSummary(report, file)) process.stdout.write(`${line}\n`);
  if (consumer.wasReset) process.stdout.write('  (since the statistics were reset)\n');
  if (failOnLoss && !isLossless(report)) process.exitCode = exitCodes.lost;
  if (consumer.stages.stopFailed) process.exitCode = exitCodes.failed;
}
