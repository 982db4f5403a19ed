import { extname } from 'node:path';
import { PvaflowError } from '../../../core/errors.js';
import type { FrameFile, ReadOptions } from './frame-file.js';
import { openHdf5 } from './hdf5/hdf5-frames.js';
import { openNpy } from './npy-frames.js';
import { openPng } from './png-frames.js';
import { openRaw } from './raw-frames.js';
import { openTiff } from './tiff/tiff-frames.js';

type Open = (path: string, options: ReadOptions) => Promise<FrameFile>;

const formats: readonly { readonly extensions: readonly string[]; readonly open: Open }[] = [
  { extensions: ['.tiff', '.tif'], open: openTiff },
  { extensions: ['.png'], open: openPng },
  { extensions: ['.npy'], open: openNpy },
  { extensions: ['.h5', '.hdf5', '.hdf', '.nxs', '.nx'], open: openHdf5 },
  { extensions: ['.raw', '.bin'], open: openRaw },
];

/** Whether a file of this name may have frames. With a description of bare pixels, any file may. */
export function mayHaveFrames(name: string, { raw }: ReadOptions): boolean {
  return formatOf(name) !== undefined || raw !== undefined;
}

/**
 * Opens a file with frames; its extension says how it is read, and where it says nothing the description does.
 *
 * @throws {PvaflowError} PVAFLOW_FILE_FORMAT for another extension, PVAFLOW_FILE_CONTENT when there are no images in it,
 *   PVAFLOW_FILE_ and the system's code when it cannot be read
 */
export async function openFrameFile(path: string, options: ReadOptions = {}): Promise<FrameFile> {
  const open = formatOf(path) ?? (options.raw === undefined ? undefined : openRaw);
  if (open !== undefined) return open(path, options);
  const known = formats.flatMap(({ extensions }) => extensions).join(', ');
  throw new PvaflowError('PVAFLOW_FILE_FORMAT', `${path} is none of the files that are read: ${known}`);
}

function formatOf(name: string): Open | undefined {
  const extension = extname(name).toLowerCase();
  return formats.find(({ extensions }) => extensions.includes(extension))?.open;
}
