import type { Command } from 'commander';
import { byteRate, grouped } from '../core/figures.js';
import { configureLogging } from '../core/logger.js';
import { simConfig } from '../hpc/schema/sim-config.js';
import type { SimSettings } from '../hpc/schema/sim-schema.js';
import { SimServer, type SimFigures } from '../hpc/sim-server/sim-server.js';
import { simKind } from './config-kinds/sim-server.js';
import { LiveDisplay } from './live-display.js';
import { readSettings } from './settings.js';
import { addSimOptions, notifyOverrides, refuseFiles, simPlaces, type SimOptions } from './sim-server/options.js';
import { stopRequests } from './stop-requests.js';

const description = `Serves a channel with images that it makes up, as a detector would.

Frames are drawn once and sent again and again, each with its own id and time. Ids start at 1; before the first frame the
channel holds an empty NTNDArray with id 0.`;

const examples = `
Examples:
  pvaflow sim-server -cn 13SIM1:Pva1:Image -fps 1000 -nx 512 -ny 512
  pvaflow sim-server --config sim.yaml
  pvaflow sim-server -cn test:image -fps 0 -dt uint16 --pattern random --await-subscribers 1`;

/** \`pvaflow sim-server\`: the options of pvaPy's simulator, and ours. */
export function addSimServerCommand(program: Command): void {
  const command = program.command('sim-server').description(description).addHelpText('after', examples);
  addSimOptions(command);
  command.action((options: SimOptions) => run(command, options));
}

async function run(command: Command, options: SimOptions): Promise<void> {
  refuseFiles(options);
  const { settings } = readSettings(command, options, {
    kind: simKind,
    places: simPlaces,
    combined: notifyOverrides,
  });
  configureLogging(settings.log);
  const config = simConfig(settings);
  const simulator = new SimServer(config);
  const { nx, ny, type, channel } = config;
  print(
    `serving ${channel}: ${simulator.distinctFrames} frames of ${nx} × ${ny} ${type} (${grouped(simulator.bytesPerFrame)} bytes)`,
  );
  using stop = stopRequests();
  const report = startReports(simulator, settings.report);
  try {
    await simulator.start();
    await Promise.race([simulator.ended, stop.requested]);
  } finally {
    report.close();
    await simulator.stop();
  }
  summaryLines(simulator.figures()).forEach(print);
}

/** One line that is redrawn, or plain lines, at most one each second. */
function startReports(simulator: SimServer, { frames, plain }: SimSettings['report']): { close(): void } {
  if (frames <= 0) return { close: () => {} };
  const isLive = process.stdout.isTTY && !plain;
  const display = isLive ? new LiveDisplay(process.stdout) : undefined;
  let reported = 0;
  const timer = setInterval(() => {
    const figures = simulator.figures();
    if (figures.published < reported + frames) return;
    reported = figures.published;
    const line = reportLine(figures);
    if (display === undefined) print(line);
    else display.show([line]);
  }, 1000);
  return {
    close: () => {
      clearInterval(timer);
      display?.close();
    },
  };
}

function reportLine({ published, rate, bytesPerFrame, subscribers, dropped }: SimFigures): string {
  const lost = dropped > 0 ? `   dropped ${grouped(dropped)}` : '';
  return `published ${grouped(published)}   ${rate.toFixed(1)} fps   ${byteRate(rate * bytesPerFrame)}   ${subscribers} subscriber${subscribers === 1 ? '' : 's'}${lost}`;
}

function summaryLines({ published, rate, bytesPerFrame, elapsedMs, dropped }: SimFigures): string[] {
  return [
    `Server runtime: ${(elapsedMs / 1000).toFixed(4)} seconds`,
    `Published frames: ${published} @ ${rate.toFixed(4)} fps`,
    `Data rate: ${byteRate(rate * bytesPerFrame)}`,
    ...(dropped > 0 ? [`Dropped for slow subscribers: ${grouped(dropped)}`] : []),
  ];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
