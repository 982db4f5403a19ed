import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { reshapeNtNdArray, type NtNdArray } from 'pvaflow';
import { frames, framesFrom, framesOf, runProcessor, type FrameStream } from 'pvaflow/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { Passes } from './processors.js';

const tiny = { shape: [1, 2] };
const idsOf = async (stream: FrameStream) => (await stream.toArray()).map(({ uniqueId }) => uniqueId);
const pixels = (frame: NtNdArray | undefined) => Array.from(frame?.data ?? [], Number);
const report = async (stream: FrameStream) => (await runProcessor(Passes, { frames: stream })).lossReport;

/** A file of NPY with three images of a row of four. */
function npyStack(values: readonly number[]): Buffer {
  const header = "{'descr': '<u2', 'fortran_order': False, 'shape': (3, 1, 4), }".padEnd(117) + '\n';
  const length = Buffer.of(header.length & 255, header.length >> 8);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), bytesOf(values)]);
}

const bytesOf = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);

describe('generated frames', () => {
  test.each([
    ['uint16', 'ushortValue', [8, 6]],
    ['int64', 'longValue', [8, 6]],
    ['float32', 'floatValue', [8, 6]],
    ['uint8', 'ubyteValue', [4, 6, 3]],
  ] as const)('have the type and shape: %s', async (dtype, type, shape) => {
    const [frame] = await frames({ count: 1, dtype, shape }).toArray();
    expect(frame?.selected('value')).toBe(type);
    expect(reshapeNtNdArray(frame as NtNdArray).image.shape).toEqual(shape);
  });

  test('are the same with each pass, and others with another seed', async () => {
    const noise = (seed: number) => frames({ count: 2, shape: [4, 4], pattern: 'random', seed });
    const [first, second] = (await noise(3).toArray()).map(pixels);
    expect((await noise(3).toArray()).map(pixels)).toEqual([first, second]);
    expect(first).not.toEqual(second);
    expect(pixels((await noise(4).toArray())[0])).not.toEqual(first);
    const withoutFirst = await noise(3)
      .lossy({ ids: [1] })
      .toArray();
    expect(pixels(withoutFirst[0])).toEqual(second);
  });

  test('have ids, times and attributes', async () => {
    const attributes = (id: number) => ({ Energy: 8 + id });
    const stream = frames({ ...tiny, count: 2, firstId: 7, startTime: new Date(5000), period: 0.25, attributes });
    const all = await stream.toArray();
    expect(all.map(({ uniqueId }) => uniqueId)).toEqual([7, 8]);
    expect(all.map(({ timeStamp }) => timeStamp.seconds)).toEqual([5, 5.25]);
    expect(all.map(({ dataTimeStamp }) => dataTimeStamp.seconds)).toEqual([5, 5.25]);
    expect(all.map((frame) => frame.attribute('Energy'))).toEqual([15, 16]);
  });

  test.each([
    [{ shape: [4] }, 'columns in shape must be a whole number of at least 1, found 0'],
    [{ shape: [4, 4, 4] }, 'shape must be [rows, columns] or [rows, columns, 3], found [4, 4, 4]'],
    [{ dtype: 'int7' }, 'dtype must be one of int8, '],
    [{ pattern: 'spots' }, 'pattern must be one of moving-spot, gradient, random, found spots'],
    [{ count: -1 }, 'count must be a whole number of at least 0, found -1'],
    [{ cuont: 1 }, 'frames has no option cuont. Did you mean count?'],
  ])('say what is wrong: %j', (options, message) => {
    expect(() => frames(options as never)).toThrow(message);
  });
});

describe('frames of images', () => {
  test('as rows, in colour and as ndarrays', async () => {
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const colored = [[[1, 2, 3]]];
    const turned = ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]).transpose(1, 0);
    const all = await framesOf([rows, colored, turned], { dtype: 'uint8' }).toArray();
    expect(all.map(pixels)).toEqual([
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3],
      [1, 3, 2, 4],
    ]);
    expect(all.map((frame) => reshapeNtNdArray(frame).image.shape)).toEqual([
      [2, 3],
      [1, 1, 3],
      [2, 2],
    ]);
    expect(all.map((frame) => frame.selected('value'))).toEqual(['ubyteValue', 'ubyteValue', 'doubleValue']);
  });

  test('of all types', async () => {
    const [long] = await framesOf([[[1n, 2n]]], { dtype: 'int64' }).toArray();
    expect(long?.data).toEqual(BigInt64Array.of(1n, 2n));
    const [truth] = await framesOf([[[1, 0]]], { dtype: 'boolean' }).toArray();
    expect(truth?.selected('value')).toBe('booleanValue');
  });

  test('say what is wrong', async () => {
    await expect(framesOf([[[1, 2], [3]]]).toArray()).rejects.toThrow('must be of the same length, found 2, 1');
    await expect(framesOf([[[1]]], { dtype: 'x' as never }).toArray()).rejects.toThrow('dtype must be one of boolean,');
  });
});

