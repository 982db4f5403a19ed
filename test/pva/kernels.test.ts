/** The border of the addon's loops over pixels: what they refuse, and that they go where they are told, with all vectors there are. */
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { kernels } from '../../src/pva/kernels.js';
import { pixelFormats, type PixelArray } from '../../src/pva/normative/pixel-types.js';

type Arguments = unknown[];
type AnyKernel = (...args: Arguments) => unknown;

const doubles = (length: number) => new Float64Array(length);
const places = (count: number) => Int32Array.from({ length: count }, (_, at) => at);

/** Arguments that are accepted, of images of 5 × 4 pixels. */
const accepted: Readonly<Record<string, () => Arguments>> = {
  gather: () => [new Uint16Array(20), new Uint16Array(20), 19, 1, 0, 4, -5, 5, -1],
  bin: () => [new Uint16Array(19), new Int8Array(4), 2, 10, 1, 0, 5, 2, 2, 2, 1, 4],
  luminance: () => [new Uint8Array(60), new Uint8Array(20), 5, 4, 3, 15, 1, 299, 587, 114],
  threshold: () => [new Uint8Array(20), 0, 100, 0],
  correct: () => [new Int16Array(20), new Uint8Array(20), new Float32Array(20), new Float32Array(20)],
  scale: () => [new BigInt64Array(20), new Uint8Array(20), 0, 2],
  add: () => [new Uint32Array(20), new Uint16Array(20)],
  addLong: () => [new BigInt64Array(20), new BigUint64Array(20), new BigInt64Array(20)],
  store: () => [doubles(20), new Uint8Array(20)],
  storeLong: () => [new BigInt64Array(20), new BigUint64Array(20), new Uint8Array(20)],
  slide: () => [doubles(20), new Uint8Array(60), 40, new Uint8Array(20), new Float32Array(20), 3],
  sumAnew: () => [doubles(20), new Float32Array(60), 3, 20],
  moveAverage: () => [doubles(20), new Uint8Array(20), new Uint8Array(20), 0.1],
  moments: () => [new Uint8Array(20), doubles(8)],
  profiles: () => [new Uint8Array(20), doubles(5), doubles(4), 0, 1, 5, 5, 4, 0],
  histogram: () => [new Uint8Array(20), doubles(16), doubles(2), 0, 255],
  findHot: () => [new Uint8Array(20), places(8), 0, 1, 5, 5, 4, 10],
  repairHot: () => [new Uint8Array(20), new Uint8Array(20), places(20), 20, 0, 1, 5, 5, 4, 3],
};

function call(name: string, args: Arguments): unknown {
  return (kernels as unknown as Record<string, AnyKernel>)[name]?.(...args);
}

function expectRefused(name: string, args: Arguments, what: string): void {
  let caught: unknown;
  try {
    call(name, args);
  } catch (error) {
    caught = error;
  }
  const isRefused = caught instanceof TypeError || caught instanceof RangeError;
  expect(isRefused, `${name}: ${what} was ${caught === undefined ? 'taken' : inspect(caught)}`).toBe(true);
}

const isArray = (value: unknown): value is PixelArray => ArrayBuffer.isView(value);
type ArrayType = new (buffer: ArrayBufferLike | number, offset?: number, length?: number) => PixelArray;
const typeOf = (array: PixelArray) => array.constructor as unknown as ArrayType;

function shared(array: PixelArray): PixelArray {
  return new (typeOf(array))(new SharedArrayBuffer(array.byteLength));
}

function detached(array: PixelArray): PixelArray {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] });
  return array;
}

/** Of another type, which no kernel takes in its place. */
function ofOtherType(array: PixelArray): unknown {
  return new Uint8ClampedArray(array.length);
}

