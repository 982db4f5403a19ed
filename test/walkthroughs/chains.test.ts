/** "Processing Chains" and "Data Collector": from a detector by way of a mirror and four processors to files. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newPlace } from '../peers/network.js';
import { connected, interrupt, numbers, seenEnd, shows, useGuide } from './guide.js';

const guide = useGuide();
const FRAMES = 320;
const FOUR = [1, 2, 3, 4];
const ALL = numbers(1, FRAMES);

/** What both sections begin and end with: the processors, the mirror and the simulator, which waits for us. */
async function sourceAndProcessors() {
  const [detector, bridge] = [await newPlace(), await newPlace()];
  const processors = await guide.type(
    String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel processor:*:control \
    --status-channel processor:*:status \
    --output-channel processor:*:output \
    --processor-file /path/to/hpcAdImageProcessorExample.py \
    --processor-class HpcAdImageProcessor \
    --report-period 10 \
    --server-queue-size 100 \
    --receiver-queue-size 1000 \
    --n-consumers 4 \
    --distributor-updates 8`,
    { sources: [bridge] },
  );
  const mirror = await guide.type('pvaflow mirror-server --channel-map "(pvapy:image,ad:image,pva,1000)"', {
    at: bridge,
    sources: [detector],
  });
  await guide.type('pvaflow sim-server -cn ad:image -nx 128 -ny 128 -dt uint8 -fps 2000 -rt 60 -rp 2000', {
    at: detector,
    more: `--count ${FRAMES} --await-subscribers 2 -shd 600`,
  });
  /** Lets the simulator begin; resolves when all images have passed the processors, which have ended then. */
  const run = async () => {
    const last = guide.image(bridge, 'pvapy:image', FRAMES);
    guide.letBegin(detector, 'ad:image');
    await last;
    await interrupt(mirror);
    await seenEnd(processors, ...FOUR);
    return interrupt(processors);
  };
  return { processors, run };
}

/** The numbers of the files \`bdp_000001.3.tiff\`, by the consumer that saved them. */
function savedBy(folder: string): Map<number, number[]> {
  const saved = new Map<number, number[]>();
  for (const name of readdirSync(folder).sort()) {
    const [, id, consumer] = /^bdp_(\d{6})\.(\d)\.tiff$/.exec(name) ?? [];
    saved.set(Number(consumer), [...(saved.get(Number(consumer)) ?? []), Number(id)]);
  }
  return saved;
}

/** In a summary: each of the four has received so many images, and lost none. */
function each(received: number): RegExp {
  return new RegExp(`(\\n  consumer \\d   received ${received} .*failed 0   missed 0   rejected 0){4}$`);
}

it('a chain saves each image in a file', async () => {
  const { processors, run } = await sourceAndProcessors();
  const data = join(guide.folder, 'chain');
  const files = await guide.type(
    String.raw`
rm -rf /path/to/output/data &&  mkdir -p /path/to/output/data
pvaflow consumer \
    --input-channel processor:*:output \
    --output-channel file:*:output \
    --control-channel file:*:control \
    --status-channel file:*:status \
    --processor-class pvapy.hpc.adOutputFileProcessor.AdOutputFileProcessor \
    --processor-args '{"outputDirectory" : "/path/to/output/data", "outputFileNameFormat" : "bdp_{uniqueId:06d}.{processorId}.tiff", "objectIdOffset" : "25"}' \
    --n-consumers 4 \
    --report-period 10 \
    --server-queue-size 1000 \
    --receiver-queue-size 10000`,
    { sources: [processors.place], instead: { '/path/to/output/data': data } },
  );
  await connected(files, 'output', ...FOUR);
  expect(await run()).toMatch(each(80));
  await seenEnd(files, ...FOUR);
  const account = await interrupt(files);
  expect(account).toMatch(each(80));
  expect(account).not.toContain('out of phase');
  const saved = [...savedBy(data).values()].sort(([a = 0], [b = 0]) => a - b);
  const turns = [0, 1, 2, 3].map((turn) => ALL.filter((id) => Math.floor((id - 1) / 8) % 4 === turn));
  expect(saved).toEqual(turns);
});

it('a collector puts the images in order, and four consumers save them in turn', async () => {
  const { processors, run } = await sourceAndProcessors();
  const data = join(guide.folder, 'collected');
  const collector = await guide.type(
    String.raw`
pvaflow collector \
    --collector-id 1 \
    --producer-id-list 1,2,3,4 \
    --input-channel processor:*:output \
    --control-channel collector:*:control \
    --status-channel collector:*:status \
    --output-channel collector:*:output \
    --processor-class pvapy.hpc.userDataProcessor.UserDataProcessor \
    --report-period 10 \
    --server-queue-size 1000 \
    --collector-cache-size 10000 \
    --receiver-queue-size 2000`,
    { sources: [processors.place] },
  );
  const files = await guide.type(
    String.raw`
rm -rf /path/to/output/data &&  mkdir -p /path/to/output/data
pvaflow consumer \
    --input-channel collector:1:output \
    --output-channel file:*:output \
    --control-channel file:*:control \
    --status-channel file:*:status \
    --processor-class pvapy.hpc.adOutputFileProcessor.AdOutputFileProcessor \
    --processor-args '{"outputDirectory" : "/path/to/output/data", "outputFileNameFormat" : "bdp_{uniqueId:06d}.{processorId}.tiff"}' \
    --n-consumers 4 \
    --report-period 10 \
    --server-queue-size 1000 \
    --receiver-queue-size 10000 \
    --distributor-updates 1`,
    { sources: [collector.place], instead: { '/path/to/output/data': data } },
  );
  await connected(files, 'output', ...FOUR);
  for (const id of FOUR) await shows(collector, new RegExp(`processor:${id}:output: connected`));
  await run();
  for (const id of FOUR) await shows(collector, new RegExp(`processor:${id}:output: its server went away`));
  expect(await interrupt(collector)).toMatch(
    /320 frames expected, ids 1–320\n.*published 320 {3}failed 0 {3}missed 0 {3}rejected 0$/,
  );
  await seenEnd(files, ...FOUR);
  expect(await interrupt(files)).toMatch(each(80));
  const saved = [...savedBy(data).values()].sort(([a = 0], [b = 0]) => a - b);
  expect(saved).toEqual([1, 2, 3, 4].map((first) => numbers(first, FRAMES, 4)));
});
