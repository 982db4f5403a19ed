import { numberTypes } from './datatype.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { FrameAttributes } from './attribute-schema.js';

/** What all images of a file have in common. */
export interface FrameFormat {
  readonly dtype: keyof typeof numberTypes;
  /** Rows and columns, and 3 for colour. */
  readonly shape: readonly number[];
}

/** A frame as it goes into a file. */
export interface FrameData extends FrameFormat {
  /** The memory of the image, row by row. It may not change until the frame was written. */
  pixels(): Uint8Array;
  /** A frame of the same pixels, in the same order, whose data may be replaced; to be released. */
  copy(): NtNdArray;
  /** Of a frame that came compressed: then the two above are for who has decoded it. */
  readonly encoded?: EncodedData;
  readonly uniqueId: number;
  /** Nanoseconds since 1970; undefined for a time that is none. */
  readonly timeStamp: bigint | undefined;
  readonly dataTimeStamp: bigint | undefined;
  readonly attributes: FrameAttributes;
}

/** What compressed frames have instead of pixels. */
export interface EncodedData {
  /** By the name that areaDetector gives it; empty if the pixels are in another order than files have them in. */
  readonly codec: string;
  /** May not change until the frame was written. */
  readonly bytes: () => Uint8Array;
  /** The frame decoded, on another thread; to be released. */
  decode(): Promise<FrameData & { release(): void }>;
}

export function isSameFormat(a: FrameFormat, b: FrameFormat): boolean {
  return a.dtype === b.dtype && a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
}

export function bytesOf({ dtype, shape }: FrameFormat): number {
  return shape.reduce((product, size) => product * size, numberTypes[dtype].bytes);
}
