import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { Consumer } from '../../src/hpc/consumer.js';
import type { ConsumerConfig } from '../../src/hpc/consumer-config.js';
import { isLossless } from '../../src/hpc/loss-report.js';
import { PvaClient } from '../../src/pva/client.js';
import { PvObject } from '../../src/pva/pv-object.js';
import { PvaServer } from '../../src/pva/server.js';
import { frameOf, nextValue, Stream, until } from './stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const file = fileURLToPath(new URL('fixtures/throws.ts', import.meta.url));
const count = (ids: number) => Array.from({ length: ids }, (_, i) => i + 1);
const images = [{ className: 'AdImageProcessor' }];

const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A consumer that hosts its input, and a client of it. */
async function hosting(changes: Partial<ConsumerConfig>): Promise<{ consumer: Consumer; client: PvaClient }> {
  const channels = { input: 'handed:image', output: 'out:image' };
  const network = { client: { useEnvironment: false, autoAddressList: false }, server: { isolated: true } };
  const consumer = await Consumer.create({ channels, network, processors: images, drainTimeout: 2, ...changes });
  open.push(() => consumer.abort());
  await consumer.start();
  const client = new PvaClient(consumer.clientConfig());
  open.push(() => client.close());
  return { consumer, client };
}

/** Not what the channel shows to those that were there before the first frame. */
const isFrame = (value: PvObject) => value.get('uniqueId') !== 0;

/** A processor that does not go on until it is told to. */
function held(consumer: Consumer): () => void {
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  consumer.stages.last.processor.process = async (object) => {
    await gate;
    return object;
  };
  return go;
}

describe('input mode pvas', () => {
  it('processes what clients put, and shows it on the channel', async () => {
    const { consumer, client } = await hosting({ inputMode: 'pvas' });
    const output = client.monitor('out:image');
    for (const id of count(100)) {
      await client.put('handed:image', frameOf(id));
      expect((await nextValue(output, isFrame)).get('uniqueId')).toBe(id);
    }
    expect((await client.get('handed:image')).get('uniqueId')).toBe(100);
    expect(consumer.stats().frameStats).toMatchObject({ nProcessed: 100, nSkipped: 0, nMissed: 0 });
  });

  it('keeps what a put does not name, as channels do', async () => {
    const { client } = await hosting({ inputMode: 'pvas' });
    const output = client.monitor('out:image');
    await client.put('handed:image', frameOf(1));
    await nextValue(output, isFrame);
    await client.put('handed:image', { uniqueId: 2 });
    const frame = await nextValue(output, isFrame);
    expect(frame.get('uniqueId')).toBe(2);
    expect([...frame.get<Uint8Array>('value')]).toEqual([1, 2, 3, 4]);
  });

  it('lets clients wait while it has no room, and tells those that come too many', async () => {
    const { consumer, client } = await hosting({
      inputMode: 'pvas',
      inputArgs: { maxWaiting: 3 },
      channels: { input: 'handed:image' },
    });
    const go = held(consumer);
    const answers: string[] = [];
    const put = (id: number) =>
      client.put('handed:image', frameOf(id), { timeout: Infinity }).then(
        () => answers.push('done'),
        (error: Error) => answers.push(error.message),
      );
    const first = put(1);
    await first; // it is in work
    const waiting = [put(2), put(3), put(4)];
    await until(() => consumer.snapshot().input.received === 4);
    await put(5);
    expect(answers).toEqual(['done', expect.stringContaining('3 objects wait already')]);
    go();
    await Promise.all(waiting);
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    expect(consumer.stats().receiverStats.nErrors).toBe(1);
  });

  it('tells clients that wait when it ends', async () => {
    const { consumer, client } = await hosting({ inputMode: 'pvas', channels: { input: 'handed:image' } });
    held(consumer);
    await client.put('handed:image', frameOf(1));
    const waiting = client.put('handed:image', frameOf(2), { timeout: Infinity });
    waiting.catch(() => {});
    await until(() => consumer.snapshot().input.received === 2);
    await consumer.abort();
    await expect(waiting).rejects.toThrow();
    expect(consumer.report()).toMatchObject({ received: 1, rejected: { stopped: { count: 1 } } });
  });

  it('needs a processor that names its type', async () => {
    await expect(hosting({ inputMode: 'pvas', processors: [{ className: 'PassThrough' }] })).rejects.toThrow(
      /its type is not known.*AdImageProcessor/,
    );
  });
});

describe('input mode rpc', () => {
  const call = async (client: PvaClient, id: number) =>
    ((await client.rpc('handed:image', frameOf(id), { timeout: Infinity })) as PvObject).toObject();

  it('answers when an object has been processed, and says what failed', async () => {
    const processors = [{ file, args: { where: 'process' } }];
    const { consumer, client } = await hosting({ inputMode: 'rpc', processors });
    expect(await call(client, 1)).toEqual({ status: 0 });
    expect(consumer.stats().frameStats.nProcessed).toBe(1);
    expect(await call(client, 2)).toEqual({ status: -1, errorMessage: 'throws failed: process does not work' });
    expect(await call(client, 3)).toEqual({ status: 0 });
    expect(consumer.report()).toMatchObject({ processed: 2, failed: { 'RangeError in throws.process': { count: 1 } } });
  });

  it('answers when an object has been queued, where there is a queue', async () => {
    const { consumer, client } = await hosting({ inputMode: 'rpc', receiverQueueSize: 5 });
    const go = held(consumer);
    expect(await call(client, 1)).toEqual({ status: 0 });
    expect(await call(client, 2)).toEqual({ status: 0 });
    expect(consumer.stats().frameStats).toMatchObject({ nProcessed: 0, nInFlight: 2 });
    go();
    await until(() => consumer.stats().frameStats.nProcessed === 2);
  });

  it('wants an object', async () => {
    const { client } = await hosting({ inputMode: 'rpc' });
    const answer = await client.rpc('handed:image', new PvObject({ uniqueId: 'int' }, { uniqueId: 5 }));
    expect(answer?.get('status')).toBe(0); // any type will do
  });
});

