import { crc32 } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { SplitAdImageProcessor } from '../../../processors/split-ad-image-processor.js';
import { configureLogging } from '../../../src/core/logger.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import type { Splitter } from '../../../src/hpc/splitter/splitter.js';
import { generateNtNdArray2D } from '../../../src/image/generate.js';
import { startProcessor } from '../../../src/processor/processor-host.js';
import type { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { PvObject } from '../../../src/pva/pv-object.js';
import { PvType } from '../../../src/pva/pv-type.js';
import { frameOf, nextValue, until } from '../stream.js';
import { channels, counts, outputs, Spread } from './spread.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const throws = fileURLToPath(new URL('../fixtures/throws.ts', import.meta.url));

/** What is wrong with the account of the frames, or of those of one output. */
function imbalances(splitter: Splitter): string[] {
  const { frameStats: all, outputStats } = splitter.stats();
  const settled = all.nProcessed + all.nFiltered + all.nRejected + all.nFailed + all.nInFlight;
  const wrong = all.nReceived === settled ? [] : ['the frames'];
  const wrongOutputs = outputStats.filter((each) => each.nRouted !== each.nPublished + each.nErrors + each.nWaiting);
  return [...wrong, ...wrongOutputs.map(({ channel }) => channel)];
}

describe('a splitter', () => {
  it('gives its outputs turns, of several frames each', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter({ outputs: outputs(3), rule: { by: 'turns', updates: 2 } });
    const watches = await Promise.all([1, 2, 3].map((id) => spread.watch(splitter, id)));
    await spread.stream.send(...counts(60));
    for (const [at, watch] of watches.entries()) {
      await watch.until(20);
      expect(watch.ids).toEqual(counts(60).filter((id) => Math.floor((id - 1) / 2) % 3 === at));
    }
    await splitter.drain();
    expect(imbalances(splitter)).toEqual([]);
    const report = splitter.report();
    expect(isLossless(report)).toBe(true);
    expect(report).toMatchObject({ splitterId: 7, expected: 60, processed: 60, published: 60, missed: { count: 0 } });
    expect(report.outputs).toEqual(
      outputs(3).map(({ outputId, channel }) => ({
        outputId,
        outputChannel: channel,
        routed: 20,
        published: 20,
        notPublished: 0,
        waiting: 0,
        droppedForSubscribers: 0,
        unheard: 0,
      })),
    );
  });

  it('shares the frames of a server that distributes them with another splitter, and neither misses any', async () => {
    await using spread = new Spread();
    const shared = { distributor: { trigger: 'uniqueId', updates: 1 }, objectIdOffset: 2 };
    const splitters = [await spread.splitter(shared), await spread.splitter({ ...shared, splitterId: 8 })];
    await spread.stream.send(...counts(60));
    const received = () => splitters.reduce((sum, each) => sum + each.stats().frameStats.nReceived, 0);
    await until(() => received() === 60);
    for (const splitter of splitters) await splitter.drain();
    const reports = splitters.map((splitter) => splitter.report());
    expect(reports.map(({ processed, published, missed }) => ({ processed, published, missed: missed.count }))).toEqual(
      Array(2).fill({ processed: 30, published: 30, missed: 0 }),
    );
    expect(reports.map(({ firstId }) => firstId).sort()).toEqual([1, 2]);
    expect(splitters.flatMap(imbalances)).toEqual([]);
  });

  it('gives every output what another one was told before: a frame comes with all its fields', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter();
    const watches = await Promise.all([1, 2].map((id) => spread.watch(splitter, id)));
    await spread.stream.input.post(frameOf(1).set('descriptor', 'told once'));
    await spread.stream.input.post({ uniqueId: 2 }); // as servers do that send what has changed
    for (const [at, watch] of watches.entries()) {
      await watch.until(1);
      expect(watch.values[0]?.toObject()).toMatchObject({ uniqueId: at + 1, descriptor: 'told once' });
      expect(watch.values[0]?.get('dimension[0].size')).toBe(2);
    }
  });

  it('gives frames with equal values in a field to the same output', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter({ outputs: outputs(3), rule: { by: 'hash', field: 'timeStamp.userTag' } });
    const watches = await Promise.all([1, 2, 3].map((id) => spread.watch(splitter, id)));
    for (const id of counts(60))
      await spread.stream.input.post(
        frameOf(id)
          .set('timeStamp.userTag', id % 10)
          .markChanged(),
      );
    const expected = [0, 1, 2].map((at) => counts(60).filter((id) => crc32(String(id % 10)) % 3 === at));
    expect(expected.every((ids) => ids.length > 0)).toBe(true);
    for (const [at, watch] of watches.entries()) {
      await watch.until(expected[at]?.length ?? 0);
      expect(watch.ids).toEqual(expected[at]);
    }
    expect(imbalances(splitter)).toEqual([]);
  });

  it('tells of frames without the field by which it splits, and goes on', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter({ rule: { by: 'hash', field: 'value.ubyteValue' } });
    await spread.stream.send(1);
    await spread.stream.input.post(
      frameOf(2)
        .set('value', { ushortValue: new Uint16Array(4) })
        .markChanged(),
    );
    await spread.stream.send(3);
    await until(() => splitter.stats().frameStats.nProcessed === 3);
    expect(splitter.report()).toMatchObject({
      published: 2,
      notPublished: {
        count: 1,
        ids: [{ first: 2, last: 2 }],
        message: expect.stringContaining('value.ubyteValue') as string,
      },
    });
    expect(isLossless(splitter.report())).toBe(false);
    expect(imbalances(splitter)).toEqual([]);
  });

  it('cuts images into the tiles that SplitAdImageProcessor makes, one for each output', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter({ outputs: outputs(6), rule: { by: 'tile', columns: 3, rows: 2 } });
    const watches = await Promise.all(counts(6).map((id) => spread.watch(splitter, id)));
    const data = Uint8Array.from({ length: 7 * 5 }, (_, at) => at);
    const image = generateNtNdArray2D(1, { data, shape: [5, 7], stride: [7, 1], offset: 0 });
    const expected = await tilesOf(image.clone(), '3x2');
    await spread.stream.input.post(image.markChanged());
    await spread.stream.send(2, 3);
    for (const [at, watch] of watches.entries()) {
      await watch.until(1);
      const [first] = watch.values;
      expect(first?.toObject()).toEqual(expected[at]?.toObject());
    }
    // images of two by two pixels cannot be cut into three columns
    await until(() => splitter.stats().frameStats.nProcessed === 3);
    expect(splitter.report()).toMatchObject({ processed: 3, published: 6, notPublished: { count: 2 } });
    expect(imbalances(splitter)).toEqual([]);
  });

  it('splits what its processors hand on', async () => {
    await using spread = new Spread();
    const processors = [{ file: throws, args: { where: 'process' } }];
    const splitter = await spread.splitter({ processors });
    const watches = await Promise.all([1, 2].map((id) => spread.watch(splitter, id)));
    await spread.stream.send(...counts(8)); // every second one fails, and takes no turn
    await watches[0]?.until(2);
    await watches[1]?.until(2);
    expect(watches.map(({ ids }) => ids)).toEqual([
      [1, 5],
      [3, 7],
    ]);
    await until(() => splitter.stats().frameStats.nFailed === 4);
    expect(splitter.report()).toMatchObject({ processed: 4, failed: { 'RangeError in throws.process': { count: 4 } } });
    expect(imbalances(splitter)).toEqual([]);
  });

  it('goes on when the type of the objects changes', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter();
    await spread.stream.send(1, 2);
    await until(() => splitter.stats().publisherStats.nPublished === 2);
    const other = new PvType({ uniqueId: 'int', value: 'double' });
    spread.stream.input.open(new PvObject(other, { uniqueId: 3, value: 3.5 }));
    await until(() => splitter.stats().publisherStats.nPublished === 3);
    await spread.stream.input.post({ uniqueId: 4, value: 4.5 });
    const client = spread.clientOf(splitter);
    for (const [output, value] of Object.entries({ 'out:1': 3.5, 'out:2': 4.5 })) {
      const got = await nextValue(client.monitor(output), (each) => each.has('value') && each.get('value') === value);
      expect(got.get('uniqueId')).toBe(Math.floor(value));
    }
    expect(splitter.report()).toMatchObject({ published: 4, missed: { count: 0 }, notPublished: { count: 0 } });
  });

  it('tells all its outputs that an acquisition is complete', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter({ endOfAcquisition: { attribute: 'last' } });
    const watches = await Promise.all([1, 2].map((id) => spread.watch(splitter, id)));
    await spread.stream.send(1, 2);
    await spread.stream.input.post(frameOf(3).setAttribute('last', 1).markChanged());
    for (const [at, watch] of watches.entries()) {
      await watch.until(at === 0 ? 3 : 2);
      expect((watch.values.at(-1) as NtNdArray).attribute('last')).toBe(1);
    }
    expect(splitter.stats().acquisitionStats).toMatchObject({ isComplete: true, nReceived: 3, nPublished: 3 });
  });
});