describe.each(Object.entries(accepted))('%s', (name, valid) => {
  const all = valid().map((_, at) => at);
  const arrays = all.filter((at) => isArray(valid()[at]));
  const numbers = all.filter((at) => typeof valid()[at] === 'number');

  test('takes what it is made for', () => {
    expect(() => call(name, valid())).not.toThrow();
    expect(Object.keys(accepted).sort()).toEqual(
      Object.keys(kernels).filter((key) => key !== 'useBestVectors').sort(),
    ); // prettier-ignore
  });

  test('refuses what is no array of pixels', () => {
    for (const at of arrays)
      for (const wrong of [undefined, null, 1, 'abc', {}, [1, 2, 3], new DataView(new ArrayBuffer(64)), new ArrayBuffer(64)])
        expectRefused(name, valid().with(at, wrong), `argument ${at}`); // prettier-ignore
    for (const at of arrays)
      for (const change of [ofOtherType, shared, detached])
        expectRefused(name, valid().with(at, change(valid()[at] as PixelArray)), `argument ${at}, ${change.name},`);
  });

  test('refuses arrays that are too short', () => {
    for (const at of arrays) {
      const array = valid()[at] as PixelArray;
      const isAnyLength = (name === 'findHot' && at === 1) || (name === 'histogram' && at === 1);
      const isAlone = name === 'threshold' || ((name === 'moments' || name === 'histogram') && at === 0);
      if (isAnyLength || isAlone) continue;
      for (const length of name === 'sumAnew' ? [array.length - 1] : [0, array.length - 1])
        expectRefused(name, valid().with(at, new (typeOf(array))(length)), `argument ${at} of ${length} elements`);
    }
  });

  test('refuses what is no number', () => {
    for (const at of numbers)
      for (const wrong of [undefined, null, '1', 1n, {}])
        expectRefused(name, valid().with(at, wrong), `argument ${at}, ${inspect(wrong)},`);
  });

  test('refuses ways that lead out of an array', () => {
    const isPlace: Readonly<Record<string, readonly number[]>> = {
      gather: [2, 3, 4, 5, 6, 7, 8],
      bin: [2, 3, 4, 6, 7, 8, 9, 10, 11],
      luminance: [2, 3, 4, 5, 6, 7, 8, 9],
      threshold: [1],
      slide: [2],
      sumAnew: [2, 3],
      profiles: [3, 4, 5, 6, 7],
      findHot: [2, 3, 4, 5, 6],
      repairHot: [3, 4, 5, 6, 7, 8],
    };
    for (const at of isPlace[name] ?? [])
      for (const wrong of [NaN, Infinity, 0.5, 2 ** 40, 2 ** 53, 1e300, -(2 ** 53)]) {
        const isOnce = valid()[at - 1] === 1 && (name === 'gather' || name === 'bin'); // a step of no length
        if (isOnce && Number.isInteger(wrong) && Math.abs(wrong) <= 2 ** 53 && (name === 'gather' || wrong > 0))
          continue;
        expectRefused(name, valid().with(at, wrong), `argument ${at}, ${wrong},`); // prettier-ignore
      }
  });
});

test.each([
  ['gather', 1, new Int16Array(20)],
  ['bin', 7, 0],
  ['bin', 7, 513],
  ['bin', 10, 2],
  ['bin', 11, 0],
  ['luminance', 1, new Int8Array(20)],
  ['luminance', 7, 10_000],
  ['luminance', 7, -1],
  ['luminance', 4, 2],
  ['threshold', 1, 3],
  ['threshold', 2, NaN],
  ['threshold', 3, 256],
  ['threshold', 3, 0.5],
  ['correct', 3, doubles(20)],
  ['correct', 2, new Uint8Array(20)],
  ['add', 0, new Int32Array(20)],
  ['add', 0, new Uint16Array(20)],
  ['add', 0, new Float32Array(20)],
  ['add', 1, new BigUint64Array(20)],
  ['addLong', 2, doubles(20)],
  ['addLong', 0, new BigUint64Array(20)],
  ['store', 0, new BigInt64Array(20)],
  ['slide', 0, new Int32Array(20)],
  ['slide', 1, new Int8Array(60)],
  ['slide', 1, new Uint8Array(61)],
  ['slide', 2, 41],
  ['sumAnew', 0, new Float32Array(20)],
  ['sumAnew', 2, 21],
  ['moments', 1, new Float32Array(8)],
  ['profiles', 4, 2],
  ['histogram', 1, doubles(1)],
  ['histogram', 4, 0],
  ['findHot', 4, 4],
  ['findHot', 7, -1],
  ['findHot', 7, NaN],
  ['repairHot', 2, places(20).map((at) => at - 1)],
  ['repairHot', 2, places(20).map((at) => at + 1)],
  ['repairHot', 3, 21],
] as const)('%s refuses as argument %i %o', (name, at, wrong) => {
  expectRefused(name, (accepted[name] as () => Arguments)().with(at, wrong), `argument ${at}`);
});

