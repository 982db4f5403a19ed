/** Source: https://www.w3.org/TR/png-3/ */
import { endianness } from 'node:os';
import { promisify } from 'node:util';
import { constants, crc32, deflate } from 'node:zlib';
import { bytesOf, interleaved, isColor, type FilePixels } from './file-pixels.js';

const deflated = promisify<Buffer, { level: number }, Buffer>(deflate);
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const GREY = 0;
const RGB = 2;

/**
 * An image of uint8 or uint16 as a PNG file, grey or RGB. It is compressed on a thread of Node's pool, so that frames come in
 * meanwhile.
 *
 * @param level of compression, 0 to 9
 */
export async function encodePng(pixels: FilePixels, level: number = constants.Z_BEST_SPEED): Promise<Uint8Array[]> {
  const { nx, ny, dtype } = pixels;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(nx, 0);
  header.writeUInt32BE(ny, 4);
  header.writeUInt8(dtype === 'uint16' ? 16 : 8, 8);
  header.writeUInt8(isColor(pixels) ? RGB : GREY, 9);
  const data = await deflated(scanlines(pixels), { level });
  return [SIGNATURE, ...chunk('IHDR', header), ...chunk('IDAT', data), ...chunk('IEND', Buffer.alloc(0))];
}

/** The rows, big-endian, each with the number of its filter in front: none. */
function scanlines(pixels: FilePixels): Buffer {
  const bytes = bytesOf(interleaved(pixels));
  const { ny, dtype } = pixels;
  const row = bytes.length / ny;
  const mustSwap = dtype === 'uint16' && endianness() === 'LE';
  const source = mustSwap ? Buffer.from(bytes).swap16() : bytes;
  const lines = Buffer.alloc(bytes.length + ny);
  for (let y = 0; y < ny; y++) lines.set(source.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return lines;
}

function chunk(type: string, data: Buffer): Buffer[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length, 0);
  head.write(type, 4, 'latin1');
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(data, crc32(head.subarray(4))), 0);
  return [head, data, check];
}
