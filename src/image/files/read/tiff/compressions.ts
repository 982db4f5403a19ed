import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

const inflated = promisify<Buffer, { maxOutputLength: number; finishFlush?: number }, Buffer>(inflate);

/** Undoes a compression of strips and tiles: gives `length` bytes, or fewer where the data ends early. */
export type Decompressor = (bytes: Buffer, length: number) => Buffer | Promise<Buffer>;

/** By their numbers in TIFF. */
export const decompressors: Readonly<Record<number, Decompressor>> = {
  1: (bytes, length) => bytes.subarray(0, length),
  5: lzw,
  8: zlib,
  32946: zlib,
  32773: packBits,
};

/** Those that are not read, for messages. */
export const otherCompressions: Readonly<Record<number, string>> = {
  2: 'CCITT',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  6: 'JPEG',
  7: 'JPEG',
  34887: 'LERC',
  34892: 'lossy JPEG',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
};

async function zlib(bytes: Buffer, length: number): Promise<Buffer> {
  const out = await inflated(bytes, { maxOutputLength: Math.max(1, length) });
  return out.subarray(0, length);
}

function packBits(bytes: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  let to = 0;
  for (let from = 0; from < bytes.length && to < length;) {
    const count = bytes.readInt8(from++);
    if (count >= 0) {
      bytes.copy(out, to, from, from + count + 1);
      from += count + 1;
      to += count + 1;
    } else if (count !== -128) {
      out.fill(bytes[from++] ?? 0, to, to + 1 - count);
      to += 1 - count;
    }
  }
  return out.subarray(0, Math.min(to, length));
}

const CLEAR = 256;
const END = 257;
const MAX_CODES = 4096;

/** TIFF 6.0, section 13: codes of 9 to 12 bits, the first bit highest, whose width grows one code early. */
function lzw(bytes: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  const prefix = new Int16Array(MAX_CODES); // the code of all but the last byte of a string
  const lengths = new Uint16Array(MAX_CODES).fill(1, 0, CLEAR);
  const last = Uint8Array.from({ length: MAX_CODES }, (_, code) => code);
  let [to, next, width, previous] = [0, END + 1, 9, -1];
  let [bits, available, from] = [0, 0, 0];
  while (to < length) {
    while (available < width && from < bytes.length) {
      bits = ((bits << 8) | (bytes[from++] as number)) & 0xffffff;
      available += 8;
    }
    if (available < width) break;
    const code = (bits >> (available - width)) & ((1 << width) - 1);
    available -= width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, previous] = [END + 1, 9, -1];
      continue;
    }
    if (code > next || (code === next && previous < 0) || code >= MAX_CODES) break; // damaged
    const isNew = code === next;
    const size = isNew ? (lengths[previous] as number) + 1 : (lengths[code] as number);
    let at = isNew ? previous : code;
    for (let i = to + size - (isNew ? 2 : 1); i >= to; i--) {
      if (i < length) out[i] = last[at] as number;
      at = prefix[at] as number;
    }
    const first = out[to] as number;
    if (isNew && to + size - 1 < length) out[to + size - 1] = first;
    if (previous >= 0 && next < MAX_CODES) {
      prefix[next] = previous;
      last[next] = first;
      lengths[next] = (lengths[previous] as number) + 1;
      next++;
    }
    to += size;
    previous = code;
    if (next + 1 >= 1 << width && width < 12) width++;
  }
  return out.subarray(0, Math.min(to, length));
}
