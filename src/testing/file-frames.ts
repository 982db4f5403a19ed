import { checkKeys } from '../core/check-keys.js';
import type { FileFrame, FrameFile, ReadOptions } from '../image/files/read/frame-file.js';
import { openFrameFile } from '../image/files/read/open-frame-file.js';
import { readRawDescription } from '../image/files/read/raw-layout.js';
import { frameOf } from '../image/files/read/to-frame.js';
import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import { planAt, seriesKeys, type FramePlan, type SeriesOptions } from './frame-plan.js';

/** How frames are taken from files, and numbered. */
export interface FramesFromOptions extends SeriesOptions {
  /** The dataset of HDF5 files; not needed where there is one of images. */
  readonly dataset?: string | undefined;
  /** How the colours of arrays (NPY, HDF5) lie: 0 none, 2 to 4 RGB1 to RGB3. If not given, a last dimension of 3 is one of colours. */
  readonly colorMode?: ReadOptions['colorMode'];
  /** Path of the YAML file that describes files of bare pixels, as `--config-file` of `pvaflow sim-server`. */
  readonly rawDescription?: string | undefined;
  /** Whether chunks of HDF5 files that are a frame each stay compressed, as with `--hdf5-compression-mode` of `pvaflow sim-server`. */
  readonly keepCompressed?: boolean | undefined;
}

export function checkFramesFromOptions(options: FramesFromOptions): void {
  checkKeys('framesFrom', options, [...seriesKeys, 'dataset', 'colorMode', 'rawDescription', 'keepCompressed']);
}

/** The plans of all frames of files, each of which is opened when its turn comes. */
export async function* filePlans(files: Iterable<string>, options: FramesFromOptions): AsyncGenerator<FramePlan> {
  const { dataset, colorMode, rawDescription, keepCompressed = false } = options;
  const raw = rawDescription === undefined ? undefined : (await readRawDescription(rawDescription)).layout;
  let index = 0;
  for (const path of files) {
    const source = await Source.open(path, { dataset, colorMode, raw });
    try {
      for (let at = 0; at < source.length; at++) {
        const draw = async (): Promise<NtNdArray> => frameOf(await source.read(at), keepCompressed);
        yield planAt(index++, options, { draw });
      }
    } finally {
      await source.close();
    }
  }
}

/** A file that is open while its frames come; those that come late are read all the same. */
class Source {
  private constructor(
    readonly path: string,
    readonly options: ReadOptions,
    private file: FrameFile | undefined,
    readonly length: number,
  ) {}

  static async open(path: string, options: ReadOptions): Promise<Source> {
    const file = await openFrameFile(path, options);
    return new Source(path, options, file, file.length);
  }

  async read(at: number): Promise<FileFrame> {
    if (this.file !== undefined) return this.file.read(at);
    const file = await openFrameFile(this.path, this.options);
    try {
      return await file.read(at);
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }
}
