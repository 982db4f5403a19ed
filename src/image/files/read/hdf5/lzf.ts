/**
 * Undoes LZF, h5py's own filter. A byte below 32 begins so many bytes and one more, as they are; any other a repetition of what came
 * before: its length in the upper three bits, continued in the next byte when all are set, and how far back in the lower five and a byte.
 *
 * Source: http://software.schmorp.de/pkg/liblzf.html
 *
 * @param size of what comes out
 * @throws {Error} for bytes that make something else
 */
export function lzfDecoded(bytes: Uint8Array, size: number): Buffer {
  const out = Buffer.alloc(size);
  let [from, to] = [0, 0];
  while (from < bytes.length) {
    const control = next();
    if (control < 32) {
      const count = control + 1;
      check(from + count <= bytes.length && to + count <= size);
      out.set(bytes.subarray(from, from + count), to);
      [from, to] = [from + count, to + count];
    } else {
      const upper = control >> 5;
      const count = 2 + (upper < 7 ? upper : 7 + next());
      const back = 1 + ((control & 31) << 8) + next();
      check(back <= to && to + count <= size);
      for (const end = to + count; to < end; to++) out[to] = out[to - back] as number; // what it repeats may be what it writes
    }
  }
  check(to === size);
  return out;

  function next(): number {
    check(from < bytes.length);
    return bytes[from++] as number;
  }
}

function check(isRight: boolean): void {
  if (!isRight) throw new Error('its LZF data is damaged, or does not make as many bytes as it should');
}
