import { ColorMode } from '../../color-mode.js';

/** How an array is cut into frames. */
export interface FrameShape {
  readonly frames: number;
  readonly nx: number;
  readonly ny: number;
  readonly colorMode: ColorMode;
  /** Elements of one frame. */
  readonly elements: number;
}

/**
 * The frames of an array in C order: its last two dimensions are those of an image, or its last three where there are colours; the
 * dimensions before count frames. Without a colour mode, an array of three or more dimensions whose last one is 3 is in colour, as
 * NumPy's images are. Undefined when it is no array of images.
 */
export function frameShape(shape: readonly number[], given?: ColorMode): FrameShape | undefined {
  const looksColored = shape.length >= 3 && shape.at(-1) === 3;
  const colorMode = given ?? (looksColored ? ColorMode.RGB1 : ColorMode.Mono);
  const ofImage = dimensionsOf(shape, colorMode);
  if (ofImage === undefined || shape.some((size) => size < 1)) return undefined;
  const { nx, ny, count } = ofImage;
  const elements = shape.slice(-count).reduce((product, size) => product * size, 1);
  const frames = shape.slice(0, -count).reduce((product, size) => product * size, 1);
  return { frames, nx, ny, colorMode, elements };
}

function dimensionsOf(shape: readonly number[], mode: ColorMode) {
  const [a = 0, b = 0, c = 0] = shape.length >= 3 ? shape.slice(-3) : [0, ...shape.slice(-2)];
  const in3 = (colors: number, ny: number, nx: number) =>
    shape.length >= 3 && colors === 3 ? { nx, ny, count: 3 } : undefined;
  if (mode === ColorMode.RGB1) return in3(c, a, b);
  if (mode === ColorMode.RGB2) return in3(b, a, c);
  if (mode === ColorMode.RGB3) return in3(a, b, c);
  return shape.length >= 2 ? { nx: c, ny: b, count: 2 } : undefined;
}
