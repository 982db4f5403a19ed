import type { PixelArray } from '../../../../pva/normative/pixel-types.js';

/** Each value became its difference from the one before it in its row: TIFF 6.0, section 14. In place. */
export function undoDifferences(data: PixelArray, rowLength: number, samples: number): void {
  for (let row = 0; row < data.length; row += rowLength) {
    const end = Math.min(row + rowLength, data.length);
    for (let i = row + samples; i < end; i++) data[i] = (data[i] as number) + (data[i - samples] as number);
  }
}

/**
 * The bytes of the floats of a row were put together by their rank, highest first, and became differences: Adobe's Photoshop TIFF
 * Technical Note 3. Gives the floats big-endian.
 */
export function undoFloatDifferences(bytes: Uint8Array, rowBytes: number, samples: number, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const count = rowBytes / size;
  for (let row = 0; row < bytes.length; row += rowBytes) {
    for (let i = row + samples; i < row + rowBytes; i++)
      bytes[i] = ((bytes[i] as number) + (bytes[i - samples] as number)) & 0xff;
    for (let i = 0; i < count; i++)
      for (let rank = 0; rank < size; rank++) out[row + i * size + rank] = bytes[row + rank * count + i] as number;
  }
  return out;
}
