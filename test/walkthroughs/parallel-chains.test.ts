/** "Parallel Processing Chains". */
import { expect, it } from 'vitest';
import { newPlace } from '../peers/network.js';
import { connected, interrupt, seenEnd, useGuide } from './guide.js';

const guide = useGuide();
const FRAMES = 640;

it('split a stream in batches between two chains of four consumers', async () => {
  const detector = await newPlace();
  const passthrough = await guide.type(
    String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel passthrough:*:control \
    --status-channel passthrough:*:status \
    --output-channel passthrough:*:output \
    --processor-class pvapy.hpc.userDataProcessor.UserDataProcessor \
    --server-queue-size 100 \
    --report-period 10 \
    --distributor-updates 8 \
    --n-consumers 2`,
    { sources: [detector] },
  );
  const processing = (first: number, channel: string) =>
    guide.type(
      String.raw`
pvaflow consumer \
    --consumer-id ${first} \
    --input-channel ${channel} \
    --control-channel consumer:*:control \
    --status-channel consumer:*:status \
    --output-channel consumer:*:output \
    --processor-file /path/to/hpcAdImageProcessorExample.py \
    --processor-class HpcAdImageProcessor \
    --report-period 10 \
    --server-queue-size 100 \
    --n-consumers 4 \
    --distributor-updates 8 \
    --oid-offset 57`,
      { sources: [passthrough.place] },
    );
  const chains = await Promise.all([processing(1, 'passthrough:1:output'), processing(5, 'passthrough:2:output')]);
  await guide.type('pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 8000 -rp 8000', {
    at: detector,
    more: `--count ${FRAMES} --await-subscribers 3`,
  });
  await connected(chains[0], 'output', 1, 2, 3, 4);
  await connected(chains[1], 'output', 5, 6, 7, 8);
  guide.letBegin(detector, 'pvapy:image');

  await seenEnd(passthrough, 1, 2);
  expect(await interrupt(passthrough)).toMatch(each(2, 320));
  await seenEnd(chains[0], 1, 2, 3, 4);
  await seenEnd(chains[1], 5, 6, 7, 8);
  for (const chain of chains) expect(await interrupt(chain)).toMatch(each(4, 80));
});

/** In a summary: each of so many consumers received this number of frames, and none was lost. */
function each(consumers: number, received: number): RegExp {
  return new RegExp(`(\\n  consumer \\d   received ${received} .*failed 0   missed 0   rejected 0){${consumers}}$`);
}
