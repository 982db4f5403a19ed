import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PvaflowError } from '../../core/errors.js';
import { fileError } from '../../core/files/file-error.js';
import type { Logger } from '../../core/logger.js';
import type { ColorMode } from '../../image/color-mode.js';
import type { ReadOptions } from '../../image/files/read/frame-file.js';
import { mayHaveFrames } from '../../image/files/read/open-frame-file.js';
import { readRawDescription } from '../../image/files/read/raw-layout.js';

/** What happens at a file that cannot be read: it is skipped and counted, or the run ends. */
export const onBadFile = ['skip', 'fail'] as const;
export type OnBadFile = (typeof onBadFile)[number];

/** Which files the simulator's frames come from. */
export interface SimInput {
  /** All files of images in it, in the natural order of their names. */
  readonly directory?: string | undefined;
  /** One more file, after those of the directory. */
  readonly file?: string | undefined;
  readonly dataset?: string | undefined;
  /** Frames of HDF5 files keep their compression, where frames can have it. */
  readonly keepCompressed: boolean;
  /** YAML with the layout of files of bare pixels. */
  readonly description?: string | undefined;
  readonly colorMode?: ColorMode | undefined;
  readonly onBadFile: OnBadFile;
}

/** The files in their order, and how they are read. */
export interface InputFiles {
  readonly paths: readonly string[];
  readonly options: ReadOptions;
}

/** @throws {PvaflowError} PVAFLOW_FILE_… when the directory or the description cannot be read, or there is no file */
export async function findFiles(input: SimInput, logger: Logger): Promise<InputFiles> {
  const { dataset, colorMode, directory, file } = input;
  const description = input.description === undefined ? undefined : await readRawDescription(input.description);
  const options: ReadOptions = { dataset, colorMode, raw: description?.layout };
  const ofDirectory = directory === undefined ? [] : await imagesIn(directory, options, logger);
  const paths = description?.files ?? [...ofDirectory, ...(file === undefined ? [] : [file])];
  if (paths.length > 0) return { paths, options };
  throw new PvaflowError('PVAFLOW_FILE_CONTENT', `${directory ?? input.description} has no file of images`);
}

async function imagesIn(directory: string, options: ReadOptions, logger: Logger): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    throw fileError('cannot read', directory, error);
  }
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const images = names.filter((name) => mayHaveFrames(name, options));
  const strangers = names.filter((name) => !images.includes(name));
  if (strangers.length > 0)
    logger.info(`${directory}: not read are ${strangers.slice(0, 5).join(', ')}${strangers.length > 5 ? ' …' : ''}`);
  return images.sort(naturally).map((name) => join(directory, name));
}

const collator = new Intl.Collator('en', { numeric: true });

/** `frame_2` before `frame_10`; names that are equal so, by their characters. */
function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}
