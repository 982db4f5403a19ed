/** What the terminal can show: 24-bit colour, the palette of 256 colours, or characters alone. */
export type ColorMode = 'truecolor' | '256' | 'none';
export const colorModes: readonly ColorMode[] = ['truecolor', '256', 'none'];

/** An image of bytes, red, green and blue side by side. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const UPPER_HALF = '▀';
const RESET = '\x1b[0m';
const RAMP = ' .:-=+*#%@';

/** The nearest colour of the 6×6×6 cube or the grey ramp of the 256-colour palette. */
export function paletteIndex(red: number, green: number, blue: number): number {
  if (red === green && green === blue) {
    if (red < 4) return 16;
    return red > 246 ? 231 : 232 + Math.min(23, Math.max(0, Math.round((red - 8) / 10)));
  }
  const level = (byte: number) => (byte < 48 ? 0 : byte < 115 ? 1 : Math.floor((byte - 35) / 40));
  return 16 + 36 * level(red) + 6 * level(green) + level(blue);
}

/** The parameters that select one pixel's colour, for the foreground (38) or the background (48). */
function colorCode(image: RgbImage, pixel: number, ground: 38 | 48, mode: 'truecolor' | '256'): string {
  const [red = 0, green = 0, blue = 0] = image.data.subarray(pixel * 3, pixel * 3 + 3);
  return mode === '256' ? `${ground};5;${paletteIndex(red, green, blue)}` : `${ground};2;${red};${green};${blue}`;
}

/** One line of text that shows two rows of pixels: the upper is the character's colour, the lower its background. */
function coloredLine(image: RgbImage, row: number, mode: 'truecolor' | '256'): string {
  const last = Math.min(row + 1, image.height - 1);
  let line = '';
  let current = '';
  for (let x = 0; x < image.width; x++) {
    const upper = colorCode(image, row * image.width + x, 38, mode);
    const lower = row + 1 > last ? '49' : colorCode(image, last * image.width + x, 48, mode);
    const colors = `${upper};${lower}`;
    line += colors === current ? UPPER_HALF : `\x1b[${colors}m${UPPER_HALF}`;
    current = colors;
  }
  return line + RESET;
}

/** One line of characters of growing weight for two rows of pixels. */
function plainLine(image: RgbImage, row: number): string {
  const rows = Math.min(2, image.height - row);
  let line = '';
  for (let x = 0; x < image.width; x++) {
    let sum = 0;
    for (let y = row; y < row + rows; y++) {
      const [red = 0, green = 0, blue = 0] = image.data.subarray((y * image.width + x) * 3);
      sum += 0.299 * red + 0.587 * green + 0.114 * blue;
    }
    line += RAMP[Math.min(RAMP.length - 1, Math.floor((sum / rows / 256) * RAMP.length))] ?? ' ';
  }
  return line;
}

/** The lines of text that show `image`: one for every two rows of pixels, without line ends. */
export function cellLines(image: RgbImage, mode: ColorMode): string[] {
  const count = Math.ceil(image.height / 2);
  return Array.from({ length: count }, (_, line) =>
    mode === 'none' ? plainLine(image, line * 2) : coloredLine(image, line * 2, mode),
  );
}
