import { fileURLToPath } from 'node:url';
import { NtScalar, PvaClient, UserDataProcessor, type PvObject } from 'pvaflow';
import { frames, framesOf, openProcessor, runProcessor } from 'pvaflow/testing';
import { describe, expect, test } from 'vitest';
import { Forgetful, Hoarder, LastValue, Passes, Picky, Slow, Sum, SumAsAttribute, Threshold } from './processors.js';

const images = framesOf([
  [
    [99, 100],
    [101, 5],
  ],
  [
    [1, 2],
    [3, 400],
  ],
]);

describe('a run', () => {
  test('shows what was published, returned, counted and logged', async () => {
    const run = await runProcessor(Threshold, { config: { level: 100 }, frames: images });
    expect(run.published.map(({ rows }) => rows)).toEqual([
      [
        [0, 100],
        [101, 0],
      ],
      [
        [0, 0],
        [0, 400],
      ],
    ]);
    expect(run.published.map(({ id }) => id)).toEqual([1, 2]);
    expect(run.published[0]?.image.get(1, 0)).toBe(101);
    expect(run.published[0]?.attributes).toEqual({ ColorMode: 0 });
    expect(run.returned.map(({ id }) => id)).toEqual([1, 2]);
    expect(run.userStats).toEqual({ nAbove: 3 });
    expect(run.stats.frameStats).toMatchObject({ nReceived: 2, nProcessed: 2, nMissed: 0 });
    expect(run.lossReport).toMatchObject({ expected: 2, received: 2, published: 2, firstId: 1, lastId: 2 });
    expect(run.log).toContainEqual({ level: 'info', name: 'Threshold', message: 'level 100' });
    expect([run.failed, run.rejected, run.leaks]).toEqual([[], [], []]);
  });

  test('counts what fails, and knows what was filtered', async () => {
    const run = await runProcessor(Picky, { frames: frames({ count: 10, shape: [1, 1] }) });
    expect(run.failed).toEqual([
      { id: 5, stage: 'picky', error: new RangeError('no 5') },
      { id: 10, stage: 'picky', error: new RangeError('no 10') },
    ]);
    expect(run.returned.map(({ id }) => id)).toEqual([1, 3, 7, 9]);
    expect(run.stats.frameStats).toMatchObject({ nReceived: 10, nProcessed: 4, nFiltered: 4, nFailed: 2 });
    const [[cause, losses] = []] = Object.entries(run.lossReport.failed);
    expect(cause).toContain('RangeError');
    expect(losses).toMatchObject({
      count: 2,
      ids: [
        { first: 5, last: 5 },
        { first: 10, last: 10 },
      ],
    });
  });

  test('keeps what was published from being changed afterwards', async () => {
    class Reuses extends UserDataProcessor {
      override process(object: PvObject) {
        this.updateOutputChannel(object);
        const pixels = object.get<Uint16Array>('value');
        pixels[0] = 77;
        this.updateOutputChannel(object);
        pixels[0] = 78;
        return object;
      }
    }
    const run = await runProcessor(Reuses, { frames: framesOf([[[1]]]) });
    expect(run.published.map(({ rows }) => rows)).toEqual([[[1]], [[77]]]);
    expect(run.returned.map(({ rows }) => rows)).toEqual([[[78]]]);
  });

  test('goes on with a stream without an end until it is enough', async () => {
    const run = await runProcessor(Threshold, { frames: frames(), until: ({ published }) => published.length === 5 });
    expect(run.published).toHaveLength(5);
    expect(run.lossReport).toMatchObject({ received: 5, inFlight: 0 });
  });

  test('takes a chain, with its context', async () => {
    const steps = [{ processor: Sum }, { processor: SumAsAttribute, name: 'shown' }];
    const run = await runProcessor(steps, { frames: images });
    expect(run.published.map(({ attributes }) => attributes.sum)).toEqual([305, 406]);
    expect(Object.keys(run.stats.stageStats)).toEqual(['sum', 'shown']);
    await expect(runProcessor(steps, { frames: images, config: { a: 1 } })).rejects.toThrow(
      'in a chain each step has a config of its own',
    );
  });

  test('takes a processor from a file, and a built-in one', async () => {
    const file = fileURLToPath(new URL('../../examples/1-basics/3-threshold.ts', import.meta.url));
    const fromFile = await runProcessor(file, { frames: images, config: { level: 101 } });
    expect(fromFile.userStats).toEqual({ nAbove: 2 });
    const builtIn = await runProcessor('PassThrough', { frames: images });
    expect(builtIn.published).toHaveLength(2);
  });

  test('takes objects of other types, with their ids', async () => {
    const objects = [3, 4, 7].map((value) => NtScalar.from(value));
    const run = await runProcessor(Passes, { frames: objects, consumer: { objectIdField: 'value' } });
    expect(run.published.map(({ id }) => id)).toEqual([3, 4, 7]);
    expect(run.lossReport.missed).toMatchObject({ count: 2, ids: [{ first: 5, last: 6 }] });
    expect(() => run.published[0]?.image).toThrow('the object is no NTNDArray but epics:nt/NTScalar:1.0');
  });

  test('fails as a consumer does where it cannot begin', async () => {
    await expect(runProcessor(Threshold, { frames: images, config: { levle: 1 } })).rejects.toThrow(
      'Threshold: levle: unknown key. Did you mean "level"?',
    );
    await expect(runProcessor(Threshold, { frames: images, config: { level: -1 } })).rejects.toMatchObject({
      code: 'PVAFLOW_PROCESSOR_CONFIGURE',
    });
    await expect(runProcessor(Date as never, { frames: images })).rejects.toThrow('Date (the test) is not a processor');
    await expect(runProcessor(Threshold, { frames: images, cnfig: {} } as never)).rejects.toThrow(
      'runProcessor has no option cnfig. Did you mean config?',
    );
  });

  test('rejects when the objects cannot be made, and has stopped then', async () => {
    let stopped = false;
    class Stops extends Picky {
      override stop() {
        stopped = true;
      }
    }
    const broken = function* () {
      yield NtScalar.from(1);
      throw new Error('no more');
    };
    await expect(runProcessor(Stops, { frames: broken() })).rejects.toThrow('no more');
    expect(stopped).toBe(true);
  });
});