describe('frames from files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-frames-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are read when their turn comes', async () => {
    const names = [1, 2].map((id) => join(folder, `${id}.npy`));
    const stream = framesFrom(names, { firstId: 5 });
    await runProcessor('AdOutputFileProcessor', {
      config: { outputDirectory: folder, outputFileNameFormat: '{uniqueId}.npy' },
      frames: framesOf([[[1, 2]], [[[3, 4, 5]]]], { dtype: 'int16' }),
    });
    const run = await runProcessor(Passes, { frames: stream });
    expect(run.published.map(({ rows }) => rows)).toEqual([[[1, 2]], [[[3, 4, 5]]]]);
    expect(run.published.map(({ id, frame }) => [id, frame.selected('value')])).toEqual([
      [5, 'shortValue'],
      [6, 'shortValue'],
    ]);
  });

  test('with several images, of several kinds, also when they come late', async () => {
    const at = (name: string) => join(folder, name);
    const images = Array.from({ length: 3 }, (_, i) => [[i + 1, 10, 20, 30]]);
    await runProcessor('Hdf5AdImageWriter', {
      config: { outputDirectory: folder, outputFileNameFormat: 'scan.h5', compression: 'bslz4' },
      frames: framesOf(images, { dtype: 'uint16' }),
    });
    writeFileSync(at('stack.npy'), npyStack(images.flat(2)));
    writeFileSync(at('pixels.bin'), Uint16Array.from(images.flat(2)));
    writeFileSync(at('pixels.yaml'), 'file_info: { width: 4, height: 1, datatype: uint16, n_images: 3, endian: "=" }');
    const files = ['scan.h5', 'stack.npy', 'pixels.bin'].map(at);
    const stream = framesFrom(files, { dataset: 'entry/data/data', rawDescription: at('pixels.yaml') });
    const run = await runProcessor(Passes, { frames: stream.lossy({ ids: [2] }).reordered({ ids: [1, 9], by: 4 }) });
    expect(run.published.map(({ id }) => id)).toEqual([3, 4, 5, 6, 1, 7, 8, 9]);
    const expected = run.published.map(({ id = 0 }) => [[((id - 1) % 3) + 1, 10, 20, 30]]);
    expect(run.published.map(({ rows }) => rows)).toEqual(expected);
    const [compressed] = await framesFrom([at('scan.h5')], { keepCompressed: true }).toArray();
    expect(compressed?.codec.name).toBe('bslz4');
  });

  test('that are not there, or no images', async () => {
    await expect(runProcessor(Passes, { frames: framesFrom([join(folder, 'none.npy')]) })).rejects.toThrow('none.npy');
    await expect(framesFrom(['a.txt']).toArray()).rejects.toMatchObject({ code: 'PVAFLOW_FILE_FORMAT' });
    expect(() => framesFrom([], { couNt: 1 } as never)).toThrow('framesFrom has no option couNt');
  });
});

