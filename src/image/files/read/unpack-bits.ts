/** Samples of 1, 2 or 4 bits, the first one highest and each row beginning with a byte, as one byte each. */
export function unpackBits(bytes: Uint8Array, bits: number, width: number, rows: number): Uint8Array {
  const rowBytes = Math.ceil((width * bits) / 8);
  const out = new Uint8Array(width * rows);
  const mask = (1 << bits) - 1;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++) {
      const byte = bytes[y * rowBytes + ((x * bits) >> 3)] as number;
      out[y * width + x] = (byte >> (8 - bits - ((x * bits) & 7))) & mask;
    }
  return out;
}
