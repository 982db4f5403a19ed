import { PvaflowError } from '../../core/errors.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { colorDimension, ColorMode } from '../color-mode.js';
import type { PixelArray } from '../../pva/normative/pixel-types.js';
import { kernels } from '../../pva/kernels.js';
import { frameImage, putPixels, putPlaces, type Places } from './frame-image.js';
import { checkChoice } from './options.js';

/** What can be asked for. */
export const outputColorModes = ['Mono', 'RGB1', 'RGB2', 'RGB3'] as const;
export type OutputColorMode = (typeof outputColorModes)[number];

/**
 * How red, green and blue become one value: `mean`, as areaDetector's NDPluginColorConvert does, or the weights of BT.601 (0.299,
 * 0.587, 0.114; of JPEG and Pillow) or BT.709 (0.2126, 0.7152, 0.0722).
 * https://www.itu.int/rec/R-REC-BT.601, https://www.itu.int/rec/R-REC-BT.709
 */
export const luminanceRules = ['mean', 'bt601', 'bt709'] as const;
export type LuminanceRule = (typeof luminanceRules)[number];

/** Of red, green and blue: whole numbers, so that integers come out exact. They are divided by their sum. */
const weights: Readonly<Record<LuminanceRule, readonly [number, number, number]>> = {
  mean: [1, 1, 1],
  bt601: [299, 587, 114],
  bt709: [2126, 7152, 722],
};

export interface ConvertColorOptions {
  readonly colorMode: OutputColorMode;
  /** `mean` by default. */
  readonly luminance?: LuminanceRule | undefined;
}

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION naming the option, what was expected and what was found */
export function checkConvertColorOptions({ colorMode, luminance }: ConvertColorOptions): void {
  checkChoice('colorMode', colorMode, outputColorModes);
  if (luminance !== undefined) checkChoice('luminance', luminance, luminanceRules);
}

/**
 * Converts the image of a frame to another colour mode, in place: the pixels, the dimensions and the attribute `ColorMode` change.
 * Grey becomes three equal colours; of integers, one value for three is rounded to the nearest, halves up. A frame that has the mode already, or no
 * image, is left as it is.
 *
 * @returns whether it was converted
 * @throws {FrameError} when the frame contradicts itself
 * @throws {PvaflowError} PVAFLOW_IMAGE_OPTION; PVAFLOW_IMAGE_COLOR_MODE for a frame of a Bayer pattern, PVAFLOW_IMAGE_TYPE for booleans in colour that are to
 *   become grey
 */
export function convertColorNtNdArray(frame: NtNdArray, options: ConvertColorOptions): boolean {
  checkConvertColorOptions(options);
  const opened = frameImage(frame);
  const colorMode = ColorMode[options.colorMode];
  if (opened === undefined || opened.colorMode === colorMode) return false;
  const { places, nx, ny, nz, format } = opened;
  if (opened.colorMode === ColorMode.Bayer)
    refuse('COLOR_MODE', `frame ${frame.uniqueId}: it has a Bayer pattern, which is not converted`);
  const made = { ...opened, colorMode };
  if (nz === null) putPlaces(frame, threeTimes(places), made);
  else if (colorDimension(colorMode) !== undefined) putPlaces(frame, places, made);
  else {
    if (format.dtype === 'boolean') refuse('TYPE', `frame ${frame.uniqueId}: booleans have no mean`);
    const [stepY = 0, stepX = 0, stepColor = 0] = places.stride;
    const data = frame.data as PixelArray;
    const rule = weights[options.luminance ?? 'mean'];
    putPixels(frame, made, (target) => kernels.luminance(data, target, nx, ny, stepX, stepY, stepColor, ...rule));
  }
  frame.setAttribute('ColorMode', { type: 'int', value: colorMode });
  return true;
}

function threeTimes({ shape, stride, offset }: Places): Places {
  return { shape: [...shape, 3], stride: [...stride, 0], offset };
}

function refuse(what: string, message: string): never {
  throw new PvaflowError(`PVAFLOW_IMAGE_${what}`, message);
}