describe('a chain of two consumers', () => {
  it.each([
    ['pva', 'pvas'],
    ['rpc', 'rpc'],
  ])('from %s to %s loses nothing, whatever the speed of the second', async (outputMode, inputMode) => {
    await using stream = new Stream();
    const { consumer: second } = await hosting({ inputMode, channels: { input: 'mid:image' } });
    const seen: number[] = [];
    second.stages.last.processor.process = async (object) => {
      seen.push(object.get<number>('uniqueId'));
      if (seen.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      return object;
    };
    const clientConfig = stream.source.clientConfig();
    const nameServers = [...(clientConfig.nameServers ?? []), ...(second.clientConfig().nameServers ?? [])];
    const first = await stream.consumer({
      channels: { input: 'in:image', output: 'mid:image' },
      outputMode,
      network: { client: { ...clientConfig, nameServers }, server: { isolated: true } },
    });
    await stream.send(...count(300));
    await until(() => second.stats().frameStats.nProcessed === 300);
    await first.drain();
    expect(seen).toEqual(count(300));
    expect(first.report()).toMatchObject({ processed: 300, published: 300, notPublished: { count: 0 } });
    expect(isLossless(first.report()) && isLossless(second.report())).toBe(true);
  });
});

describe('an output to a remote channel', () => {
  async function sendingTo(server: () => PvaServer, stream: Stream, changes: Partial<ConsumerConfig> = {}) {
    const nameServers = [
      ...(stream.source.clientConfig().nameServers ?? []),
      ...(server().clientConfig().nameServers ?? []),
    ];
    return stream.consumer({
      channels: { input: 'in:image', output: 'remote:image' },
      outputMode: 'pva',
      network: { client: { ...stream.source.clientConfig(), nameServers }, server: { isolated: true } },
      ...changes,
    });
  }

  it('counts what the server refuses, by id, and goes on', async () => {
    await using stream = new Stream();
    using server = new PvaServer({ isolated: true });
    server.addChannel('remote:image', frameOf(0).type, {
      onPut: (put) => put.get<number>('uniqueId') !== 2,
    });
    const consumer = await sendingTo(() => server, stream);
    await stream.send(1, 2, 3);
    await until(() => consumer.stats().publisherStats.nPublished === 2);
    expect(consumer.stats().publisherStats).toMatchObject({ nPublished: 2, nErrors: 1 });
    expect(consumer.report().notPublished).toMatchObject({ count: 1, ids: [{ first: 2, last: 2 }] });
  });

  it('waits for a server that is away, and sends everything, complete, when it is back', async () => {
    await using stream = new Stream();
    const first = new PvaServer({ isolated: true });
    const seen: number[] = [];
    const onPut = (put: PvObject) => void seen.push(put.get<number>('uniqueId'));
    const channel = first.addChannel('remote:image', frameOf(0).type, { onPut });
    const consumer = await sendingTo(() => first, stream);
    await stream.send(1, 2, 3);
    await until(() => seen.length === 3);
    channel.close();
    const sent = stream.send(...count(50).map((id) => id + 3));
    await until(() => consumer.output?.ready() !== undefined);
    const back = first.addChannel('remote:image', frameOf(0).type, { onPut });
    await sent;
    await until(() => new Set(seen).size === 53);
    await consumer.drain();
    expect([...new Set(seen)]).toEqual(count(53));
    expect(back.value?.get('dimension')).toHaveLength(2); // of which the source told once, long ago
    expect(consumer.report()).toMatchObject({ published: 53, notPublished: { count: 0 } });
    first.close();
  });

  it('tells what did not arrive until the end', async () => {
    await using stream = new Stream();
    using server = new PvaServer({ isolated: true });
    const consumer = await sendingTo(() => server, stream, { drainTimeout: 0.1 });
    void stream.send(1, 2, 3);
    await until(() => consumer.stats().frameStats.nProcessed === 3);
    await consumer.drain();
    expect(consumer.report()).toMatchObject({
      published: 0,
      notPublished: { count: 3, ids: [{ first: 1, last: 3 }], message: 'it did not arrive before the end' },
    });
    expect(isLossless(consumer.report())).toBe(false);
  });

  it.each([
    ['dropNewest', [1, 2]],
    ['dropOldest', [1, 5]],
  ] as const)('gives up what its queue has no room for, with %s', async (outputOnFull, kept) => {
    await using stream = new Stream();
    using server = new PvaServer({ isolated: true });
    const consumer = await sendingTo(() => server, stream, { outputOnFull, outputArgs: { maxWaiting: 2 } });
    await stream.send(1, 2, 3, 4, 5);
    await until(() => consumer.stats().frameStats.nProcessed === 5);
    expect(consumer.report().notPublished).toMatchObject({ count: 3 });
    const seen: number[] = [];
    server.addChannel('remote:image', frameOf(0).type, { onPut: (put) => void seen.push(put.get<number>('uniqueId')) });
    await until(() => consumer.stats().publisherStats.nPublished === 2);
    expect(seen).toEqual(kept);
  });
});