describe('what goes wrong on the way', () => {
  const ten = frames({ ...tiny, count: 10 });

  test('frames are lost', async () => {
    expect(await idsOf(ten.lossy({ ids: [3, 4, 8] }))).toEqual([1, 2, 5, 6, 7, 9, 10]);
    expect(await report(ten.lossy({ ids: [3, 4, 8] }))).toMatchObject({
      received: 7,
      expected: 10,
      missed: {
        count: 3,
        ids: [
          { first: 3, last: 4, step: 1 },
          { first: 8, last: 8, step: 1 },
        ],
      },
    });
  });

  test('come twice', async () => {
    expect(await idsOf(ten.take(3).duplicated({ ids: [2] }))).toEqual([1, 2, 2, 3]);
    expect(await report(ten.duplicated({ ids: [2, 9] }))).toMatchObject({ received: 12, repeated: 2 });
  });

  test('come out of their order', async () => {
    expect(await idsOf(ten.take(5).reordered({ ids: [2] }))).toEqual([1, 3, 2, 4, 5]);
    expect(await idsOf(ten.take(5).reordered({ ids: [1, 4], by: 2 }))).toEqual([2, 3, 1, 5, 4]);
    expect(await report(ten.reordered({ ids: [2], by: 3 }))).toMatchObject({ late: 1, missed: { count: 0 } });
  });

  test('begin again', async () => {
    expect(await idsOf(ten.restarted({ after: 7 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 2, 3]);
    expect(await report(ten.restarted({ after: 7 }))).toMatchObject({ received: 10, restarted: 1, rewound: 0 });
    expect(await idsOf(ten.restarted({ ids: [4, 8], firstId: 2 }))).toEqual([1, 2, 3, 2, 3, 4, 5, 2, 3, 4]);
  });

  test('begin again by a seed, the same with each pass, and all are told of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const stream = frames({ ...tiny, count: 60 }).restarted({ rate: 0.1, seed });
        const ids = await idsOf(stream);
        expect(await idsOf(stream)).toEqual(ids);
        const begins = ids.filter((id, at) => at > 0 && id === 1).length;
        // what a source shows when it is there again may be the frame that came last: it is not taken twice
        const same = ids.filter((id, at) => at > 0 && id === 1 && ids[at - 1] === 1).length;
        expect(ids.every((id, at) => id === 1 || id === (ids[at - 1] ?? 0) + 1)).toBe(true);
        const { received, processed, restarted, missed } = await report(stream);
        expect({ received, processed, missed: missed.count }).toEqual({
          received: 60 - same,
          processed: 60 - same,
          missed: 0,
        });
        expect(restarted).toBe(begins - same);
      }),
      { numRuns: 20 },
    );
    const seeds = [1, 2].map((seed) => idsOf(frames({ ...tiny, count: 60 }).restarted({ rate: 0.1, seed })));
    const [first, second] = await Promise.all(seeds);
    expect(first).not.toEqual(second);
  });

  test('change', async () => {
    const all = await ten
      .lossy({ ids: [1] })
      .changed({ after: 4, dtype: 'uint8', shape: [3, 1] })
      .toArray();
    expect(all.map((frame) => frame.selected('value'))).toEqual([
      ...Array.from({ length: 4 }, () => 'ushortValue'),
      ...Array.from({ length: 5 }, () => 'ubyteValue'),
    ]);
    expect(reshapeNtNdArray(all[8] as NtNdArray).image.shape).toEqual([3, 1]);
    await expect(
      framesOf([[[1]]])
        .changed({ after: 0, dtype: 'uint8' })
        .toArray(),
    ).rejects.toThrow('only frames that are generated can change');
  });

  test('have time stamps that lie back', async () => {
    const times = (
      await ten
        .take(3)
        .late({ ids: [2], seconds: 4 })
        .toArray()
    ).map(({ timeStamp }) => timeStamp.seconds);
    expect(times.map((time) => Math.round((time - (times[0] as number)) * 1000))).toEqual([0, -3999, 2]);
  });

  test('are followed by others, or changed by the test', async () => {
    const other = framesOf([[[9]]], { firstId: 20 });
    const all = await ten
      .take(1)
      .followedBy(other)
      .map((frame) => void frame.setAttribute('a', 1))
      .toArray();
    expect(all.map(({ uniqueId }) => uniqueId)).toEqual([1, 20]);
    expect(all.map((frame) => frame.attribute('a'))).toEqual([1, 1]);
  });

  test.each([
    [() => ten.lossy({ rate: 2 }), 'rate must be a number from 0 to 1, found 2'],
    [() => ten.lossy({ rat: 2 } as never), 'lossy has no option rat. Did you mean rate?'],
    [() => ten.changed({ after: 1, dtype: 'x' as never }), 'dtype must be one of'],
    [() => ten.take(0.5), 'count must be a whole number of at least 0, found 0.5'],
  ])('says what is wrong with a fault', (make, message) => {
    expect(make).toThrow(message);
  });

  test('the same with each pass for a seed, and in the account whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.double({ min: 0, max: 0.5, noNaN: true }), async (seed, rate) => {
        const stream = frames({ ...tiny, count: 40 })
          .lossy({ seed, rate })
          .duplicated({ seed: seed + 1, rate })
          .reordered({ seed: seed + 2, rate, by: 2 });
        const ids = await idsOf(stream);
        expect(await idsOf(stream)).toEqual(ids);
        const { received, expected, missed, processed } = await report(stream);
        expect({ received, processed }).toEqual({ received: ids.length, processed: ids.length });
        expect(expected).toBe(received + missed.count);
      }),
      { numRuns: 20 },
    );
  });
});
