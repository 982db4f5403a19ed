import type { Command } from 'commander';
import type { Override } from '../../core/schema/configuration.js';
import type { ConfigDocument } from '../../core/schema/document.js';
import { memberOf } from '../../core/schema/json-schema.js';
import { fieldList } from '../../hpc/inputs/requested-fields.js';
import {
  colorModes,
  patternNames,
  pixelTypes,
  type PatternName,
  type PixelType,
  type SimColorMode,
} from '../../hpc/sim-server/pattern.js';
import { onBadFile, type OnBadFile } from '../../hpc/sim-server/sim-input.js';
import type { OnFull } from '../../pva/on-full.js';
import { usageError } from '../exit.js';
import { fromZero, type GivenOptions, type OptionPlaces } from '../given-options.js';
import { addLoggingOptions, loggingPlaces, type LoggingCliOptions } from '../logging-options.js';
import { anyNumber, byteCount, oneOf, positiveWholeNumber, seconds, wholeNumber } from '../option-values.js';
import { addServerOptions, serverPlaces, type ServerCliOptions } from '../server-options.js';
import { addConfigOption, type ConfigCliOptions } from '../settings.js';
import { addShortOptions } from '../short-options.js';

/** The options of `pvaflow sim-server` as they were given. */
export interface SimOptions extends ConfigCliOptions, LoggingCliOptions, ServerCliOptions {
  inputDirectory?: string;
  inputFile?: string;
  mmapMode?: true;
  hdfDataset?: string;
  hdfCompressionMode?: true;
  configFile?: string;
  onBadFile: OnBadFile;
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
  onFull: OnFull;
  serverQueueSize: number;
  serverQueueBytes: number;
  count: number;
  awaitSubscribers: number;
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

/** All options of pvaPy's simulator, in both spellings, and ours. */
export function addSimOptions(command: Command): void {
  addConfigOption(command);
  addImageOptions(command);
  addRunOptions(command);
  addServerOptions(command);
  addFileOptions(command);
  addLoggingOptions(command);
  addShortOptions(command, shortSpellings);
}

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
      'different frames; more than the cache holds: each is sent once; 0: as many as it holds, or as the files have',
      wholeNumber,
      0,
    )
    .option('--cache-size <frames>', 'frames that are kept and sent again and again', positiveWholeNumber, 1000)
    .option(
      '--cache-bytes <bytes>',
      'memory for these frames: fewer are drawn when they are large; files that do not fit are read again each time',
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
    .option('--runtime <s>', 'seconds to publish for', anyNumber, 300)
    .option('--count <frames>', 'frames to publish; 0: no limit', wholeNumber, 0)
    .option('--await-subscribers <n>', 'begin when so many clients monitor the channel', wholeNumber, 0)
    .option('--start-delay <s>', 'seconds to wait before the first frame', seconds, 0)
    .option('--shutdown-delay <s>', 'seconds to serve the channel on after the last frame', seconds, 0)
    .option(
      '--notify-pv <channel>',
      "channel to set when all is ready, such as a detector's Acquire: pva://NAME, ca://NAME, or NAME over either",
    )
    .option('--notify-pv-value <value>', 'value to set it to', '1')
    .option(
      '--metadata-pv <list>',
      'channels with a random number for each frame: pva://NAME,ca://NAME,…; a bare name is of Channel Access',
    )
    .option('--report-period <frames>', 'how often to report, in frames; 0: only at the end', wholeNumber, 1)
    .option('--disable-curses', 'plain lines instead of a line that is redrawn');
}

function addFileOptions(command: Command): void {
  command
    .option('--input-directory <folder>', 'send the images of its files: TIFF, PNG, NPY, HDF5, and bare pixels')
    .option('--input-file <file>', 'send the images of this file, after those of the directory')
    .option('--mmap-mode', 'nothing changes: no file is in memory as a whole; for scripts that have it')
    .option('--hdf-dataset <path>', 'dataset of HDF5 files; not needed where there is one of images alone')
    .option('--hdf-compression-mode', 'images of HDF5 files keep their compression, where frames can have it')
    .option('--config-file <file>', 'YAML with the layout of files of bare pixels')
    .option('--on-bad-file <rule>', 'skip a file that cannot be read, and count it, or fail', oneOf(onBadFile), 'skip');
}

function colorMode(text: string): SimColorMode {
  const mode = colorModes.find((each) => String(each) === text.trim());
  if (mode === undefined) throw usageError(`--color-mode: "${text}" is not one of ${colorModes.join(', ')}`);
  return mode;
}

/** The settings that options stand for. */
export const simPlaces: OptionPlaces<SimOptions> = {
  channelName: { path: ['channel'] },
  inputDirectory: { path: ['input', 'directory'] },
  inputFile: { path: ['input', 'file'] },
  hdfDataset: { path: ['input', 'dataset'] },
  hdfCompressionMode: { path: ['input', 'compressed'] },
  configFile: { path: ['input', 'description'] },
  onBadFile: { path: ['input', 'onBadFile'] },
  frameRate: { path: ['rate'], read: fromZero },
  nXPixels: { path: ['image', 'nx'] },
  nYPixels: { path: ['image', 'ny'] },
  colorMode: { path: ['image', 'colorMode'] },
  datatype: { path: ['image', 'type'] },
  minimum: { path: ['image', 'minimum'] },
  maximum: { path: ['image', 'maximum'] },
  pattern: { path: ['image', 'pattern'] },
  nFrames: { path: ['frames', 'distinct'], read: fromZero },
  cacheSize: { path: ['frames', 'kept'] },
  cacheBytes: { path: ['frames', 'bytes'] },
  onFull: { path: ['subscribers', 'onFull'] },
  serverQueueSize: { path: ['subscribers', 'queue', 'frames'] },
  serverQueueBytes: { path: ['subscribers', 'queue', 'bytes'] },
  runtime: { path: ['runtime'], read: fromZero },
  count: { path: ['count'], read: fromZero },
  awaitSubscribers: { path: ['awaitSubscribers'], read: fromZero },
  startDelay: { path: ['startDelay'], read: fromZero },
  shutdownDelay: { path: ['shutdownDelay'], read: fromZero },
  notifyPv: { path: ['notify', 'channel'] },
  metadataPv: { path: ['metadata', 'channels'], read: fieldList },
  reportPeriod: { path: ['report', 'frames'], read: fromZero },
  disableCurses: { path: ['report', 'plain'] },
  ...serverPlaces,
  ...loggingPlaces,
};

/** What only counts beside something else: a value for a channel to notify, and how the colours of files lie. */
export function dependentOverrides(given: GivenOptions<SimOptions>, document: ConfigDocument | undefined): Override[] {
  const isThere = (options: (keyof SimOptions)[], key: string) =>
    options.some((option) => given.has(option)) || memberOf(document?.value, key) !== undefined;
  const isNotified = isThere(['notifyPv'], 'notify');
  const hasFiles = isThere(['inputDirectory', 'inputFile', 'configFile'], 'input');
  return given.overrides({
    ...(isNotified && { notifyPvValue: { path: ['notify', 'value'] } }),
    ...(hasFiles && { colorMode: { path: ['input', 'colorMode'] } }),
  });
}
