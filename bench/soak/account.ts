import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aligned } from '../table.js';
import type { Plant } from './plant.js';
import { framesOf, type Published } from './disturbances.js';

/** The parts of a loss report that the account needs. */
interface Report {
  readonly received: number;
  readonly processed: number;
  readonly missed: { readonly count: number };
  readonly failed: Readonly<Record<string, { readonly count: number }>>;
  readonly rejected: Readonly<Record<string, { readonly count: number }>>;
}

/** What became of the frames of one consumer, beside what its source published. */
interface Row {
  readonly name: string;
  readonly received: number;
  /** Of these, the ones that it told it has not got, or could not process. */
  readonly told: number;
  readonly failed: number;
  /** Published, and neither received nor told of. */
  readonly silent: number;
}

/** Ends the plant from the source to the last consumer, and accounts for every frame. */
export async function endAndAccount(plant: Plant, folder: string, published: Published): Promise<string> {
  const { source, mirror } = plant;
  const frames = published.frames + framesOf(await source.finish());
  for (const service of [plant.join, plant.consumers, plant.collector, plant.hdf5, plant.tiff, plant.top])
    await service.finish();
  const mirrored = figuresOfMirror(await mirror.finish());
  const rows = ['consumer', 'collector', 'join', 'hdf5', 'tiff'].map((name) => rowOf(name, frames, folder));
  const shown = frames + published.sources + 1; // also the empty frame with which each source begins
  rows.splice(1, 0, { name: 'mirror', ...mirrored, failed: 0, silent: shown - mirrored.received - mirrored.told });
  const cells = rows.map(({ name, received, told, failed, silent }) =>
    [name, received, told, failed, silent].map(String),
  );
  const heading = ['frames', 'received', 'told as missed', 'failed', 'lost in silence'];
  const inFiles = `HDF5 files that were complete had ${framesInFiles(plant)} frames`;
  return `published: ${frames}; ${inFiles}\n${aligned([heading, ...cells])}\n`;
}

function rowOf(name: string, frames: number, folder: string): Row {
  const report = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Report;
  const countOf = (losses: Report['failed']) => Object.values(losses).reduce((sum, { count }) => sum + count, 0);
  const told = report.missed.count;
  const failed = countOf(report.failed) + countOf(report.rejected);
  return { name, received: report.received, told, failed, silent: frames - report.received - told };
}

function figuresOfMirror(output: readonly string[]): { received: number; told: number } {
  const line = output.findLast((text) => text.startsWith('Channel mirror:image '));
  const { nReceived = NaN, nMissed = NaN } = JSON.parse(line?.replace(/^.*?: (?=\{)/, '') ?? '{}') as Record<
    string,
    number
  >;
  return { received: nReceived, told: nMissed };
}

function framesInFiles({ folders }: Plant): number {
  const lines = readFileSync(join(folders.hdf5, '1.manifest.jsonl'), 'utf8').trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { event: string; frames?: number });
  return entries.reduce((sum, { event, frames = 0 }) => sum + (event === 'complete' ? frames : 0), 0);
}
