/** "Splitting Images Into Tiles" and "Splitting and Stitching Images With Data Collector". */
import { expect, it } from 'vitest';
import { crc32 } from 'node:zlib';
import type { NtNdArray } from 'pvaflow';
import { newPlace } from '../peers/network.js';
import { connected, interrupt, seenEnd, shows, useGuide } from './guide.js';

const guide = useGuide();
const IMAGES = 6;

it('images of 3840 × 2160 are cut into tiles, which four consumers take in turn, and put together again', async () => {
  const detector = await newPlace();
  const split = await guide.type(
    String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel split:*:control \
    --status-channel split:*:status \
    --output-channel split:*:output \
    --processor-file /path/to/splitAdImageProcessorExample.py \
    --processor-class SplitAdImageProcessor \
    --processor-args='{"nx" : 1920, "ny" : 1080}' \
    --report-period 10 \
    --server-queue-size 100`,
    { sources: [detector] },
  );
  const process = await guide.type(
    String.raw`
pvaflow consumer \
    --input-channel split:1:output \
    --control-channel process:*:control \
    --status-channel process:*:status \
    --output-channel process:*:output \
    --processor-class pvapy.hpc.userDataProcessor.UserDataProcessor \
    --report-period 10 \
    --server-queue-size 100 \
    --n-consumers 4 \
    --distributor-updates 1`,
    { sources: [split.place] },
  );
  const collector = await guide.type(
    String.raw`
pvaflow collector \
    --collector-id 1 \
    --producer-id-list 1,2,3,4 \
    --input-channel process:*:output \
    --control-channel collector:*:control \
    --status-channel collector:*:status \
    --output-channel collector:*:output \
    --processor-file /path/to/stitchAdImageProcessorExample.py \
    --processor-class StitchAdImageProcessor \
    --processor-args='{"nx" : 3840, "ny" : 2160}' \
    --report-period 10 \
    --server-queue-size 100 \
    --collector-cache-size 100`,
    { sources: [process.place] },
  );

  await guide.type('pvaflow sim-server -cn pvapy:image -nx 3840 -ny 2160 -dt uint8 -fps 100 -rp 100 -rt 60', {
    at: detector,
    more: `-nf 4 --count ${IMAGES} --await-subscribers 2`,
  });
  await connected(process, 'output', 1, 2, 3, 4);
  for (const id of [1, 2, 3, 4]) await shows(collector, new RegExp(`process:${id}:output: connected`));
  const original = guide.image(detector, 'pvapy:image', IMAGES); // the last subscriber that the simulator waits for
  await seenEnd(split, 1);
  expect(await interrupt(split)).toMatch(
    /6 frames expected, ids 1–6\n {2}processed 6 {3}published 24 {3}failed 0 {3}missed 0/,
  );
  await seenEnd(process, 1, 2, 3, 4);
  const tiles = guide.client(process.place);
  const places: (number | undefined)[][] = [];
  for (const id of [1, 2, 3, 4]) {
    const tile = (await tiles.get(`process:${id}:output`)) as NtNdArray;
    expect(tile.dimensions.map(({ size }) => size)).toEqual([1920, 1080]);
    places.push([tile.attribute<number>('tileIndexX'), tile.attribute<number>('tileIndexY')]);
  }
  expect(places.sort()).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);

  const account = await interrupt(process);
  expect(account).not.toContain('out of phase');
  expect(account).toMatch(
    /24 frames expected.*\n.*missed 0(.*\n)+( {2}consumer \d {3}received 6 .*failed 0 {3}missed 0 {3}rejected 0\n?){4}$/,
  );
  for (const id of [1, 2, 3, 4]) await shows(collector, new RegExp(`process:${id}:output: its server went away`));
  const client = guide.client(collector.place);
  let stitched: NtNdArray;
  do stitched = (await client.get('collector:1:output')) as NtNdArray;
  while (stitched.uniqueId < IMAGES);
  expect(stitched.dimensions.map(({ size }) => size)).toEqual([3840, 2160]);
  expect(checksum(stitched)).toBe(checksum(await original));
  expect(await interrupt(collector)).toMatch(/ids 1–6\n.*published 6 {3}failed 0 {3}missed 0 {3}rejected 0$/);
});

function checksum(image: NtNdArray): number {
  return crc32(image.data as Uint8Array);
}
