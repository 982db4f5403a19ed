import { messageOf } from '../../../../core/errors.js';
import { ColorMode } from '../../../color-mode.js';
import type { FilePixels } from '../../file-pixels.js';
import { elementBytes, elementsOf, isLittleMachine } from '../elements.js';
import type { FrameFile } from '../frame-file.js';
import { withoutOpacity } from '../opacity.js';
import { OpenFile } from '../open-file.js';
import { unpackBits } from '../unpack-bits.js';
import { decompressors, type Decompressor } from './compressions.js';
import { TiffReader } from './directory.js';
import { blocksOf, pageOf, type Page } from './page.js';
import { undoDifferences, undoFloatDifferences } from './predictors.js';

/**
 * The images of a TIFF or BigTIFF file, one for each page: grey or RGB, of all types of pixels and both byte orders, in strips or
 * tiles, not compressed or with LZW, Deflate or PackBits. Opacity is left out.
 */
export async function openTiff(path: string): Promise<FrameFile> {
  const file = await OpenFile.open(path);
  try {
    const reader = await TiffReader.start(file);
    const directories = await reader.directories();
    return {
      length: directories.length,
      read: async (index) => readPage(reader, pageOf(file, await reader.directory(directories[index] as number))),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readPage(reader: TiffReader, page: Page): Promise<FilePixels> {
  const { nx, ny, dtype, isColor, isPlanar } = page;
  const bytes = (await plainPixels(reader, page)) ?? (await assembled(reader, page));
  const all = elementsOf(bytes, dtype, isLittleMachine);
  const wanted = isColor ? 3 : 1;
  const data = isPlanar ? all.subarray(0, nx * ny * wanted) : withoutOpacity(all, page.samples, wanted);
  return { data, nx, ny, dtype, colorMode: !isColor ? ColorMode.Mono : isPlanar ? ColorMode.RGB3 : ColorMode.RGB1 };
}

/** The bytes of an image that lies in the file as it does in memory: read at once. */
async function plainPixels({ file, isLittleEndian }: TiffReader, page: Page): Promise<Uint8Array | undefined> {
  const { compression, predictor, isTiled, bits, offsets, byteCounts, nx, ny, samples, dtype } = page;
  if (compression !== 1 || predictor !== 1 || isTiled || bits < 8) return undefined;
  const start = offsets[0] as number;
  let end = start;
  for (const [i, offset] of offsets.entries()) {
    if (offset !== end) return undefined;
    end += byteCounts[i] ?? 0;
  }
  const length = nx * ny * samples * elementBytes(dtype);
  if (end - start !== length) return undefined;
  return inMachineOrder(await file.read(start, length), page, isLittleEndian);
}

function inMachineOrder(bytes: Uint8Array, { dtype }: Page, isLittleEndian: boolean): Uint8Array {
  const { buffer, byteOffset, byteLength } = elementsOf(bytes, dtype, isLittleEndian);
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** All strips or tiles in their places: planes one after the other, or the samples of a pixel together. */
async function assembled(reader: TiffReader, page: Page): Promise<Uint8Array> {
  const { nx, ny, samples, isPlanar, blockWidth, blockHeight } = page;
  const pixelBytes = elementBytes(page.dtype) * (isPlanar ? 1 : samples);
  const planes = isPlanar ? samples : 1;
  const { across, down } = blocksOf(page);
  const out = new Uint8Array(nx * ny * pixelBytes * planes);
  for (let block = 0; block < across * down * planes; block++) {
    const plane = Math.floor(block / (across * down));
    const [row, column] = [Math.floor((block % (across * down)) / across) * blockHeight, (block % across) * blockWidth];
    const rows = Math.min(blockHeight, ny - row);
    const pixels = await readBlock(reader, page, block, page.isTiled ? blockHeight : rows);
    const width = Math.min(blockWidth, nx - column) * pixelBytes;
    for (let y = 0; y < rows; y++) {
      const from = y * blockWidth * pixelBytes;
      out.set(pixels.subarray(from, from + width), ((plane * ny + row + y) * nx + column) * pixelBytes);
    }
  }
  return out;
}

/** One strip or tile, in the byte order of the machine. */
async function readBlock({ file, isLittleEndian }: TiffReader, page: Page, block: number, rows: number) {
  const { bits, dtype, blockWidth, predictor } = page;
  const samples = page.isPlanar ? 1 : page.samples;
  const rowBytes = Math.ceil((blockWidth * samples * bits) / 8);
  const stored = await file.read(page.offsets[block] as number, page.byteCounts[block] as number);
  const decompress = decompressors[page.compression] as Decompressor;
  const bytes = await Promise.resolve(decompress(stored, rows * rowBytes)).catch((error: unknown) => {
    throw file.damaged(`has a strip or tile that is damaged: ${messageOf(error)}`);
  });
  if (bytes.length < rows * rowBytes)
    throw file.damaged(`has a strip or tile of ${bytes.length} bytes, ${rows * rowBytes} are needed`);
  if (bits < 8) return unpackBits(bytes, bits, blockWidth, rows);
  if (predictor === 3) {
    const floats = undoFloatDifferences(bytes, rowBytes, samples, bits / 8);
    return inMachineOrder(floats, page, false);
  }
  const native = inMachineOrder(bytes, page, isLittleEndian);
  if (predictor === 2) undoDifferences(elementsOf(native, dtype, isLittleMachine), blockWidth * samples, samples);
  return native;
}