test.each(pixelFormats.slice(1))('images without pixels of $dtype', ({ arrayType }) => {
  const none = () => new arrayType(0);
  expect(kernels.gather(none(), none(), 0, 0, 7, 3, -2, 0, 1)).toBeUndefined();
  expect(kernels.bin(none(), none(), 0, 0, 1, 0, 0, 2, 2, 0, 1, 1)).toBe(0);
  expect(kernels.luminance(none(), none(), 0, 0, 3, 0, 1, 1, 1, 1)).toBeUndefined();
  expect(kernels.threshold(none(), 0, 1, 0)).toBe(0);
  expect(kernels.correct(none(), none(), doubles(0), doubles(0))).toBe(0);
  expect(kernels.slide(doubles(0), none(), 0, none(), none(), 1)).toBe(0);
  const figures = doubles(8);
  kernels.moments(none(), figures);
  expect([...figures]).toEqual([0, Infinity, 0, -Infinity, 0, 0, 0, 0]);
  expect(kernels.profiles(none(), doubles(0), doubles(0), 0, 1, 0, 0, 0, 0)).toBe(0);
  expect(kernels.findHot(none(), places(0), 0, 1, 0, 0, 0, 0)).toBe(0);
});

/** The same numbers each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomPixels(type: ArrayType, length: number, random: (below: number) => number): PixelArray {
  const bytes = new Uint8Array(length * new type(1).BYTES_PER_ELEMENT);
  for (let at = 0; at < bytes.length; at++) bytes[at] = random(256);
  return new type(bytes.buffer);
}

const typesBySize = [Uint8Array, Int16Array, Uint32Array, BigInt64Array] as unknown as readonly ArrayType[];

afterEach(() => kernels.useBestVectors(true));

describe.each([true, false])('with the best vectors %s', (best) => {
  test.each(typesBySize)('elements of %o are gathered along any way', (type) => {
    kernels.useBestVectors(best);
    const random = randomFrom(7);
    for (let round = 0; round < 200; round++) {
      const [outer, middle, inner] = [1 + random(4), 1 + random(round % 2 ? 70 : 3), 1 + random(round % 3 ? 140 : 3)];
      const steps = way(random, outer, middle, inner);
      const loops = [[outer, steps[0]], [middle, steps[1]], [inner, steps[2]]] as const; // prettier-ignore
      const lowest = loops.reduce((sum, [count, step]) => sum + Math.min(0, (count - 1) * step), 0);
      const highest = loops.reduce((sum, [count, step]) => sum + Math.max(0, (count - 1) * step), 0);
      const source = randomPixels(type, highest - lowest + 1, random);
      const target = new type(outer * middle * inner);
      kernels.gather(source, target, -lowest, outer, steps[0], middle, steps[1], inner, steps[2]);
      const wanted = new type(target.length);
      let at = 0;
      for (let i = 0; i < outer; i++)
        for (let j = 0; j < middle; j++)
          for (let k = 0; k < inner; k++)
            wanted[at++] = source[-lowest + i * steps[0] + j * steps[1] + k * steps[2]] as never;
      expect(Buffer.compare(Buffer.from(target.buffer), Buffer.from(wanted.buffer)), JSON.stringify(loops)).toBe(0);
    }
  });
});

/** Steps as images have them, rows turned or not and colours anywhere, and others. */
function way(random: (below: number) => number, outer: number, middle: number, inner: number) {
  const sign = () => (random(2) === 0 ? 1 : -1);
  const dense = [middle * inner, inner, 1] as const;
  const turned = [middle * inner, 1, middle] as const;
  const across = [1, outer, outer * middle] as const;
  const planes = [1, outer * inner, outer] as const;
  const any = [random(200), random(200), random(9)] as const;
  const chosen = [dense, turned, across, planes, any][random(5)] as readonly [number, number, number];
  return chosen.map((step) => step * sign()) as [number, number, number];
}

/** What a call changes of its arrays, and gives. */
function outcome(name: string, args: Arguments): unknown {
  const given = call(name, args);
  return [given, ...args.filter(isArray).map((array) => Buffer.from(array.buffer as ArrayBuffer).toString('base64'))];
}