describe('frames are lent', () => {
  test('whoever uses one afterwards makes the run reject, also where nobody sees it', async () => {
    await expect(runProcessor(Forgetful, { frames: frames({ count: 3, shape: [1, 1] }) })).rejects.toMatchObject({
      code: 'PVAFLOW_TEST_RELEASED',
      message: expect.stringContaining('the object with id 1 was used (get) after') as string,
    });
  });

  test('what never came back is told at the end', async () => {
    const run = await runProcessor(Hoarder, { frames: frames({ count: 5, shape: [1, 1] }) });
    expect(run.leaks).toEqual(['the object with id 1', 'the object with id 3', 'the object with id 5']);
  });

  test('the test cannot feed the same object twice', async () => {
    const object = NtScalar.from(1);
    await runProcessor(Passes, { frames: [object] });
    expect(object.released).toBe(true);
    await expect(runProcessor(Passes, { frames: [object] })).rejects.toThrow('has been given back already');
  });
});

describe('a run that the test drives', () => {
  test('is configured and reset while it runs', async () => {
    await using run = await openProcessor(Threshold);
    const of = (value: number) => framesOf([[[value]]]);
    await run.feed(of(150));
    await run.configure({ level: 200 });
    await run.feed(of(150));
    await expect(run.configure({ level: -1 })).rejects.toThrow('level must not be negative');
    await run.configure({ level: 10 }, 'threshold');
    expect(run.userStats).toEqual({ nAbove: 1 });
    run.resetStats();
    await run.feed(of(11));
    expect(run.published.map(({ rows }) => rows)).toEqual([[[150]], [[0]], [[11]]]);
    expect(run.userStats).toEqual({ nAbove: 1 });
    expect(run.processors[0]).toBeInstanceOf(Threshold);
  });

  test('has as many objects in work as the processor wants', async () => {
    await using run = await openProcessor(Slow);
    const slow = run.processors[0] as Slow;
    const fed = run.feed(frames({ count: 7, shape: [1, 1] }));
    while (run.published.length < 7) {
      slow.waiting.shift()?.();
      await new Promise(setImmediate);
    }
    await fed;
    expect(slow.most).toBe(3);
    expect(run.published.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('gives up what is never done, as a consumer does', async () => {
    const run = await openProcessor(Slow, { consumer: { drainTimeout: 0.2 } });
    await run.feed(frames({ count: 20, shape: [1, 1] }));
    await run.stop();
    expect(run.rejected.slice(0, 3)).toEqual([1, 2, 3].map((id) => ({ id, reason: 'stopped' })));
    expect(run.lossReport).toMatchObject({ processed: 0, inFlight: 0 });
    expect(run.log.map(({ message }) => message).join('\n')).toContain('are given up: none was finished in 0.2 s');
    expect(run.leaks).toHaveLength(3); // they are in work for ever
  });

  test('has metadata channels', async () => {
    await using run = await openProcessor(LastValue, { metadata: { 'pva://m': [{ value: 1 }, { value: 2 }] } });
    await run.feed(frames({ count: 1, shape: [1, 1] }));
    await run.updateMetadata('m', { value: 3, time: 5 });
    await run.feed(frames({ count: 1, shape: [1, 1], firstId: 2 }));
    expect(run.published.map(({ attributes }) => attributes.m)).toEqual([2, 3]);
    expect(run.stats.metadataStats[0]?.receiverStats.nReceived).toBe(3);
    await expect(run.updateMetadata('n', { value: 3 })).rejects.toThrow('no metadata channel n. There is m');
  });

  test('loses by the policy of its queue what comes while the processor is busy', async () => {
    const consumer = { receiverQueueSize: 2, inputOnFull: 'dropNewest' } as const;
    await using run = await openProcessor(Slow, { consumer });
    const slow = run.processors[0] as Slow;
    const fed = run.feed(frames({ count: 10, shape: [1, 1] }));
    while (run.rejected.length < 5) await new Promise(setImmediate);
    while (run.published.length < 5) {
      slow.waiting.shift()?.();
      await new Promise(setImmediate);
    }
    await fed;
    expect(run.rejected.map(({ id }) => id)).toEqual([6, 7, 8, 9, 10]);
    expect(new Set(run.rejected.map(({ reason }) => reason))).toEqual(new Set(['queue full']));
  });

  test('ends with what the policy fail ends it with', async () => {
    const consumer = { receiverQueueSize: 1, inputOnFull: 'fail', drainTimeout: 5 } as const;
    const run = await openProcessor(Slow, { consumer });
    await run.feed(frames({ count: 10, shape: [1, 1] }));
    await expect(run.stop()).rejects.toThrow(/queue/);
  });

  test('serves the channels that the processor adds, on loopback', async () => {
    class Serves extends Picky {
      override start() {
        this.pvaServer?.addChannel('mine', NtScalar.from(5));
      }
    }
    await using run = await openProcessor(Serves);
    using client = new PvaClient(run.clientConfig());
    expect((await client.get('mine')).get('value')).toBe(5);
  });

  test('feeds nothing any more after its end', async () => {
    const run = await openProcessor(Threshold);
    await run.stop();
    await run.stop();
    await run.feed(frames({ count: 1 }));
    expect(run.published).toEqual([]);
  });
});
