import { ColorMode } from '../../image/color-mode.js';
import { getNtNdArrayDataFieldKey } from '../../image/field-key.js';
import { imageShape, type ImageShape } from '../../image/image-shape.js';
import { pixelsInOrder } from '../../image/pixels.js';
import { reshapeNtNdArray } from '../../image/reshape.js';
import { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { PixelArray } from '../../pva/normative/pixel-types.js';
import type { FrameAttributes } from './attribute-schema.js';
import type { FrameData } from './frame-format.js';

/**
 * A frame as it goes into a file; undefined for one without pixels, as servers have before the first image. Its pixels are the
 * frame's own memory, or a copy where colours do not lie together (RGB2, RGB3): a file has them as (rows, columns, 3). A frame that is compressed
 * is decompressed in place.
 *
 * @throws {FrameError} as `reshapeNtNdArray`
 */
export function frameDataOf(frame: NtNdArray): FrameData | undefined {
  if (frame.header().codec !== '') reshapeNtNdArray(frame);
  const header = frame.header();
  const shape = imageShape(header);
  if (shape === undefined || shape.nx === 0 || shape.ny === 0) return undefined;
  const { nx, ny, nz, format } = shape;
  return {
    dtype: format.dtype,
    shape: nz === null ? [ny, nx] : [ny, nx, nz],
    pixels: () => bytesOf(pixelsOf(frame, shape)),
    copy: () => (isAsInFile(shape) ? frame.clone() : frameWith(pixelsOf(frame, shape))),
    uniqueId: header.uniqueId ?? 0,
    timeStamp: nanoseconds(header.seconds, header.nanoseconds),
    dataTimeStamp: nanoseconds(header.dataSeconds, header.dataNanoseconds),
    attributes: attributesOf(frame),
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

/** 0 where there is no such time. */
function nanoseconds(seconds: number, rest: number): bigint {
  return Number.isNaN(seconds) ? 0n : BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}

/** Those that are numbers, texts or booleans; arrays and structures have no column. */
function attributesOf(frame: NtNdArray): FrameAttributes {
  const facts = new Map<string, number | bigint | string>();
  for (let i = 0; frame.has(`attribute[${i}]`); i++) {
    const value = frame.get<unknown>(`attribute[${i}].value`);
    const name = memberName(frame.get(`attribute[${i}].name`));
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') facts.set(name, value);
    else if (typeof value === 'boolean') facts.set(name, Number(value));
  }
  return facts;
}

/** The name as a member of a group: without what means a path. */
function memberName(name: string): string {
  const member = name.replaceAll('/', '_');
  return member === '' || member === '.' ? `_${member}` : member;
}
