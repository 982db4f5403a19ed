/**
 * "Protection Against Lost Data". Where the guide shows what is lost without protection, nothing is lost here: the simulator and
 * the consumers wait for each other.
 */
import { expect, it } from 'vitest';
import { newPlace, type Place } from '../peers/network.js';
import { interrupt, seenEnd, useGuide, type Terminal } from './guide.js';

const guide = useGuide();

/** Runs the simulator of the section to its end, and gives the summaries of the consumers, which are connected then. */
async function summaryAfter(command: string, consumer: string, ids: readonly number[]): Promise<string> {
  const detector: Place = await newPlace();
  const terminal: Terminal = await guide.type(consumer, { sources: [detector] });
  await guide.type(command, { at: detector, more: `--count 4000 --await-subscribers ${ids.length}` });
  await seenEnd(terminal, ...ids);
  return interrupt(terminal);
}

it.each(['', '--server-queue-size 1000'])(
  'a single consumer of 10,000 frames a second loses none with %j',
  async (queue) => {
    const consumer = String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel consumer:*:control \
    --status-channel consumer:*:status \
    --output-channel consumer:*:output \
    --processor-class pvapy.hpc.userDataProcessor.UserDataProcessor \
    --report-period 10 ${queue}`;
    const simulator = 'pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 10000 -rp 10000';
    const summary = await summaryAfter(simulator, consumer, [1]);
    expect(summary).toMatch(
      /4,000 frames expected, ids 1–4,000\n {2}processed 4,000 {3}published 4,000 {3}failed 0 {3}missed 0 {3}rejected 0$/,
    );
  },
);

const overwhelmed = (more: string) => String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel consumer:*:control \
    --status-channel consumer:*:status \
    --output-channel consumer:*:output \
    --processor-file /path/to/hpcAdImageProcessorExample.py \
    --processor-class HpcAdImageProcessor \
    --report-period 10 \
    --server-queue-size 100 \
    --receiver-queue-size 1000 ${more}`;

it('a consumer with queues holds its source back rather than rejecting frames', async () => {
  const simulator = 'pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 5000 -rp 5000';
  const summary = await summaryAfter(simulator, overwhelmed(''), [1]);
  expect(summary).toMatch(/ids 1–4,000\n {2}processed 4,000 {3}published 4,000 {3}failed 0 {3}missed 0 {3}rejected 0$/);
});

it.each([
  [2, 5000],
  [4, 8000],
])('%d consumers with queues share %d frames a second evenly', async (count, fps) => {
  const ids = Array.from({ length: count }, (_, at) => at + 1);
  const simulator = `pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps ${fps} -rp ${fps}`;
  const summary = await summaryAfter(simulator, overwhelmed(`--n-consumers ${count} --distributor-updates 1`), ids);
  const share = (4000 / count).toLocaleString('en');
  expect(summary).toContain('4,000 frames expected, ids 1–4,000');
  for (const id of ids)
    expect(summary).toMatch(
      new RegExp(`consumer ${id} {3}received ${share} {3}processed ${share} .*missed 0 {3}rejected 0`),
    );
});