/** What SplitAdImageProcessor publishes for an image. */
async function tilesOf(image: NtNdArray, layout: string): Promise<NtNdArray[]> {
  const tiles: NtNdArray[] = [];
  const processor = new SplitAdImageProcessor();
  const context = {
    processorId: 1,
    inputChannel: 'in',
    outputChannel: 'out',
    objectIdField: 'uniqueId',
    pvaServer: undefined,
    metadataQueueMap: new Map<never, never>(),
    host: { updateOutputChannel: (tile: PvObject) => void tiles.push((tile as NtNdArray).clone()) },
  };
  await startProcessor(processor, context, { layout });
  processor.process(image);
  return tiles;
}

describe('an output with a subscriber that stands still', () => {
  const small = { frames: 4, bytes: 2 ** 20, onFull: 'wait' } as const;

  it('holds back all outputs with wait, until the subscriber goes on: nothing is lost', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter();
    const stalled = await spread.watch(splitter, 1, small);
    const other = await spread.watch(splitter, 2);
    const sent = spread.stream.send(...counts(600));
    await until(() => splitter.output?.ready() !== undefined);
    const held = splitter.stats().outputStats.map(({ nRouted }) => nRouted);
    expect((held[0] ?? 0) - (held[1] ?? 0)).toBeOneOf([0, 1]);
    expect(imbalances(splitter)).toEqual([]);
    await until(() => (stalled.take(), other.take(), stalled.ids.length + other.ids.length === 600));
    await sent;
    expect(stalled.ids).toEqual(counts(600).filter((id) => id % 2 === 1));
    expect(other.ids).toEqual(counts(600).filter((id) => id % 2 === 0));
    await splitter.drain();
    expect(isLossless(splitter.report())).toBe(true);
    expect(splitter.report()).toMatchObject({ published: 600, droppedForSubscribers: 0 });
  });

  it.each(['dropOldest', 'dropNewest'] as const)('loses its own frames alone with %s', async (onFull) => {
    await using spread = new Spread();
    const policies = outputs(2).map((output) => (output.outputId === 1 ? { ...output, onFull } : output));
    const splitter = await spread.splitter({ outputs: policies });
    const stalled = await spread.watch(splitter, 1, small);
    const other = await spread.watch(splitter, 2);
    const sent = spread.stream.send(...counts(600));
    await other.until(300);
    await sent;
    const [first, second] = splitter.stats().outputStats;
    expect(first).toMatchObject({ nRouted: 300, nPublished: 300, nErrors: 0, nWaiting: 0, nUnheard: 0 });
    expect(second).toMatchObject({ nRouted: 300, nPublished: 300, nDropped: 0 });
    expect(first?.nDropped).toBeGreaterThan(0);
    await until(() => stalled.take().ids.length + (first?.nDropped ?? 0) === 300);
    expect(stalled.ids.at(-1)).toSatisfy((id: number) => (id === 599) === (onFull === 'dropOldest'));
    expect(splitter.report().droppedForSubscribers).toBe(first?.nDropped);
    splitter.resetStats();
    expect(splitter.stats().outputStats[0]).toMatchObject({ nRouted: 0, nPublished: 0, nDropped: 0, nUnheard: 0 });
  });

  it('holds back nobody any more when the subscriber is gone; what nobody was there for is counted', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter();
    const stalled = await spread.watch(splitter, 1, small);
    const other = await spread.watch(splitter, 2);
    const sent = spread.stream.send(...counts(600));
    await until(() => splitter.output?.ready() !== undefined);
    stalled.client.close();
    await other.until(300);
    await sent;
    expect(other.ids).toEqual(counts(600).filter((id) => id % 2 === 0));
    const [first, second] = splitter.stats().outputStats;
    expect(first).toMatchObject({ nRouted: 300, nPublished: 300, nSubscribers: 0 });
    expect(first?.nUnheard).toBeGreaterThan(0);
    expect(second).toMatchObject({ nUnheard: 0 });
    expect(imbalances(splitter)).toEqual([]);
  });
});

