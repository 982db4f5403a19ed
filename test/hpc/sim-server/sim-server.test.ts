import { beforeAll, describe, expect, it } from 'vitest';
import { CaClient } from '../../../src/ca/client.js';
import { CaRecordServer } from '../../../src/ca/record-server.js';
import { configureLogging } from '../../../src/core/logger.js';
import type { SimConfig } from '../../../src/hpc/sim-server/sim-config.js';
import { SimServer } from '../../../src/hpc/sim-server/sim-server.js';
import { pixelTypes, type PixelType } from '../../../src/hpc/sim-server/pattern.js';
import { reshapeNtNdArray } from '../../../src/image/reshape.js';
import { PvaClient } from '../../../src/pva/client.js';
import type { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import type { PvObject } from '../../../src/pva/pv-object.js';
import { PvaServer } from '../../../src/pva/server.js';
import type { UpdateStream } from '../../../src/pva/update-stream.js';
import { newPlace } from '../../peers/network.js';
import { ourCaClientOf, ourCaServerAt } from '../../peers/ours.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const plain: SimConfig = {
  channel: 'sim:image',
  pattern: 'moving-spot',
  type: 'uint8',
  colorMode: 0,
  nx: 16,
  ny: 8,
  rate: 0,
  frames: 0,
  cacheFrames: 10,
  cacheBytes: 2 ** 20,
  runtime: 60,
  count: 100,
  startDelay: 0,
  shutdownDelay: 0,
  awaitSubscribers: 1,
  onFull: 'wait',
  queue: { frames: 16, bytes: 2 ** 20 },
  metadata: [],
  server: { isolated: true },
};

/** Runs a simulator until it is through, and gives what a client saw of a channel. */
async function seen(changes: Partial<SimConfig>, channel = 'sim:image'): Promise<PvObject[]> {
  const simulator = new SimServer({ ...plain, ...changes });
  using client = new PvaClient(simulator.clientConfig());
  const subscription = client.monitor(channel);
  const values: PvObject[] = [];
  subscription.onReadable(() => {
    for (const event of subscription.take()) if (event.type === 'update') values.push(event.value);
  });
  await simulator.start();
  await simulator.ended;
  await simulator.stop();
  return values;
}

const ids = (frames: readonly PvObject[]) => frames.map((frame) => frame.get<number>('uniqueId'));

