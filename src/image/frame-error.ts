import { PvaflowError, type ErrorCode } from '../core/errors.js';

/** Why a frame cannot be shown as an image. A name keeps its meaning for ever: it is the label of counters. */
export type FrameProblem =
  /** No union `value` or no `dimension`: this is no NTNDArray. */
  | 'not-an-image'
  /** A codec is set that is not known here, or what reads it is not installed. */
  | 'compressed'
  /** The data cannot be decoded: it is damaged, ends early, or makes something else than was announced. */
  | 'codec-data'
  /** Compressed data does not say of which type its elements are. */
  | 'codec-type'
  /** It would be larger when decoded than is allowed. */
  | 'codec-limit'
  /** There are dimensions, but the union has no member selected. */
  | 'no-data'
  /** The union's member is no array of pixels. */
  | 'data-type'
  /** One, or more than three dimensions, or a number that the colour mode does not have. */
  | 'dimension-count'
  /** A size that is no positive number. */
  | 'dimension-size'
  /** The attribute ColorMode is absent from a colour image, or is none that is known. */
  | 'color-mode'
  /** Red, green and blue are not three where the colour mode says. */
  | 'color-dimension'
  /** The dimensions do not make as many elements as there are. */
  | 'element-count'
  /** `compressedSize` or `uncompressedSize` is not the size of the data. */
  | 'data-size';

/** A frame that contradicts itself or cannot be read. `code` is PVAFLOW_FRAME_ and the reason in capitals. */
export class FrameError extends PvaflowError {
  constructor(
    /** For counters: one of a few names. */
    readonly reason: FrameProblem,
    /** The frame's `uniqueId`, if it has one. */
    readonly imageId: number | undefined,
    message: string,
  ) {
    super(codeOf(reason), `frame ${imageId ?? 'without id'}: ${message}`);
  }
}

function codeOf(reason: FrameProblem): ErrorCode {
  return `PVAFLOW_FRAME_${reason.replaceAll('-', '_').toUpperCase()}`;
}
