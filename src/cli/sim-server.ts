import type { Command } from 'commander';
import {
  colorModes,
  patternNames,
  pixelTypes,
  type PatternName,
  type PixelType,
  type SimColorMode,
} from '../hpc/sim-server/pattern.js';
import type { SimConfig } from '../hpc/sim-server/sim-config.js';
import { SimServer, type SimFigures } from '../hpc/sim-server/sim-server.js';
import { byteRate, grouped } from '../core/figures.js';
import { addLoggingOptions, applyLoggingOptions, type LoggingCliOptions } from './logging-options.js';
import {
  anyNumber,
  byteCount,
  oneOf,
  positiveWholeNumber,
  refuseLater,
  seconds,
  wholeNumber,
} from './option-values.js';
import { usageError } from './exit.js';
import { LiveDisplay } from './live-display.js';
import { addServerOptions, serverConfigOf, type ServerCliOptions } from './server-options.js';
import { addShortOptions } from './short-options.js';
import { stopRequests } from './stop-requests.js';

interface SimOptions extends LoggingCliOptions, ServerCliOptions {
  inputDirectory?: string;
  inputFile?: string;
  mmapMode?: true;
  hdfDataset?: string;
  hdfCompressionMode?: true;
  configFile?: string;
  frameRate: number;
  nXPixels: number;
  nYPixels: number;
  colorMode: SimColorMode;
  datatype: PixelType;
  minimum?: number;
  maximum?: number;
  nFrames: number;
  cacheSize: number;
  cacheBytes: number;
  runtime: number;
  channelName: string;
  notifyPv?: string;
  notifyPvValue: string;
  metadataPv?: string;
  startDelay: number;
  shutdownDelay: number;
  reportPeriod: number;
  disableCurses?: true;
  pattern: PatternName;
  onFull: SimConfig['onFull'];
  serverQueueSize: number;
  serverQueueBytes: number;
  count: number;
  awaitSubscribers: number;
}

const description = `Serves a channel with images that it makes up, as a detector would.

Frames are drawn once and sent again and again, each with its own id and time. Ids start at 1; before the first frame the
channel holds an empty NTNDArray with id 0.`;

const examples = `
Examples:
  pvaflow sim-server -cn 13SIM1:Pva1:Image -fps 1000 -nx 512 -ny 512
  pvaflow sim-server -cn test:image -fps 0 -dt uint16 --pattern random --await-subscribers 1`;

/** \`pvaflow sim-server\`: the options of pvaPy's simulator, and ours. */
export function addSimServerCommand(program: Command): void {
  const command = program.command('sim-server').description(description).addHelpText('after', examples);
  addImageOptions(command);
  addRunOptions(command);
  addServerOptions(command);
  addLaterOptions(command);
  addLoggingOptions(command);
  addShortOptions(command, shortSpellings);
  command.action((options: SimOptions) => run(options));
}

const shortSpellings = {
  id: 'input-directory',
  if: 'input-file',
  mm: 'mmap-mode',
  hds: 'hdf-dataset',
  hcm: 'hdf-compression-mode',
  cfg: 'config-file',
  fps: 'frame-rate',
  nx: 'n-x-pixels',
  ny: 'n-y-pixels',
  cm: 'color-mode',
  dt: 'datatype',
  mn: 'minimum',
  mx: 'maximum',
  nf: 'n-frames',
  cs: 'cache-size',
  rt: 'runtime',
  cn: 'channel-name',
  npv: 'notify-pv',
  nvl: 'notify-pv-value',
  mpv: 'metadata-pv',
  std: 'start-delay',
  shd: 'shutdown-delay',
  rp: 'report-period',
  dc: 'disable-curses',
  ll: 'log-level',
  lf: 'log-file',
};

function addImageOptions(command: Command): void {
  command
    .option('--channel-name <name>', 'channel to serve', 'pvapy:image')
    .option('--frame-rate <fps>', 'frames per second; 0 or less: as fast as subscribers take them', anyNumber, 20)
    .option('--n-x-pixels <n>', 'width of an image', positiveWholeNumber, 256)
    .option('--n-y-pixels <n>', 'height of an image', positiveWholeNumber, 256)
    .option('--color-mode <mode>', '0 mono, 2 RGB1 [3,NX,NY], 3 RGB2 [NX,3,NY], 4 RGB3 [NX,NY,3]', colorMode, 0)
    .option(
      '--datatype <type>',
      Object.keys(pixelTypes).join(', '),
      oneOf(Object.keys(pixelTypes) as PixelType[]),
      'uint8',
    )
    .option('--minimum <value>', 'smallest value; by default that of the type, or 0', anyNumber)
    .option('--maximum <value>', 'largest value; by default that of the type, or 1', anyNumber)
    .option('--pattern <name>', patternNames.join(', '), oneOf(patternNames), 'moving-spot')
    .option(
      '--n-frames <n>',
      'different frames; more than the cache holds: each is sent once; 0: as many as it holds',
      wholeNumber,
      0,
    )
    .option('--cache-size <frames>', 'frames that are kept and sent again and again', positiveWholeNumber, 1000)
    .option(
      '--cache-bytes <bytes>',
      'memory for these frames: fewer are kept when they are large',
      byteCount,
      256 * 1024 ** 2,
    );
}

