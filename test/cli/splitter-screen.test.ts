import { expect, it } from 'vitest';
import type { Timed } from '../../src/cli/run-reports.js';
import { splitterScreen, type SplitterTitle } from '../../src/cli/splitter/screen.js';
import type { SplitterSnapshot } from '../../src/hpc/splitter/splitter.js';

const title: SplitterTitle = {
  splitterId: 3,
  inputChannel: '13SIM1:Pva1:Image',
  processors: ['threshold'],
  rule: 'hash of uniqueId',
};

/** What the screen reads of a splitter that has split so many frames of 1000 bytes. */
function moment(at: number, frames: number, isConnected = true): Timed<SplitterSnapshot> {
  const output = (outputId: number, share: number) => ({
    channel: `split:${outputId}:image`,
    nPublished: Math.floor(frames * share),
    nSubscribers: outputId,
    nDropped: outputId === 2 ? 4 : 0,
  });
  return {
    at,
    snapshot: {
      isConnected,
      stats: {
        frameStats: { nReceived: frames, nMissed: 2, nFailed: 1 },
        receiverStats: { nOverruns: 5 },
        processorStats: { runtime: 252, nProcessed: frames, lastObjectId: frames },
        outputStats: [output(1, 0.75), output(2, 0.25)],
      },
      pipeline: {
        received: frames,
        waitedMs: at / 100,
        queue: { length: 7, limit: 200, dropped: 0 },
        stages: [
          { name: 'threshold', processed: frames, filtered: 0, rejected: 0, failed: 1, p50Ms: 0.31, p99Ms: 0.44 },
        ],
        edges: [],
      },
      input: { bytes: frames * 1000 },
    } as unknown as SplitterSnapshot,
  };
}

it('shows the input, the processor, and a line for each output, with the rates of the last second', () => {
  const lines = splitterScreen(title, moment(0, 0), moment(2000, 4000), 120);
  expect(lines[0]).toMatch(
    /^splitter 3 {2}13SIM1:Pva1:Image → threshold → 2 outputs by hash of uniqueId +running 00:04:12$/,
  );
  expect(lines[1]).toMatch(/^ {2}received +4,000 +2,000\.0 fps +2\.0 MB\/s +missed 2 +overruns 5 +waiting 1\.0 %$/);
  expect(lines[2]).toMatch(/^ {2}threshold +4,000 +p50 0\.31 ms +p99 0\.44 ms +failed 1 +queue 7\/200$/);
  expect(lines[3]).toMatch(/^ {2}split:1:image +3,000 +1,500\.0 fps +1 subscriber +dropped 0$/);
  expect(lines[4]).toMatch(/^ {2}split:2:image +1,000 +500\.0 fps +2 subscribers +dropped 4$/);
  expect(lines[5]).toMatch(/^ {2}memory +\d+ MB +last id 4,000$/);
});

it('says what it waits for, shows no rate below nothing after a reset, and is no wider than the terminal', () => {
  const lines = splitterScreen(title, moment(0, 4000), moment(1000, 0, false), 60);
  expect(lines[0]).toContain('splitter 3');
  expect(splitterScreen(title, moment(0, 0), moment(0, 0, false), 130)[0]).toMatch(/ waiting for the server 00:04:12$/);
  expect(lines[3]).toMatch(/ 0\.0 fps/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
});
