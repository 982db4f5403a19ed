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
import type { OnFull } from '../../pva/on-full.js';
import { usageError } from '../exit.js';
import { fromZero, type GivenOptions, type OptionPlaces } from '../given-options.js';
import { addLoggingOptions, loggingPlaces, type LoggingCliOptions } from '../logging-options.js';
import {
  anyNumber,
  byteCount,
  oneOf,
  positiveWholeNumber,
  refuseLater,
  seconds,
  wholeNumber,
} from '../option-values.js';
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
  addLaterOptions(command);
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

/** The settings that options stand for. */
export const simPlaces: OptionPlaces<SimOptions> = {
  channelName: { path: ['channel'] },
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

/** A value is to be put only where there is a channel for it. */
export function notifyOverrides(given: GivenOptions<SimOptions>, document: ConfigDocument | undefined): Override[] {
  const isNotified = given.has('notifyPv') || memberOf(document?.value, 'notify') !== undefined;
  return isNotified ? given.overrides({ notifyPvValue: { path: ['notify', 'value'] } }) : [];
}

/** @throws {PvaflowError} PVAFLOW_USAGE for what this version knows of, and cannot do yet */
export function refuseFiles({ inputDirectory, inputFile, configFile }: SimOptions): void {
  refuseLater([
    { option: '--input-directory', isUsed: inputDirectory !== undefined, what: 'input files' },
    { option: '--input-file', isUsed: inputFile !== undefined, what: 'input files' },
    { option: '--config-file', isUsed: configFile !== undefined, what: 'raw binary files' },
  ]);
}
