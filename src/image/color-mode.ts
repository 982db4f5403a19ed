/** areaDetector's colour modes that are known here. https://areadetector.github.io/areaDetector/ADCore/NDArray.html */
export const ColorMode = {
  /** [nx, ny] */
  Mono: 0,
  /** `[nx, ny]`, one colour for each pixel, in a pattern that the camera knows: shown as it is. */
  Bayer: 1,
  /** `[3, nx, ny]`: the colours of a pixel stand together. */
  RGB1: 2,
  /** `[nx, 3, ny]`: row by row, each row once for each colour. */
  RGB2: 3,
  /** `[nx, ny, 3]`: three planes. */
  RGB3: 4,
} as const;
export type ColorMode = (typeof ColorMode)[keyof typeof ColorMode];

const names = new Map<number, string>(Object.entries(ColorMode).map(([name, mode]) => [mode, name]));

export function isColorMode(mode: number): mode is ColorMode {
  return names.has(mode);
}

export function colorModeName(mode: ColorMode): string {
  return names.get(mode) as string;
}

/** Which dimension holds red, green and blue; undefined when none does. */
export function colorDimension(mode: ColorMode): 0 | 1 | 2 | undefined {
  switch (mode) {
    case ColorMode.RGB1:
      return 0;
    case ColorMode.RGB2:
      return 1;
    case ColorMode.RGB3:
      return 2;
    default:
      return undefined;
  }
}

/** Sizes of the dimensions as NTNDArray lists them, fastest first. */
export function dimensionSizes(mode: ColorMode, nx: number, ny: number): number[] {
  const sizes = [nx, ny];
  const colors = colorDimension(mode);
  if (colors !== undefined) sizes.splice(colors, 0, 3);
  return sizes;
}

/** Distances in elements between rows, columns and colours of an image that lies in memory in this colour mode. */
export function strides(mode: ColorMode, nx: number, ny: number): number[] {
  switch (mode) {
    case ColorMode.RGB1:
      return [3 * nx, 3, 1];
    case ColorMode.RGB2:
      return [3 * nx, 1, nx];
    case ColorMode.RGB3:
      return [nx, 1, nx * ny];
    default:
      return [nx, 1];
  }
}
