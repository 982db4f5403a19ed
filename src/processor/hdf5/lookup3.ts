/**
 * The checksum of HDF5's metadata: Bob Jenkins' `hashlittle` of lookup3.c with the initial value 0.
 * https://burtleburtle.net/bob/c/lookup3.c
 */
export function lookup3(data: Uint8Array, begin = 0, end = data.length): number {
  let a = (0xdeadbeef + (end - begin)) | 0;
  let b = a;
  let c = a;
  let at = begin;
  if (at === end) return c >>> 0;
  const view = new DataView(data.buffer, data.byteOffset);
  for (; end - at > 12; at += 12) {
    a = (a + view.getInt32(at, true)) | 0;
    b = (b + view.getInt32(at + 4, true)) | 0;
    c = (c + view.getInt32(at + 8, true)) | 0;
    // mix(a, b, c)
    a = (a - c) ^ rotated(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotated(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 4);
    b = (b + a) | 0;
  }
  const rest = new Uint8Array(12);
  rest.set(data.subarray(at, end));
  const last = new DataView(rest.buffer);
  a = (a + last.getInt32(0, true)) | 0;
  b = (b + last.getInt32(4, true)) | 0;
  c = (c + last.getInt32(8, true)) | 0;
  // final(a, b, c)
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return c >>> 0;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
