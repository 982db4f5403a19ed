/** Bytes that are not what a codec wrote: refused with a reason, or as many pixels as were announced, and nothing else happens. */
import fc from 'fast-check';
import { compressNtNdArray, decompressNtNdArraySync, FrameError, type NtNdArray, type CompressOptions } from 'pvaflow';
import { describe, expect, test } from 'vitest';
import { frameOf, exactSettings, mixedBytes, nameOf } from './settings.js';

const NX = 300;
const NY = 21;

async function compressed(settings: CompressOptions): Promise<Uint8Array> {
  const pixels = new Uint16Array(mixedBytes(2 * NX * NY, 3).buffer);
  return Uint8Array.from((await compressNtNdArray(frameOf(pixels, NX), settings)).data as Uint8Array);
}

function frameWith(codec: string, bytes: Uint8Array): NtNdArray {
  const frame = frameOf(new Uint16Array(NX * NY), NX);
  frame.set('value.ubyteValue', bytes).set('compressedSize', bytes.length);
  return frame.set('codec', { name: codec, parameters: { type: 'int', value: 6 } });
}

/** Whether it was decoded; if not, the reason was right. */
function decode(codec: string, bytes: Uint8Array): boolean {
  const frame = frameWith(codec, bytes);
  try {
    decompressNtNdArraySync(frame);
  } catch (error) {
    expect(error).toMatchObject({ name: 'PvaflowError', reason: 'codec-data' });
    expect(error).toBeInstanceOf(FrameError);
    expect(frame.header()).toMatchObject({ codec, elements: bytes.length });
    return false;
  } finally {
    frame.release();
  }
  return true;
}

/** Something done to bytes, at places that need not be in them. */
type Damage = (bytes: Uint8Array) => Uint8Array;

const place = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.nat(20_000), fc.integer({ min: 12_000, max: 12_700 }));
const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => (bytes: Uint8Array) => {
    const index = at % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ mask;
    return bytes;
  }),
  fc.tuple(place, fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)).map(([at, value]) => (bytes: Uint8Array) => {
    return bytes.fill(value, at % bytes.length, (at % bytes.length) + 4);
  }),
  place.map((at) => (bytes: Uint8Array) => bytes.slice(0, at % (bytes.length + 1))),
  fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((more) => (bytes: Uint8Array) => Uint8Array.from([...bytes, ...more])),
  fc.tuple(place, place).map(([from, to]) => (bytes: Uint8Array) => {
    return bytes.copyWithin(to % bytes.length, from % bytes.length, (from % bytes.length) + 64);
  }),
);

describe.each(exactSettings.map((settings) => [nameOf(settings), settings] as const))('%s', (_, settings) => {
  test('damaged', async () => {
    const sound = await compressed(settings);
    expect(decode(settings.codec, sound)).toBe(true);
    let refused = 0;
    const property = fc.property(fc.array(damages, { minLength: 1, maxLength: 3 }), (all) => {
      const bytes = all.reduce<Uint8Array>((so, damage) => (so.length === 0 ? so : damage(so)), sound.slice());
      if (!decode(settings.codec, bytes)) refused++;
    });
    fc.assert(property, { numRuns: 200 });
    expect(refused).toBeGreaterThan(0);
  });

  test('cut off anywhere', async () => {
    const sound = await compressed(settings);
    const lengths = [...Array(80).keys()].map((i) => Math.floor((i * sound.length) / 80));
    for (const length of lengths) expect(decode(settings.codec, sound.slice(0, length))).toBe(false);
  });

  test('with more behind it', async () => {
    const sound = await compressed(settings);
    expect(decode(settings.codec, Uint8Array.from([...sound, 0]))).toBe(false);
  });
});

test.each(['zlib', 'lz4', 'lz4hdf5', 'bslz4', 'blosc'])('bytes that no codec wrote, as %s', (codec) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => void decode(codec, bytes)),
    { numRuns: 300 },
  );
});

describe('headers of blosc that lie', () => {
  const sound = compressed({ codec: 'blosc', compressor: 'snappy', shuffle: 'byte' });
  const lz4 = compressed({ codec: 'blosc', compressor: 'lz4', shuffle: 'bit' });
  const fields = fc.record({
    version: fc.constantFrom(2, 2, 2, 1, 3),
    flags: fc.integer({ min: 0, max: 255 }),
    elementSize: fc.constantFrom(0, 1, 2, 3, 8, 16, 17, 255),
    total: fc.constantFrom(2 * NX * NY, 0, 1, 0x7fffffff, 0xffffffff),
    block: fc.oneof(
      fc.constantFrom(0, 1, 2 * NX * NY, 0x7fffffff, 0xffffffff),
      fc.integer({ min: 0, max: 2 * NX * NY }),
    ),
    start: fc.constantFrom(16, 20, 24, 0, 0x7fffffff, 0xfffffffc, 0xffffffff),
  });
  test.each([
    ['snappy', sound],
    ['lz4', lz4],
  ])('%s', async (_, original) => {
    const bytes = await original;
    const property = fc.property(fields, ({ version, flags, elementSize, total, block, start }) => {
      const header = bytes.slice();
      const view = new DataView(header.buffer);
      view.setUint8(0, version);
      view.setUint8(2, flags);
      view.setUint8(3, elementSize);
      view.setUint32(4, total, true);
      view.setUint32(8, block, true);
      view.setUint32(16, start, true);
      decode('blosc', header);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

test('headers of HDF5 that lie', async () => {
  const blocks = await compressed({ codec: 'bslz4' });
  const property = fc.property(
    fc.constantFrom(2 * NX * NY, 0, 1, 2 ** 31, 2 ** 32 - 1),
    fc.constantFrom(8192, 0, 1, 2, 15, 16, 8193, 2 ** 26, 2 ** 31, 2 ** 32 - 16),
    fc.constantFrom('bslz4', 'lz4', 'lz4hdf5'),
    (total, block, codec) => {
      const header = new DataView(new ArrayBuffer(12));
      header.setBigUint64(0, BigInt(total));
      header.setUint32(8, block);
      const isSound = codec === 'bslz4' && total === 2 * NX * NY && block === 8192;
      expect(decode(codec, Uint8Array.from([...new Uint8Array(header.buffer), ...blocks]))).toBe(isSound);
    },
  );
  fc.assert(property, { numRuns: 200 });
});
