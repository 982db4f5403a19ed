import { PvaflowError } from '../../core/errors.js';
import { SeededRandom } from '../../core/seeded-random.js';
import type { ImageView } from '../../image/image-view.js';

/** The types that pixels can have, with the range of values that each holds. */
export const pixelTypes = {
  int8: { make: (n: number) => new Int8Array(n), min: -128, max: 127 },
  uint8: { make: (n: number) => new Uint8Array(n), min: 0, max: 255 },
  int16: { make: (n: number) => new Int16Array(n), min: -32768, max: 32767 },
  uint16: { make: (n: number) => new Uint16Array(n), min: 0, max: 65535 },
  int32: { make: (n: number) => new Int32Array(n), min: -(2 ** 31), max: 2 ** 31 - 1 },
  uint32: { make: (n: number) => new Uint32Array(n), min: 0, max: 2 ** 32 - 1 },
  int64: { make: (n: number) => new BigInt64Array(n), min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  uint64: { make: (n: number) => new BigUint64Array(n), min: 0, max: Number.MAX_SAFE_INTEGER },
  float32: { make: (n: number) => new Float32Array(n), min: 0, max: 1 },
  float64: { make: (n: number) => new Float64Array(n), min: 0, max: 1 },
} as const;
export type PixelType = keyof typeof pixelTypes;
export type Pixels = ReturnType<(typeof pixelTypes)[PixelType]['make']>;

export const patternNames = ['moving-spot', 'gradient', 'random'] as const;
export type PatternName = (typeof patternNames)[number];

/** Mono, and the three ways in which colours are laid out: by pixel, by line, by plane. The numbers are areaDetector's. */
export const colorModes = [0, 2, 3, 4] as const;
export type SimColorMode = (typeof colorModes)[number];

export interface PatternOptions {
  readonly pattern: PatternName;
  readonly type: PixelType;
  readonly colorMode: SimColorMode;
  readonly nx: number;
  readonly ny: number;
  /** Smallest and largest value; by default the range of integers, and 0 to 1 for floats. */
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** Of the noise: the same numbers for the same seed. */
  readonly seed?: number | undefined;
}

/** Draws frame after frame of one pattern. */
export class Pattern {
  readonly #options: PatternOptions;
  readonly #min: number;
  readonly #max: number;
  readonly #channels: number;
  #background: Pixels | undefined;
  readonly #random: SeededRandom;

  constructor(options: PatternOptions) {
    const { min, max } = pixelTypes[options.type];
    const isFloat = options.type.startsWith('float');
    const clip = (value: number) => (isFloat ? value : Math.trunc(Math.min(max, Math.max(min, value))));
    this.#options = options;
    this.#random = new SeededRandom(options.seed ?? 1);
    this.#min = clip(options.minimum ?? (options.pattern === 'random' ? min : Math.max(0, min)));
    this.#max = clip(options.maximum ?? max);
    this.#channels = options.colorMode === 0 ? 1 : 3;
    if (this.#min > this.#max) {
      throw new PvaflowError('PVAFLOW_SIM_RANGE', `the minimum ${this.#min} is larger than the maximum ${this.#max}`);
    }
  }

  /** How many values a frame has. */
  get length(): number {
    return this.#options.nx * this.#options.ny * this.#channels;
  }

  /** Frame number `index`, newly made. */
  draw(index: number): Pixels {
    const { pattern } = this.#options;
    if (pattern === 'random') return this.#snow();
    if (pattern === 'gradient') return this.#gradient(index);
    return this.#movingSpot(index);
  }

  #snow(): Pixels {
    const span = this.#max - this.#min;
    const isFloat = this.#options.type.startsWith('float');
    return this.#fill(
      isFloat
        ? () => this.#min + span * this.#random.next()
        : () => this.#min + Math.floor((span + 1) * this.#random.next()),
    );
  }

  /** A ramp over the diagonal that moves by one pixel with each frame. */
  #gradient(index: number): Pixels {
    const { nx, ny } = this.#options;
    const period = nx + ny;
    const span = this.#max - this.#min;
    return this.#drawEach((x, y) => this.#min + (span * ((x + y + index) % period)) / (period - 1));
  }

  /** A bright spot that goes round on a dim background; each colour has its own size. */
  #movingSpot(index: number): Pixels {
    const { nx, ny } = this.#options;
    this.#background ??= this.#noise();
    const pixels = this.#background.slice();
    const angle = (index / 100) * 2 * Math.PI;
    const centre = { x: (nx - 1) * (0.5 + 0.35 * Math.cos(angle)), y: (ny - 1) * (0.5 + 0.35 * Math.sin(2 * angle)) };
    const radius = Math.max(1, Math.min(nx, ny) / 12);
    for (let channel = 0; channel < this.#channels; channel++)
      this.#spot(pixels, centre, radius * (1 + channel / 2), channel);
    return pixels;
  }

  #spot(pixels: Pixels, centre: { x: number; y: number }, radius: number, channel: number): void {
    const { nx, ny } = this.#options;
    const reach = 3 * radius;
    const span = (this.#max - this.#min) * 0.9;
    const set = setterOf(pixels);
    for (let y = Math.max(0, Math.floor(centre.y - reach)); y < Math.min(ny, centre.y + reach); y++) {
      for (let x = Math.max(0, Math.floor(centre.x - reach)); x < Math.min(nx, centre.x + reach); x++) {
        const distance = ((x - centre.x) ** 2 + (y - centre.y) ** 2) / radius ** 2;
        const at = this.#indexOf(x, y, channel);
        set(at, Number(pixels[at]) + span * Math.exp(-distance / 2));
      }
    }
  }

  /** The dim background: at most a tenth of the range. */
  #noise(): Pixels {
    const span = (this.#max - this.#min) * 0.1;
    return this.#fill(() => this.#min + span * this.#random.next());
  }

  #fill(value: () => number): Pixels {
    const pixels = pixelTypes[this.#options.type].make(this.length);
    const set = setterOf(pixels);
    for (let i = 0; i < pixels.length; i++) set(i, value());
    return pixels;
  }

  #drawEach(value: (x: number, y: number) => number): Pixels {
    const { nx, ny, type } = this.#options;
    const pixels = pixelTypes[type].make(this.length);
    const set = setterOf(pixels);
    for (let channel = 0; channel < this.#channels; channel++) {
      for (let y = 0; y < ny; y++) {
        // Colours differ, so that their order can be seen: red falls, green rises, blue rises twice as far.
        for (let x = 0; x < nx; x++) set(this.#indexOf(x, y, channel), value(x * (channel + 1), y));
      }
    }
    return pixels;
  }

  /** Where a value stands: the first dimension runs fastest. RGB1 is [3,nx,ny], RGB2 [nx,3,ny], RGB3 [nx,ny,3]. */
  #indexOf(x: number, y: number, channel: number): number {
    const { nx, ny, colorMode } = this.#options;
    if (colorMode === 2) return channel + 3 * (x + nx * y);
    if (colorMode === 3) return x + nx * (channel + 3 * y);
    return x + nx * (y + ny * channel);
  }
}

/** The pixels as an image of shape (ny, nx), or (ny, nx, 3), whatever their order. */
export function asImage(data: Pixels, nx: number, ny: number, mode: SimColorMode): ImageView {
  if (mode === 0) return { data, shape: [ny, nx], stride: [nx, 1], offset: 0 };
  const stride = { 2: [3 * nx, 3, 1], 3: [3 * nx, 1, nx], 4: [nx, 1, nx * ny] }[mode];
  return { data, shape: [ny, nx, 3], stride, offset: 0 };
}

/** Puts numbers into any array: 64-bit integers are rounded, others as typed arrays do it. */
function setterOf(pixels: Pixels): (index: number, value: number) => void {
  if (pixels instanceof BigInt64Array || pixels instanceof BigUint64Array) {
    return (index, value) => void (pixels[index] = BigInt(Math.round(value)));
  }
  return (index, value) => void (pixels[index] = value);
}
