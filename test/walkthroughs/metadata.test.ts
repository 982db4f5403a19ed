/** "Metadata Handling With Data Collector" and "Metadata Handling With Data Consumers". */
import { expect, it } from 'vitest';
import type { NtNdArray } from 'pvaflow';
import { newPlace, type Place } from '../peers/network.js';
import { connected, interrupt, shows, useGuide } from './guide.js';

const guide = useGuide();
const FRAMES = 400;

const collecting = String.raw`
pvaflow collector \
    --collector-id 1 \
    --producer-id-list 1 \
    --input-channel pvapy:image \
    --control-channel collector:*:control \
    --status-channel collector:*:status \
    --output-channel collector:*:output \
    --processor-file /path/to/hpcAdMetadataProcessorExample.py \
    --processor-class HpcAdMetadataProcessor \
    --report-period 10 \
    --server-queue-size 100 \
    --collector-cache-size 100 \
    --receiver-queue-size 1000 \
    --metadata-channels pva://x,pva://y,pva://z`;

it('a collector gives images the metadata of their time', async () => {
  const detector = await newPlace();
  const collector = await guide.type(collecting, { sources: [detector] });
  await guide.type(
    String.raw`
pvaflow sim-server \
    -cn pvapy:image -nx 128 -ny 128 -fps 100 -rp 100 -rt 60 \
    -mpv pva://x,pva://y,pva://z`,
    { at: detector, more: '--count 100 --await-subscribers 2 -shd 600' },
  );
  for (const name of ['x', 'y', 'z', 'pvapy:image']) await shows(collector, new RegExp(`: ${name}: connected`));
  const original = await guide.image(detector, 'pvapy:image', 1); // the last subscriber that the simulator waits for
  expect(original.attributes.map(({ name }) => name)).not.toContain('x');
  expect(Object.keys((await guide.client(detector).info('x')).fields)).toEqual(['value', 'timeStamp']);
  const joined = await guide.image(collector.place, 'collector:1:output', 100);
  for (const name of ['x', 'y', 'z']) expect(joined.attribute(name)).toBeTypeOf('number');
  await figure(collector.place, 'collector:1:status', 'userStats.nFramesProcessed', 100);
  expect(await interrupt(collector)).toMatch(
    /100 frames expected, ids 1–100\n.*published 100 {3}failed 0 {3}missed 0 {3}rejected 0$/,
  );
});

it('a collector gives images the metadata of records, over Channel Access', async () => {
  const detector = await newPlace();
  const collector = await guide.type(collecting, {
    sources: [detector],
    instead: { 'pva://x,pva://y,pva://z': 'ca://x,ca://y,ca://z' },
  });
  await guide.type(
    String.raw`
EPICS_DB_INCLUDE_PATH=/path/to/epics-base/dbd pvaflow sim-server \
    -cn pvapy:image -nx 128 -ny 128 -fps 1 -rt 60 \
    -mpv x,y,z`,
    {
      at: detector,
      instead: { '-fps 1': '-fps 100', '-rt 60': '-rt 600' },
      more: '--await-subscribers 1',
    },
  );
  await hasAttributes(collector.place, 'collector:1:output', ['x', 'y', 'z']);
  expect(await interrupt(collector)).toMatch(/failed 0 {3}missed 0 {3}rejected 0$/);
});

it('four consumers behind a mirror give the images that they share their metadata', async () => {
  const detector = await newPlace();
  const bridge = await newPlace();
  const consumers = await guide.type(
    String.raw`
pvaflow consumer \
    --consumer-id 1 \
    --n-consumers 4 \
    --input-channel pvapy:image \
    --control-channel consumer:*:control \
    --status-channel consumer:*:status \
    --output-channel consumer:*:output \
    --processor-file /path/to/hpcAdMetadataProcessorExample.py \
    --processor-class HpcAdMetadataProcessor \
    --processor-args '{"timestampTolerance" : 0.00025}' \
    --report-period 10 \
    --server-queue-size 2000 \
    --accumulate-objects 10 \
    --receiver-queue-size 0 \
    --distributor-updates 1 \
    --metadata-channels pva://pvapy:x,pva://pvapy:y,pva://pvapy:z`,
    { sources: [bridge] },
  );
  const mirror = await guide.type(
    String.raw`
pvaflow mirror-server \
    --channel-map "(pvapy:image,ad:image,pva,1000),(pvapy:x,ad:x,pva,1000),(pvapy:y,ad:y,pva,1000),(pvapy:z,ad:z,pva,1000)"`,
    { at: bridge, sources: [detector] },
  );
  await guide.type(
    String.raw`
pvaflow sim-server \
    -cn ad:image -nx 128 -ny 128 -fps 2000 -rp 2000 -rt 60 \
    -mpv pva://ad:x,pva://ad:y,pva://ad:z`,
    { at: detector, more: `--count ${FRAMES} --await-subscribers 2 -shd 600` },
  );
  for (const name of ['x', 'y', 'z', 'image']) await connected(consumers, `pvapy:${name}`, 1, 2, 3, 4);
  const last = guide.image(bridge, 'pvapy:image', FRAMES);
  guide.letBegin(detector, 'ad:image');
  await last;
  for (const id of [1, 2, 3, 4])
    await figure(consumers.place, `consumer:${id}:status`, 'userStats.nFramesProcessed', FRAMES / 4);
  const image = (await guide.client(consumers.place).get('consumer:1:output')) as NtNdArray;
  for (const name of ['pvapy:x', 'pvapy:y', 'pvapy:z']) expect(image.attribute(name)).toBeTypeOf('number');
  await interrupt(mirror);
  expect(await interrupt(consumers)).toMatch(
    new RegExp(`(\\n  consumer \\d   received ${FRAMES / 4} .*failed 0   missed 0   rejected 0){4}$`),
  );
});

/** Waits until a status channel shows this value. */
async function figure(place: Place, channel: string, field: string, value: number): Promise<void> {
  for await (const event of guide.client(place).monitor(channel))
    if (event.type === 'update' && Number(event.value.get(field)) === value) return;
}

/** Waits for an image with these attributes. Channel Access waits for nobody: a busy machine may lose values, and images have none. */
async function hasAttributes(place: Place, channel: string, names: readonly string[]): Promise<void> {
  for await (const event of guide.client(place).monitor(channel)) {
    if (event.type !== 'update') continue;
    const image = event.value as NtNdArray;
    if (names.every((name) => typeof image.attribute(name) === 'number')) return;
    image.release();
  }
}
