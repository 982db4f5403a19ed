/** An image as the benchmarks send it. */
export interface Size {
  readonly name: string;
  /** Pixels along each side. */
  readonly side: number;
  readonly dtype: 'uint8' | 'uint16';
  readonly bytes: number;
}

function square(side: number, dtype: Size['dtype']): Size {
  const bytes = side * side * (dtype === 'uint8' ? 1 : 2);
  return { name: `${side}`, side, dtype, bytes };
}

export const SIZES: readonly Size[] = [
  square(64, 'uint8'),
  square(512, 'uint8'),
  square(1024, 'uint16'),
  square(2048, 'uint16'),
];

/** As tables show it: `512² u8`. */
export function titleOf(size: Size): string {
  return `${size.side}² ${size.dtype === 'uint8' ? 'u8' : 'u16'}`;
}
