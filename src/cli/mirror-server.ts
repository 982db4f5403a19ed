import type { Command } from 'commander';
import { MetricsRegistry } from '../core/metrics/registry.js';
import { configureLogging } from '../core/logger.js';
import { type MirrorEntry, parseChannelMap } from '../hpc/mirror/channel-map.js';
import { mirrorMetrics } from '../hpc/mirror/mirror-metrics.js';
import { MirrorServer } from '../hpc/mirror/mirror-server.js';
import { mirrorConfig } from '../hpc/schema/mirror-config.js';
import type { OnFull } from '../pva/on-full.js';
import { mirrorKind } from './config-kinds/mirror-server.js';
import { fromZero, type OptionPlaces } from './given-options.js';
import { addLoggingOptions, loggingPlaces, type LoggingCliOptions } from './logging-options.js';
import { addMetricsOption, metricsPlaces, serveMetrics, type MetricsCliOptions } from './metrics-options.js';
import { anyNumber, byteCount, oneOf, positiveWholeNumber, seconds } from './option-values.js';
import { runtimeOver } from './runtime-over.js';
import { addServerOptions, serverPlaces, type ServerCliOptions } from './server-options.js';
import { addConfigOption, readSettings, type ConfigCliOptions } from './settings.js';
import { addShortOptions } from './short-options.js';
import { stopRequests } from './stop-requests.js';

interface MirrorOptions extends ConfigCliOptions, LoggingCliOptions, MetricsCliOptions, ServerCliOptions {
  channelMap?: readonly MirrorEntry[];
  runtime: number;
  reportPeriod: number;
  onFull: OnFull;
  serverQueueSize: number;
  serverQueueBytes: number;
  drainTimeout: number;
}

const description = `Serves channels of other servers, of pvAccess and of Channel Access, under other names or in another network. When
a source goes away its mirror stays: the last value, with an INVALID alarm, until the source is there again.`;

const examples = `
Examples:
  pvaflow mirror-server -cm '(mirror:image,13SIM1:Pva1:Image)'
  pvaflow mirror-server -cm '(m:x,IOC:m1.RBV,ca),(m:image,13SIM1:Pva1:Image,pva,100)' -rp 10
  pvaflow mirror-server --config mirror.yaml
  pvaflow mirror-server -cm '(m:image,sim:image,pva,100,2,_[pydistributor=updates:1;group:mirror;trigger:uniqueId])'

An entry of the map: the mirror, its source, the protocol of the source (pva or ca), how many updates may wait for
us (0: as the default), how many monitors share the updates of a source that distributes them, and their request.`;

const shortSpellings = { cm: 'channel-map', rt: 'runtime', rp: 'report-period', ll: 'log-level', lf: 'log-file' };

/** The settings that options stand for. */
export const mirrorPlaces: OptionPlaces<MirrorOptions> = {
  channelMap: { path: ['channels'] },
  onFull: { path: ['subscribers', 'onFull'] },
  serverQueueSize: { path: ['subscribers', 'queue', 'frames'] },
  serverQueueBytes: { path: ['subscribers', 'queue', 'bytes'] },
  runtime: { path: ['runtime'], read: fromZero },
  reportPeriod: { path: ['report', 'period'], read: fromZero },
  drainTimeout: { path: ['drainTimeout'], read: fromZero },
  ...serverPlaces,
  ...metricsPlaces,
  ...loggingPlaces,
};

/** `pvaflow mirror-server`. */
export function addMirrorServerCommand(program: Command): void {
  const command = program.command('mirror-server').description(description).addHelpText('after', examples);
  addMirrorOptions(command);
  command.action((options: MirrorOptions) => run(command, options));
}

/** All options of pvaPy's mirror server, in both spellings, and ours. */
export function addMirrorOptions(command: Command): void {
  addConfigOption(command);
  command
    .option(
      '--channel-map <map>',
      '(mirror,source[,pva|ca[,queueSize[,nMonitors,request]]]),… or ca://source',
      parseChannelMap,
    )
    .option('--runtime <s>', 'seconds to run for; 0: until stopped', anyNumber, 0)
    .option('--report-period <s>', 'seconds between two reports of the counters; 0: none', seconds, 0)
    .option(
      '--on-full <policy>',
      'when a subscriber is slow: wait for it (and let the source wait), dropOldest or dropNewest',
      oneOf(['wait', 'dropOldest', 'dropNewest']),
      'wait',
    )
    .option('--server-queue-size <n>', 'updates that may wait for each subscriber', positiveWholeNumber, 64)
    .option('--server-queue-bytes <bytes>', 'memory that they may take', byteCount, 128 * 1024 ** 2)
    .option('--drain-timeout <s>', 'seconds for slow subscribers at the end', seconds, 5);
  addServerOptions(command);
  addMetricsOption(command);
  addLoggingOptions(command);
  addShortOptions(command, shortSpellings);
}

async function run(command: Command, options: MirrorOptions): Promise<void> {
  const { settings } = readSettings(command, options, { kind: mirrorKind, places: mirrorPlaces });
  const config = mirrorConfig(settings);
  configureLogging(settings.log);
  const server = new MirrorServer(config);
  await using _metrics = await serveMetrics(settings, measuring(server)).catch((error: unknown) => {
    server.abort();
    throw error;
  });
  using stop = stopRequests();
  server.start();
  for (const { mirror, source, provider } of config.channels) print(`Mirroring ${provider}://${source} as ${mirror}`);
  print(`Started mirror server @ ${now()}`);
  const reports = startReports(server, settings.report.period);
  try {
    await Promise.race([stop.requested, runtimeOver(settings.runtime)]);
  } finally {
    clearInterval(reports);
    await server.drain(settings.drainTimeout);
  }
  print('Final Channel Statistics:');
  printFigures(server);
}

function measuring(server: MirrorServer): MetricsRegistry {
  const registry = new MetricsRegistry();
  registry.add(mirrorMetrics(server));
  registry.addProcess({ command: 'mirror-server' });
  return registry;
}

function startReports(server: MirrorServer, period: number): NodeJS.Timeout | undefined {
  return period > 0 ? setInterval(() => printFigures(server), period * 1000) : undefined;
}

/** A line for each channel, which begins as pvaPy's does. */
function printFigures(server: MirrorServer): void {
  for (const [name, figures] of Object.entries(server.figures()))
    print(`Channel ${name} @ ${now()}: ${JSON.stringify(figures)}`);
}

const now = () => (Date.now() / 1000).toFixed(3);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
