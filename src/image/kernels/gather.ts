import type { PixelArray } from '../../pva/normative/pixel-types.js';
import { specialized } from './specialized.js';

/** A way through the elements of an array: three loops, the slowest first. */
export interface Walk {
  readonly offset: number;
  readonly counts: readonly [number, number, number];
  /** From one element to the next of each loop; may be negative, or 0 to repeat. */
  readonly steps: readonly [number, number, number];
}

/** Copies of fewer elements are made one by one. */
const LEAST_ROW = 32;

/** Copies elements along a way, one after the other into `target`. Bits stay as they are, whatever they mean. */
export function gather(source: PixelArray, target: PixelArray, walk: Walk): void {
  if (walk.counts.includes(0)) return;
  const [from, to] = [asBits(source), asBits(target)];
  const { offset, counts, steps } = merged(walk);
  const [outer, middle, inner] = counts;
  const [outerStep, middleStep, step] = steps;
  if (Math.abs(step) === 1 && inner >= LEAST_ROW) copyRows(from, to, { offset, counts, steps });
  else if (step === 1 && inner === 3) triples(from, to, offset, outer, outerStep, middle, middleStep);
  else if (Math.abs(middleStep) < Math.abs(step) && middle > 1)
    blocks(from, to, offset, outer, outerStep, middle * inner, middle, middleStep, inner, inner, step);
  else if (Math.abs(outerStep) < Math.abs(step) && outer > 1)
    blocks(from, to, offset, middle, middleStep, inner, outer, outerStep, middle * inner, inner, step);
  else loops(from, to, offset, outer, outerStep, middle, middleStep, inner, step);
}

type Bits = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** A number that is read and written as such may become another: a signalling NaN. Besides, four types are fewer than ten. */
function asBits(array: PixelArray): Bits {
  const { buffer, byteOffset, length } = array;
  switch (array.BYTES_PER_ELEMENT) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Uint32Array(buffer, byteOffset, length);
    default:
      return new BigUint64Array(buffer, byteOffset, length);
  }
}

/** The same way with as few loops as it takes, the others once around in front. */
function merged({ offset, counts, steps }: Walk): Walk {
  const axes: { count: number; step: number }[] = [];
  counts.forEach((count, at) => {
    const step = steps[at] as number;
    const last = axes.at(-1);
    if (count === 1) return;
    if (last?.step === count * step) axes.splice(-1, 1, { count: last.count * count, step });
    else axes.push({ count, step });
  });
  while (axes.length < 3) axes.unshift({ count: 1, step: 0 });
  return { offset, counts: triple(axes.map(({ count }) => count)), steps: triple(axes.map(({ step }) => step)) };
}

function triple([a = 0, b = 0, c = 0]: readonly number[]): [number, number, number] {
  return [a, b, c];
}

/** The innermost loop goes over neighbours, forwards or backwards. */
function copyRows(from: Bits, to: Bits, { offset, counts: [outer, middle, length], steps }: Walk): void {
  const isBackwards = steps[2] < 0;
  const first = isBackwards ? offset - length + 1 : offset;
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < middle; j++, at += length) {
      const start = first + i * steps[0] + j * steps[1];
      to.set(from.subarray(start, start + length) as never, at);
      if (isBackwards) to.subarray(at, at + length).reverse();
    }
  }
}

const loops = specialized(function (
  from: Bits,
  to: Bits,
  offset: number,
  outer: number,
  outerStep: number,
  middle: number,
  middleStep: number,
  inner: number,
  step: number,
): void {
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < middle; j++) {
      let source = offset + i * outerStep + j * middleStep;
      for (let k = 0; k < inner; k++, source += step) to[at++] = from[source] as never;
    }
  }
});

/** Three neighbours each time: the colours of a pixel. */
const triples = specialized(function (
  from: Bits,
  to: Bits,
  offset: number,
  outer: number,
  outerStep: number,
  middle: number,
  middleStep: number,
): void {
  let at = 0;
  for (let i = 0; i < outer; i++) {
    let source = offset + i * outerStep;
    for (let j = 0; j < middle; j++, source += middleStep, at += 3) {
      to[at] = from[source] as never;
      to[at + 1] = from[source + 1] as never;
      to[at + 2] = from[source + 2] as never;
    }
  }
});

/**
 * What lies close together in the source lies far apart in the target: done in blocks, so that lines of the cache that were fetched
 * for one element serve its neighbours, too.
 */
const blocks = specialized(function (
  from: Bits,
  to: Bits,
  offset: number,
  others: number,
  othersStep: number,
  othersApart: number,
  near: number,
  nearStep: number,
  nearApart: number,
  far: number,
  farStep: number,
): void {
  const BLOCK = 16;
  for (let i = 0; i < others; i++) {
    for (let firstNear = 0; firstNear < near; firstNear += BLOCK) {
      const endNear = Math.min(firstNear + BLOCK, near);
      for (let firstFar = 0; firstFar < far; firstFar += BLOCK) {
        const endFar = Math.min(firstFar + BLOCK, far);
        for (let j = firstNear; j < endNear; j++) {
          let source = offset + i * othersStep + j * nearStep + firstFar * farStep;
          let at = i * othersApart + j * nearApart + firstFar;
          for (let k = firstFar; k < endFar; k++, source += farStep) to[at++] = from[source] as never;
        }
      }
    }
  }
});
