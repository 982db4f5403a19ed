import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor, type NtNdArray } from 'pvaflow';
import { describe, expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import type { BoundedMetadataQueue } from '../../src/hpc/metadata/metadata-queue.js';
import { startProcessor } from '../../src/processor/processor-host.js';
import { newQueue, START, update } from '../processor/join/metadata.js';

configureLogging({ level: 'silent' });

const doubles = { value: 'double' } as const;

/** A frame of `ms` milliseconds after the start. */
function frameAt(ms: number): NtNdArray {
  const frame = generateNtNdArray2D(ms, ndarray(new Uint8Array(4), [2, 2]));
  const nanoseconds = ms * 1e6;
  return frame.set('timeStamp', { secondsPastEpoch: BigInt(START), nanoseconds });
}

async function start(args: Record<string, unknown>, ...channels: string[]) {
  const processor = await loadProcessor({ className: 'MetadataJoin', args });
  const queues = new Map<string, BoundedMetadataQueue>(channels.map((name) => [name, newQueue()]));
  const published: number[] = [];
  const context = {
    processorId: 1,
    inputChannel: 'in',
    outputChannel: 'out',
    objectIdField: 'uniqueId',
    pvaServer: undefined,
    metadataQueueMap: queues,
    host: {
      updateOutputChannel: (value: { get(path: string): unknown }) =>
        void published.push(Number(value.get('uniqueId'))),
    },
  };
  await startProcessor(processor, context, args);
  const process = async (frame: NtNdArray) => (await processor.process(frame)) as NtNdArray | null;
  return {
    processor,
    queues,
    published,
    process,
    put: (name: string, ...all: Parameters<BoundedMetadataQueue['put']>[0]) => queues.get(name)?.put(all),
  };
}

describe('MetadataJoin', () => {
  it('gives frames the values of their time as attributes', async () => {
    const { process, put, published, processor } = await start({ timestampTolerance: 0.002 }, 'x:energy', 'x:mode');
    put('x:energy', update(9, 0.1, doubles), update(11, 0.3, doubles), update(20, 0.7, doubles));
    put('x:mode', update(10.5, 'fast', { value: 'string' }), update(21, 'slow', { value: 'string' }));
    const frame = await process(frameAt(10));
    expect(frame?.attribute('x:energy')).toBe(0.3);
    expect(frame?.attribute('x:mode')).toBe('fast');
    expect(frame?.attributes.map(({ source, tags }) => [source, ...tags])).toContainEqual([
      'x:mode',
      'timeDifference=0.000500000',
    ]);
    await process(frameAt(20));
    expect(published).toEqual([10, 20]);
    expect(processor.getStats()).toMatchObject({
      nFramesProcessed: 2,
      nFrameErrors: 0,
      nMetadataProcessed: 4,
      nMetadataDiscarded: 1,
      nFramesWaited: 0,
    });
    expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
    processor.resetStats();
    expect(processor.getStats()).toMatchObject({ nFramesProcessed: 0, nMetadataProcessed: 0, processingTime: 0 });
  });

  it('interpolates numbers, takes the last of what speaks seldom, and names attributes as told', async () => {
    const channels = { 'x:pos': { method: 'linear' }, 'x:state': { method: 'last', attribute: 'State' } };
    const { process, put } = await start({ timestampTolerance: 0.01, channels }, 'x:pos', 'x:state');
    put('x:pos', update(0, 10, { value: 'int' }), update(4, 20, { value: 'int' }));
    put('x:state', update(-60_000, 'moving', { value: 'string' }));
    const frame = await process(frameAt(1));
    expect(frame?.attribute('x:pos')).toBe(12.5);
    expect(frame?.attribute('State')).toBe('moving');
  });

  it('marks a frame that lacks something, and lets it pass', async () => {
    const { process, put, published, processor } = await start({}, 'a', 'b', 'c');
    put('a', update(10));
    put('c', update(30));
    const frame = await process(frameAt(10));
    expect(frame?.attribute('a')).toBe(10);
    expect(frame?.attribute('MetadataUnmatched')).toBe('b,c');
    expect(published).toEqual([10]);
    expect(processor.getStats()).toMatchObject({ nFramesProcessed: 0, nFrameErrors: 1, nMetadataProcessed: 1 });
  });

  it('drops such a frame, or fails on it, if that is wanted', async () => {
    const { process, published, processor } = await start({ unmatched: 'drop' }, 'a');
    expect(await process(frameAt(10))).toBeNull();
    expect(processor.getStats()).toMatchObject({ nFrameErrors: 1, nFramesDropped: 1 });
    await processor.configure({ unmatched: 'fail' });
    await expect(process(frameAt(11))).rejects.toThrow('no metadata of a at the time of the frame');
    expect(published).toEqual([]);
  });

  it('holds a frame until its metadata comes', async () => {
    const { process, put, processor } = await start({ unmatched: 'hold' }, 'a');
    put('a', update(1));
    const frame = process(frameAt(10));
    put('a', update(10, 7));
    expect((await frame)?.attribute('a')).toBe(7);
    expect(processor.getStats()).toMatchObject({ nFramesWaited: 1, nFramesProcessed: 1 });
    await processor.stop();
  });

  it('hands on an empty record as it is', async () => {
    const { process, published } = await start({}, 'a');
    const frame = frameAt(1).set('dimension', []);
    expect((await process(frame))?.attributes).toEqual(frameAt(1).attributes);
    expect(published).toEqual([]);
  });

  it.each([
    [{ timestampTolerance: -1 }, 'timestampTolerance must be a number of seconds from 0 on, not -1'],
    [{ metadataTimestampOffset: 'x' }, 'metadataTimestampOffset must be a number of seconds, not "x"'],
    [{ method: 'first' }, 'method must be nearest, linear, last, not "first"'],
    [{ channels: { a: { method: 'first' } } }, 'method must be nearest, linear, last, not "first"'],
    [{ unmatched: 'ignore' }, 'unmatched must be pass, drop, hold, fail, not "ignore"'],
    [{ maxWait: Infinity }, 'maxWait must be'],
  ])('refuses %o', async (args, message) => {
    await expect(start(args)).rejects.toThrow(message);
  });
});