describe('the simulator', () => {
  it('begins with an empty record, and counts from 1', async () => {
    const [first, ...frames] = (await seen({})) as NtNdArray[];
    expect(first?.uniqueId).toBe(0);
    expect(first?.data).toBeNull();
    expect(ids(frames)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const times = frames.map((frame) => frame.timeStamp.epochNanoseconds);
    expect(times.every((time, i) => time >= (times[i - 1] ?? 0n))).toBe(true);
    expect(frames[0]?.dataTimeStamp).toEqual(frames[0]?.timeStamp);
  });

  it('sends the frames of its cache again and again', async () => {
    const frames = (await seen({ count: 25 })).slice(1) as NtNdArray[];
    expect(frames[10]?.data).toEqual(frames[0]?.data);
    expect(frames[20]?.data).toEqual(frames[0]?.data);
    expect(frames[1]?.data).not.toEqual(frames[0]?.data);
  });

  it('sends each frame once when there are more than the cache holds, and ends', async () => {
    const frames = (await seen({ frames: 30, count: 0 })).slice(1) as NtNdArray[];
    expect(ids(frames)).toHaveLength(30);
    expect(frames[10]?.data).not.toEqual(frames[0]?.data);
  });

  it('keeps fewer frames when they are large', () => {
    const simulator = new SimServer({ ...plain, cacheFrames: 1000, cacheBytes: 300 });
    expect(simulator.describeFrames()).toBe('2 different frames of 16 × 8 uint8 (128 bytes)');
    return simulator.stop();
  });

  it.each(Object.keys(pixelTypes) as PixelType[])('sends images of %s', async (type) => {
    const frames = (await seen({ type, count: 2 })) as NtNdArray[];
    const { image } = reshapeNtNdArray(frames[2] as NtNdArray);
    expect(image.shape).toEqual([8, 16]);
  });

  it.each([2, 3, 4] as const)('sends images in colour mode %d', async (colorMode) => {
    const frames = (await seen({ colorMode, count: 2 })) as NtNdArray[];
    const { image } = reshapeNtNdArray(frames[2] as NtNdArray);
    expect(image.shape).toEqual([8, 16, 3]);
    expect(frames[2]?.attribute('ColorMode')).toBe(colorMode);
  });

  it('gives no frame a time before that of the one before, also where it lags behind', async () => {
    const frames = await seen({ rate: 2000, count: 600, nx: 256, ny: 256, queue: { frames: 4, bytes: 2 ** 20 } });
    const times = frames
      .slice(1)
      .map(({ timeStamp }) => Number(timeStamp.secondsPastEpoch) + timeStamp.nanoseconds / 1e9);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('serves a random number with each frame', async () => {
    const values = (
      await seen(
        { metadata: ['pva://sim:energy'], awaitSubscribers: 0, rate: 200, count: 20, startDelay: 0.3 },
        'sim:energy',
      )
    ).slice(1);
    expect(values).toHaveLength(20);
    expect(values[0]?.get<number>('value')).not.toBe(values[1]?.get<number>('value'));
    expect(values[0]?.timeStamp.seconds).toBeGreaterThan(1.7e9);
  });

  it('drops for a subscriber that stands still, and counts it, when told to', async () => {
    const simulator = new SimServer({ ...plain, onFull: 'dropOldest', count: 5000 });
    using client = new PvaClient(simulator.clientConfig());
    using subscription = client.monitor('sim:image', { queueSize: 4, queue: { frames: 4 } });
    await simulator.start();
    await simulator.ended;
    expect(subscription.stats().dropped).toBe(0); // not here, but there
    expect(simulator.figures()).toMatchObject({ published: 5000, subscribers: 1 });
    expect(simulator.figures().dropped).toBeGreaterThan(0);
    subscription.close();
    await simulator.stop();
  });

  it('tells another channel that it is ready', async () => {
    using server = new PvaServer({ isolated: true });
    const puts: unknown[] = [];
    server.addChannel('det:Acquire', { value: 'int' }, { onPut: (value) => void puts.push(value.get('value')) });
    const client = server.clientConfig();
    await seen({ notify: { channel: 'pva://det:Acquire', value: '1' }, client, count: 1 });
    const ca = ourCaClientOf(await newPlace()); // where nobody answers
    await seen({ notify: { channel: 'det:Acquire', value: '2' }, client, ca, count: 1 });
    expect(puts).toEqual([1, 2]);
  });

  it('has metadata over Channel Access, and tells a channel of Channel Access', async () => {
    const [mine, theirs] = [await newPlace(), await newPlace()];
    const records = await CaRecordServer.start(['det:Acquire'], ourCaServerAt(theirs));
    const simulator = new SimServer({
      ...plain,
      metadata: ['sim:energy'],
      notify: { channel: 'ca://det:Acquire', value: '1' },
      caServer: ourCaServerAt(mine),
      ca: ourCaClientOf(theirs),
      count: 5,
    });
    await simulator.start();
    using caClient = new CaClient(ourCaClientOf(mine, theirs));
    const acquire = updates(caClient.monitor('det:Acquire'));
    while ((await next(acquire)).get('value') !== 1); // the put is on its way
    const energies = updates(caClient.monitor('sim:energy'));
    expect((await next(energies)).alarm.severity).toBe(3); // it has no value yet

    using client = new PvaClient(simulator.clientConfig());
    const frames = updates(client.monitor('sim:image'));
    let frame = await next(frames);
    while (frame.get('uniqueId') !== 5) frame = await next(frames);
    // Which updates come when a client of Channel Access is slow is not certain, but the last one does.
    let energy = await next(energies);
    while (energy.timeStamp.epochNanoseconds !== frame.timeStamp.epochNanoseconds) energy = await next(energies);
    expect(energy.get<number>('value')).toBeGreaterThan(0);
    await Promise.all([simulator.stop(), records.close()]);
  });
});

async function* updates(stream: UpdateStream): AsyncGenerator<PvObject, undefined> {
  for await (const event of stream) if (event.type === 'update') yield event.value;
}

async function next(stream: AsyncGenerator<PvObject, undefined>): Promise<PvObject> {
  const { value } = await stream.next();
  if (value === undefined) throw new Error('the stream ended');
  return value;
}