function addRunOptions(command: Command): void {
  command
    .option(
      '--on-full <policy>',
      'when a subscriber is slow: wait for it (a replay), dropOldest or dropNewest (a detector)',
      oneOf(['wait', 'dropOldest', 'dropNewest']),
      'wait',
    )
    .option('--server-queue-size <frames>', 'frames that may wait for each subscriber', positiveWholeNumber, 64)
    .option('--server-queue-bytes <bytes>', 'memory that they may take', byteCount, 128 * 1024 ** 2)
    .option('--runtime <s>', 'seconds to publish for', seconds, 300)
    .option('--count <frames>', 'frames to publish; 0: no limit', wholeNumber, 0)
    .option('--await-subscribers <n>', 'begin when so many clients monitor the channel', wholeNumber, 0)
    .option('--start-delay <s>', 'seconds to wait before the first frame', seconds, 0)
    .option('--shutdown-delay <s>', 'seconds to serve the channel on after the last frame', seconds, 0)
    .option('--notify-pv <channel>', "channel to set when all is ready, such as a detector's Acquire (over pvAccess)")
    .option('--notify-pv-value <value>', 'value to set it to', '1')
    .option('--metadata-pv <list>', 'channels with a random number for each frame: pva://NAME,…')
    .option('--report-period <frames>', 'how often to report, in frames; 0: only at the end', wholeNumber, 1)
    .option('--disable-curses', 'plain lines instead of a line that is redrawn');
}

function addLaterOptions(command: Command): void {
  command
    .option('--input-directory <folder>', 'folder with files to send')
    .option('--input-file <file>', 'file to send')
    .option('--mmap-mode', 'map the file into memory')
    .option('--hdf-dataset <path>', 'dataset in HDF5 files')
    .option('--hdf-compression-mode', 'send the compressed data of HDF5 files')
    .option('--config-file <file>', 'layout of raw binary files');
}

function colorMode(text: string): SimColorMode {
  const mode = colorModes.find((each) => String(each) === text.trim());
  if (mode === undefined) throw usageError(`--color-mode: "${text}" is not one of ${colorModes.join(', ')}`);
  return mode;
}

function simConfig(options: SimOptions): SimConfig {
  const metadata = (options.metadataPv ?? '').split(',').filter((name) => name !== '');
  const isCa = metadata.some((name) => !name.startsWith('pva://'));
  refuseLater([
    { option: '--input-directory', isUsed: options.inputDirectory !== undefined, what: 'input files' },
    { option: '--input-file', isUsed: options.inputFile !== undefined, what: 'input files' },
    { option: '--config-file', isUsed: options.configFile !== undefined, what: 'raw binary files' },
    { option: '--metadata-pv', isUsed: isCa, what: 'Channel Access metadata channels (pva://NAME works now)' },
  ]);
  return {
    channel: options.channelName,
    rate: options.frameRate,
    nx: options.nXPixels,
    ny: options.nYPixels,
    colorMode: options.colorMode,
    type: options.datatype,
    minimum: options.minimum,
    maximum: options.maximum,
    pattern: options.pattern,
    frames: options.nFrames,
    cacheFrames: options.cacheSize,
    cacheBytes: options.cacheBytes,
    runtime: options.runtime,
    count: options.count,
    startDelay: options.startDelay,
    shutdownDelay: options.shutdownDelay,
    awaitSubscribers: options.awaitSubscribers,
    onFull: options.onFull,
    queue: { frames: options.serverQueueSize, bytes: options.serverQueueBytes },
    server: serverConfigOf(options),
    ...(options.notifyPv === undefined ? {} : { notify: { channel: options.notifyPv, value: options.notifyPvValue } }),
    metadata: metadata.map((name) => name.slice('pva://'.length)),
  };
}

async function run(options: SimOptions): Promise<void> {
  applyLoggingOptions(options);
  const config = simConfig(options);
  const simulator = new SimServer(config);
  const { nx, ny, type, channel } = config;
  print(
    `serving ${channel}: ${simulator.distinctFrames} frames of ${nx} × ${ny} ${type} (${grouped(simulator.bytesPerFrame)} bytes)`,
  );
  using stop = stopRequests();
  const report = startReports(simulator, options);
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
function startReports(simulator: SimServer, options: SimOptions): { close(): void } {
  if (options.reportPeriod <= 0) return { close: () => {} };
  const isLive = process.stdout.isTTY && options.disableCurses !== true;
  const display = isLive ? new LiveDisplay(process.stdout) : undefined;
  let reported = 0;
  const timer = setInterval(() => {
    const figures = simulator.figures();
    if (figures.published < reported + options.reportPeriod) return;
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
