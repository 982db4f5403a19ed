import type { ExactCodec } from '../../../pva/normative/image-codec.js';
import type { PixelType } from '../../../pva/normative/pixel-types.js';
import type { ColorMode } from '../../color-mode.js';
import type { FilePixels } from '../file-pixels.js';

/** An image as a file has it compressed, in a way that frames have it too. */
export interface CompressedPixels {
  readonly codec: ExactCodec;
  readonly bytes: Uint8Array;
  readonly nx: number;
  readonly ny: number;
  readonly colorMode: ColorMode;
  readonly dtype: PixelType;
  /** The elements are in the other byte order than this machine's: after decoding they must be swapped. */
  readonly isSwapped: boolean;
}

export type FileFrame = FilePixels | CompressedPixels;

/** A file that is open, with one or several frames in it. They are read one by one: no file is in memory as a whole. */
export interface FrameFile {
  /** How many frames there are. */
  readonly length: number;
  /**
   * One of them; its memory is the caller's.
   *
   * @throws {PvaflowError} PVAFLOW_FILE_CONTENT when it is damaged, PVAFLOW_FILE_ and the system's code when it cannot be read
   */
  read(index: number): Promise<FileFrame>;
  close(): Promise<void>;
}

/** How files are read where they do not say it themselves. */
export interface ReadOptions {
  /** The dataset of HDF5 files; not needed where there is one of images. */
  readonly dataset?: string | undefined;
  /** How the colours of arrays lie (NPY, HDF5). If not given, a last dimension of 3 is one of colours, as in RGB1. */
  readonly colorMode?: ColorMode | undefined;
  /** The layout of files of bare pixels. */
  readonly raw?: RawLayout | undefined;
}

/** Frames of bare pixels, one after the other. */
export interface RawLayout {
  readonly nx: number;
  readonly ny: number;
  readonly dtype: PixelType;
  readonly colorMode: ColorMode;
  readonly isLittleEndian: boolean;
  /** Bytes before the first frame. */
  readonly offset: number;
  /** Bytes between two frames. */
  readonly gap: number;
  /** How many frames there are; if not given, as many as the file has. */
  readonly frames?: number | undefined;
}
