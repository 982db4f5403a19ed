import type { ImageHeader } from '../pva/normative/image-header.js';
import type { PixelFormat } from '../pva/normative/pixel-types.js';
import { colorDimension, ColorMode, colorModeName, isColorMode } from './color-mode.js';
import { FrameError, type FrameProblem } from './frame-error.js';

/** How the pixels of a frame are to be read: everything that was said about them agrees. */
export interface ImageShape {
  readonly nx: number;
  readonly ny: number;
  /** 3 for colour, else null. */
  readonly nz: 3 | null;
  readonly colorMode: ColorMode;
  readonly format: PixelFormat;
}

/**
 * What the header of a frame that is not compressed amounts to; undefined for a frame without dimensions and data, as servers have before the first
 * image.
 *
 * @throws FrameError when the frame contradicts itself
 */
export function imageShape(header: ImageHeader): ImageShape | undefined {
  const { format, elements } = header;
  if (header.value === 'absent') refuse(header, 'not-an-image', 'it has no field `value`');
  if (header.nDimensions === undefined) refuse(header, 'not-an-image', 'it has no field `dimension`');
  if (header.codec !== '' && (header.nDimensions > 0 || elements > 0))
    refuse(header, 'compressed', `its data is compressed with ${header.codec}: decompress it first`);
  if (header.value === 'notPixels') refuse(header, 'data-type', '`value` holds something else than an array of pixels');
  if (header.nDimensions === 0 && elements === 0) return undefined;
  if (format === undefined)
    refuse(header, 'no-data', 'it has dimensions, but no data: the union `value` has nothing selected');
  checkSizes(header);
  const colorMode = knownColorMode(header);
  const shape = shapeOf(header, colorMode, format);
  checkElements(header, format);
  return shape;
}

function refuse(header: ImageHeader, reason: FrameProblem, message: string): never {
  throw new FrameError(reason, header.uniqueId, message);
}

function checkSizes(header: ImageHeader): void {
  const { nDimensions, dimensions } = header;
  if (nDimensions !== 0 && nDimensions !== 2 && nDimensions !== 3) {
    refuse(header, 'dimension-count', `an image has two or three dimensions, this has ${nDimensions}`);
  }
  for (const size of dimensions) {
    if (!(size > 0))
      refuse(header, 'dimension-size', `its dimensions are ${said(dimensions)}: each must be at least 1`);
  }
}

function knownColorMode(header: ImageHeader): ColorMode {
  const { colorMode, nDimensions } = header;
  if (colorMode === undefined) {
    if (nDimensions === 3) refuse(header, 'color-mode', 'it has three dimensions, but no attribute ColorMode');
    return ColorMode.Mono;
  }
  if (isColorMode(colorMode)) return colorMode;
  const known = Object.entries(ColorMode).map(([name, mode]) => `${mode} ${name}`);
  const found = Number.isNaN(colorMode) ? 'no integer' : String(colorMode);
  return refuse(header, 'color-mode', `its attribute ColorMode is ${found}; known are ${known.join(', ')}`);
}

function shapeOf(header: ImageHeader, colorMode: ColorMode, format: PixelFormat): ImageShape {
  const { dimensions } = header;
  const colors = colorDimension(colorMode);
  const expected = colors === undefined ? 2 : 3;
  if (dimensions.length !== 0 && dimensions.length !== expected) {
    refuse(
      header,
      'dimension-count',
      `${colorModeName(colorMode)} has ${expected} dimensions, this has ${dimensions.length}: ${said(dimensions)}`,
    );
  }
  const [a = 0, b = 0, c = 0] = dimensions;
  if (colors === undefined) return { nx: a, ny: b, nz: null, colorMode, format };
  if (dimensions.length > 0 && dimensions[colors] !== 3) {
    const name = colorModeName(colorMode);
    refuse(
      header,
      'color-dimension',
      `its dimensions are ${said(dimensions)}; of ${name} the ${ordinals[colors]} must be 3`,
    );
  }
  return { nx: colors === 0 ? b : a, ny: colors === 2 ? b : c, nz: 3, colorMode, format };
}

const ordinals = ['first', 'second', 'third'] as const;

function checkElements(header: ImageHeader, format: PixelFormat): void {
  const { dimensions, elements, compressedSize, uncompressedSize } = header;
  let product = dimensions.length > 0 ? 1 : 0;
  for (const size of dimensions) product *= size;
  if (product !== elements) {
    refuse(header, 'element-count', `its dimensions ${said(dimensions)} make ${product} elements, ${elements} came`);
  }
  const bytes = elements * format.bytes;
  if (!agrees(compressedSize, bytes) || !agrees(uncompressedSize, bytes)) {
    const sizes = `compressedSize ${compressedSize}, uncompressedSize ${uncompressedSize}`;
    refuse(header, 'data-size', `its data has ${bytes} bytes, but it says ${sizes}`);
  }
}

/** Some sources leave the sizes at zero: then nothing is said. */
function agrees(stated: number | undefined, bytes: number): boolean {
  return stated === undefined || stated === 0 || stated === bytes;
}

function said(dimensions: readonly number[]): string {
  return dimensions.length === 0 ? 'none' : dimensions.join(' × ');
}
