import { PvaflowError } from '../../core/errors.js';
import { compressedData } from '../../image/codec/compressed-data.js';
import { decompressNtNdArray } from '../../image/codec/decompress.js';
import { ColorMode } from '../../image/color-mode.js';
import { getNtNdArrayDataFieldKey } from '../../image/field-key.js';
import { imageHeader } from '../../image/frame-header.js';
import { imageShape, type ImageShape } from '../../image/image-shape.js';
import { pixelsInOrder } from '../../image/pixels.js';
import { reshapeNtNdArray } from '../../image/reshape.js';
import type { ImageHeader } from '../../pva/normative/image-header.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { pixelFormatOf, type PixelArray } from '../../pva/normative/pixel-types.js';
import { toJsonData } from '../../pva/json.js';
import type { AttributeFact } from './attribute-column.js';
import type { FrameAttributes } from './attribute-schema.js';
import type { EncodedData, FrameData } from './frame-format.js';

/**
 * A frame as it goes into a file; undefined for one without pixels, as servers have before the first image. Its pixels are the
 * frame's own memory, or a copy where colours do not lie together (RGB2, RGB3): a file has them as (rows, columns, 3). A frame that is
 * compressed stays so: what is decoded is a copy.
 *
 * @throws {FrameError} as `reshapeNtNdArray`
 * @throws {PvaflowError} PVAFLOW_FRAME_ID when the file's 32 bits do not hold its id
 */
export function frameDataOf(frame: NtNdArray): FrameData | undefined {
  const header = imageHeader(frame);
  const isEncoded = header.codec !== '' && ((header.nDimensions ?? 0) > 0 || header.elements > 0);
  const described = isEncoded ? decodedHeader(frame, header) : { header };
  const shape = imageShape(described.header);
  if (shape === undefined || shape.nx === 0 || shape.ny === 0) return undefined;
  const { nx, ny, nz, format } = shape;
  return {
    dtype: format.dtype,
    shape: nz === null ? [ny, nx] : [ny, nx, nz],
    pixels: () => bytesOf(pixelsOf(frame, shape)),
    copy: () => (isAsInFile(shape) ? frame.clone() : frameWith(pixelsOf(frame, shape))),
    ...(described.bytes && { encoded: encodedData(frame, isAsInFile(shape) ? header.codec : '', described.bytes) }),
    uniqueId: idOf(header),
    timeStamp: nanoseconds(header.seconds, header.nanoseconds),
    dataTimeStamp: nanoseconds(header.dataSeconds, header.dataNanoseconds),
    attributes: attributesOf(frame),
  };
}

/** What the header will be when the frame is decoded, and how many bytes count until then. */
function decodedHeader(frame: NtNdArray, header: ImageHeader): { header: ImageHeader; bytes?: number } {
  const { format, elements, compressedSize } = compressedData(frame, header);
  const size = elements * format.bytes;
  const decoded = { ...header, codec: '', format, elements, compressedSize: size, uncompressedSize: size };
  return { header: decoded, bytes: compressedSize };
}

function encodedData(frame: NtNdArray, codec: string, count: number): EncodedData {
  return {
    codec,
    bytes: () => bytesOf(frame.data as PixelArray).subarray(0, count),
    decode: async () => {
      const copy = frame.clone();
      try {
        await decompressNtNdArray(copy);
        return { ...(frameDataOf(copy) as FrameData), release: () => copy.release() };
      } catch (error) {
        copy.release();
        throw error;
      }
    },
  };
}

function isAsInFile({ nz, colorMode, format }: ImageShape): boolean {
  return (nz === null || colorMode === ColorMode.RGB1) && format.dtype !== 'boolean';
}
function pixelsOf(frame: NtNdArray, { nz }: ImageShape): PixelArray {
  return pixelsInOrder(reshapeNtNdArray(frame).image, nz === null ? ColorMode.Mono : ColorMode.RGB1);
}

function bytesOf({ buffer, byteOffset, byteLength }: PixelArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function frameWith(pixels: PixelArray): NtNdArray {
  return new NtNdArray().set(`value.${getNtNdArrayDataFieldKey(pixels)}`, pixels);
}

/** 0 where there is no such time, undefined for one that is further from 1970 than 64 bits hold: 292 years. */
function nanoseconds(seconds: number, rest: number): bigint | undefined {
  if (Number.isNaN(seconds)) return 0n;
  const time = BigInt(seconds) * 1_000_000_000n + BigInt(rest || 0);
  return time === BigInt.asIntN(64, time) ? time : undefined;
}

function idOf({ uniqueId = 0 }: ImageHeader): number {
  if (uniqueId === (uniqueId | 0)) return uniqueId;
  throw new PvaflowError(
    'PVAFLOW_FRAME_ID',
    `uniqueId ${uniqueId} is no integer of 32 bits, signed as that of NTNDArray`,
  );
}

/** Those that have a value. Two of one name get names of their own. */
function attributesOf(frame: NtNdArray): FrameAttributes {
  const facts = new Map<string, AttributeFact>();
  for (let i = 0; frame.has(`attribute[${i}]`); i++) {
    const fact = factOf(frame.get<unknown>(`attribute[${i}].value`));
    if (fact === undefined) continue;
    let name = memberName(frame.get(`attribute[${i}].name`));
    while (facts.has(name)) name += '_';
    facts.set(name, fact);
  }
  return facts;
}

/** Numbers, texts and arrays of them; booleans are 0 or 1. All else is a text of JSON. */
function factOf(value: unknown): AttributeFact | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (pixelFormatOf(value) !== undefined) return value as PixelArray;
  if (isArrayOf(value, 'string')) return value as string[];
  return isArrayOf(value, 'boolean') ? Uint8Array.from(value as boolean[], Number) : JSON.stringify(toJsonData(value));
}

function isArrayOf(value: object, type: string): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}

/** The name as a member of a group: without what means a path. */
function memberName(name: string): string {
  const member = name.replaceAll('/', '_');
  return member === '' || member === '.' ? `_${member}` : member;
}
