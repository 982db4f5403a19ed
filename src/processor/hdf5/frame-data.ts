import { ColorMode } from '../../image/color-mode.js';
import { imageShape } from '../../image/image-shape.js';
import { pixelsInOrder } from '../../image/pixels.js';
import { reshapeNtNdArray } from '../../image/reshape.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import type { FrameAttributes } from './attribute-schema.js';
import type { FrameData } from './frame-format.js';

/**
 * A frame as it goes into a file; undefined for one without pixels, as servers have before the first image. Its pixels are the
 * frame's own memory, or a copy where colours do not lie together (RGB2, RGB3): a file has them as (rows, columns, 3).
 *
 * @throws {FrameError} as `reshapeNtNdArray`
 */
export function frameDataOf(frame: NtNdArray): FrameData | undefined {
  const header = frame.header();
  const shape = imageShape(header);
  if (shape === undefined || shape.nx === 0 || shape.ny === 0) return undefined;
  const { image } = reshapeNtNdArray(frame);
  const { buffer, byteOffset, byteLength } = pixelsInOrder(image, shape.nz === null ? ColorMode.Mono : ColorMode.RGB1);
  return {
    dtype: shape.format.dtype,
    shape: image.shape,
    pixels: new Uint8Array(buffer, byteOffset, byteLength),
    uniqueId: header.uniqueId ?? 0,
    timeStamp: nanoseconds(header.seconds, header.nanoseconds),
    dataTimeStamp: nanoseconds(header.dataSeconds, header.dataNanoseconds),
    attributes: attributesOf(frame),
  };
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
