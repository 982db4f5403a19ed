import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { plainReport } from '../../src/cli/consumer-reports.js';
import { screenLines, type TimedSnapshot } from '../../src/cli/consumer-screen.js';
import { Acquisitions } from '../../src/hpc/acquisitions/acquisitions.js';
import { consumerStats } from '../../src/hpc/consumer-stats.js';
import { noAlarm } from '../../src/hpc/inputs/input-alarm.js';
import { IdTracker } from '../../src/hpc/ids/id-tracker.js';
import { Pipeline } from '../../src/pipeline/pipeline.js';
import { ManualSource } from '../pipeline/fakes.js';

const source = new ManualSource<number>();
const pipeline = new Pipeline<number>({
  sources: [{ name: 'test', source, queue: { items: 200, bytes: 1000, onFull: 'wait' } }],
  processors: [
    { name: 'threshold', processor: { process: (id) => id } },
    { name: 'every-second', processor: { process: (id) => (id % 2 === 0 ? id : undefined) } },
  ],
});
pipeline.start();

function snapshot(at: number, waitedMs: number): TimedSnapshot {
  const figures = { ...pipeline.stats(), waitedMs };
  const ids = new IdTracker({ offset: 1, sequentialUpdates: 1 });
  for (const id of [1, 2, 4]) ids.note(id);
  const stats = consumerStats({
    pipeline: figures,
    ids,
    times: {
      ...{ startTime: 1000, endTime: 1252, firstObjectTime: 1001, lastObjectTime: 1002, lastObjectId: 252_012 },
      steady: { start: 0, end: 252, firstObject: 1, lastObject: 2 },
    },
    receiver: { errors: 0, overruns: 0, skipped: 1 },
    publisher: { published: figures.processed, errors: 0 },
    hasQueue: true,
    userStats: { threshold: { nAbove: 5 } },
    shownStage: 'threshold',
    metadata: [],
    inputAlarm: noAlarm,
    acquisition: new Acquisitions({
      end: undefined,
      missed: () => 0,
      idOf: () => undefined,
      onMark: () => {},
      onComplete: () => {},
    }).stats(),
  });
  return {
    at,
    snapshot: {
      stats,
      pipeline: figures,
      input: { received: 0, bytes: 0, errors: 0, overruns: 0 },
      isConnected: true,
      unanswered: [],
      subscribers: 2,
      everMissed: 1,
    },
  };
}

it('shows the figures of a consumer, with the rates of the last second', async () => {
  const before = snapshot(0, 0);
  source.emit(...Array.from({ length: 1000 }, (_, id) => id));
  const settled = () => pipeline.stats().processed + pipeline.stats().filtered;
  while (settled() < 1000) await turn(); // in turns of a few milliseconds
  const title = {
    consumerId: 1,
    inputChannel: '13SIM1:Pva1:Image',
    processors: ['threshold', 'every-second'],
    outputChannel: 'thr:1:image',
  };
  const lines = screenLines(title, before, snapshot(2000, 10), 120);
  expect(lines[0]).toMatch(
    /^consumer 1 {2}13SIM1:Pva1:Image → threshold → every-second → thr:1:image +running 00:04:12$/,
  );
  expect(lines[1]).toMatch(/^ {2}received +1,000 +500\.0 fps +0\.0 kB\/s +missed 1 +repeated 0 +overruns 0$/);
  expect(lines[2]).toMatch(/^ {2}threshold +1,000 +p50 0\.\d\d ms +p99 \d+\.\d\d ms +failed 0 +queue 0\/200$/);
  expect(lines[3]).toMatch(/^ {2}every-second +500 +p50 0\.\d\d ms +p99 \d+\.\d\d ms +failed 0 +filtered 500$/);
  expect(lines[4]).toMatch(/^ {2}published +500 +2 subscribers +waiting 0\.5 %$/);
  expect(lines[5]).toMatch(/^ {2}memory +\d+ MB +last id 252,012$/);

  const narrow = screenLines(title, before, snapshot(2000, 10), 80);
  expect(narrow[1]).toMatch(/^ {2}received +1,000 {2}500\.0 fps .* overruns 0$/);
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('reports the parts that were asked for', () => {
  const { stats } = snapshot(0, 0).snapshot;
  const [title, ...lines] = plainReport(3, stats, ['user', 'queue']);
  expect(title).toMatch(/Z consumer 3$/);
  expect(lines).toEqual([expect.stringMatching(/^ {2}queueStats +nReceived=1000 /), '  userStats      nAbove=5']);
});
