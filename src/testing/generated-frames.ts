import { checkKeys } from '../core/check-keys.js';
import { asImage, Pattern, pixelTypes, type PatternName, patternNames } from '../hpc/sim-server/pattern.js';
import { ColorMode } from '../image/color-mode.js';
import { generateNtNdArray2D } from '../image/generate.js';
import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import { planAt, seriesKeys, type FramePlan, type SeriesOptions } from './frame-plan.js';
import { badOption, wholeNumber } from './selection.js';

/** What generated frames look like. */
export interface GeneratedOptions {
  /** Rows and columns, and 3 for colours: `[64, 64]` if it is not given. */
  readonly shape?: readonly number[] | undefined;
  /** `uint16` if it is not given. */
  readonly dtype?: keyof typeof pixelTypes | undefined;
  /**
   * `gradient`, if it is not given: a ramp over the diagonal that moves by a pixel with each frame; `moving-spot`: a bright spot on noise;
   * `random`: noise.
   */
  readonly pattern?: PatternName | undefined;
  /** Smallest and largest value; by default the range of integers, and 0 to 1 for floats. */
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** Of the noise: the same for the same seed; 1 if it is not given. */
  readonly seed?: number | undefined;
}

/** A stream of generated frames. */
export interface FramesOptions extends GeneratedOptions, SeriesOptions {
  /** How many; without an end if it is not given. */
  readonly count?: number | undefined;
}

const look = ['shape', 'dtype', 'pattern', 'minimum', 'maximum', 'seed'];

/** @throws {PvaflowError} PVAFLOW_OPTION naming what is wrong */
export function checkFramesOptions(options: FramesOptions): void {
  checkKeys('frames', options, ['count', ...look, ...seriesKeys]);
  if (options.count !== undefined && options.count !== Infinity) wholeNumber('count', options.count);
  checkLook(options);
}

/** @throws {PvaflowError} PVAFLOW_OPTION naming what is wrong */
export function checkLook({ shape = [64, 64], dtype = 'uint16', pattern = 'gradient' }: GeneratedOptions): void {
  const [ny = 0, nx = 0, nz, ...more] = shape;
  wholeNumber('rows in shape', ny, 1);
  wholeNumber('columns in shape', nx, 1);
  if (more.length > 0 || (nz !== undefined && nz !== 3))
    throw badOption(`shape must be [rows, columns] or [rows, columns, 3], found [${shape.join(', ')}]`);
  if (!Object.hasOwn(pixelTypes, dtype))
    throw badOption(`dtype must be one of ${Object.keys(pixelTypes).join(', ')}, found ${dtype}`);
  if (!patternNames.includes(pattern))
    throw badOption(`pattern must be one of ${patternNames.join(', ')}, found ${pattern}`);
}

export function* generatedPlans(options: FramesOptions): Generator<FramePlan> {
  const { count = Infinity } = options;
  const drawer = drawerOf(options);
  const changed = new Map<GeneratedOptions, (index: number) => NtNdArray>();
  for (let index = 0; index < count; index++) {
    yield planAt(index, options, {
      draw: () => drawer(index),
      redraw: (changes) => {
        if (!changed.has(changes)) changed.set(changes, drawerOf({ ...options, ...changes }));
        return (changed.get(changes) as (index: number) => NtNdArray)(index);
      },
    });
  }
}

function drawerOf(options: GeneratedOptions): (index: number) => NtNdArray {
  const { shape = [], dtype: type = 'uint16', pattern: name = 'gradient', seed = 1, minimum, maximum } = options;
  const [ny = 64, nx = 64, nz] = shape;
  const colorMode = nz === undefined ? ColorMode.Mono : ColorMode.RGB1;
  const about = { type, colorMode, nx, ny, minimum, maximum } as const;
  const still = new Pattern({ ...about, pattern: name, seed });
  // Noise goes on from frame to frame: each has a seed of its own, so that it is the same whichever frames are drawn.
  const of = (index: number) =>
    name === 'random' ? new Pattern({ ...about, pattern: name, seed: seed + index }) : still;
  return (index) => generateNtNdArray2D(0, asImage(of(index).draw(index), nx, ny, colorMode), { colorMode });
}
