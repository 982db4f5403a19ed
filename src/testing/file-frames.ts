import { checkKeys } from '../core/check-keys.js';
import { readImageFile } from '../image/files/read-image-file.js';
import { generateNtNdArray2D } from '../image/generate.js';
import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import { planAt, seriesKeys, type FramePlan, type SeriesOptions } from './frame-plan.js';

/** The plans of one frame for each file, which is read when its turn comes. */
export function* filePlans(files: Iterable<string>, options: SeriesOptions): Generator<FramePlan> {
  checkKeys('framesFrom', options, seriesKeys);
  let index = 0;
  for (const file of files) yield planAt(index++, options, { draw: () => frameOf(file) });
}

async function frameOf(file: string): Promise<NtNdArray> {
  const { dtype, shape, data } = await readImageFile(file);
  const [, nx = 0, colors = 1] = shape;
  const stride = shape.length === 2 ? [nx, 1] : [nx * colors, colors, 1];
  return generateNtNdArray2D(0, { data, shape, stride, offset: 0 }, dtype === 'boolean' ? { dtype } : {});
}
