import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from '../../test/peers/network.js';
import { Service } from './services.js';

const FRAMES_PER_SECOND = '10';
/** Large enough to go through shared memory. */
const SIDE = '256';
/** Those that monitor the image itself: two consumers, the mirror and the join. */
const DIRECT_SUBSCRIBERS = '4';
const IMAGE = 'soak:image';
export const MIRRORED = 'mirror:image';
const SETTLE_MS = 10_000;
/** A channel whose type changes, and its mirror. */
export const CHANGING = 'soak:changing';
export const MIRRORED_CHANGING = 'mirror:changing';
export const CONTROLS = ['consumer:1:control', 'collector:1:control', 'hdf5:1:control', 'tiff:1:control'];
export const OUTPUTS = [
  ...['consumer:1:output', 'consumer:2:output', 'collector:1:output', 'hdf5:1:output', 'join:1:output'],
  ...['consumer:1:status', 'collector:1:status', 'hdf5:1:status', 'tiff:1:status', MIRRORED, MIRRORED_CHANGING],
];

/** What runs beside a detector: everything that a beamline would leave alone for a month. */
export interface Plant {
  readonly source: Service;
  readonly consumers: Service;
  readonly collector: Service;
  readonly mirror: Service;
  readonly hdf5: Service;
  readonly tiff: Service;
  readonly join: Service;
  readonly top: Service;
  /** Where the files of the writers are, by writer. */
  readonly folders: { readonly hdf5: string; readonly tiff: string };
}

/** @param changing where the channel is served whose type changes */
export async function startPlant(folder: string, changing: Place): Promise<Plant> {
  const folders = { hdf5: join(folder, 'hdf5'), tiff: join(folder, 'tiff') };
  for (const each of Object.values(folders)) mkdirSync(each);
  const reportOf = (name: string) => ['--report-file', join(folder, `${name}.json`)];
  const source = await Service.start('source', sourceArgs(), [], false);
  const consume = (name: string, input: string, more: readonly string[], sources: readonly Place[]) =>
    Service.start(name, [...consumerArgs(name, input), ...reportOf(name), ...more], sources);
  const [consumers, mirror] = await Promise.all([
    consume('consumer', IMAGE, ['-nc', '2', '-du', '1', '-pc', 'PassThrough'], [source.place]),
    Service.start('mirror', mirrorArgs(), [source.place, changing]),
  ]);
  const [collector, hdf5, tiff] = await Promise.all([
    Service.start('collector', [...collectorArgs(), ...reportOf('collector')], [consumers.place]),
    consume('hdf5', MIRRORED, writerArgs('Hdf5AdImageWriter', folders.hdf5, { nImagesPerFile: 50 }), [mirror.place]),
    consume('tiff', MIRRORED, writerArgs('AdOutputFileProcessor', folders.tiff, {}), [mirror.place]),
  ]);
  await sleep(SETTLE_MS); // the source begins with its last subscriber: nobody comes too late for the first frame
  const joined = await consume(
    'join',
    IMAGE,
    ['-mc', 'pva://soak:m1,pva://soak:m2', '-pc', 'MetadataJoin'],
    [source.place],
  );
  const watched = [consumers, collector, mirror, hdf5, tiff, joined].map(({ place }) => place);
  const top = await Service.start('top', ['top', '--period', '10'], watched, false);
  return { source, consumers, collector, mirror, hdf5, tiff, join: joined, top, folders };
}

function sourceArgs(): string[] {
  return [
    ...[
      'sim-server',
      '-cn',
      IMAGE,
      '-fps',
      FRAMES_PER_SECOND,
      '-nx',
      SIDE,
      '-ny',
      SIDE,
      '-nf',
      '10',
      '-rt',
      '10000000',
    ],
    ...['-mpv', 'pva://soak:m1,pva://soak:m2', '--await-subscribers', DIRECT_SUBSCRIBERS, '-rp', '0', '-dc'],
  ];
}

function consumerArgs(name: string, input: string): string[] {
  const channel = (what: string) => `${name}:*:${what}`;
  return [
    ...['consumer', '-ic', input, '-oc', channel('output'), '-sc', channel('status'), '-cc', channel('control'), '-dc'],
    ...['--log-level', 'warn'],
  ];
}

function collectorArgs(): string[] {
  return [
    ...[
      'collector',
      '-pid',
      '1,2',
      '-ic',
      'consumer:*:output',
      '-oc',
      'collector:*:output',
      '-sc',
      'collector:*:status',
    ],
    ...['-cc', 'collector:*:control', '-dc', '--log-level', 'warn'],
  ];
}

function mirrorArgs(): string[] {
  return ['mirror-server', '-cm', `(${MIRRORED},${IMAGE}),(${MIRRORED_CHANGING},${CHANGING})`, '--log-level', 'warn'];
}

function writerArgs(processor: string, outputDirectory: string, more: object): string[] {
  return ['-pc', processor, '-pa', JSON.stringify({ outputDirectory, ...more })];
}
