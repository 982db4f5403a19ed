import type { PixelArray } from '../../../pva/normative/pixel-types.js';

/** The first `wanted` of the `samples` of each pixel: colours without opacity. */
export function withoutOpacity<D extends PixelArray>(data: D, samples: number, wanted: number): D {
  if (samples === wanted) return data;
  const pixels = data.length / samples;
  const kept = data.slice(0, pixels * wanted) as D;
  for (let pixel = 0, to = 0; pixel < pixels; pixel++)
    for (let sample = 0; sample < wanted; sample++) kept[to++] = data[pixel * samples + sample] as never;
  return kept;
}
