import { describe, expect, it } from 'vitest';
import { SplitAdImageProcessor } from '../../processors/split-ad-image-processor.js';
import { StitchAdImageProcessor } from '../../processors/stitch-ad-image-processor.js';
import { generateNtNdArray2D } from '../../src/image/generate.js';
import { startProcessor } from '../../src/processor/processor-host.js';
import type { UserDataProcessor } from '../../src/processor/user-data-processor.js';
import type { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import type { PvObject } from '../../src/pva/pv-object.js';

/** Starts a processor; what it publishes is kept. */
async function running(processor: UserDataProcessor, args: Record<string, unknown>): Promise<NtNdArray[]> {
  const published: NtNdArray[] = [];
  const host = { updateOutputChannel: (value: PvObject) => void published.push((value as NtNdArray).clone()) };
  const context = {
    processorId: 1,
    inputChannel: 'in',
    outputChannel: 'out',
    objectIdField: 'uniqueId',
    pvaServer: undefined,
    metadataQueueMap: new Map<never, never>(),
    host,
  };
  await startProcessor(processor, context, args);
  return published;
}

function frame(id: number): NtNdArray {
  const data = Uint8Array.from({ length: 8 * 4 }, (_, at) => (at * id) & 255);
  return generateNtNdArray2D(id, { data, shape: [4, 8], stride: [8, 1], offset: 0 });
}

it('splits images and stitches them, and gives up those that lack a tile', async () => {
  const [split, stitch] = [new SplitAdImageProcessor(), new StitchAdImageProcessor()];
  const tiles = await running(split, { nx: 4, ny: 2 });
  const images = await running(stitch, {});
  for (const id of [1, 2, 3]) split.process(frame(id));
  expect(split.getStats()).toMatchObject({ nFrames: 3, nTiles: 12 });
  tiles.forEach((tile, at) => at !== 6 && stitch.process(tile)); // one of image 2 is lost
  expect(images.map(({ uniqueId, data }) => [uniqueId, data])).toEqual([1, 3].map((id) => [id, frame(id).data]));
  expect(stitch.getStats()).toMatchObject({ nFramesStitched: 2, nFramesMissed: 1, nTilesDiscarded: 3 });
});

it('publishes images as they are without a layout, and refuses tiles that are none', async () => {
  const [split, stitch] = [new SplitAdImageProcessor(), new StitchAdImageProcessor()];
  const published = await running(split, {});
  await running(stitch, {});
  split.process(frame(1));
  expect(published[0]?.data).toEqual(frame(1).data);
  expect(() => stitch.process(frame(1))).toThrow(/it is no tile/);
});

describe('a tile of an image that is through', () => {
  const at = (tile: NtNdArray | undefined, seconds: number) =>
    (tile as NtNdArray).clone().set('timeStamp.secondsPastEpoch', seconds);

  async function tilesOf(id: number, seconds: number): Promise<NtNdArray[]> {
    const split = new SplitAdImageProcessor();
    const tiles = await running(split, { layout: '2x1' });
    split.process(frame(id).set('timeStamp', { secondsPastEpoch: seconds, nanoseconds: 5 }));
    return tiles;
  }

  it('is counted as repeated when the image was stitched, as discarded when it was given up', async () => {
    const stitch = new StitchAdImageProcessor();
    const images = await running(stitch, {});
    const [first, second] = [await tilesOf(1, 100), await tilesOf(2, 101)];
    for (const tile of [first[0], ...second, second[1], first[1]]) stitch.process(tile as NtNdArray);
    expect(images.map(({ uniqueId }) => uniqueId)).toEqual([2]);
    stitch.stop();
    expect(stitch.getStats()).toEqual({
      nFramesStitched: 1, nFramesMissed: 1, nTilesProcessed: 2, nTilesReceived: 5, nTilesDiscarded: 2, nTilesRepeated: 1,
    }); // prettier-ignore
  });

  it('begins an image when the source counts from the start again, or tells no time', async () => {
    const stitch = new StitchAdImageProcessor();
    const images = await running(stitch, {});
    const tiles = await tilesOf(1, 100);
    for (const seconds of [100, 500, 0, 0]) for (const tile of tiles) stitch.process(at(tile, seconds));
    expect(images.map(({ uniqueId }) => uniqueId)).toEqual([1, 1, 1, 1]);
    expect(stitch.getStats()).toMatchObject({ nFramesMissed: 0, nTilesRepeated: 0 });
  });

  it('is known for as many images as may be incomplete', async () => {
    const stitch = new StitchAdImageProcessor();
    const images = await running(stitch, { maxImages: 2 });
    for (const id of [1, 2, 3, 1, 3]) for (const tile of await tilesOf(id, 100)) stitch.process(tile);
    expect(images.map(({ uniqueId }) => uniqueId)).toEqual([1, 2, 3, 1]);
    expect(stitch.getStats()).toMatchObject({ nTilesRepeated: 2 });
  });
});

it('refuses sizes that cannot be, also while it runs', async () => {
  const stitch = new StitchAdImageProcessor();
  await running(stitch, { nx: 8, ny: 4 });
  for (const config of [{ nx: 'x' }, { ny: 0 }, { maxImages: 0.5 }])
    await expect(async () => stitch.configure(config as object)).rejects.toThrow(Object.keys(config)[0]);
});
