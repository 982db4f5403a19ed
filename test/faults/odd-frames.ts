/** Frames that no detector should send, and that some do: any field absent, contradictory, of another type or extreme. */
import { NtNdArray, NtScalar, PvObject, structure } from 'pvaflow';
import { SeededRandom } from '../../src/core/seeded-random.js';

const UNIONS = {
  booleanValue: (n: number) => new Array<boolean>(n).fill(true),
  byteValue: (n: number) => new Int8Array(n).fill(-1),
  ubyteValue: (n: number) => new Uint8Array(n).fill(7),
  shortValue: (n: number) => new Int16Array(n).fill(-300),
  ushortValue: (n: number) => new Uint16Array(n).fill(65_535),
  intValue: (n: number) => new Int32Array(n).fill(-70_000),
  uintValue: (n: number) => new Uint32Array(n).fill(2 ** 32 - 1),
  longValue: (n: number) => new BigInt64Array(n).fill(-(2n ** 63n)),
  ulongValue: (n: number) => new BigUint64Array(n).fill(2n ** 64n - 1n),
  floatValue: (n: number) => new Float32Array(n).fill(NaN),
  doubleValue: (n: number) => new Float64Array(n).fill(-Infinity),
};
const CODECS = ['', '', '', 'jpeg', 'lz4', 'bslz4', 'blosc', 'zstd', 'lz4hdf5', 'no such codec', '\u0000'];
const SIZES = [0, 1, 2, 3, 4, 7, 8, -1, 2 ** 31 - 1, -(2 ** 31)];
const IDS = [0, -1, 1, 2 ** 31 - 1, -(2 ** 31)];
const TIMES = [0n, -1n, 10n ** 10n, 2n ** 63n - 1n, -(2n ** 63n)];
const COUNTS = [0n, 1n, 64n, -1n, 2n ** 62n];
const NAMES = [
  'ColorMode',
  'NDArrayUniqueId',
  'tile_row',
  'tile_column',
  'Gain',
  '',
  '\u{1f600}',
  'a/b\\..',
  '__proto__',
];
const VALUES = [0, 2, 3, -1, 2.5, NaN, 2n ** 63n - 1n, 'RGB1', '', true, [1, 2], ['a'], new Float32Array(3)];

/** One of several. */
function pick<T>(random: SeededRandom, from: readonly T[]): T {
  return from[random.below(from.length)] as T;
}

/** What makes a frame odd; each in about every third frame. */
const oddities: readonly ((frame: NtNdArray, random: SeededRandom) => void)[] = [
  (frame, random) => {
    const [name, make] = pick(random, Object.entries(UNIONS));
    frame.set('value', { [name]: make(pick(random, [0, 1, 5, 64, 192])) });
  },
  (frame, random) => frame.set('codec.name', pick(random, CODECS)),
  (frame, random) => frame.set('codec.parameters', pick(random, VALUES)),
  (frame, random) => frame.set('uncompressedSize', pick(random, COUNTS)).set('compressedSize', pick(random, COUNTS)),
  (frame, random) => {
    const one = () => ({
      ...{ size: pick(random, SIZES), offset: pick(random, SIZES), fullSize: pick(random, SIZES) },
      ...{ binning: pick(random, SIZES), reverse: random.below(2) === 1 },
    });
    frame.set('dimension', Array.from({ length: pick(random, [0, 1, 2, 2, 3, 3, 4, 11]) }, one));
  },
  (frame, random) => frame.set('uniqueId', pick(random, IDS)),
  (frame, random) => {
    const nanoseconds = pick(random, SIZES);
    frame.set('timeStamp', { secondsPastEpoch: pick(random, TIMES), nanoseconds, userTag: nanoseconds });
    frame.set('dataTimeStamp', { secondsPastEpoch: pick(random, TIMES), nanoseconds, userTag: nanoseconds });
  },
  (frame, random) => {
    const one = () => ({
      name: pick(random, NAMES),
      value: pick(random, VALUES),
      descriptor: 'x'.repeat(random.below(9)),
    });
    frame.set('attribute', Array.from({ length: random.below(6) }, one));
  },
];

/** An image of 8 by 8 pixels, as it should be. */
export function goodFrame(id: number): NtNdArray {
  const frame = new NtNdArray();
  frame.set('value', { ubyteValue: Uint8Array.from({ length: 64 }, (_, i) => i) });
  frame.set(
    'dimension',
    Array.from({ length: 2 }, () => ({ size: 8, offset: 0, fullSize: 8, binning: 1 })),
  );
  frame.set('uncompressedSize', 64n).set('compressedSize', 64n).set('uniqueId', id);
  frame.set('timeStamp.secondsPastEpoch', 1_800_000_000n + BigInt(id));
  return frame;
}

/** Others than images. */
const others: readonly (() => PvObject)[] = [
  () => new NtNdArray(),
  () => NtScalar.from(5),
  () => new PvObject({ uniqueId: 'string', value: 'any' }, { uniqueId: 'seven' }),
  () => new PvObject({ value: 'ubyte[]', dimension: 'int[]', uniqueId: 'int', attribute: structure({ a: 'int' }) }),
];

/** The same frames with the same seed. */
export function* oddFrames(seed: number, count: number): Generator<PvObject> {
  const random = new SeededRandom(seed);
  for (let id = 1; id <= count; id++) {
    if (random.below(8) === 0) yield pick(random, others)();
    else {
      const frame = goodFrame(id);
      for (const makeOdd of oddities) if (random.below(3) === 0) makeOdd(frame, random);
      yield frame;
    }
  }
}
