/** Several consumers in processes and threads of their own. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import { PvaClient } from '../../../src/pva/client.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import { nextValue } from '../stream.js';
import { RunningConsumers } from './running.js';

beforeAll(() => configureLogging({ level: 'silent' }));
afterAll(() => configureLogging({}));

const throws = fileURLToPath(new URL('../fixtures/throws.ts', import.meta.url));
const counts = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);
const shared = { distributor: { group: 'g' }, objectIdOffset: 2 };

describe.each([
  ['processes', false],
  ['threads', true],
])('consumers in %s', (_where, inThreads) => {
  it('get each frame each, and account for it together', async () => {
    await using running = RunningConsumers.start(2, {}, { inThreads });
    await running.subscribed();
    expect(running.of(1)).toMatchObject({
      processors: ['passThrough'],
      child: { state: 'running', nRestarts: 0 },
      snapshot: { isConnected: true },
    });
    await running.stream.send(...counts(1, 20));
    await running.received(1, 20);
    await running.received(2, 20);
    await running.consumers.drain();
    const report = running.consumers.report();
    expect(report).toMatchObject({
      expected: 40,
      received: 40,
      processed: 40,
      firstId: 1,
      lastId: 20,
      missed: { count: 0 },
    });
    expect(report?.consumers).toMatchObject([
      { consumerId: 1, received: 20, nRestarts: 0 },
      { consumerId: 2, received: 20, nRestarts: 0 },
    ]);
    expect(report && isLossless(report)).toBe(true);
    expect(running.consumers.failures).toEqual([]);
  });

  it('share a stream, of which every frame is received once', async () => {
    await using running = RunningConsumers.start(2, shared, { inThreads, sharesStream: true });
    await running.subscribed();
    await running.stream.send(...counts(1, 100));
    await running.until(() => running.consumers.report()?.received === 100);
    await running.consumers.drain();
    const report = running.consumers.report();
    expect(report).toMatchObject({ expected: 100, received: 100, missed: { count: 0, ids: [] } });
    expect(report?.consumers.map(({ received }) => received)).toEqual([50, 50]);
  });

  it('know what none of them received of a shared stream also when its source counts anew', async () => {
    await using running = RunningConsumers.start(2, shared, { inThreads, sharesStream: true });
    await running.subscribed();
    await running.stream.send(...counts(1, 100), ...counts(1, 30), ...counts(33, 60));
    await running.until(() => running.consumers.report()?.received === 158);
    await running.consumers.drain();
    const report = running.consumers.report();
    expect(report).toMatchObject({ rewound: 2, late: 0, offPhase: 0, repeated: 0 });
    expect(report).not.toHaveProperty('missedUnknown');
    const { missed, notFetched } = report ?? {}; // the latter in so far as they may have been on their way
    expect([missed, notFetched].flatMap((each) => each?.ids ?? [])).toEqual([{ first: 31, last: 32, step: 1 }]);
  });
});

describe('several consumers', () => {
  it('do not start with a wrong processor, and say so once', async () => {
    const processors = [{ file: 'nowhere.ts' }];
    await using running = RunningConsumers.start(2, { processors }, {});
    await expect(running.consumers.ready()).rejects.toMatchObject({ code: 'PVAFLOW_PROCESSOR_FILE' });
    await running.consumers.ended;
    expect(running.consumers.report()).toBeUndefined();
  });

  it('tell together which frames their processors failed on', async () => {
    const processors = [{ file: throws, args: { where: 'process' } }];
    await using running = RunningConsumers.start(2, { processors }, {});
    await running.subscribed();
    await running.stream.send(...counts(1, 4));
    await running.received(1, 4);
    await running.received(2, 4);
    await running.consumers.drain();
    const report = running.consumers.report();
    expect(report?.failed).toMatchObject({ 'RangeError in throws.process': { count: 4 } });
    expect(report?.consumers[1]?.failed).toMatchObject({
      'RangeError in throws.process': {
        count: 2,
        ids: [
          { first: 2, last: 2 },
          { first: 4, last: 4 },
        ],
      },
    });
  });

  it('serve their figures, each with its id', async () => {
    await using running = RunningConsumers.start(2, {}, {});
    await running.subscribed();
    await running.stream.send(1, 2, 3);
    await running.received(2, 3);
    const [, second] = running.consumers.metricsSources();
    const family = (await second?.scrape())?.find(({ name }) => name === 'pvaflow_last_frame_id');
    expect(family?.values).toEqual([{ value: 3, labels: { consumer: '2' } }]);
    expect(second?.notReady()).toBeUndefined();
    await running.consumers.drain();
    expect(second?.notReady()).toBe('consumer 2 is ended');
    expect(await second?.scrape()).toEqual([]);
  });
});

describe('a consumer that is killed', () => {
  it('is started again, says so, and counts what it missed; the others go on', async () => {
    await using running = RunningConsumers.start(2, {}, {});
    await running.subscribed();
    await running.stream.send(...counts(1, 10));
    await running.received(1, 10);
    running.kill(1);
    await running.until(() => running.of(1).child.nRestarts === 1);
    await running.stream.send(...counts(11, 15));
    await running.received(2, 15);
    await running.subscribed();
    await running.stream.send(...counts(16, 20));
    await running.received(1, 15);

    using client = new PvaClient(running.consumers.clientConfigs()[0]);
    const status = await nextValue(client.monitor('status:1'), () => true);
    expect([status.get('nRestarts'), status.get('lastExit')]).toEqual([1, 'SIGKILL']);

    await running.consumers.drain();
    expect(running.consumers.report()?.consumers).toMatchObject([
      {
        nRestarts: 1,
        lastExit: 'SIGKILL',
        expected: 20,
        received: 15,
        missed: { count: 5, ids: [{ first: 11, last: 15, step: 1 }] },
      },
      { nRestarts: 0, lastExit: '', expected: 20, received: 20, missed: { count: 0 } },
    ]);
  });

  it('leaves its part of a shared stream to the others', async () => {
    await using running = RunningConsumers.start(2, shared, { sharesStream: true });
    await running.subscribed();
    await running.stream.send(...counts(1, 10));
    await running.until(() => running.consumers.report()?.received === 10);
    running.kill(2);
    await running.until(() => running.of(2).child.nRestarts === 1);
    await running.stream.send(...counts(11, 20));
    await running.until(() => running.of(2).snapshot !== undefined);
    await running.stream.send(...counts(21, 40));
    await running.until(() => running.consumers.report()?.lastId === 40);
    await running.consumers.drain();
    const report = running.consumers.report();
    expect(report).toMatchObject({ nRestarts: 1, firstId: 1, lastId: 40 });
    const { received = 0, missed, notFetched, expected } = report ?? {};
    expect(expected).toBe(received + (missed?.count ?? 0));
    expect(received + (missed?.count ?? 0) + (notFetched?.count ?? 0)).toBe(40);
    expect(report?.consumers[0]?.received).toBeGreaterThan(10);
  });

  it('too often is given up, and the others go on', async () => {
    const restart = { delay: 0.01, limit: { restarts: 0, seconds: 60 } };
    await using running = RunningConsumers.start(2, {}, { restart });
    await running.subscribed();
    await running.stream.send(1, 2);
    await running.received(1, 2);
    running.kill(1);
    await running.until(() => running.consumers.failures.length === 1);
    expect(running.consumers.failures).toEqual([{ consumerId: 1, end: { outcome: 'gaveUp', exit: 'SIGKILL' } }]);
    await running.stream.send(3);
    await running.received(2, 3);
    await running.consumers.drain();
    expect(running.consumers.report()?.consumers.map(({ received }) => received)).toEqual([2, 3]);
  });
});
