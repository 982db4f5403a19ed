import { extname } from 'node:path';
import { PvaflowError } from '../../core/errors.js';
import { pixelFormats, type PixelType } from '../../pva/normative/pixel-types.js';
import { loadSharp } from '../codec/jpeg/sharp.js';
import { convertPixels, type Conversion, type ValueRange } from './convert-pixels.js';
import { bytesOf, interleaved, isColor, type FilePixels } from './file-pixels.js';
import { encodeJpeg } from './jpeg.js';
import { npyHeader } from './npy-header.js';
import { encodePng } from './png.js';
import { tiffHeader } from './tiff-header.js';

/** How files are written where there is a choice. */
export interface EncodeOptions {
  /** What happens to pixels that the format cannot hold; without it they are refused. */
  readonly convert?: Conversion | undefined;
  /** For `scale`. */
  readonly convertRange?: ValueRange | undefined;
  /** 1 to 100 (75). */
  readonly jpegQuality?: number | undefined;
  /** 0 to 9 (1). */
  readonly pngCompression?: number | undefined;
}

/** A kind of image file. */
export interface ImageFileFormat {
  readonly name: string;
  readonly extensions: readonly string[];
  /** The types of pixels that it holds as they are, the narrowest first. */
  readonly dtypes: readonly PixelType[];
  /** Whether files of it need a description beside them. */
  readonly isBare?: boolean;
  /** Called before it is used: rejects when something is missing. */
  load?(): Promise<unknown>;
  /** The file in parts. Those that are pixels may be the memory of the image itself. */
  encode(pixels: FilePixels, options: EncodeOptions): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
}

const allTypes = pixelFormats.map(({ dtype }) => dtype);

export const imageFileFormats: readonly ImageFileFormat[] = [
  { name: 'TIFF', extensions: ['.tiff', '.tif'], dtypes: allTypes, encode: encodeTiff },
  {
    name: 'PNG',
    extensions: ['.png'],
    dtypes: ['uint8', 'uint16'],
    encode: (pixels, { pngCompression }) => encodePng(pixels, pngCompression),
  },
  {
    name: 'JPEG',
    extensions: ['.jpg', '.jpeg'],
    dtypes: ['uint8'],
    load: loadSharp,
    encode: (pixels, { jpegQuality }) => encodeJpeg(pixels, jpegQuality ?? 75),
  },
  { name: 'NPY', extensions: ['.npy'], dtypes: allTypes, encode: encodeNpy },
  { name: 'raw', extensions: ['.raw', '.bin'], dtypes: allTypes, isBare: true, encode: ({ data }) => [bytesOf(data)] },
];

/** @throws {PvaflowError} PVAFLOW_FILE_FORMAT when there is none of the extension */
export function imageFileFormat(fileName: string): ImageFileFormat {
  const extension = extname(fileName).toLowerCase();
  const format = imageFileFormats.find(({ extensions }) => extensions.includes(extension));
  if (format !== undefined) return format;
  const known = imageFileFormats.flatMap(({ extensions }) => extensions).join(', ');
  const found = extension === '' ? 'has no extension' : `ends with ${extension}`;
  throw new PvaflowError('PVAFLOW_FILE_FORMAT', `"${fileName}" ${found}; files that can be written are ${known}`);
}

/**
 * An image as a file of this format, in parts.
 *
 * @throws {PvaflowError} PVAFLOW_FILE_DTYPE when the format cannot hold its pixels and they are not to be converted
 */
export function encodeImage(
  format: ImageFileFormat,
  pixels: FilePixels,
  options: EncodeOptions = {},
): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
  return format.encode(fitted(format, pixels, options), options);
}

function fitted({ name, dtypes }: ImageFileFormat, pixels: FilePixels, options: EncodeOptions): FilePixels {
  const { convert, convertRange } = options;
  const { data, dtype } = pixels;
  if (dtypes.includes(dtype)) return pixels;
  if (dtype === 'boolean' && dtypes.includes('uint8')) return { ...pixels, dtype: 'uint8' };
  if (convert === undefined) {
    const advice = 'Write TIFF or NPY, or configure "convert": "clip" or "scale"';
    throw new PvaflowError('PVAFLOW_FILE_DTYPE', `${name} holds ${dtypes.join(' and ')}, and no ${dtype}. ${advice}`);
  }
  const isWide = dtypes.includes('uint16') && !(convert === 'clip' && dtype === 'int8');
  const target = isWide ? new Uint16Array(data.length) : new Uint8Array(data.length);
  return {
    ...pixels,
    data: convertPixels(data, target, convert, convertRange),
    dtype: isWide ? 'uint16' : 'uint8',
  };
}

let lastTiff: { pixels: FilePixels; header: Uint8Array } | undefined;

function encodeTiff(pixels: FilePixels): Uint8Array[] {
  const { nx, ny, colorMode, dtype, data } = pixels;
  const last = lastTiff?.pixels;
  if (last?.nx !== nx || last.ny !== ny || last.colorMode !== colorMode || last.dtype !== dtype) {
    const header = tiffHeader({ nx, ny, colorMode, dtype, bytesPerSample: data.BYTES_PER_ELEMENT });
    lastTiff = { pixels: { ...pixels, data: new Uint8Array(0) }, header };
  }
  return [(lastTiff as { header: Uint8Array }).header, bytesOf(data)];
}

/** Of shape (ny, nx) or (ny, nx, 3). */
function encodeNpy(pixels: FilePixels): Uint8Array[] {
  const { nx, ny, dtype } = pixels;
  return [npyHeader(dtype, isColor(pixels) ? [ny, nx, 3] : [ny, nx]), bytesOf(interleaved(pixels))];
}
