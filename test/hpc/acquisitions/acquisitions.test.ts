import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import { parseEndOfAcquisition } from '../../../src/hpc/acquisitions/end-of-acquisition.js';
import { Consumer } from '../../../src/hpc/consumer.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { frameOf, nextValue, plainConfig, Stream, until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const behaving = (how: string) => ({
  file: fileURLToPath(new URL('../fixtures/behaves.ts', import.meta.url)),
  args: { how },
});
const byAttribute = { endOfAcquisition: { attribute: 'last' } };

/** Sends the frames of an acquisition, of which the last one says so. */
async function acquire(stream: Stream, ...ids: number[]): Promise<void> {
  for (const id of ids) await stream.input.post(frameOf(id).setAttribute('last', id === ids.at(-1) ? 1 : 0));
}

const complete = (consumer: Consumer, nAcquisitions = 1) =>
  until(() => {
    const { acquisitionStats } = consumer.stats();
    return acquisitionStats.isComplete && acquisitionStats.nAcquisitions === nAcquisitions;
  });

describe('an acquisition', () => {
  it('begins with the first frame after a mark that the channel held already', async () => {
    await using stream = new Stream();
    await stream.input.post(new NtNdArray(undefined, { uniqueId: 9 }).setAttribute('last', 1));
    const network = { client: stream.source.clientConfig(), server: { isolated: true } };
    const consumer = await Consumer.create({ ...plainConfig, ...byAttribute, network });
    await using _end = { [Symbol.asyncDispose]: () => consumer.abort() };
    await consumer.start();
    await until(() => consumer.snapshot().input.received === 1);
    await acquire(stream, 1, 2);
    await complete(consumer);
    expect(consumer.stats().acquisitionStats).toMatchObject({ nReceived: 2, firstId: 1, lastId: 2 });
  });

  it('ends with the frame that says so; the next one is counted anew', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer(byAttribute);
    expect(consumer.stats().acquisitionStats).toMatchObject({ nAcquisitions: 0, message: 'no acquisition' });
    await acquire(stream, 1, 2, 5);
    await complete(consumer);
    expect(consumer.stats().acquisitionStats).toMatchObject({
      nReceived: 3,
      nProcessed: 3,
      nMissed: 2,
      firstId: 1,
      lastId: 5,
      message: 'acquisition complete, 3 frames',
    });
    await stream.input.post(frameOf(6));
    await until(() => consumer.stats().acquisitionStats.nProcessed === 1);
    expect(consumer.stats().acquisitionStats).toMatchObject({
      nAcquisitions: 2,
      isComplete: false,
      nMissed: 0,
      message: 'acquisition of 1 frame so far',
    });
    await acquire(stream, 7);
    await complete(consumer, 2);
    expect(consumer.stats().acquisitionStats).toMatchObject({ nReceived: 2, firstId: 6, lastId: 7 });
  });

  it('ends with a mark, which tells of the frames at its end that never came', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer(byAttribute);
    await stream.send(1, 2, 3);
    const mark = () => new NtNdArray(undefined, { uniqueId: 5 }).setAttribute('last', 1).markChanged();
    for (let times = 0; times < 2; times++) await stream.input.post(mark());
    await complete(consumer);
    expect(consumer.stats().acquisitionStats).toMatchObject({ nReceived: 3, nMissed: 2 });
    await acquire(stream, 6);
    await complete(consumer, 2);
    expect(consumer.report()).toMatchObject({
      expected: 6,
      received: 4,
      missed: { count: 2, ids: [{ first: 4, last: 5 }] },
    });
    expect(consumer.stats().acquisitionStats).toMatchObject({ nReceived: 1, nMissed: 0 });
  });

  it('ends with a number of frames, those that were missed among them', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ endOfAcquisition: { count: 5 } });
    await stream.send(1, 2, 4, 5, 6, 7);
    await until(() => consumer.stats().frameStats.nProcessed === 6);
    expect(consumer.stats().acquisitionStats).toMatchObject({ nAcquisitions: 2, nReceived: 2, firstId: 6 });
  });

  it('is complete when its processors have finished it, while frames of the next are processed', async () => {
    await using stream = new Stream();
    const file = fileURLToPath(new URL('../fixtures/finishes.ts', import.meta.url));
    const config = { endOfAcquisition: { count: 2 }, channels: { input: 'in:image', output: 'out:image' } };
    const consumer = await stream.consumer({ ...config, processors: [{ file }] });
    const finishOne = () => consumer.command('configure', JSON.stringify({ mayFinish: 1 }));
    await stream.send(1, 2, 3, 4, 5);
    await until(() => consumer.stats().frameStats.nProcessed === 5);
    expect(consumer.stats().acquisitionStats).toMatchObject({ nAcquisitions: 1, isComplete: false, nPublished: 2 });
    await finishOne();
    await until(() => consumer.stats().acquisitionStats.nAcquisitions === 2);
    await finishOne();
    await until(() => consumer.stats().acquisitionStats.nAcquisitions === 3);
    await stream.send(6);
    await until(() => consumer.stats().frameStats.nProcessed === 6);
    await finishOne();
    await complete(consumer, 3);
    expect(consumer.stats().acquisitionStats).toMatchObject({
      isFailed: true,
      nFailed: 0,
      nPublished: 2,
      message: 'acquisition complete, 2 frames; finishes: the file is full',
    });
  });

  it('is told on the status channel at once', async () => {
    await using stream = new Stream();
    const channels = { input: 'in:image', status: 'out:status' };
    const consumer = await stream.consumer({ ...byAttribute, channels, statusPeriod: 3600 });
    const status = stream.clientOf(consumer).monitor('out:status');
    await nextValue(status, () => true);
    await acquire(stream, 1, 2, 3);
    const value = await nextValue(status, (each) => each.get('acquisitionStats.isComplete'));
    expect(value.get('acquisitionStats.message')).toBe('acquisition complete, 3 frames');
  });

  it.each([
    'publishes and returns the frame', // which brings the mark along
    'only returns', // nothing is published at all
    'filters every second', // the last frame is not published
    'throws later',
    'publishes one object that it fills anew', // without the attribute of the frame
  ])('ends in the next consumer too, whose frames it does not change (the first %s)', async (how) => {
    await using stream = new Stream();
    const first = await stream.consumer({
      ...byAttribute,
      channels: { input: 'in:image', output: 'mid:image' },
      processors: [behaving(how)],
      passOn: how.startsWith('filters'),
    });
    const network = { client: first.clientConfig(), server: { isolated: true } };
    const second = await stream.consumer({ ...byAttribute, channels: { input: 'mid:image' }, network });
    await acquire(stream, 1, 2, 3, 4);
    await complete(first);
    expect(first.stats().acquisitionStats).toMatchObject(
      how === 'throws later'
        ? { nReceived: 4, nFailed: 4, isFailed: true }
        : { nReceived: 4, nFailed: 0, isFailed: false },
    );
    const { nPublished } = first.stats().acquisitionStats;
    if (nPublished === 0) return;
    await complete(second);
    expect(second.stats().acquisitionStats).toMatchObject({ nReceived: nPublished, nProcessed: nPublished });
    await acquire(stream, 5, 6);
    await complete(first, 2);
    await complete(second, 2);
    expect(second.stats().acquisitionStats.nReceived).toBe(first.stats().acquisitionStats.nPublished);
    expect(second.report().repeated).toBe(0);
    if (!how.startsWith('filters') && !how.includes('anew')) expect(isLossless(second.report())).toBe(true);
  });
});

it.each([
  ['attribute=last', { attribute: 'last' }],
  ['count=100', { count: 100 }],
])('reads %s', (text, expected) => {
  expect(parseEndOfAcquisition(text)).toEqual(expected);
});

it.each(['attribute=', 'count=0', 'count=x', 'last'])('refuses %s', (text) => {
  expect(() => parseEndOfAcquisition(text)).toThrow('Write attribute=NAME, or count=N');
});