describe('the status channel', () => {
  it('has the figures of a consumer, and those of each output', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter();
    await spread.stream.send(1, 2, 3);
    const status = spread.clientOf(splitter).monitor('out:status');
    const value = await nextValue(status, (each) => each.get('publisherStats.nPublished') === 3);
    expect(value.get('splitterId')).toBe(7);
    expect(value.get('outputStats_1')).toMatchObject({ outputId: 1, channel: 'out:1', nRouted: 2n, nUnheard: 2n });
    expect(value.get('outputStats_2.nPublished')).toBe(1n);
  });
});

describe('the control channel', () => {
  async function configured(spread: Spread, splitter: Splitter, args: string): Promise<string> {
    const client = spread.clientOf(splitter);
    const control = client.monitor('out:control');
    await client.put('out:control', { command: 'configure', args });
    const value = await nextValue(control, (each) => each.get<string>('statusMessage').startsWith('Configuration'));
    return value.get('statusMessage');
  }

  it('changes how many frames make a turn', async () => {
    await using spread = new Spread();
    const splitter = await spread.splitter();
    await spread.stream.send(1);
    await until(() => splitter.stats().frameStats.nProcessed === 1);
    expect(await configured(spread, splitter, '{"sequentialUpdates": 3}')).toBe('Configuration successful');
    const watches = await Promise.all([1, 2].map((id) => spread.watch(splitter, id)));
    await spread.stream.send(2, 3, 4, 5, 6);
    await until(() => splitter.stats().frameStats.nProcessed === 6);
    await watches[0]?.until(2);
    await watches[1]?.until(3);
    expect(watches.map(({ ids }) => ids)).toEqual([
      [2, 3],
      [4, 5, 6],
    ]);
  });

  it('refuses what is no length of a turn, and turns where there are none', async () => {
    await using spread = new Spread();
    const turns = await spread.splitter();
    expect(await configured(spread, turns, '{"sequentialUpdates": 0}')).toMatch(/^Configuration failed: .*not 0/);
    const hash = await spread.splitter({ rule: { by: 'hash', field: 'uniqueId' } });
    expect(await configured(spread, hash, '{"sequentialUpdates": 2}')).toMatch(/failed: .*it is split by hash/);
  });
});

describe('a configuration', () => {
  it.each([
    [{ outputs: [] }, /at least one output/],
    [{ outputs: [...outputs(1), ...outputs(1)] }, /the output 1 is named twice/],
    [{ outputs: [1, 2].map((outputId) => ({ outputId, channel: 'x' })) }, /have the same name x/],
    [{ channels: { ...channels, input: 'out:1' } }, /have the same name out:1/],
    [{ rule: { by: 'tile', columns: 2, rows: 2 } }, /4 tiles, and there are 2 outputs/],
    [{ rule: { by: 'turns', updates: 0 } }, /from 1 on, not 0/],
    [{ rule: { by: 'hash', field: '' } }, /the path of a field/],
    [{ rule: { by: 'luck' } }, /no way to split by luck/],
    [{ rule: { by: 'hash', feild: 'x' } }, /feild/],
    [{ passOn: true }, /passOn/],
    [{ accumulateObjects: 5 }, /without a receiver queue/],
  ])('like %j is refused', async (changes, message) => {
    await using spread = new Spread();
    await expect(spread.splitter(changes as never)).rejects.toThrow(message);
  });
});