test.each(pixelFormats.slice(1))('$dtype: all vectors give the same', ({ arrayType }) => {
  const type = arrayType as unknown as ArrayType;
  const [nx, ny] = [53, 37];
  const size = nx * ny;
  const pixels = (seed: number, of = type, length = size) => randomPixels(of, length, randomFrom(seed));
  const calls: [string, () => Arguments][] = [
    ['threshold', () => [pixels(1), 0, 100.5, 7]],
    ['threshold', () => [pixels(1), 1, 100, 7]],
    ['threshold', () => [pixels(1), 2, -3, 7]],
    ['luminance', () => [pixels(2, type, 3 * size), new type(size), nx, ny, 3, 3 * nx, 1, 299, 587, 114]],
    ['luminance', () => [pixels(2, type, 3 * size), new type(size), nx, ny, 1, nx, size, 2126, 7152, 722]],
    ['moveAverage', () => [doubles(size).fill(NaN), pixels(4), new Float32Array(size), 0.3]],
    ['slide', () => [doubles(size), pixels(5, type, 2 * size), size, pixels(6), new Float32Array(size), 2]],
    ['profiles', () => [pixels(7), doubles(nx), doubles(ny), 0, 1, nx, nx, ny, 9]],
    ['histogram', () => [pixels(8), doubles(33), doubles(2), -100, 200.5]],
    ['findHot', () => [pixels(9), places(size), 0, 1, nx, nx, ny, 12.5]],
    ['repairHot', () => [pixels(10), new Uint8Array(size), places(size), size, 0, 1, nx, nx, ny, 2]],
    ['moments', () => [pixels(11), doubles(8)]],
    ...[2, 3, 4].map((by): [string, () => Arguments] => {
      const [columns, rows] = [Math.floor(nx / by), Math.floor(ny / by)];
      return [
        'bin',
        () => [pixels(12), new type(rows * columns), rows, by * nx, 1, 0, nx, by, by, columns, 1, by * by],
      ];
    }),
    ...pixelFormats.slice(1).flatMap((to): [string, () => Arguments][] => {
      const target = () => new to.arrayType(size);
      const gains = () => Float32Array.from({ length: size }, (_, at) => at / 7);
      return [
        ['correct', () => [pixels(13), target(), gains(), gains()]],
        ['scale', () => [pixels(14), target(), 3, 1.37]],
      ];
    }),
  ];
  for (const [name, args] of calls) {
    kernels.useBestVectors(true);
    const best = outcome(name, args());
    kernels.useBestVectors(false);
    expect(outcome(name, args()), name).toEqual(best);
  }
});

test.each([
  ['below', [0, 0, 7, 9, 255]],
  ['above', [0, 0, 7, 9, 255]],
] as const)('levels beyond the range of a type, %s', (mode, pixels) => {
  const number = mode === 'below' ? 0 : 1;
  const none = Uint8Array.from(pixels);
  expect(kernels.threshold(none, number, mode === 'below' ? -1e9 : 255, 1)).toBe(mode === 'below' ? 5 : 1);
  expect([...none]).toEqual(pixels);
  const all = Uint8Array.from(pixels);
  expect(kernels.threshold(all, number, mode === 'below' ? 256 : -0.5, 1)).toBe(mode === 'below' ? 0 : 5);
  expect([...all]).toEqual([1, 1, 1, 1, 1]);
  const long = BigInt64Array.of(-(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n);
  expect(kernels.threshold(long, number, 2 ** 53, 1)).toBe(3);
  expect([...long]).toEqual(mode === 'below' ? [1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n] : [-(2n ** 63n), 2n ** 53n, 1n, 1n]); // prettier-ignore
});

test('sums of 64-bit integers are exact, and become the nearest of any type', () => {
  const [upper, lower] = [new BigInt64Array(4), new BigUint64Array(4)];
  const least = -(2n ** 63n);
  for (let i = 0; i < 5; i++) kernels.addLong(upper, lower, BigInt64Array.of(least, 2n ** 62n, -1n, 2n ** 53n + 1n));
  const sums = [5n * least, 5n * 2n ** 62n, -5n, 5n * (2n ** 53n + 1n)];
  expect([...upper].map((high, at) => high * 2n ** 64n + (lower[at] as bigint))).toEqual(sums);
  const float = new Float64Array(4);
  expect(kernels.storeLong(upper, lower, float)).toBe(0);
  expect([...float]).toEqual(sums.map(Number));
  const small = new Int8Array(4);
  expect(kernels.storeLong(upper, lower, small)).toBe(3);
  expect([...small]).toEqual([-128, 127, -5, 127]);
  const unsigned = new BigUint64Array(4);
  expect(kernels.storeLong(upper, lower, unsigned)).toBe(3);
  expect([...unsigned]).toEqual([0n, 2n ** 64n - 1n, 0n, 5n * (2n ** 53n + 1n)]);
});
