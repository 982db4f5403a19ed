import type { Command } from 'commander';
import { byteRate, clockTime, grouped, plural } from '../core/figures.js';
import { configureLogging } from '../core/logger.js';
import { simConfig } from '../hpc/schema/sim-config.js';
import type { SimSettings } from '../hpc/schema/sim-schema.js';
import { SimServer, type SimFigures } from '../hpc/sim-server/sim-server.js';
import { simKind } from './config-kinds/sim-server.js';
import { LiveDisplay } from './live-display.js';
import { readSettings } from './settings.js';
import { addSimOptions, dependentOverrides, simPlaces, type SimOptions } from './sim-server/options.js';
import { stopRequests } from './stop-requests.js';

const description = `Serves a channel with images that it makes up or reads from files, as a detector would.

Frames are drawn or read once and sent again and again, each with its own id and time. Ids start at 1; before the first frame the
channel holds an empty NTNDArray with id 0.`;

const examples = `
Examples:
  pvaflow sim-server -cn 13SIM1:Pva1:Image -fps 1000 -nx 512 -ny 512
  pvaflow sim-server --config sim.yaml
  pvaflow sim-server -cn sim:image -id /data/run42 -fps 100
  pvaflow sim-server -cn sim:image -if scan.h5 -hds /entry/data/data -hcm
  pvaflow sim-server -cn test:image -fps 0 -dt uint16 --pattern random --await-subscribers 1`;

/** \`pvaflow sim-server\`: the options of pvaPy's simulator, and ours. */
export function addSimServerCommand(program: Command): void {
  const command = program.command('sim-server').description(description).addHelpText('after', examples);
  addSimOptions(command);
  command.action((options: SimOptions) => run(command, options));
}

async function run(command: Command, options: SimOptions): Promise<void> {
  const { settings, configuration } = readSettings(command, options, {
    kind: simKind,
    places: simPlaces,
    combined: dependentOverrides,
  });
  configureLogging(settings.log);
  const simulator = new SimServer(simConfig(settings, (path) => configuration.fileOf(path)));
  // Of files it is known when they are read; of drawn images before, so that clients can come while they are drawn.
  const sayWhat = () => print(announcement(settings, simulator.describeFrames()));
  if (settings.input === undefined) sayWhat();
  using stop = stopRequests();
  const report = startReports(simulator, settings.report);
  try {
    await simulator.start();
    if (settings.input !== undefined) sayWhat();
    await Promise.race([simulator.ended, stop.requested]);
  } finally {
    report.close();
    await simulator.stop();
  }
  summaryLines(simulator.figures()).forEach(print);
}

/** What is served, how fast, and when it ends. */
function announcement({ channel, rate, count, runtime }: SimSettings, frames: string): string {
  const speed = rate > 0 ? `${grouped(rate, 1)} fps` : 'as fast as they are taken';
  const end = count > 0 ? `${grouped(count)} in all, within ${clockTime(runtime)}` : `for ${clockTime(runtime)}`;
  return `serving ${channel}: ${frames}, ${speed}, ${end}`;
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

function reportLine(figures: SimFigures): string {
  const { published, rate, subscribers, dropped, badFiles } = figures;
  const lost = dropped > 0 ? `   dropped ${grouped(dropped)}` : '';
  const bad = badFiles > 0 ? `   bad files ${grouped(badFiles)}` : '';
  return `published ${grouped(published)}   ${rate.toFixed(1)} fps   ${dataRate(figures)}   ${subscribers} subscriber${subscribers === 1 ? '' : 's'}${lost}${bad}`;
}

function summaryLines(figures: SimFigures): string[] {
  const { published, rate, elapsedMs, dropped, waits, badFiles } = figures;
  return [
    `Server runtime: ${(elapsedMs / 1000).toFixed(4)} seconds`,
    `Published frames: ${published} @ ${rate.toFixed(4)} fps`,
    `Data rate: ${dataRate(figures)}`,
    ...(dropped > 0 ? [`Dropped for slow subscribers: ${grouped(dropped)}`] : []),
    ...(waits > 0 ? [`Waited for files: ${grouped(waits)} ${plural(waits, 'time')}`] : []),
    ...(badFiles > 0 ? [`Files that could not be read: ${grouped(badFiles)}`] : []),
  ];
}

function dataRate({ published, publishedBytes, rate }: SimFigures): string {
  return byteRate(published > 0 ? (rate * publishedBytes) / published : 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
